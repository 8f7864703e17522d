"""Budgets hold, and what is left out costs least: against trying every choice."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning.budget import CUT, KEEP, POSTPONE, Budget, choose, choose_orders, cut

cases = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=10)


def best(cost, gain, budget, order=None, minimum=()):
    """Most gain over all choices, where each order is left out or reaches its minimum."""
    found = 0.0
    for taken in product([False, True], repeat=len(cost)):
        taken = np.array(taken)
        spent = {each: cost[taken & (order == each)].sum() for each in minimum}
        if cost[taken].sum() <= budget and all(not value or value >= minimum[each] for each, value in spent.items()):
            found = max(found, gain[taken].sum())
    return found


@given(cases, st.integers(0, 120))
@settings(max_examples=120, deadline=None)
def test_best_choice_of_few_lines(rows, budget):
    cost, gain = (np.array(column, float) for column in zip(*rows, strict=True))
    keep, bound = choose(cost, gain, budget)
    assert cost[keep].sum() <= budget
    assert gain[keep].sum() == pytest.approx(best(cost, gain, budget), abs=1e-4)
    assert bound >= gain[keep].sum() - 1e-6


@given(st.integers(0, 10_000), st.floats(0.05, 0.9))
@settings(max_examples=40, deadline=None)
def test_many_lines_reach_half_of_the_bound(seed, share):
    rng = np.random.default_rng(seed)
    cost, gain = rng.integers(1, 100, 60).astype(float), rng.integers(0, 100, 60).astype(float)
    budget = share * cost.sum()
    keep, bound = choose(cost, gain, budget)
    assert cost[keep].sum() <= budget
    assert gain[keep].sum() >= bound / 2 - 1e-6


def test_budget_zero_orders_nothing_and_free_lines_stay():
    keep, bound = choose([10.0, 0.0], [5.0, 1.0], 0.0)
    assert keep.tolist() == [False, True] and bound == 1.0


def test_money_that_is_there_is_used_for_lines_without_risk():
    assert choose([10.0, 10.0], [0.0, 0.0], 20.0)[0].all()


@given(cases, st.integers(0, 120), st.integers(1, 60))
@settings(max_examples=80, deadline=None)
def test_orders_reach_their_minimum_or_are_left_out(rows, budget, least):
    cost, gain = (np.array(column, float) for column in zip(*rows, strict=True))
    order = np.arange(len(cost)) % 2
    minimum = {each: float(least) for each in (0, 1) if cost[order == each].sum() >= least}
    keep, _bound = choose_orders(cost, gain, order, minimum, budget)
    assert cost[keep].sum() <= budget
    for each in minimum:
        spent = cost[keep & (order == each)].sum()
        assert spent == 0 or spent >= least
    assert gain[keep].sum() <= best(cost, gain, budget, order, minimum) + 1e-4


@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.integers(0, 30), st.integers(1, 3), st.integers(0, 2), st.booleans()),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.integers(0, 120), min_size=3, max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_every_budget_holds(rows, amounts):
    cost, gain, month, later, member = (np.array(column) for column in zip(*rows, strict=True))
    everything = np.ones(len(cost), bool)
    budgets = [Budget(2, member.astype(bool), 20.0)] + [Budget(m + 1, everything, a) for m, a in enumerate(amounts)]
    cuts = cut(cost, gain, month, month + later, np.zeros(len(cost)), {}, budgets)
    for budget in budgets:
        inside = budget.member & (cuts.month == budget.month) & (cuts.action != CUT)
        assert cost[inside].sum() <= budget.available + 1e-6
    assert ((cuts.action == KEEP) | (cuts.budget >= 0)).all()
    assert (cuts.month[cuts.action == KEEP] == month[cuts.action == KEEP]).all()


def test_pulled_forward_waits_before_anything_is_lost():
    cuts = cut([50.0, 50.0], [1.0, 99.0], [1, 1], [1, 2], [1, 1], {}, [Budget(1, np.ones(2, bool), 50.0)])
    assert cuts.action.tolist() == [KEEP, POSTPONE]
    assert cuts.month.tolist() == [1, 2]


def test_what_a_person_decided_is_paid_first():
    budgets = [Budget(1, np.ones(2, bool), 50.0)]
    cuts = cut([50.0, 50.0], [1.0, 99.0], [1, 1], [1, 1], [1, 1], {}, budgets, fixed=[True, False])
    assert cuts.action.tolist() == [KEEP, CUT]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_orders_below_their_minimum_are_dropped_one_by_one(seed, count):
    """As the text says it, order by order; the sums over all orders at once say the same."""
    draw = np.random.default_rng(seed)
    cost, gain, order = draw.integers(0, 60, count) * 1.0, draw.integers(0, 30, count) * 1.0, draw.integers(0, 6, count)
    minimum = {each: float(draw.integers(20, 200)) for each in range(5)}
    allowed = np.ones(count, bool)
    while True:
        expected = np.zeros(count, bool)
        expected[allowed] = choose(cost[allowed], gain[allowed], 300.0)[0]
        spent = {each: cost[expected & (order == each)].sum() for each in minimum}
        short = [
            each for each, least in minimum.items() if 0 < spent[each] < least <= cost[order == each].sum()
        ]
        if not short:
            break
        worst = min(short, key=lambda each: (gain[expected & (order == each)].sum() / spent[each], str(each)))
        allowed &= order != worst
    assert choose_orders(cost, gain, order, minimum, 300.0)[0].tolist() == expected.tolist()
