"""What to count, and on which day: places due by their class first, the riskiest with what is left of the day.

Risk of a place is the value that its records get wrong until today, expected:

    rate  = (wrong + a) / (moves + a / r0)                errors per movement, shrunk (gamma-Poisson, a = 1)
    wrong = rate * (moves a day + idle) * days since the last count
    risk  = sum over its products of  value * (1 - exp(-wrong))

which for small numbers is value x movement x past error x days, and never more than the value itself. ``r0`` is the
rate of the whole warehouse. Gamma-Poisson shrinkage: Clayton and Kaldor (1987), Biometrics 43, 671-681.

Days are levelled: the load of a day is the smallest that still meets every due day (the cumulative bound of level
scheduling, Modigliani and Hohn (1955), Econometrica 23, 46-66), earliest due day first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: what weighs as much as one error in the rate of a place
STRENGTH = 1.0
#: errors per movement where nothing was ever counted, with the weight of one error
FIRST_RATE = 0.002
#: movements a day that count even where nothing moves: theft, damage, what nobody booked
IDLE_MOVES = 1 / 90
#: days since the last count where there was none
NEVER_DAYS = 365.0

NOT_PLANNED = -1
#: why a place is in the plan
DUE, OVERDUE, NEGATIVE, RISK = "due", "overdue", "negative", "risk"


@dataclass(frozen=True)
class Spread:
    """Result of :func:`spread`.

    ``day``: position of the working day of each place, -1 for none; ``late``: places that are due within the horizon
    and that the capacity leaves out or behind their day.
    """

    day: np.ndarray
    by_risk: np.ndarray
    late: np.ndarray


def base_rate(wrong, moves) -> float:
    """Errors per movement of a warehouse, from counted records and movements of its counted places.

    >>> round(base_rate(4, 500), 4), base_rate(0, 0)
    (0.005, 0.002)
    """
    return float((np.sum(wrong) + STRENGTH) / (np.sum(moves) + STRENGTH / FIRST_RATE))


def shrunk_rate(wrong, moves, base) -> np.ndarray:
    """Errors per movement of each place, pulled toward the rate ``base`` of the warehouse.

    Two errors in 100 movements, where 0.5 % is usual, count as 1 %; a place never counted has the usual rate.

    >>> shrunk_rate([2, 0], [100, 0], 0.005).round(4).tolist()
    [0.01, 0.005]
    """
    wrong, moves = np.asarray(wrong, dtype=float), np.asarray(moves, dtype=float)
    return (wrong + STRENGTH) / (moves + STRENGTH / base)


def risk(value, moves_per_day, rate, days) -> np.ndarray:
    """Value that is wrong by now, expected, in the money of ``value``; all arrays of shape (n,).

    1,000 in stock, one movement a day, one error in 200 movements, 60 days: 26 % are wrong.

    >>> risk([1000], [1 - 1 / 90], [0.005], [60]).round(1).tolist()
    [259.2]
    """
    value, moves_per_day, rate, days = (
        np.asarray(values, dtype=float) for values in (value, moves_per_day, rate, days)
    )
    errors = rate * (moves_per_day + IDLE_MOVES) * np.nan_to_num(days, nan=NEVER_DAYS)
    return np.abs(value) * -np.expm1(-errors)


def due_days(since, interval, stored, order) -> np.ndarray:
    """Days from today until each place is due; negative is overdue, infinite is never.

    A place that was never counted is due on a day of its own within its interval, the riskiest first, so that a new
    warehouse is not due as a whole on one day; once given the day stands.

    :param since: days since the last count, nan for never, shape (n,)
    :param interval: days between counts, inf for no rule, shape (n,)
    :param stored: days from today until the day that was given before, nan for none, shape (n,)
    :param order: the larger, the earlier a new place is due, shape (n,)

    >>> due_days([80, 100, np.nan, np.nan], [90, 90, 90, 90], [np.nan] * 4, [0, 0, 1, 9]).tolist()
    [10.0, -10.0, 67.0, 22.0]
    """
    since, interval, stored, order = (np.asarray(values, dtype=float) for values in (since, interval, stored, order))
    due = interval - since
    new = np.isnan(since)
    known = new & ~np.isnan(stored)
    due[known] = np.minimum(stored[known], interval[known])
    first = np.flatnonzero(new & np.isnan(stored))
    if first.size:
        due[first] = np.floor(
            np.where(np.isinf(interval[first]), np.inf, interval[first] * _share(interval, order, first))
        )
    return due


def _share(interval, order, chosen):
    """Position of each chosen place among those of its interval, as a share of it, the largest order first."""
    ranked = chosen[np.lexsort((-order[chosen], interval[chosen]))]
    _values, start, count = np.unique(interval[ranked], return_index=True, return_counts=True)
    rank = np.arange(ranked.size) - np.repeat(start, count)
    share = np.empty(interval.size)
    share[ranked] = (rank + 0.5) / np.repeat(count, count)
    return share[chosen]


def spread(due, risks, offsets, room, candidate) -> Spread:
    """Working day of each place.

    :param due: days from today, as of :func:`due_days`, shape (n,)
    :param risks: money, shape (n,)
    :param offsets: days from today of each working day of the plan, ascending, shape (d,)
    :param room: places that each of these days still takes, shape (d,)
    :param candidate: which places may be counted before they are due, because of their risk, shape (n,)

    Two places are due on the second day, one on the third; one a day is enough, and the riskiest fills the first day:

    >>> spread([1, 1, 2, 99], [5, 6, 7, 80], [0, 1, 2], [2, 1, 1], [False, False, False, True]).day.tolist()
    [1, 0, 2, 0]
    """
    due, risks = np.asarray(due, dtype=float), np.asarray(risks, dtype=float)
    offsets, room = np.asarray(offsets, dtype=float), np.maximum(np.asarray(room, dtype=int), 0)
    day = np.full(due.size, NOT_PLANNED)
    by_risk = np.zeros(due.size, dtype=bool)
    if not offsets.size:
        return Spread(day, by_risk, due <= 0)
    must = np.flatnonzero(due <= offsets[-1])
    last = np.clip(np.searchsorted(offsets, due[must], side="right") - 1, 0, None)
    must = must[np.lexsort((must, -risks[must], due[must]))]
    load = _level(np.bincount(last, minlength=offsets.size), room)
    planned = must[: load.sum()]
    day[planned] = np.repeat(np.arange(offsets.size), load)
    late = np.zeros(due.size, dtype=bool)
    late[must[load.sum() :]] = True
    late[planned] = offsets[day[planned]] > np.maximum(due[planned], offsets[0])
    free = room - load
    more = np.flatnonzero(np.asarray(candidate, dtype=bool) & (day == NOT_PLANNED) & (risks > 0))
    more = more[np.lexsort((more, -risks[more]))][: free.sum()]
    day[more] = np.repeat(np.arange(offsets.size), free)[: more.size]
    by_risk[more] = True
    return Spread(day, by_risk, late)


def _level(due, room):
    """Places on each day so that all ``due`` by then are done, no day has more than its room and the peak is least.

    Where the room is too small for that, all of it is taken.
    """
    total = np.cumsum(due)
    low, high = 0, int(room.max(initial=0))
    while low < high:
        middle = (low + high) // 2
        if (np.cumsum(np.minimum(room, middle)) >= total).all():
            high = middle
        else:
            low = middle + 1
    before = np.cumsum(np.minimum(room, high))
    return np.diff(np.minimum(before, total[-1]), prepend=0)


def room_left(capacity, load, backlog) -> np.ndarray:
    """Places that each working day still takes beside what is planned already.

    :param capacity: places a day
    :param load: open counts of each day, shape (d,)
    :param backlog: open counts of days that have passed: done first, as much a day as fits

    >>> room_left(5, [1, 0, 7], 6).tolist()
    [0, 3, 0]
    """
    room = np.maximum(capacity - np.asarray(load, dtype=int), 0)
    before = np.concatenate([[0], np.cumsum(room)])
    return np.diff(np.maximum(before - backlog, 0))


def reasons(due, negative, by_risk) -> list[str]:
    """Code of why each place is planned.

    >>> reasons([-3, 2, 50, 0], [False, False, False, True], [False, False, True, False])
    ['overdue', 'due', 'risk', 'negative']
    """
    return [
        NEGATIVE if below else RISK if early else OVERDUE if days < 0 else DUE
        for days, below, early in zip(due, negative, by_risk, strict=True)
    ]
