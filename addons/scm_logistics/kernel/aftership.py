"""AfterShip: how its messages (tracking API, event ``tracking_update``) are read."""

from .tracking_payload import MAX_CODE, MAX_PLACE, MAX_REF, PayloadError, Reading, clean, read_day, read_time


def read_push(document, to_utc):
    """Events of a message: its check points, and its own tag where no check point says it (Expired).

    >>> message = {"msg": {"tracking_number": "T1", "tag": "Delivered", "checkpoints": [
    ...     {"checkpoint_time": "2026-03-01T02:00:00+00:00", "tag": "Delivered", "subtag": "Delivered_001",
    ...      "message": "Left with neighbour", "city": "Ghent", "country_name": "Belgium"}]}}
    >>> [event] = read_push(message, None).events
    >>> event.raw_code, event.place, event.time
    ('Delivered_001', 'Ghent, Belgium', datetime.datetime(2026, 3, 1, 2, 0))
    """
    if not isinstance(document, dict):
        raise PayloadError("not_object")
    message, reading = document.get("msg"), Reading()
    if not isinstance(message, dict):
        return reading
    common = {
        "tracking_ref": clean(message.get("tracking_number"), MAX_REF),
        "carrier": clean(message.get("slug"), MAX_CODE),
        "expected": read_day(message.get("expected_delivery")),
    }
    points = message.get("checkpoints") if isinstance(message.get("checkpoints"), list) else []
    tags = set()
    for position, point in enumerate(points):
        if not isinstance(point, dict):
            reading.skipped.append((position, "not_object"))
            continue
        tags.add(clean(point.get("tag")))
        reading.add(
            position,
            **common,
            time=read_time(point.get("checkpoint_time"), to_utc),
            raw_code=clean(point.get("subtag") or point.get("tag"), MAX_CODE),
            text=clean(point.get("message") or point.get("subtag_message")),
            place=_place(point),
        )
    _add_own_tag(reading, len(points), message, tags, common, to_utc)
    return reading


def _add_own_tag(reading, position, message, tags, common, to_utc):
    tag = clean(message.get("tag"), MAX_CODE)
    if tag and tag not in tags:
        reading.add(
            position,
            **common,
            time=read_time(message.get("updated_at"), to_utc),
            raw_code=clean(message.get("subtag"), MAX_CODE) or tag,
            text=clean(message.get("subtag_message")),
        )


def _place(point):
    parts = [clean(point.get("city")), clean(point.get("country_name"))]
    return clean(point.get("location"), MAX_PLACE) or ", ".join(filter(None, parts))[:MAX_PLACE]
