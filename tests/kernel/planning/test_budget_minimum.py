"""Budgets of several categories that take pieces of one order leave nothing of it below the vendor's minimum."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning.budget import CUT, KEEP, Budget, cut
from scm_kernels.planning.plan_risk import parts

lines = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 40), st.integers(0, 3), st.integers(0, 2), st.booleans()),
    min_size=1,
    max_size=14,
)


def test_an_order_in_two_categories_is_dropped_whole_and_its_money_goes_to_others():
    category = np.array([0, 0, 1, 1])
    order = [1, 2, 1, 1]
    budgets = [Budget(1, category == 0, 30.0), Budget(1, category == 1, 60.0)]
    # order 1 comes to 100, of which the budgets leave 30 + 60 at most
    cuts = cut([30.0, 30.0, 40.0, 30.0], [9.0, 5.0, 9.0, 8.0], [1] * 4, [1] * 4, order, {1: 100.0}, budgets)
    assert cuts.action.tolist() == [CUT, KEEP, CUT, CUT]
    assert (cuts.budget[[0, 2, 3]] >= 0).all()


def test_what_a_person_decided_stays_even_below_the_minimum():
    budgets = [Budget(1, np.array([True, False]), 0.0)]
    cuts = cut([60.0, 60.0], [1.0, 1.0], [1, 1], [1, 1], [1, 1], {1: 100.0}, budgets, [False, True])
    assert cuts.action.tolist() == [CUT, KEEP]


@settings(max_examples=150, deadline=None)
@given(lines, st.integers(0, 120), st.integers(0, 120), st.integers(0, 200))
def test_budgets_hold_and_no_order_falls_below_its_minimum(rows, first, second, whole):
    cost, gain, order, category, fixed = (np.array(column) for column in zip(*rows, strict=True))
    fixed = fixed.astype(bool) & (order == 0)
    month = np.ones(len(cost), int)
    least = dict.fromkeys(range(4), 50.0)
    budgets = [Budget(1, category == 0, first), Budget(1, category == 1, second), Budget(1, category >= 0, whole)]
    cuts = cut(cost, gain, month, month, order, least, budgets, fixed)
    kept = cuts.action == KEEP
    for budget in budgets:
        must = cost[fixed & budget.member].sum()
        assert cost[kept & budget.member].sum() <= max(budget.available, must) + 1e-6
    assert kept[fixed].all()
    for number in range(1, 4):
        own = order == number
        if cost[own].sum() >= 50:
            assert not kept[own].any() or cost[kept & own].sum() >= 50


@settings(max_examples=100, deadline=None)
@given(
    st.sets(st.integers(1, 40), min_size=1),
    st.lists(st.tuples(st.integers(1, 45), st.integers(1, 45)), max_size=15),
    st.integers(1, 12),
)
def test_parts_hold_every_key_once_and_tear_no_group_that_fits(keys, pairs, most):
    found = parts(sorted(keys), pairs, most)
    assert sorted(key for part in found for key in part) == sorted(keys)
    assert all(0 < len(part) <= most for part in found)
    group = {key: {key} for key in keys}
    for one, other in pairs:
        if one in keys and other in keys:
            joined = group[one] | group[other]
            group |= dict.fromkeys(joined, joined)
    place = {key: number for number, part in enumerate(found) for key in part}
    for members in group.values():
        assert len(members) > most or len({place[key] for key in members}) == 1
