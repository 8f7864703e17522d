"""Parts of the order plan: likely receipts, forecast consumption, and which order of the last plan is which."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import lateness, plan_demand, plan_match, plan_transfers

QUANTITY = st.integers(0, 50)
WEEKS = st.lists(st.tuples(QUANTITY, QUANTITY), min_size=1, max_size=12)


@settings(max_examples=60)
@given(WEEKS, st.integers(0, 3), st.integers(0, 3))
def test_consumption_counts_nothing_twice_and_loses_nothing(weeks, backward, forward):
    forecast, orders = (np.array([row], float) for row in zip(*weeks, strict=True))
    left = plan_demand.consume(forecast, orders, backward, forward)
    assert (left >= 0).all() and (left <= forecast).all()
    used = (forecast - left).sum()
    assert used <= orders.sum() + 1e-9
    # own weeks first: nowhere is more left than the own week's orders leave
    assert (left <= np.maximum(forecast - orders, 0) + 1e-9).all()
    if backward == forward == 0:
        assert left == pytest.approx(np.maximum(forecast - orders, 0))


def test_consumption_of_everything_within_reach():
    left = plan_demand.consume(np.full((1, 5), 10.0), np.array([[0, 0, 45.0, 0, 0]]), 2, 2)
    assert left.tolist() == [[0, 0, 0, 0, 5]]


def test_lateness_of_an_unreliable_vendor_and_of_a_stranger():
    days, sample = lateness.usual_lateness([1] * 6, [5, 5, 5, 6, 6, 6], [-3, 0, 0, 30, 30, 30], [1, 1, 2], [5, 6, 5])
    assert days[0] < days[1]
    assert (days[2], sample[2]) == (0, 0)


def test_a_date_that_was_moved_is_not_moved_twice():
    # promised for day 3, usually 10 days late; the vendor already says day 12
    assert lateness.likely_days([12], [3], [10.0]).tolist() == [13]
    assert lateness.likely_days([20], [3], [10.0]).tolist() == [20]
    assert lateness.likely_days([-30], [-30], [10.0]).tolist() == [1]


def test_no_receipts_at_all():
    days, _sample = lateness.usual_lateness([], [], [], [1], [1])
    assert days.tolist() == [0]
    assert lateness.likely_days([], [], []).tolist() == []


def test_same_need_keeps_its_number():
    # the second moved by a week, the third is gone, a new one came far away
    found = plan_match.match([1, 1, 1], [4, 8, 12], [1, 1, 1], [4, 9, 30])
    assert found.tolist() == [0, 1, -1]


def test_nearest_wins_and_nobody_is_taken_twice():
    assert plan_match.match([1], [10], [1, 1], [12, 11]).tolist() == [-1, 0]
    assert plan_match.match([1, 1], [10, 11], [1], [12]).tolist() == [1]
    assert plan_match.match([], [], [1], [3]).tolist() == [-1]
    assert plan_match.match([1], [3], [], []).tolist() == []
    assert plan_match.match([1, 2], [3, 3], [2, 1], [3, 3]).tolist() == [1, 0]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), max_size=12),
       st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), max_size=12))  # fmt: skip
def test_matching_is_one_to_one(old, new):
    columns = [[row[place] for row in rows] for rows in (old, new) for place in (0, 1)]
    found = plan_match.match(*columns)
    kept = found[found >= 0].tolist()
    assert len(kept) == len(set(kept))
    for place, index in enumerate(found.tolist()):
        if index >= 0:
            assert old[index][0] == new[place][0]
            assert abs(old[index][1] - new[place][1]) <= plan_match.MOST_WEEKS
        if index < 0:
            free = [number for number, row in enumerate(old) if number not in kept and row[0] == new[place][0]]
            assert all(abs(old[number][1] - new[place][1]) > plan_match.MOST_WEEKS for number in free)


def test_longer_circles_and_tails():
    # 0 -> 1 -> 2 -> 0 is a circle; 3 draws from it, 4 from 3
    level, circle = plan_transfers.levels_of(np.array([1, 2, 0, 0, 3]))
    assert circle.tolist() == [True, True, True, False, False]
    assert level[0] > level[3] > level[4]
