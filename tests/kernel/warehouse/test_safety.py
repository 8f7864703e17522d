"""Days of inspections, verdicts on answers and rates of incidents."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse import safety

STARTS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
RHYTHMS = st.tuples(st.integers(1, 5), st.sampled_from(["day", "week", "month"]))


def is_weekday(day):
    return day.weekday() < 5


def slow_days(start, every, unit, first, last, is_open):
    """Reference: every day of the recurrence from its start on, moved day by day."""
    found = set()
    for number in range(4000):
        day = safety.recur(start, every, unit, number)
        if day > last:
            break
        while not is_open(day):
            day += timedelta(days=1)
        if first <= day <= last:
            found.add(day)
    return sorted(found)


@given(STARTS, RHYTHMS, st.integers(-40, 900), st.integers(0, 120))
def test_due_days_are_those_of_a_walk_from_the_start(start, rhythm, ahead, length):
    first = start + timedelta(days=ahead)
    last = first + timedelta(days=length)
    assert safety.due_days(start, *rhythm, first, last, is_weekday) == slow_days(
        start, *rhythm, first, last, is_weekday
    )


@given(STARTS, RHYTHMS, st.integers(0, 300), st.integers(1, 60))
def test_planning_piece_by_piece_gives_the_same_days(start, rhythm, ahead, cut):
    first = start + timedelta(days=ahead)
    last, middle = first + timedelta(days=90), first + timedelta(days=cut)
    pieces = safety.due_days(start, *rhythm, first, middle, is_weekday) + safety.due_days(
        start, *rhythm, middle + timedelta(days=1), last, is_weekday
    )
    assert pieces == safety.due_days(start, *rhythm, first, last, is_weekday)


def test_month_ends_stay_month_ends():
    days = safety.due_days(date(2027, 12, 31), 1, "month", date(2028, 1, 1), date(2028, 4, 30))
    assert days == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]


def test_a_place_that_never_opens_has_no_due_day():
    assert safety.due_days(date(2026, 1, 1), 1, "day", date(2026, 1, 1), date(2026, 2, 1), lambda day: False) == []


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("ok", "ok", "passed"),
        ("ok", "nok", "failed"),
        ("ok", "na", "na"),
        ("ok", "", None),
        ("ok", "perhaps", None),
        ("number", 2, "passed"),
        ("number", "8.0", "passed"),
        ("number", 8.01, "failed"),
        ("number", 1.99, "failed"),
        ("number", "cold", None),
        ("number", math.nan, None),
        ("number", math.inf, None),
        ("number", True, None),
        ("number", None, None),
        ("damage", "none", "passed"),
        ("damage", "green", "passed"),
        ("damage", "amber", "failed"),
        ("damage", "red", "failed"),
        ("damage", "blue", None),
        ("text", "all quiet", "passed"),
        ("text", "", None),
        ("photo", 1, "passed"),
        ("photo", 0, None),
    ],
)
def test_verdicts(kind, value, result):
    found = safety.judge(kind, value, low=2.0, high=8.0)
    assert (found.result if found else None) == result
    assert bool(found and found.is_severe) == (value == "red")


def test_a_limit_of_zero_is_a_limit():
    assert safety.judge("number", 0.1, high=0.0).result == "failed"
    assert safety.judge("number", -18, high=0.0).result == "passed"


def test_rate_interval_is_that_of_the_tables():
    # exact 95 % limits for 5 observed events: Garwood, Biometrika 28 (1936), as in Ulm (1990): 1.6235 to 11.6683
    found = safety.event_rate(5, 30)
    assert (round(found.low, 4), round(found.value, 4), round(found.high, 4)) == (1.6235, 5.0, 11.6683)
    assert math.isnan(safety.event_rate(1, 0).value)


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_share_lies_in_its_interval(part, more):
    found = safety.share(part, part + more)
    assert -1e-12 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 1e-9


def test_no_case_no_share():
    assert math.isnan(safety.share(0, 0).value)
