"""Promised days against a calendar counted by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.promise import promise
from scm_kernels.logistics.working_days import add_working_days, open_days, ordinals

MONDAY = date(2026, 11, 23)
LAST = MONDAY + timedelta(days=60)
OFFICE = open_days(MONDAY, LAST, {0, 1, 2, 3, 4})
DAILY = open_days(MONDAY, LAST, ())


def day(number):
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("asked", "hour", "handling", "available", "carrier", "arrives"),
    [
        (0, 10, 0, None, DAILY, 2),  # before the cut-off: leaves on Monday, two days
        (0, 14, 0, None, DAILY, 3),  # at the cut-off: leaves on Tuesday
        (4, 15, 0, None, OFFICE, 9),  # Friday afternoon: Monday, then Tuesday and Wednesday
        (5, 9, 0, None, OFFICE, 9),  # Saturday, nobody packs: the same
        (0, 10, 1, None, DAILY, 3),
        (0, 10, 0, 3, DAILY, 5),  # goods come on Thursday, in time for that day's collection
    ],
)
def test_by_hand(asked, hour, handling, available, carrier, arrives):
    made = promise(
        day(asked), hour, 14, handling, available and day(available), MONDAY, OFFICE, carrier, [0, 0.5, 0.5], 0.9
    )
    assert made.arrives == day(arrives)


def test_public_holiday():
    closed = open_days(MONDAY, LAST, {0, 1, 2, 3, 4}, [(day(1), day(2))])
    assert add_working_days(MONDAY, closed, day(0), 1) == day(3)
    assert not closed[1] and not closed[2] and closed[3]


@given(st.integers(0, 30), st.integers(0, 12))
def test_adding_is_what_ordinals_count(start, days):
    start_day = add_working_days(MONDAY, OFFICE, day(start), 0)
    end = add_working_days(MONDAY, OFFICE, start_day, days)
    number = ordinals(OFFICE)
    assert number[(end - MONDAY).days] - number[(start_day - MONDAY).days] == days
    assert OFFICE[(end - MONDAY).days]


def test_beyond_the_known_days_every_day_counts():
    assert add_working_days(MONDAY, np.ones(3, bool), day(2), 4) == day(6)
