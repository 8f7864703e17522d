"""When a vendor works: order days and arrival days around shut-downs, for many orders at once.

Days are whole numbers counted from ``SupplyCalendar.start``; they may lie before 0 or beyond the last day D - 1 of the
calendar, where every vendor counts as open. A lead time of L days is L *open* days: with C(d) the number of open days
before day d and s the first day from the order day on on which the vendor takes orders,

    arrival = the smallest a with C(a) >= C(s) + L

so that without a shut-down arrival = order day + L, and each closed day that falls into the lead time moves it by a
day. Transit that goes on while the vendor is closed is not told apart, which errs on the early side of ordering.
All look-ups are table look-ups by cumulative open days: O(1) per order.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

#: arrival day of what a vendor without any open day would send
NEVER = 2**31 - 1
#: order day of what such a vendor cannot deliver
NO_DAY = -(2**31)


@dataclass(frozen=True)
class SupplyCalendar:
    """Closed days of vendors.

    :param start: day number 0
    :param closed: bool (v, D), days on which the vendor neither makes nor sends
    :param no_intake: bool (v, D), days on which it works but starts no new order (the days before a shut-down);
        None = it takes orders on each open day

    ``never_open`` (v,) flags vendors without one open day in the whole calendar: their arrivals are :data:`NEVER`,
    their order days :data:`NO_DAY`.

    >>> calendar = SupplyCalendar(date(2026, 1, 1), [[0, 0, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]])
    >>> calendar.never_open.tolist()
    [False, True]
    """

    start: date
    closed: np.ndarray
    no_intake: np.ndarray | None = None
    never_open: np.ndarray = field(init=False, repr=False)
    _before: np.ndarray = field(init=False, repr=False)
    _nth_open: np.ndarray = field(init=False, repr=False)
    _next_intake: np.ndarray = field(init=False, repr=False)
    _last_intake: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        closed = np.asarray(self.closed, bool)
        if closed.ndim != 2:
            raise ValueError(f"closed must be a table (vendors, days), got {closed.ndim} dimensions")
        shut = np.zeros_like(closed) if self.no_intake is None else np.asarray(self.no_intake, bool)
        if shut.shape != closed.shape:
            raise ValueError(f"no_intake must have the shape of closed {closed.shape}, got {shut.shape}")
        vendors, days = closed.shape
        before = np.zeros((vendors, days + 1), np.int32)
        np.cumsum(~closed, axis=1, out=before[:, 1:])
        # a stable sort brings the open days to the front in their order
        nth_open = np.argsort(closed, axis=1, kind="stable").astype(np.int32)
        takes = ~closed & ~shut
        day = np.arange(days, dtype=np.int32)
        last = np.maximum.accumulate(np.where(takes, day, -1), axis=1)
        following = np.minimum.accumulate(np.where(takes, day, days)[:, ::-1], axis=1)[:, ::-1]
        values = {
            "closed": closed, "no_intake": shut, "never_open": closed.all(axis=1) & (days > 0),
            "_before": before, "_nth_open": nth_open, "_next_intake": following, "_last_intake": last,
        }  # fmt: skip
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def days(self):
        return self.closed.shape[1]

    def open_before(self, row, day):
        """C(d): open days before each day, counted from day 0; negative before it."""
        inside = np.clip(day, 0, self.days)
        return self._before[row, inside] + (day - inside)

    def nth_open(self, row, rank):
        """Day of the open day with that many open days before it."""
        total = self._before[row, -1]
        if not self.days:
            return rank
        inside = self._nth_open[row, np.clip(rank, 0, np.maximum(total - 1, 0))]
        return np.where(rank < 0, rank, np.where(rank >= total, self.days + rank - total, inside))

    def _intake(self, row, day, table):
        if not self.days:
            return day
        return np.where((day < 0) | (day >= self.days), day, table[row, np.clip(day, 0, self.days - 1)])


def _asked(calendar, vendor_row, day, lead_days):
    row, day, lead = np.broadcast_arrays(np.asarray(vendor_row), np.asarray(day), np.asarray(lead_days, float))
    if not (lead >= 0).all():
        raise ValueError("lead times must be 0 days or more")
    if (row >= len(calendar.closed)).any():
        raise ValueError(f"the calendar has {len(calendar.closed)} vendors, row {int(row.max())} was asked for")
    return row.astype(np.int64), day.astype(np.int64), np.ceil(lead - 1e-9).astype(np.int64)


def arrival_day(calendar, vendor_row, order_day, lead_days):
    """Day on which an order placed on ``order_day`` is there, int (n,).

    :param vendor_row: int (n,), row of the vendor in the calendar; -1 = a vendor that is never closed
    :param order_day: int (n,), days from ``calendar.start``
    :param lead_days: float (n,), 0 or more; a part of a day counts as one
    :returns: days from ``calendar.start``; :data:`NEVER` for a vendor without an open day

    >>> calendar = SupplyCalendar(date(2026, 1, 1), [[0, 0, 1, 1, 0, 0]])
    >>> arrival_day(calendar, [0, 0, 0, -1], [0, 1, 2, 1], [2, 2, 0, 2]).tolist()
    [2, 5, 4, 3]
    """
    row, day, lead = _asked(calendar, vendor_row, order_day, lead_days)
    plain = day + lead
    if not len(calendar.closed):
        return plain
    known = np.maximum(row, 0)
    begin = calendar._intake(known, day, calendar._next_intake)
    arrival = np.where(lead > 0, _reached(calendar, known, calendar.open_before(known, begin) + lead), begin)
    arrival = np.where(calendar.never_open[known], NEVER, arrival)
    return np.where(row < 0, plain, arrival)


def _reached(calendar, row, rank):
    """Smallest day with ``rank`` open days before it: the day after the open day of rank - 1."""
    return calendar.nth_open(row, rank - 1) + 1


def latest_order_day(calendar, vendor_row, need_day, lead_days):
    """Latest day on which to order so that the goods are there on ``need_day``, int (n,).

    Negative: that day lies before ``calendar.start``, hence before today when the calendar starts today.

    :param vendor_row: int (n,), row of the vendor in the calendar; -1 = a vendor that is never closed
    :param need_day: int (n,), days from ``calendar.start``
    :param lead_days: float (n,), 0 or more
    :returns: days from ``calendar.start``; :data:`NO_DAY` for a vendor without an open day

    >>> calendar = SupplyCalendar(date(2026, 1, 1), [[0, 0, 1, 1, 0, 0]])
    >>> latest_order_day(calendar, [0, 0, 0, -1], [4, 5, 3, 4], [2, 2, 0, 2]).tolist()
    [0, 1, 1, 2]
    """
    row, day, lead = _asked(calendar, vendor_row, need_day, lead_days)
    plain = day - lead
    if not len(calendar.closed):
        return plain
    known = np.maximum(row, 0)
    latest = np.minimum(calendar.nth_open(known, calendar.open_before(known, day) - lead), day)
    latest = calendar._intake(known, latest, calendar._last_intake)
    latest = np.where(calendar.never_open[known], NO_DAY, latest)
    return np.where(row < 0, plain, latest)


def closed_spans(calendar):
    """Shut-downs as (vendor row, first closed day, last closed day), int (k, 3), by row and day.

    >>> closed_spans(SupplyCalendar(date(2026, 1, 1), [[0, 1, 1, 0, 1]])).tolist()
    [[0, 1, 2], [0, 4, 4]]
    """
    edge = np.diff(np.pad(calendar.closed.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, first = np.nonzero(edge == 1)
    _row, after = np.nonzero(edge == -1)
    return np.column_stack([row, first, after - 1])
