"""State of a parcel as a pure function of its events: whatever the order in which they came, and however often.

What carriers do in real life, and what is made of it:

* An event has two moments: ``time``, when it happened, as the source says, and ``received``, when we first heard it.
  A stamp before the year 2000 (a clock that starts in 1970) or later than the moment we heard of it (a zone left out,
  a clock that is fast) cannot be right: the moment of hearing stands for it. The *moment* of an event below is that.
* Events count in the order of their moments. Those of one moment: by stamp, by progress on the usual way, then by
  source, code and text, so that the order is total and does not depend on the order of arrival.
* Delivered and returned are the end. Scans that are stamped later ("in transit", the truck being emptied) are noise.
  Two things do count after delivered: returned, and what a person says (source ``hand``), who corrects the carrier.
  What a person says always counts.
* Returning is not the end: only "returned" may follow, and it is final once the parcel is back.
* A label is news only before anything else: it never sets a parcel back.
* A code that nobody has mapped yet is news, but changes no status.
* Failed attempts that are told within three hours of each other are one attempt, told by several sources.
* Lost is a state, not a mark: a parcel that is scanned again is found. Damaged is a mark, and stays.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

#: statuses by progress; of two events of one moment, the one that is further decides
PROGRESS = (
    "info_received",
    "in_transit",
    "out_for_delivery",
    "attempt_failed",
    "exception",
    "available_for_pickup",
    "expired",
    "delivered",
    "returned",
)
RANK = {status: rank for rank, status in enumerate(PROGRESS)}
#: statuses that say that the carrier has the parcel in hand
SCANNED = frozenset(PROGRESS) - {"info_received", "expired"}
#: no clock of a carrier is right that shows an earlier moment
FIRST_CREDIBLE = datetime(2000, 1, 1)
ONE_ATTEMPT = timedelta(hours=3)
HAND = "hand"


class Event(NamedTuple):
    """What somebody said. Moments are naive UTC; ``status`` is canonical, or None while the code is not mapped."""

    time: datetime
    received: datetime
    source: str
    raw_code: str
    text: str
    status: str | None = None
    sub_status: str | None = None
    place: str | None = None


class State(NamedTuple):
    """What a parcel is. ``ignored``: events after the end; ``doubtful``: stamps that cannot be right (both counts)."""

    status: str = "info_received"
    sub_status: str | None = None
    status_at: datetime | None = None
    last_event_at: datetime | None = None
    last_text: str | None = None
    last_place: str | None = None
    is_final: bool = False
    attempts: int = 0
    is_lost: bool = False
    is_damaged: bool = False
    date_first_scan: datetime | None = None
    date_delivered: datetime | None = None
    source: str | None = None
    raw_code: str | None = None
    events: int = 0
    ignored: int = 0
    doubtful: int = 0


def is_credible(event):
    """Whether the stamp of an event can be right."""
    return FIRST_CREDIBLE <= event.time <= event.received


def moment(event):
    """When an event counts as having happened.

    >>> heard = datetime(2026, 3, 2, 10)
    >>> moment(Event(datetime(1970, 1, 1), heard, "dhl", "T", "Scan")) == heard
    True
    >>> moment(Event(datetime(2026, 3, 2, 9), heard, "dhl", "T", "Scan")).hour
    9
    """
    return event.time if is_credible(event) else event.received


def parcel_state(events):
    """State that follows from the events of one parcel, in any order, with any repetitions.

    :param events: iterable of :class:`Event`
    :return: :class:`State`

    >>> noon = datetime(2026, 3, 2, 12)
    >>> picked = Event(noon, noon, "dhl", "T", "Picked up", "in_transit")
    >>> signed = Event(noon + timedelta(days=1), noon + timedelta(days=1), "dhl", "OK", "Signed", "delivered")
    >>> noise = Event(noon + timedelta(days=2), noon + timedelta(days=2), "dhl", "T", "Truck emptied", "in_transit")
    >>> state = parcel_state([noise, signed, picked, signed])
    >>> state.status, state.date_delivered.day, state.ignored
    ('delivered', 3, 1)
    """
    ordered = _in_order(events)
    if not ordered:
        return State()
    status, sub_status, since, delivered, decided, shown, ignored = "info_received", None, None, None, None, None, 0
    for event in ordered:
        if not event.status:
            shown = shown if _is_over(status) else event
            continue
        if not _counts(status, event, decided):
            ignored += 1
            continue
        if event.status != status or since is None:
            since, sub_status = moment(event), None
        if event.status == "returned":
            sub_status = None
        status, sub_status = event.status, event.sub_status or sub_status
        delivered = (delivered or moment(event)) if status == "delivered" else None
        decided = shown = event
    is_lost = sub_status == "lost" and status != "delivered"
    shown = shown or ordered[-1]
    return State(
        status=status,
        sub_status=sub_status,
        status_at=since,
        last_event_at=moment(ordered[-1]),
        last_text=shown.text or None,
        last_place=shown.place or None,
        is_final=status == "delivered" or (status == "returned" and sub_status != "returning") or is_lost,
        attempts=_attempts(ordered),
        is_lost=is_lost,
        is_damaged=any(event.sub_status == "damaged" for event in ordered),
        date_first_scan=next((moment(event) for event in ordered if event.status in SCANNED), None),
        date_delivered=delivered,
        source=decided.source if decided else None,
        raw_code=decided.raw_code if decided else None,
        events=len(ordered),
        ignored=ignored,
        doubtful=sum(not is_credible(event) for event in ordered),
    )


def _in_order(events):
    """Each event once (as it was first heard), in a total order that depends on nothing but the events."""
    once = {}
    for event in events:
        key = (event.source, event.time, event.raw_code, event.text)
        kept = once.get(key)
        once[key] = event if kept is None else min(kept, event, key=_heard)
    if len(once) == 1:
        return list(once.values())
    return sorted(once.values(), key=_order)


def _heard(event):
    return event.received, RANK.get(event.status, -1), event.sub_status or "", event.place or ""


def _order(event):
    return moment(event), event.time, RANK.get(event.status, -1), event.source, event.raw_code, event.text


def _is_over(status):
    return status in ("delivered", "returned")


def _counts(status, event, decided):
    """Whether an event may change a parcel that is in this status."""
    if event.source == HAND or decided is None:
        return True
    if status == "delivered":
        return event.status in ("delivered", "returned")
    if status == "returned":
        return event.status == "returned"
    return event.status != "info_received" or status == "info_received"


def _attempts(ordered):
    count, previous = 0, None
    for event in ordered:
        if event.status == "attempt_failed":
            count += previous is None or moment(event) - previous > ONE_ATTEMPT
            previous = moment(event)
    return count
