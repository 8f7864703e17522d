"""Clocks of service levels as arithmetic on intervals: hours of work, pauses, deadlines.

Moments are naive UTC datetimes; spans are half-open pairs ``(start, end)``. What a calendar says in local hours becomes
spans in UTC by :func:`open_spans`, which is given the conversion, so that the hour that the clocks skip or repeat is
counted as the hands of the people at work see it.

A clock runs from its start until it is stopped, within the hours of work, but not within its pauses. Its deadline is
the earliest moment at which it has run for the hours allowed. The rules are those that ERPNext's service level
agreements and Odoo's working calendars share: hours outside attendance and on holidays do not count, nor does the time
for which a ticket waits for the customer.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, time, timedelta

HOUR = 3600.0
#: days for which hours are laid out at first, and at most: a clock of 2,000 hours at 10 hours a week is in it
FIRST_DAYS, MAX_DAYS = 90, 2_000


def week_type(day):
    """0 or 1 of the weeks of a calendar of two weeks, counted from the year 1 as Odoo does.

    >>> from datetime import date
    >>> week_type(date(2026, 11, 23)), week_type(date(2026, 11, 30))
    (0, 1)
    """
    return (day.toordinal() - 1) // 7 % 2


def open_spans(rules, closed, first, last, to_utc):
    """Hours of work from day ``first`` to day ``last``, both included, as sorted spans in UTC that do not touch.

    :param rules: ``(weekday, week type or None, hour from, hour to)``; weekday 0 is Monday, hours are local, 24 is
        midnight at the end
    :param closed: spans in UTC in which nobody works (holidays)
    :param to_utc: function of a naive local datetime

    >>> from datetime import date
    >>> spans = open_spans([(0, None, 9.0, 12.5)], [], date(2026, 11, 23), date(2026, 11, 30), lambda local: local)
    >>> [(str(start), str(end)) for start, end in spans]
    [('2026-11-23 09:00:00', '2026-11-23 12:30:00'), ('2026-11-30 09:00:00', '2026-11-30 12:30:00')]
    """
    by_day = {}
    for weekday, kind, start, end in rules:
        if end > start:
            by_day.setdefault(weekday, []).append((kind, start, end))
    spans, day = [], first
    while day <= last:
        for kind, start, end in by_day.get(day.weekday(), ()):
            if kind is None or kind == week_type(day):
                spans.append((to_utc(_at(day, start)), to_utc(_at(day, end))))
        day += timedelta(days=1)
    return subtract(union(spans), union(closed))


def _at(day, hour):
    return datetime.combine(day, time()) + timedelta(seconds=round(hour * HOUR))


def union(spans):
    """The same moments in sorted spans that neither overlap nor touch; empty ones are dropped.

    >>> union([(5, 7), (1, 3), (2, 4), (7, 8), (9, 9)])
    [(1, 4), (5, 8)]
    """
    found = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def subtract(spans, holes):
    """What is in ``spans`` and not in ``holes``; both as :func:`union` gives them.

    >>> subtract([(0, 10), (20, 30)], [(2, 3), (8, 22)])
    [(0, 2), (3, 8), (22, 30)]
    """
    left, first = [], 0
    for start, end in spans:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        number = first
        while number < len(holes) and holes[number][0] < end:
            if holes[number][0] > start:
                left.append((start, holes[number][0]))
            start = max(start, holes[number][1])
            number += 1
        if start < end:
            left.append((start, end))
    return left


class Hours:
    """The hours of work of a calendar between two moments; without spans, all hours are.

    >>> hours = Hours([(datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 17)),
    ...                (datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 17))])
    >>> hours.between(datetime(2026, 11, 23, 16), datetime(2026, 11, 24, 10)) / HOUR
    2.0
    >>> hours.after(datetime(2026, 11, 23, 16), 2 * HOUR)
    datetime.datetime(2026, 11, 24, 10, 0)
    >>> hours.after(datetime(2026, 11, 23, 16), 1 * HOUR)
    datetime.datetime(2026, 11, 23, 17, 0)
    """

    def __init__(self, spans=None):
        self.spans = spans
        self._starts, self._before, total = [], [], 0.0
        for start, end in spans or ():
            self._starts.append(start)
            self._before.append(total)
            total += (end - start).total_seconds()
        self._total = total

    def _worked(self, moment):
        """Seconds of work before a moment."""
        number = bisect_right(self._starts, moment) - 1
        if number < 0:
            return 0.0
        start, end = self.spans[number]
        return self._before[number] + (min(moment, end) - start).total_seconds()

    def between(self, start, end):
        """Seconds of work from start to end; 0 where end is not after start."""
        if end <= start:
            return 0.0
        if self.spans is None:
            return (end - start).total_seconds()
        return self._worked(end) - self._worked(start)

    def after(self, start, seconds):
        """The earliest moment, not before ``start``, at which so many seconds were worked; None if there is none."""
        if seconds <= 0:
            return start
        if self.spans is None:
            return start + timedelta(seconds=seconds)
        target = self._worked(start) + seconds
        # rounding of sums must not push the end of a day to the next one
        number = bisect_right(self._before, target - 1e-6) - 1
        if target > self._total + 1e-6 or number < 0:
            return None
        return self.spans[number][0] + timedelta(seconds=round(target - self._before[number]))


@dataclass(frozen=True)
class Reading:
    """What a clock shows. ``deadline`` is None while it is paused in time, and where the calendar has no hours left."""

    elapsed: float
    deadline: datetime | None
    warn_at: datetime | None
    state: str


def read_clock(hours, start, allowed, now, stopped=None, pauses=(), warn_share=0.8):
    """What a clock shows at a moment.

    :param hours: :class:`Hours` that reach from ``start`` to beyond the deadline
    :param allowed: seconds that it may run
    :param pauses: sorted spans that do not overlap; the end of the last one is None while it lasts
    :param warn_share: share of the seconds allowed after which it warns
    :return: :class:`Reading` with ``state`` running, warned (running, share used up), paused, met (stopped in time)
        or breached (the seconds allowed are used up, stopped or not)

    >>> day = lambda hour: datetime(2026, 11, 23, hour)
    >>> read_clock(Hours(), day(8), 4 * HOUR, now=day(10)).state
    'running'
    >>> reading = read_clock(Hours(), day(8), 4 * HOUR, now=day(14), pauses=[(day(9), day(12))])
    >>> reading.state, reading.elapsed / HOUR, reading.deadline
    ('running', 3.0, datetime.datetime(2026, 11, 23, 15, 0))
    >>> read_clock(Hours(), day(8), 4 * HOUR, now=day(20), pauses=[(day(9), None)]).state
    'paused'
    >>> read_clock(Hours(), day(8), 4 * HOUR, now=day(20), stopped=day(13)).state
    'breached'
    """
    until = now if stopped is None else min(stopped, now)
    parts = _running_parts(start, pauses)
    elapsed = sum(hours.between(begin, until if end is None else min(end, until)) for begin, end in parts)
    deadline, warn_at = _reached(hours, parts, allowed), _reached(hours, parts, allowed * warn_share)
    is_paused = bool(pauses) and pauses[-1][1] is None
    return Reading(elapsed, deadline, warn_at, _state(elapsed, allowed, until, warn_at, stopped, is_paused))


def _running_parts(start, pauses):
    """Spans in which the clock may run; the end of the last one is None, unless a pause lasts."""
    parts, at = [], start
    for begin, end in pauses:
        if begin > at:
            parts.append((at, begin))
        if end is None:
            return parts
        at = max(at, end)
    return [*parts, (at, None)]


def _reached(hours, parts, seconds):
    """The moment at which so many seconds of work are used up within these spans; None if it never comes."""
    for begin, end in parts:
        moment = hours.after(begin, seconds)
        if moment is not None and (end is None or moment <= end):
            return moment
        if end is not None:
            seconds -= hours.between(begin, end)
    return None


def _state(elapsed, allowed, until, warn_at, stopped, is_paused):
    if elapsed > allowed + 1e-6:
        return "breached"
    if stopped is not None:
        return "met"
    if is_paused:
        return "paused"
    return "warned" if warn_at is not None and until >= warn_at else "running"
