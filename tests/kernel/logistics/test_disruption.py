"""New days under disruptions, and back."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.disruption import day_back, is_met, new_day

days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
extras = st.lists(st.integers(0, 20), max_size=4)


def after(day, count):
    """Working days from Monday to Friday."""
    return np.busday_offset(day, count, roll="forward" if not count else "backward").astype(object)


def test_delay_is_in_working_days():
    friday = date(2026, 3, 6)
    assert new_day(friday, [1], after) == date(2026, 3, 9)
    assert new_day(friday, [], after) == friday


@given(days, extras)
def test_the_longest_counts_and_order_does_not(base, rows):
    day = new_day(base, [max(rows, default=0)], after)
    assert new_day(base, rows, after) == new_day(base, rows[::-1], after) == day


@given(days, extras, days)
def test_going_back_is_never_into_the_past(base, others, today):
    back = day_back(base, others, today, after)
    assert back >= today
    assert back == new_day(base, others, after) or back == after(today, 0)


@given(days, st.integers(1, 20), st.integers(0, 40))
def test_there_and_back_again(base, extra, before):
    today = base - timedelta(before)
    assert new_day(base, [extra], after) > base
    assert day_back(base, [], today, after) == base


def test_who_is_met():
    first, last = date(2026, 3, 4), date(2026, 3, 6)
    ship = date(2026, 3, 2)
    for arrives, there, under_way in ((3, False, False), (4, True, True), (6, True, True), (9, False, True)):
        base = date(2026, 3, arrives)
        assert is_met(base, ship, first, last, True) is there
        assert is_met(base, ship, first, last, False) is under_way
    assert not is_met(date(2026, 3, 9), date(2026, 3, 7), first, last, False)
