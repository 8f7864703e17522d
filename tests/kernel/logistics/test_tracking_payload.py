"""What carriers send: never an exception but PayloadError, never a moment that the sender did not mean."""

import json
import subprocess
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics import aftership, kuaidi100, seventeen_track
from scm_kernels.logistics.tracking_payload import (
    MAX_EVENTS,
    MAX_TEXT,
    Paths,
    PayloadError,
    Reading,
    clean,
    find,
    load,
    read_json,
    read_time,
)


def shanghai(local):
    return local - timedelta(hours=8)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["msg", "data", "checkpoints", "events", "time", "tracking_number", "lastResult", "nu", "tag"])
        | st.text(max_size=5),
        inner,
        max_size=5,
    ),
    max_leaves=30,
)
READERS = [
    lambda document: read_json(document, Paths(), shanghai),
    lambda document: read_json(document, Paths(parcels="data.0", events="events", time="a.b"), shanghai),
    lambda document: aftership.read_push(document, shanghai),
    lambda document: seventeen_track.read_push(document, shanghai),
    lambda document: seventeen_track.read_answer(document, shanghai),
    lambda document: kuaidi100.read_answer(document, shanghai),
    lambda document: kuaidi100.read_push(json.dumps(document, allow_nan=False, default=str), shanghai),
]


@given(JSON, st.sampled_from(READERS))
def test_any_json_gives_events_or_a_payload_error(document, reader):
    try:
        reading = reader(document)
    except (PayloadError, ValueError) as error:
        # json.dumps refuses NaN before our code sees it
        assert isinstance(error, PayloadError) or "JSON compliant" in str(error)
        return
    for event in reading.events:
        assert event.tracking_ref
        (event.text + event.place + event.raw_code + event.tracking_ref).encode("utf-8")
        assert "\x00" not in event.text and len(event.text) <= MAX_TEXT
        assert event.time is None or event.time.tzinfo is None


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_a_payload_error(body):
    try:
        assert isinstance(load(body), (dict, list))
    except PayloadError as error:
        assert error.code in ("not_json", "not_object")


@pytest.mark.parametrize("body", [b"[" * 200000, b'{"a":' * 100000, b"9" * 5000, b"[" + b"9" * 5000 + b"]", b""])
def test_bodies_that_break_parsers(body):
    with pytest.raises(PayloadError):
        load(body)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_way_of_writing_a_moment_is_that_moment(moment, minutes):
    zone = timezone(timedelta(minutes=minutes))
    local = moment.replace(tzinfo=timezone.utc).astimezone(zone)
    seconds = int((moment - datetime(1970, 1, 1)).total_seconds())
    assert read_time(local.isoformat(), None) == moment
    assert read_time(moment.isoformat() + "Z", None) == moment
    assert read_time(seconds * 1000, None) == moment or seconds < 10**8
    assert read_time(seconds, None) == moment
    assert read_time(moment.strftime("%Y/%m/%d %H:%M:%S"), shanghai) == moment - timedelta(hours=8)
    assert read_time(moment.strftime("%Y%m%d%H%M%S"), shanghai) == moment - timedelta(hours=8)


NO_MOMENTS = ["", "soon", "2026-13-01", "2026-02-30 10:00", "2026-01-01T25:00", "0000-00-00", "1e5", "1"]


@pytest.mark.parametrize("value", [*NO_MOMENTS, [], {}, True, 1e400, -1, 1e18])
def test_what_is_no_moment(value):
    assert read_time(value, shanghai) is None


def test_a_stamp_of_1970_or_of_the_future_is_what_was_said():
    assert read_time(0, None) == datetime(1970, 1, 1)
    assert read_time("2199-01-01", lambda local: local) == datetime(2199, 1, 1, 12)


@given(st.text(max_size=2000))
def test_clean_is_one_storable_line(text):
    cleaned = clean(text)
    assert len(cleaned) <= MAX_TEXT and "\n" not in cleaned and "\x00" not in cleaned
    assert cleaned == cleaned.strip()
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


def test_half_characters_of_json_are_dropped():
    [event] = read_json(load(b'[{"number": "A", "text": "x\\ud800y"}]'), Paths(), shanghai).events
    assert event.text == "x y"


def test_more_events_than_allowed():
    document = [{"number": "A", "text": str(number)} for number in range(MAX_EVENTS + 1)]
    with pytest.raises(PayloadError, match="too_many"):
        read_json(document, Paths(), shanghai)
    assert len(read_json(document[:-1], Paths(), shanghai).events) == MAX_EVENTS


def test_the_same_event_twice_in_a_message_is_one():
    entry = {"number": "A", "time": "2026-03-01T02:00Z", "code": "OD"}
    assert len(read_json([entry, dict(entry)], Paths(), shanghai).events) == 1


def test_paths_lead_through_lists_and_positions():
    document = {"d": [{"id": "A", "h": [{"t": {"at": "2026-03-01 10:00"}, "what": ["OK", "x"]}]}]}
    paths = Paths(parcels="d", events="h", tracking="id", time="t.at", code="what.0")
    [event] = read_json(document, paths, shanghai).events
    assert (event.tracking_ref, event.time, event.raw_code) == ("A", datetime(2026, 3, 1, 2), "OK")
    assert find(document, "d.7.x") == find(document, "") == find(5, "a.b") == []


def test_kuaidi100_without_codes_of_entries_tells_the_state_apart():
    """The entry is the same event in the next message, although the state of the whole has changed."""

    def message(state, *times):
        data = [{"context": f"at {time}", "ftime": f"2026-03-0{time} 10:00:00"} for time in times]
        return json.dumps({"lastResult": {"nu": "A", "com": "yto", "state": state, "data": data}})

    first = kuaidi100.read_push(message("0", 1), shanghai).events
    second = kuaidi100.read_push(message("3", 2, 1), shanghai).events
    assert [(event.time.day, event.raw_code, event.text) for event in first] == [(1, "", "at 1"), (1, "0", "")]
    assert set(first) & set(second) == {first[0]}
    assert [event.raw_code for event in second] == ["", "", "3"]


def test_kuaidi100_words_of_entries_are_codes():
    data = [{"context": "x", "ftime": "2026-03-01 10:00:00", "status": "签收"}]
    reading = kuaidi100.read_answer({"nu": "A", "state": "3", "data": data}, shanghai)
    assert [event.raw_code for event in reading.events] == ["3"]


def test_kuaidi100_refusals():
    assert kuaidi100.read_answer({"result": False, "returnCode": "500", "message": "查询无结果"}, shanghai).events == []
    for code, expected in (("503", "refused"), ("601", "refused"), ("408", "refused_parcel"), ("", "refused")):
        with pytest.raises(PayloadError) as error:
            kuaidi100.read_answer({"result": False, "returnCode": code, "message": "no"}, shanghai)
        assert (error.value.code, str(error.value.__cause__)) == (expected, "no")


def test_kuaidi100_signature_is_md5_of_param_key_customer():
    """Computed once more by hand: md5sum of the three texts one after the other."""
    form = kuaidi100.query_form("73116039505988", "ztoky", "", "key", "customer")
    text = form["param"] + "key" + "customer"
    expected = subprocess.run(["md5sum"], input=text.encode(), capture_output=True, check=True).stdout.split()[0]
    assert form["sign"] == expected.decode().upper()


def test_aftership_expired_has_no_check_point():
    message = {"tracking_number": "A", "tag": "Expired", "updated_at": "2026-03-09T00:00:00Z", "checkpoints": []}
    [event] = aftership.read_push({"msg": message}, shanghai).events
    assert (event.raw_code, event.time) == ("Expired", datetime(2026, 3, 9))
    assert aftership.read_push({"event": "test"}, shanghai).events == []


def test_17track_answer_and_day():
    info = {
        "time_metrics": {"estimated_delivery_date": {"from": None, "to": "2026-03-12T00:00:00+01:00"}},
        "tracking": {"providers": [{"events": [{"time_iso": "2026-03-01T10:00:00+08:00", "stage": "InTransit"}, 7]}]},
    }
    document = {"code": 0, "data": {"accepted": [{"number": "A", "carrier": 3011, "track_info": info}], "rejected": []}}
    reading = seventeen_track.read_answer(document, shanghai)
    [event] = reading.events
    assert (event.expected, event.time, event.raw_code) == (date(2026, 3, 12), datetime(2026, 3, 1, 2), "InTransit")
    assert reading.skipped == [(1, "not_object")]
    with pytest.raises(PayloadError, match="refused"):
        seventeen_track.read_answer({"code": -1, "data": {"errors": [{"message": "no credit"}]}}, shanghai)


def test_reading_needs_a_number():
    reading = Reading()
    reading.add(3, tracking_ref="", time=None)
    assert reading.skipped == [(3, "no_number")] and not reading.events
