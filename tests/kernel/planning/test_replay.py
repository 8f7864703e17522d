"""The day-by-day replay against a slow one that anybody can read, and against knowledge of the future."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import replay as module
from scm_kernels.planning.policy import PolicySettings
from scm_kernels.planning.replay import History, Levels, Prices, Supply

MONDAY = date(2025, 1, 6)


def slow(item, warm_up):
    """One item, day by day. item: demand, days, minimum, maximum, lead, review, moq, multiple, rate."""
    demand, days, minimum, maximum, lead, review, moq, multiple, rate = item
    length = int(np.ceil(np.mean(lead)))
    coming = min(maximum[0], rate * length)
    stock = maximum[0] - coming
    open_orders = [(day, coming / length) for day in range(1, length + 1)]
    rows = {"stock": [], "missed": [], "ordered": [], "received": []}
    held = 0.0
    for day, asked in enumerate(demand):
        low, high = next((minimum[k], maximum[k]) for k in reversed(range(len(days))) if days[k] <= day)
        came = sum(quantity for due, quantity in open_orders if due == day)
        open_orders = [order for order in open_orders if order[0] > day]
        stock += came
        ordered = 0.0
        position = stock + sum(quantity for _due, quantity in open_orders)
        if day % review == 0 and position < low - 1e-6:
            ordered = max(max(low, high) - position, moq)
            if multiple:
                ordered = np.ceil(ordered / multiple - 1e-6) * multiple
            if lead[day]:
                open_orders.append((day + lead[day], ordered))
            else:
                stock, came = stock + ordered, came + ordered
        given_out = min(asked, stock)
        if day >= warm_up:
            held += (stock + stock - given_out) / 2
            for name, value in zip(rows, (stock - given_out, asked - given_out, ordered, came), strict=True):
                rows[name].append(value)
        stock -= given_out
    return rows, held


@st.composite
def cases(draw):
    length = draw(st.integers(8, 60))
    whole = st.integers(0, 30)
    days = [0, *sorted(draw(st.sets(st.integers(1, length - 1), max_size=3)))]
    minimum = [float(draw(whole)) for _ in days]
    maximum = [low + draw(whole) for low in minimum]
    demand = draw(st.lists(st.integers(0, 9), min_size=length, max_size=length))
    longest = draw(st.sampled_from([0, 3, 12, 400]))
    lead = draw(st.lists(st.integers(0, longest), min_size=length, max_size=length))
    moq, multiple = draw(st.sampled_from([0.0, 7.0, 40.0])), draw(st.sampled_from([0.0, 6.0]))
    return demand, days, minimum, maximum, lead, draw(st.sampled_from([1, 7, 10])), moq, multiple, draw(whole) / 4


@settings(max_examples=150)
@given(cases(), st.integers(0, 7))
def test_agrees_with_the_slow_replay(item, warm_up):
    demand, days, minimum, maximum, lead, review, moq, multiple, rate = item
    levels = Levels(np.array(days), np.array([minimum]), np.array([maximum]))
    supply = Supply(np.zeros((1, 1)), np.array([lead]), np.array([moq]), np.array([multiple]))
    run = module.replay(np.array([demand], float), levels, supply, np.array([review]), np.array([rate]), warm_up)
    rows, held = slow(item, warm_up)
    for name, values in rows.items():
        np.testing.assert_allclose(getattr(run.trace, name)[0], values, rtol=1e-5, atol=1e-3)
    assert run.stock[0] == pytest.approx(held, abs=1e-3)
    assert run.missed[0] == pytest.approx(sum(rows["missed"]), abs=1e-3)
    assert run.orders[0] == sum(value > 0 for value in rows["ordered"])


def history(demand, **values):
    demand = np.asarray(demand, float)
    n = len(demand)
    given_values = {
        "lost": np.zeros_like(demand),
        "in_stock": np.ones(demand.shape, bool),
        "known_from": np.zeros(n, int),
        "group": np.zeros(n, int),
    }
    return History(MONDAY, demand, **given_values | values)


def test_levels_know_nothing_of_what_comes_after():
    generator = np.random.default_rng(3)
    demand = generator.poisson(4, (12, 7 * 60)).astype(float)
    changed = demand.copy()
    changed[:, 7 * 40 :] *= 9
    rows, nodes = np.arange(12), np.full((12, 10), 9.0)
    policy = PolicySettings.of(12, 0.95)
    found = []
    for table in (demand, changed):
        made = module.forecasts_through_time(history(table), [7 * 36, 7 * 40, 7 * 48])
        found.append(module.levels_through_time(made, [0, 28, 84], rows, nodes, policy))
    np.testing.assert_array_equal(found[0].maximum[:, :2], found[1].maximum[:, :2])
    assert (found[1].maximum[:, 2] > 2 * found[0].maximum[:, 2]).all()


def test_days_without_stock_are_no_lack_of_demand():
    demand = np.full((1, 140), 3.0)
    in_stock = np.ones((1, 140), bool)
    in_stock[0, 70:98] = False
    demand[~in_stock] = 0
    [blind] = module.forecasts_through_time(history(demand, in_stock=in_stock), [140])
    [seen] = module.forecasts_through_time(history(demand), [140])
    assert blind.mean[0, 0] == pytest.approx(21, rel=0.02)
    assert seen.mean[0, 0] < blind.mean[0, 0]


def test_weeks_before_the_first_day_are_unknown():
    quantity, share = history(np.ones((2, 21)), known_from=np.array([0, 9])).weeks()
    assert np.isnan(quantity[1]).tolist() == [True, False, False]
    assert share.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_more_demand_from_a_day_on():
    quantity, _share = history(np.ones((1, 21))).weeks(7, 1.5)
    assert quantity.tolist() == [[7, 10.5, 10.5]]


def test_shut_downs_make_orders_of_their_days_late():
    def arrive(day, lead, _item):
        # closed from day 3 to day 12: nothing leaves
        return np.where((day <= 12) & (day + lead >= 3), day + lead + 10, day + lead)

    lead = module.draw_leads([[2.0]], 20, seed=1, arrive=arrive)
    assert lead[0, :15].tolist() == [2] + [12] * 12 + [2, 2]


def test_seed_makes_draws_repeatable():
    nodes = np.random.default_rng(1).gamma(4, 3, (5, 10))
    first, again, other = (module.draw_leads(nodes, 30, seed) for seed in (5, 5, 6))
    assert (first == again).all() and (first != other).any()
    assert module.draw_leads(nodes, 30, 5, extra=-1000).max() == 0


def test_costs_add_up():
    levels = Levels.fixed([10.0], [20.0])
    supply = Supply(np.zeros((1, 1)), np.zeros((1, 73), int), np.zeros(1), np.zeros(1))
    run = module.replay(np.full((1, 73), 5.0), levels, supply, np.array([1]), np.array([5.0]), 0)
    prices = Prices(*(np.array([value]) for value in (2.0, 3.0, 4.0, 0.5)))
    result = module.figures(run, prices)
    assert result["ordering_cost"] == 4.0 * run.orders
    assert result["holding_cost"] == pytest.approx(run.mean_stock * 2.0 * 0.5 / 5)
    assert result["total_cost"] == result["ordering_cost"] + result["holding_cost"] + result["lost_margin"]
    stock, lost = module.weekly(run, prices)
    assert len(stock) == len(lost) == 11 and lost.sum() == pytest.approx(result["lost_value"].sum())


def test_no_rule_orders_nothing():
    levels = Levels.fixed([np.nan], [np.nan])
    supply = Supply(np.zeros((1, 1)), np.zeros((1, 5), int), np.zeros(1), np.zeros(1))
    run = module.replay(np.ones((1, 5)), levels, supply, np.array([1]), np.array([1.0]), 0)
    assert run.orders[0] == 0 and run.missed[0] == 5
