"""Safety: on which days an inspection is due, whether an answer is good, and how often something happens."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from scipy import stats

#: the days that a due day may move on to find a working day
LONGEST_BREAK_DAYS = 31
#: damage of a rack by EN 15635: green is watched, amber is unloaded soon, red is unloaded at once
DAMAGE_LEVELS = ("none", "green", "amber", "red")


@dataclass(frozen=True)
class Verdict:
    """``result`` is passed, failed or na; ``is_severe``: critical whatever the checklist says of the question."""

    result: str
    is_severe: bool = False


@dataclass(frozen=True)
class Rate:
    """A rate with its exact interval."""

    value: float
    low: float
    high: float


def recur(start: date, every: int, unit: str, number: int) -> date:
    """The ``number``-th day of a recurrence; 0 is its start.

    Months keep the day of the start, or take the last one of a shorter month.

    >>> recur(date(2026, 1, 31), 1, "month", 1), recur(date(2026, 1, 31), 1, "month", 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    if unit == "month":
        months = start.year * 12 + start.month - 1 + every * number
        year, month = divmod(months, 12)
        following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
        return date(year, month + 1, min(start.day, (following - timedelta(days=1)).day))
    return start + timedelta(days=every * number * (7 if unit == "week" else 1))


def due_days(start: date, every: int, unit: str, first: date, last: date, is_open=None) -> list[date]:
    """Days from ``first`` to ``last`` on which an inspection is due, each once, in order.

    :param every: whole number of ``unit`` (day, week, month), at least 1
    :param is_open: function of a day; a due day that is not open moves to the next one that is. A place that is closed
        for longer than a month has no due day then. None: every day is open.

    >>> weekend = lambda day: day.weekday() < 5
    >>> [day.day for day in due_days(date(2026, 11, 1), 1, "week", date(2026, 11, 1), date(2026, 11, 16), weekend)]
    [2, 9, 16]
    """
    days, number = set(), _first_number(start, every, unit, first - timedelta(days=LONGEST_BREAK_DAYS))
    while (day := recur(start, every, unit, number)) <= last:
        day = _next_open(day, is_open)
        if day and first <= day <= last:
            days.add(day)
        number += 1
    return sorted(days)


def _first_number(start, every, unit, first):
    """A number whose day is not after ``first`` (0 at least), so that no year of the past is walked through."""
    days = (first - start).days
    if days <= 0:
        return 0
    return days // (every * {"day": 1, "week": 7, "month": 31}[unit])


def _next_open(day, is_open):
    if is_open is None:
        return day
    for ahead in range(LONGEST_BREAK_DAYS + 1):
        if is_open(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return None


def judge(kind: str, value, low: float | None = None, high: float | None = None) -> Verdict | None:
    """Whether an answer is good, or None where it is no answer to such a question.

    :param kind: ok ("ok", "nok"), number (a finite number; limits belong to what is good), damage (one of
        :data:`DAMAGE_LEVELS`), text (any words), photo (count of photos). "na" answers any of them.

    >>> judge("number", 8.5, high=8.0).result, judge("damage", "red"), judge("ok", "maybe")
    ('failed', Verdict(result='failed', is_severe=True), None)
    """
    if value == "na":
        return Verdict("na")
    if kind == "number":
        return _judge_number(value, low, high)
    if kind == "damage":
        is_bad = value in ("amber", "red")
        return Verdict("failed" if is_bad else "passed", value == "red") if value in DAMAGE_LEVELS else None
    if kind == "ok":
        return {"ok": Verdict("passed"), "nok": Verdict("failed")}.get(value)
    return Verdict("passed") if value else None


def _judge_number(value, low, high):
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if isinstance(value, bool) or not math.isfinite(number):
        return None
    is_good = (low is None or number >= low) and (high is None or number <= high)
    return Verdict("passed" if is_good else "failed")


def share(part: int, whole: int, confidence: float = 0.95) -> Rate:
    """Share with its interval by E. B. Wilson (1927); nan with no case at all.

    >>> found = share(8, 10)
    >>> round(found.value, 2), round(found.low, 3), round(found.high, 3)
    (0.8, 0.49, 0.943)
    """
    if whole <= 0:
        return Rate(math.nan, math.nan, math.nan)
    interval = stats.binomtest(part, whole).proportion_ci(confidence, method="wilson")
    return Rate(part / whole, float(interval.low), float(interval.high))


def event_rate(count: int, days: float, per_days: float = 30.0, confidence: float = 0.95) -> Rate:
    """Events in ``per_days`` days with the exact Poisson interval of F. Garwood (1936); nan with no day observed.

    low = chi2(alpha/2; 2k)/2, high = chi2(1 - alpha/2; 2k + 2)/2

    >>> none = event_rate(0, 30)
    >>> none.value, none.low, round(none.high, 2)
    (0.0, 0.0, 3.69)
    """
    if days <= 0:
        return Rate(math.nan, math.nan, math.nan)
    tail, scale = (1.0 - confidence) / 2.0, per_days / days
    low = stats.chi2.ppf(tail, 2 * count) / 2.0 if count else 0.0
    high = stats.chi2.ppf(1.0 - tail, 2 * count + 2) / 2.0
    return Rate(count * scale, float(low) * scale, float(high) * scale)
