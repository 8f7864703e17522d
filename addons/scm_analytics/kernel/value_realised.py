"""What improvements were worth in a year, and in which months it is counted, each day of a scope once.

Value of a year (an accounting identity, no estimate of its own)::

    value = -better * change * volume * unit value,  for a measure of which less is better: better = -1

``change`` is after less before with its interval; ``volume`` is how many facts a year the measure is made of (parcels,
deliveries, euros of goods); ``unit value`` is the money of one unit of the measure at one fact. Volume and unit value
are taken as known, so the interval of the value is that of the change alone.

An improvement counts for the :data:`YEAR` days that follow its first day after, as is usual in programmes of savings:
from then on the better state is the normal one. Where two claims share a key (the same source, or the same measure of
the same scope), the days of the earlier one are not counted again.
"""

from dataclasses import dataclass
from datetime import date, timedelta

#: days for which an improvement counts
YEAR = 365


@dataclass(frozen=True)
class Claim:
    """What an improvement claims: ``number`` tells it, ``keys`` its scopes, ``start`` its first day, money a year."""

    number: int
    keys: frozenset
    start: date
    value: float


def value_of_year(change, low, high, better, volume, unit_value):
    """Money a year of a change, with its interval in this order: value, least, most.

    A return costs 9.00, 20,000 deliveries a year, and the return rate fell from 5 % to 3 %, by 1 to 3 points:

    >>> [round(each) for each in value_of_year(-0.02, -0.03, -0.01, -1, 20000, 9.0)]
    [3600, 1800, 5400]
    """
    scale = better * volume * unit_value
    bounds = sorted((low * scale, high * scale))
    return change * scale, bounds[0], bounds[1]


def months_of(start, days):
    """``(first day of the month, days in it)`` of a run of days.

    >>> months_of(date(2026, 1, 30), 4)
    [(datetime.date(2026, 1, 1), 2), (datetime.date(2026, 2, 1), 2)]
    """
    found, day, end = [], start, start + timedelta(days=days)
    while day < end:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((day.replace(day=1), (min(following, end) - day).days))
        day = min(following, end)
    return found


def subtract(span, taken):
    """Parts of a span ``(start, end)`` that none of the taken spans covers; ends are exclusive.

    >>> subtract((0, 10), [(2, 4), (8, 20)])
    [(0, 2), (4, 8)]
    """
    parts = [span]
    for start, end in taken:
        parts = [
            piece
            for left, right in parts
            for piece in ((left, min(right, start)), (max(left, end), right))
            if piece[0] < piece[1]
        ]
    return parts


def spread(claims):
    """Money of claims by month: ``[(number, first day of the month, days, money)]``, each day of a key once.

    Who was first keeps the days, whatever the order in which the claims are given.

    >>> one = Claim(1, frozenset({"lamp"}), date(2026, 1, 1), 365.0)
    >>> again = Claim(2, frozenset({"lamp"}), date(2026, 12, 1), 730.0)
    >>> rows = spread([again, one])
    >>> sum(money for number, _month, _days, money in rows if number == 1)
    365.0
    >>> [row[1:] for row in rows if row[0] == 2][0]
    (datetime.date(2027, 1, 1), 31, 62.0)
    """
    taken, rows = {}, []
    for claim in sorted(claims, key=lambda one: (one.start, one.number)):
        span = (claim.start, claim.start + timedelta(days=YEAR))
        for start, end in subtract(span, [each for key in sorted(claim.keys) for each in taken.get(key, ())]):
            for month, days in months_of(start, (end - start).days):
                rows.append((claim.number, month, days, claim.value * days / YEAR))
        for key in claim.keys:
            taken.setdefault(key, []).append(span)
    return rows
