"""What carriers and their services send, read with distrust: any JSON, any text, any time stamp.

Readers take what ``json.loads`` gave and return a :class:`Reading`. Nothing that a sender writes raises anything but
:class:`PayloadError`; an entry that cannot be used is left out and named, the others are kept.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

#: events that one message may hold; who has more sends several messages
MAX_EVENTS = 5000
MAX_TEXT, MAX_CODE, MAX_PLACE, MAX_REF = 500, 64, 200, 64
FIRST_YEAR, LAST_YEAR = 1970, 2200
#: numbers from here on are milliseconds since 1970, those below are seconds
MILLISECONDS_FROM = 10**11

_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
#: what does not count in a tracking number, as a class for Python and PostgreSQL alike
BLANKS = "[ \\t\\n\\r\\u00a0\\u3000]"
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"\d{9,13}(?:\.\d{1,9})?")
_COMPACT = re.compile(r"\d{14}")
_LOOSE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.I,
)


class PayloadError(Exception):
    """The message as a whole cannot be used. ``code``: why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class TrackingEvent:
    """One event; ``time`` is naive UTC or None (not said, or not readable), ``carrier`` the carrier's code at the
    provider, empty when not said."""

    tracking_ref: str
    time: datetime | None
    raw_code: str = ""
    text: str = ""
    place: str = ""
    carrier: str = ""
    expected: date | None = None


@dataclass
class Reading:
    """Events in the order of the message, without repetitions, and ``(position, reason)`` of what was left out."""

    events: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    _seen: set = field(default_factory=set, repr=False)

    def add(self, position, **values):
        """Take an event, or say why not: ``no_number``, ``empty`` (neither code nor text nor day)."""
        if not values["tracking_ref"]:
            self.skipped.append((position, "no_number"))
            return
        event = TrackingEvent(**values)
        if not (event.raw_code or event.text or event.expected):
            self.skipped.append((position, "empty"))
            return
        key = (event.tracking_ref, event.time, event.raw_code, event.text)
        if key in self._seen:
            return
        if len(self.events) >= MAX_EVENTS:
            raise PayloadError("too_many")
        self._seen.add(key)
        self.events.append(event)


@dataclass(frozen=True)
class Paths:
    """Where a JSON message says what: names joined by points, ``data.items``; an empty one takes the usual names."""

    parcels: str = ""
    events: str = ""
    tracking: str = ""
    time: str = ""
    code: str = ""
    text: str = ""
    place: str = ""
    expected: str = ""


#: the names that are understood where no path is given
USUAL = {
    "tracking": ("tracking_ref", "tracking_number", "tracking", "number"),
    "time": ("time", "timestamp", "date", "occurred_at"),
    "code": ("code", "status", "event"),
    "text": ("text", "message", "description"),
    "place": ("place", "location", "city"),
    "expected": ("expected", "expected_delivery", "estimated_delivery"),
}


def load(body):
    """The document in a request's body.

    >>> load(b'{"a": 1}')
    {'a': 1}
    >>> load(b'[NaN]')
    Traceback (most recent call last):
    ...
    scm_kernels.logistics.tracking_payload.PayloadError: not_json
    """
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise PayloadError("not_json") from error
    if not isinstance(document, (dict, list)):
        raise PayloadError("not_object")
    return document


def _refuse(constant):
    raise ValueError(constant)


def clean(value, limit=MAX_TEXT):
    """One line of text that a database can keep: no control characters, no half characters, not too long.

    >>> clean("  Left\\x00 the\\n hub <b>now</b> "), clean(12), clean(["x"]), clean(True), clean(None)
    ('Left the hub <b>now</b>', '12', '', '', '')
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = _SPACES.sub(" ", _UNUSABLE.sub(" ", str(value)[: 4 * limit])).strip()
    return text[:limit].rstrip()


def same_number(number):
    """A tracking number as it is compared: without spaces, in one case.

    >>> same_number(" 1z 999 aa1 ")
    '1Z999AA1'
    """
    return re.sub(BLANKS, "", number or "").upper()


def read_time(value, to_utc):
    """Moment (naive UTC) that a sender wrote, or None.

    Understood are seconds or milliseconds since 1970, ISO 8601, and dates with - / or . and a time; a day alone is its
    noon. A stamp of 1970 or of the future is what the sender said, so it is kept; the state of the parcel does not
    believe it. The seconds' fractions are dropped.

    :param to_utc: function that turns a naive local moment, as the sender means it, into naive UTC

    >>> read_time("2026-03-01T10:00:00+08:00", None), read_time(1772330400000, None)
    (datetime.datetime(2026, 3, 1, 2, 0), datetime.datetime(2026, 3, 1, 2, 0))
    >>> read_time("2026/3/1 10:00", lambda local: local - timedelta(hours=8)), read_time("soon", None)
    (datetime.datetime(2026, 3, 1, 2, 0), None)
    """
    if isinstance(value, datetime):
        return _bounded(_as_utc(value, to_utc))
    if isinstance(value, bool):
        return None
    text = clean(value, 40)
    if _COMPACT.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:]}"
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(text):
        return _from_epoch(float(text)) if _is_number(text) else None
    return _from_text(text, to_utc)


def _is_number(text):
    try:
        return abs(float(text)) < MILLISECONDS_FROM * 1000
    except ValueError:
        return False


def _from_epoch(number):
    seconds = number / 1000 if abs(number) >= MILLISECONDS_FROM else number
    try:
        return _bounded(datetime(1970, 1, 1) + timedelta(seconds=round(seconds)))
    except OverflowError:
        return None


def _from_text(text, to_utc):
    found = _LOOSE.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, _fraction, zone = found.groups()
    alone = hour is None
    try:
        moment = datetime(int(year), int(month), int(day), *(12, 0) if alone else (int(hour), int(minute)))
        moment = moment.replace(second=int(second or 0))
        return _bounded(_as_utc(moment.replace(tzinfo=_zone(zone)), to_utc))
    except (ValueError, OverflowError):
        return None


def _zone(text):
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return timezone.utc
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _as_utc(moment, to_utc):
    if moment.tzinfo:
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    return to_utc(moment.replace(microsecond=0))


def _bounded(moment):
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def read_day(value):
    """Day that a sender writes as the one of delivery, or None; of a moment, the day as written.

    >>> read_day("2026-03-04T18:00:00-05:00"), read_day("2026-3-4"), read_day({})
    (datetime.date(2026, 3, 4), datetime.date(2026, 3, 4), None)
    """
    moment = read_time(clean(value, 40)[:10], lambda local: local) if isinstance(value, str) else None
    return moment.date() if moment else None


def find(node, path):
    """All values at a path, through lists.

    >>> find({"a": [{"b": 1}, {"b": [2, 3]}, 5]}, "a.b")
    [1, 2, 3]
    >>> find({"a": [10, 20]}, "a.1")
    [20]
    """
    nodes = [node]
    for step in path.split("."):
        found = []
        for one in nodes:
            if isinstance(one, dict):
                found += [one[step]] if step in one else []
            elif isinstance(one, list) and step.isdecimal():
                found += one[int(step) : int(step) + 1]
            elif isinstance(one, list):
                found += [inner[step] for inner in one if isinstance(inner, dict) and step in inner]
        nodes = found
    return [value for one in nodes for value in (one if isinstance(one, list) else [one])]


def read_json(document, paths, to_utc, number=""):
    """Events of a message of any shape.

    What an event does not say (tracking number, expected day) is looked for in its parcel, then in the whole message.

    :param number: tracking number where nothing says it

    >>> paths = Paths(parcels="data", events="scans", time="at", code="c")
    >>> document = {"data": [{"number": "T1", "scans": [{"at": "2026-03-01T02:00Z", "c": "OD"}, {"text": "Hub"}, {}]}]}
    >>> reading = read_json(document, paths, lambda local: local)
    >>> [(event.tracking_ref, event.raw_code) for event in reading.events], reading.skipped
    ([('T1', 'OD'), ('T1', '')], [(2, 'empty')])
    """
    if not isinstance(document, (dict, list)):
        raise PayloadError("not_object")
    reading, position = Reading(), 0
    for parcel in _parcels(document, paths):
        events = _events(parcel, paths)
        for event in events:
            levels = [event] if event is parcel else [event, parcel]
            if isinstance(document, dict) and document is not parcel:
                levels.append(document)
            _add_json(reading, position, levels, paths, to_utc, number)
            position += 1
    return reading


def _parcels(document, paths):
    if paths.parcels:
        return find(document, paths.parcels)
    if isinstance(document, list):
        return document
    usual = next((document[name] for name in ("parcels", "events") if isinstance(document.get(name), list)), None)
    return [document] if usual is None else usual


def _events(parcel, paths):
    if paths.events:
        return find(parcel, paths.events)
    if isinstance(parcel, dict) and isinstance(parcel.get("events"), list):
        return parcel["events"]
    return [parcel]


def _add_json(reading, position, levels, paths, to_utc, number):
    event = levels[0]
    if not isinstance(event, dict):
        reading.skipped.append((position, "not_object"))
        return
    reading.add(
        position,
        tracking_ref=clean(_value(levels, "tracking", paths), MAX_REF) or number,
        time=read_time(_value([event], "time", paths), to_utc),
        raw_code=clean(_value([event], "code", paths), MAX_CODE),
        text=clean(_value([event], "text", paths)),
        place=clean(_value([event], "place", paths), MAX_PLACE),
        carrier=clean(next((level.get("carrier") for level in levels if isinstance(level, dict)), ""), MAX_CODE),
        expected=read_day(_value(levels, "expected", paths)),
    )


def _value(levels, name, paths):
    """The first value at the path (or under a usual name) that is no object, from the event outwards."""
    path = getattr(paths, name)
    for level in levels:
        for candidate in [path] if path else USUAL[name]:
            for value in find(level, candidate):
                if value not in (None, "") and not isinstance(value, (dict, list)):
                    return value
    return None
