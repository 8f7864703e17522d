"""When customers are told, and when better not. Times are hours and naive datetimes of the customer's own day."""

from datetime import datetime, timedelta

#: what a customer hears of who wants important news only
IMPORTANT = frozenset({"delayed", "earlier", "attempt_failed", "pickup"})
#: messages that a later one makes pointless: kind -> kinds that come before it
MAKES_POINTLESS = {
    "delivered": frozenset({"dispatched", "out_for_delivery", "delayed", "earlier", "attempt_failed", "pickup"}),
    "out_for_delivery": frozenset({"dispatched", "delayed", "earlier", "attempt_failed"}),
    "attempt_failed": frozenset({"dispatched", "out_for_delivery"}),
    "pickup": frozenset({"dispatched", "out_for_delivery", "attempt_failed", "delayed", "earlier"}),
    "delayed": frozenset({"delayed", "earlier"}),
    "earlier": frozenset({"delayed", "earlier"}),
    "dispatched": frozenset(),
}
#: status -> message
OF_STATUS = {
    "in_transit": "dispatched",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "attempt_failed": "attempt_failed",
    "available_for_pickup": "pickup",
}


def kind_of_change(old, new):
    """Message for a change of status, or None. A parcel is dispatched when the carrier has it for the first time.

    >>> kind_of_change("info_received", "in_transit"), kind_of_change("attempt_failed", "in_transit")
    ('dispatched', None)
    """
    if new == "in_transit":
        return "dispatched" if old == "info_received" else None
    return OF_STATUS.get(new) if old != new else None


def is_quiet(hour, quiet_from, quiet_to):
    """Whether an hour of the day lies in the quiet hours; equal ends mean that there are none.

    >>> is_quiet(23.5, 21, 8), is_quiet(8, 21, 8), is_quiet(13, 12, 14)
    (True, False, True)
    """
    if quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def send_at(local, quiet_from, quiet_to):
    """First moment from ``local`` on that is not in the quiet hours; naive local datetimes.

    >>> send_at(datetime(2026, 3, 2, 22, 15), 21, 8)
    datetime.datetime(2026, 3, 3, 8, 0)
    >>> send_at(datetime(2026, 3, 2, 12, 0), 21, 8)
    datetime.datetime(2026, 3, 2, 12, 0)
    """
    hour = local.hour + local.minute / 60 + local.second / 3600
    if not is_quiet(hour, quiet_from, quiet_to):
        return local
    midnight = datetime(local.year, local.month, local.day)
    end = midnight + timedelta(minutes=round(quiet_to * 60))
    return end if end > local else end + timedelta(days=1)


def slip_kind(known, new, slip_days, was_told):
    """Message for a new day of delivery, or None: ``delayed`` when it is at least ``slip_days`` after the day that the
    customer knows, ``earlier`` when a customer who was told of a delay gets the parcel sooner after all.

    >>> from datetime import date
    >>> slip_kind(date(2026, 3, 2), date(2026, 3, 4), 2, False)
    'delayed'
    >>> slip_kind(date(2026, 3, 2), date(2026, 3, 3), 2, False) is None
    True
    >>> slip_kind(date(2026, 3, 9), date(2026, 3, 4), 2, True)
    'earlier'
    """
    if not known or not new:
        return None
    days = (new - known).days
    if days >= slip_days:
        return "delayed"
    return "earlier" if was_told and -days >= slip_days else None


def held_back(kind, consent, has_address, is_blacklisted, has_person_written):
    """Why a message is not sent, or None.

    >>> held_back("delivered", "important", True, False, False)
    'consent'
    >>> held_back("delayed", "important", True, False, True)
    'person'
    """
    if consent == "none" or (consent == "important" and kind not in IMPORTANT):
        return "consent"
    if not has_address:
        return "address"
    if is_blacklisted:
        return "blacklist"
    return "person" if has_person_written and kind in ("delayed", "earlier", "attempt_failed") else None
