"""Kuaidi100: how a question is signed, and how its answers and its pushed messages are read."""

import hashlib
import json

from .tracking_payload import MAX_CODE, MAX_PLACE, MAX_REF, PayloadError, Reading, clean, load, read_time

QUERY_URL = "https://poll.kuaidi100.com/poll/query.do"
TIME_ZONE = "Asia/Shanghai"
#: answers that mean "nothing yet", not a failure: no result for this number
NOTHING_YET = {"500"}
#: answers that are about the account or the service: asking for other parcels would get the same
ABOUT_US = {"501", "502", "503", "601"}
#: some answers name the status of an entry in words instead of by number
STATUS_WORDS = {
    "在途": "0",
    "揽收": "1",
    "疑难": "2",
    "签收": "3",
    "退签": "4",
    "派件": "5",
    "退回": "6",
    "转投": "7",
    "待清关": "10",
    "清关中": "11",
    "已清关": "12",
    "清关异常": "13",
    "拒签": "14",
}


def query_form(number, carrier, phone, key, customer):
    """Form of the question for one parcel; ``sign`` = MD5(param + key + customer) in capital letters.

    >>> form = query_form("1", "yunda", "", "K", "C")
    >>> form["param"]
    '{"com": "yunda", "num": "1", "phone": "", "resultv2": "4", "show": "0", "order": "desc"}'
    >>> form["sign"] == hashlib.md5((form["param"] + "K" + "C").encode()).hexdigest().upper()
    True
    """
    question = {"com": carrier, "num": number, "phone": phone, "resultv2": "4", "show": "0", "order": "desc"}
    param = json.dumps(question, ensure_ascii=False)
    signature = hashlib.md5((param + key + customer).encode()).hexdigest().upper()
    return {"customer": customer, "sign": signature, "param": param}


def read_push(param, to_utc):
    """Events of a pushed message: ``lastResult``, and ``destResult`` of the country where it arrives."""
    document = load(param)
    if not isinstance(document, dict):
        raise PayloadError("not_object")
    reading = Reading()
    for name in ("lastResult", "destResult"):
        if isinstance(document.get(name), dict):
            _read_result(reading, document[name], to_utc)
    return reading


def read_answer(document, to_utc, number=""):
    """Events of an answer about ``number``.

    :raises PayloadError: when Kuaidi100 says no, ``refused`` to us or ``refused_parcel`` to this question; its words
        are in ``PayloadError.__cause__``
    """
    if not isinstance(document, dict):
        raise PayloadError("not_object")
    if document.get("result") is False or "data" not in document:
        answer = clean(document.get("returnCode"))
        if answer in NOTHING_YET:
            return Reading()
        code = "refused" if answer in ABOUT_US or not answer else "refused_parcel"
        raise PayloadError(code) from ValueError(clean(document.get("message"), 200))
    reading = Reading()
    _read_result(reading, document, to_utc, number)
    return reading


def _read_result(reading, result, to_utc, number=""):
    number, carrier = clean(result.get("nu"), MAX_REF) or number, clean(result.get("com"), MAX_CODE)
    entries = result.get("data") if isinstance(result.get("data"), list) else []
    coded, latest = False, None
    for position, entry in enumerate(entries):
        if not isinstance(entry, dict):
            reading.skipped.append((position, "not_object"))
            continue
        code = _code(entry)
        time = read_time(entry.get("ftime") or entry.get("time"), to_utc)
        coded = coded or bool(code)
        latest = max(filter(None, (latest, time)), default=None)
        reading.add(
            position,
            tracking_ref=number,
            carrier=carrier,
            time=time,
            raw_code=code,
            text=clean(entry.get("context")),
            place=clean(entry.get("areaName") or entry.get("location"), MAX_PLACE),
        )
    state = clean(result.get("state"), MAX_CODE)
    if state and latest and not coded:
        # without codes of its entries only the state of the whole is known: an event of its own, so that the entry
        # is the same event when the next message tells it with another state
        reading.add(len(entries), tracking_ref=number, carrier=carrier, time=latest, raw_code=state)


def _code(entry):
    code = clean(entry.get("statusCode"), MAX_CODE)
    return code or STATUS_WORDS.get(clean(entry.get("status")), clean(entry.get("status"), MAX_CODE))
