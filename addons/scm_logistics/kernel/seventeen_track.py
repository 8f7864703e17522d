"""17TRACK: how its pushed messages and its answers (API version 2.2) are read."""

from .tracking_payload import MAX_CODE, MAX_PLACE, MAX_REF, PayloadError, Reading, clean, find, read_day, read_time

QUERY_URL = "https://api.17track.net/track/v2.2/gettrackinfo"
KEY_HEADER = "17token"


def read_push(document, to_utc):
    """Events of a message: ``data`` is one parcel.

    >>> message = {"event": "TRACKING_UPDATED", "data": {"number": "T1", "carrier": 3011, "track_info": {
    ...     "latest_status": {"status": "InTransit", "sub_status": "InTransit_Other"},
    ...     "tracking": {"providers": [{"events": [
    ...         {"time_utc": "2026-03-01T02:00:00Z", "description": "Left the hub", "location": "Ghent"}]}]}}}}
    >>> [(event.raw_code, event.text, event.carrier) for event in read_push(message, None).events]
    [('', 'Left the hub', '3011'), ('InTransit_Other', '', '3011')]
    """
    if not isinstance(document, dict):
        raise PayloadError("not_object")
    reading = Reading()
    if isinstance(document.get("data"), dict):
        _read_parcel(reading, document["data"], to_utc)
    return reading


def read_answer(document, to_utc):
    """Events of an answer: ``data.accepted`` is a list of parcels."""
    if not isinstance(document, dict):
        raise PayloadError("not_object")
    if document.get("code") != 0:
        errors = find(document, "data.errors.message")
        raise PayloadError("refused") from ValueError(clean(errors[0] if errors else document.get("code"), 200))
    reading = Reading()
    for parcel in find(document, "data.accepted"):
        if isinstance(parcel, dict):
            _read_parcel(reading, parcel, to_utc)
    return reading


def _read_parcel(reading, parcel, to_utc):
    info = parcel.get("track_info") if isinstance(parcel.get("track_info"), dict) else {}
    common = {
        "tracking_ref": clean(parcel.get("number"), MAX_REF),
        "carrier": clean(parcel.get("carrier"), MAX_CODE),
        "expected": read_day(next(iter(find(info, "time_metrics.estimated_delivery_date.to")), None)),
    }
    latest = (None, "")
    for position, entry in enumerate(find(info, "tracking.providers.events")):
        if not isinstance(entry, dict):
            reading.skipped.append((position, "not_object"))
            continue
        time = read_time(entry.get("time_utc") or entry.get("time_iso"), to_utc)
        code = clean(entry.get("sub_status") or entry.get("stage"), MAX_CODE)
        if time and (not latest[0] or time > latest[0]):
            latest = (time, code)
        reading.add(
            position,
            **common,
            time=time,
            raw_code=code,
            text=clean(entry.get("description")),
            place=clean(entry.get("location"), MAX_PLACE),
        )
    status = next(iter(find(info, "latest_status.sub_status") + find(info, "latest_status.status")), None)
    if latest[0] and not latest[1] and clean(status):
        # see kuaidi100: the state of the whole is an event of its own
        reading.add(position + 1, **common, time=latest[0], raw_code=clean(status, MAX_CODE))
