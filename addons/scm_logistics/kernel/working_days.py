"""Days on which a carrier moves, as running numbers: their difference is the working days between two days."""

from datetime import timedelta

import numpy as np


def open_days(first, last, weekdays, closed=()):
    """Whether each day from ``first`` to ``last`` is a working day, (n,) bool.

    :param weekdays: working weekdays, 0 is Monday; none at all means every day
    :param closed: dates, or pairs of first and last date, on which nothing moves

    >>> from datetime import date
    >>> open_days(date(2026, 11, 27), date(2026, 11, 30), {0, 1, 2, 3, 4}, [date(2026, 11, 30)]).tolist()
    [True, False, False, False]
    """
    count = (last - first).days + 1
    weekday = (first.weekday() + np.arange(count)) % 7
    is_open = np.isin(weekday, list(weekdays) or range(7))
    for item in closed:
        begin, end = item if isinstance(item, tuple) else (item, item)
        is_open[max((begin - first).days, 0) : max((end - first).days + 1, 0)] = False
    return is_open


def ordinals(is_open):
    """Running number of each day: working days up to and with it, (n,) int.

    >>> ordinals(np.array([True, False, True])).tolist()
    [1, 1, 2]
    """
    return np.cumsum(np.asarray(is_open, bool))


def add_working_days(first, is_open, day, days):
    """The day that lies ``days`` working days after ``day``; 0 days: ``day`` itself, else the next working day.

    :param first: date of the first entry of ``is_open``
    :returns: date; beyond the known days every day counts

    >>> from datetime import date
    >>> add_working_days(date(2026, 11, 27), [True, False, False, True], date(2026, 11, 27), 1)
    datetime.date(2026, 11, 30)
    """
    position = max((day - first).days, 0)
    for _working_day in range(days):
        position = _next_open(is_open, position + 1)
    return first + timedelta(days=position if days > 0 else _next_open(is_open, position))


def _next_open(is_open, position):
    """The first working day from a position on."""
    while position < len(is_open) and not is_open[position]:
        position += 1
    return position
