import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import simulate as module
from scm_kernels.planning.simulate import draw_lead_periods, simulate


def test_examples_in_the_docstrings_hold():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def to_order(position, minimum, maximum, moq, multiple):
    quantity = max(max(maximum, minimum) - position, moq)
    if multiple:
        quantity = math.ceil(quantity / multiple - 1e-6) * multiple
    return quantity if position < minimum - 1e-6 and quantity > 1e-6 else 0


def slow(item, lost_sales, warm_up):
    """One item, plainly. item: demand, minimum, maximum, leads, review, on_hand, moq, multiple."""
    demand, minimum, maximum, leads, review, on_hand, moq, multiple = item
    stock, started, short, open_orders = 0.0, False, False, []
    out = dict.fromkeys(
        [
            "demand",
            "served",
            "stock",
            "periods",
            "demand_periods",
            "ready_periods",
            "orders",
            "ordered",
            "cycles",
            "good_cycles",
        ],
        0,
    )

    def arrival(counted):
        nonlocal short
        if counted:
            out["cycles"] += 1
            out["good_cycles"] += not short
        short = False

    for period, asked in enumerate(demand):
        counted, exists = period >= warm_up, not math.isnan(asked)
        if exists and not started:
            stock, started = on_hand, True
        came = sum(quantity for due, quantity in open_orders if due == period)
        open_orders = [order for order in open_orders if order[0] != period]
        stock += came
        if came and exists:
            arrival(counted)
        if not exists:
            continue
        position = stock + sum(quantity for _due, quantity in open_orders)
        quantity = to_order(position, minimum, maximum, moq, multiple) if period % review == 0 else 0
        if quantity and counted:
            out["orders"] += 1
            out["ordered"] += quantity
        if quantity and leads[period]:
            open_orders.append((period + leads[period], quantity))
        elif quantity:
            stock += quantity
            arrival(counted)
        before = max(stock, 0.0)
        served = min(asked, before)
        stock -= served if lost_sales else asked
        short = short or served < asked - 1e-6
        if counted:
            out["demand"] += asked
            out["served"] += served
            out["stock"] += 0.5 * (before + max(stock, 0.0))
            out["periods"] += 1
            out["demand_periods"] += asked > 1e-6
            out["ready_periods"] += asked > 1e-6 and served >= asked - 1e-6
    return {**out, "on_hand": stock}


PERIODS = 12
ITEM = st.tuples(
    st.lists(st.one_of(st.integers(0, 9), st.just(math.nan)), min_size=PERIODS, max_size=PERIODS),
    st.integers(0, 20),
    st.integers(0, 30),
    st.lists(st.integers(0, 4), min_size=PERIODS, max_size=PERIODS),
    st.integers(1, 4),
    st.integers(0, 20),
    st.sampled_from([0, 5]),
    st.sampled_from([0, 4]),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(ITEM, min_size=1, max_size=4), st.booleans(), st.integers(0, 5))
def test_all_items_at_once_equals_one_by_one(items, lost_sales, warm_up):
    columns = [np.array(column, float) for column in zip(*items, strict=True)]
    demand, minimum, maximum, leads, review, on_hand, moq, multiple = columns
    run = simulate(
        demand, minimum, maximum, leads.astype(int), review.astype(int), on_hand, lost_sales, moq, multiple, warm_up
    )
    for index, item in enumerate(items):
        for name, value in slow(item, lost_sales, warm_up).items():
            assert getattr(run, name)[index] == pytest.approx(value, abs=1e-9), name


def test_rules_that_change_with_time_are_followed():
    maximum = np.array([[5.0, 5, 5, 20, 20, 20]])
    run = simulate(np.ones((1, 6)), maximum, maximum, [0])
    assert run.on_hand[0] == 19


def test_enough_stock_serves_all_and_none_serves_none():
    demand = np.random.default_rng(1).poisson(3, (5, 50)).astype(float)
    all_served = simulate(demand, np.full(5, 1e4), np.full(5, 1e4), np.full(5, 3))
    assert all_served.totals().fill_rate == 1 and all_served.totals().cycle_service == 1
    nothing = simulate(demand, np.zeros(5), np.zeros(5), np.full(5, 3))
    assert nothing.totals().fill_rate == 0 and nothing.missed.sum() == demand.sum()
    assert math.isnan(nothing.totals().cycle_service)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.integers(0, 4))
def test_more_stock_never_serves_less(seed, lead):
    demand = np.random.default_rng(seed).poisson(4, (1, 30)).astype(float).repeat(6, 0)
    levels = np.arange(6) * 5.0
    run = simulate(demand, levels, levels, np.full(6, lead), lost_sales=False)
    assert (np.diff(run.served) >= 0).all() and (np.diff(run.stock) >= 0).all()


def test_units_are_neither_made_nor_lost():
    demand = np.random.default_rng(3).poisson(4, (20, 60)).astype(float)
    leads = np.random.default_rng(4).integers(0, 5, (20, 60))
    run = simulate(demand, np.full(20, 12), np.full(20, 25), leads, on_hand=np.full(20, 10))
    still_coming = run.ordered + 10 - run.served - run.on_hand
    assert (still_coming >= -1e-9).all() and (still_coming <= 4 * 25).all()


def test_drawn_lead_times_keep_their_mean_and_repeat_with_the_seed():
    nodes = np.tile([[5.0, 10.0, 24.0]], (50, 1))
    drawn = draw_lead_periods(nodes, 7, 400, seed=3)
    assert drawn.mean() * 7 == pytest.approx(13, rel=0.02)
    assert (drawn == draw_lead_periods(nodes, 7, 400, seed=3)).all()
    assert (drawn != draw_lead_periods(nodes, 7, 400, seed=4)).any()


def test_totals_weigh_by_cost_and_price():
    run = simulate(np.array([[2.0], [2.0]]), [2.0, 0.0], [2.0, 0.0], [1, 1])
    totals = run.totals(unit_cost=[10, 1], unit_price=[3, 1])
    assert (totals.fill_rate, totals.fill_rate_value, totals.stock_value, totals.missed_value) == (0.5, 0.75, 10, 2)
    assert run.totals(rows=[1]).fill_rate == 0


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="per item"):
        simulate(np.ones((2, 3)), [1, 2, 3], [1, 2, 3], [1, 1])
    with pytest.raises(ValueError, match="lead times"):
        simulate(np.ones((1, 3)), [1], [1], [-1])
    with pytest.raises(ValueError, match="table"):
        simulate(np.ones(3), [1], [1], [1])
