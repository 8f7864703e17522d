"""Joint orders: exact where it is said to be, and never less than needed.

Reference values: Silver, Pyke and Peterson (1998), Inventory Management and Production Planning and Scheduling,
3rd edition, example of section 5.5 (components A and B: A = 1.50, r = 0.24 a year, 2 % off from 100 pieces).
"""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning.joint_lot import best_lot, fill_equal_cover, loads, measure, relevant_cost
from scm_kernels.planning.joint_order import Lines, Terms, join, join_days, level_weeks, open_order_days

NONE = [np.nan] * 3


def lines(rows, **columns):
    """Rows (group, item, order_day, quantity, price); everything else by name, a number or a list."""
    group, item, day, quantity, price = (np.array(column) for column in zip(*rows, strict=True))
    n = len(group)
    values = {
        "demand_day": 1.0, "cover_max_days": 0.0, "holding_rate": 0.2, "line_cost": 0.0, "fixed": False,
        "measures": np.full((n, 3), np.nan),
    } | columns  # fmt: skip
    breaks = values.pop("breaks", {})
    values = {name: value if np.ndim(value) else np.full(n, value) for name, value in values.items()}
    values = {name: np.asarray(value) for name, value in values.items()}
    return Lines(group, item, day, quantity.astype(float), price.astype(float), breaks=breaks, **values)


def terms(groups=1, days=200, **columns):
    values = {
        "order_cost": 0.0, "freight_cost": 0.0, "minimum_value": 0.0, "freight_free_value": 0.0, "window_days": 14,
        "interval_days": 0, "weekly_capacity": 0.0, "fill": "pays",
    } | columns  # fmt: skip
    capacity = np.broadcast_to(np.asarray(values.pop("capacity", NONE), float), (groups, 3))
    open_days = values.pop("open_days", np.ones((groups, days), bool))
    values = {name: np.broadcast_to(np.asarray(value), (groups,)) for name, value in values.items()}
    return Terms(capacity=capacity, open_days=open_days, **values)


def slow_join(days, carry, fixed, window, interval):
    """Least cost over all ways to cut the days into runs."""
    best = np.inf
    for count in range(len(days)):
        for cuts in combinations(range(1, len(days)), count):
            starts = (0, *cuts)
            runs = [range(a, b) for a, b in zip(starts, (*cuts, len(days)), strict=True)]
            if any(days[b] - days[a] < interval for a, b in zip(starts, cuts, strict=False)):
                continue
            if any(days[m] - days[run[0]] > window and days[m] - days[run[0]] >= interval for run in runs for m in run):
                continue
            cost = sum(fixed + sum(carry[m] * (days[m] - days[run[0]]) for m in run) for run in runs)
            best = min(best, cost)
    return best


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True),
    st.lists(st.integers(0, 9), min_size=8, max_size=8),
    st.integers(0, 200),
    st.integers(0, 40),
    st.integers(0, 20),
)
@settings(max_examples=150, deadline=None)
def test_days_are_joined_at_least_cost(days, carry, fixed, window, interval):
    days, carry = sorted(days), carry[: len(days)]
    start = join_days(days, carry, fixed, window, interval)
    cost = fixed * len(set(start.tolist())) + sum(
        h * (d - s) for h, d, s in zip(carry, days, start.tolist(), strict=True)
    )
    assert cost == pytest.approx(slow_join(days, carry, fixed, window, interval))
    assert (start <= days).all()


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_open_days_as_a_person_looks_them_up(data):
    open_days = np.array(data.draw(st.lists(st.booleans(), min_size=1, max_size=12)))[None]
    wanted = data.draw(st.integers(-3, 15))
    day, late, closed = (part[0] for part in open_order_days(open_days, [0], [wanted]))
    allowed = [d for d in range(open_days.shape[1]) if open_days[0, d]]
    before = [d for d in allowed if d <= wanted]
    assert closed == (not allowed)
    assert day == (before[-1] if before else allowed[0] if allowed else -1)
    assert late == bool(allowed and not before)


def test_vendor_that_never_opens_ends():
    plan = join(lines([(0, 1, 5, 10, 2.0)]), terms(open_days=np.zeros((1, 30), bool)))
    assert plan.closed.all() and plan.orders == [] and plan.order.tolist() == [-1]


@pytest.mark.parametrize(
    ("demand", "price", "kept", "at_break", "chosen"),
    [(416.0, 14.20, 5972.42, 5962.29, 100.0), (104.0, 3.10, 337.64, 353.97, 20.0)],
)
def test_price_breaks_of_the_textbook(demand, price, kept, at_break, chosen):
    eoq = np.sqrt(2 * 1.5 * demand / (0.24 * price))
    costs = relevant_cost([eoq, 100.0], [price, 0.98 * price], demand, 1.5, 0.24)
    assert costs == pytest.approx([kept, at_break], abs=0.02)
    best, saved = best_lot([20.0, 60.0, 100.0], [1.0, 100.0], [price, 0.98 * price], demand, 1.5, 0.24)
    assert [20.0, 60.0, 100.0][best] == chosen
    assert (saved > 0) == (chosen == 100.0)


def test_price_break_pulls_the_items_own_later_lines():
    rows = [(0, 7, 0, 20, 14.2), (0, 7, 40, 40, 14.2), (0, 7, 70, 40, 14.2), (0, 8, 50, 40, 14.2)]
    breaks = {7: ([1.0, 100.0], [14.2, 13.916])}
    plan = join(lines(rows, demand_day=416 / 365, line_cost=1.5, holding_rate=0.24, breaks=breaks), terms())
    assert [order.lines for order in plan.orders] == [[0, 1, 2], [3]]
    assert plan.price.tolist() == [13.916, 13.916, 13.916, 14.2]
    dear = join(lines(rows, demand_day=0.1, line_cost=1.5, holding_rate=0.24, breaks=breaks), terms())
    assert len(dear.orders) == 4, "stock for years costs more than the discount"


def test_unknown_measures_are_said_and_never_divide():
    load = measure([5.0, 5.0], [[np.nan] * 3, [2.0, np.nan, np.nan]], [100.0, 0.0, np.nan])
    assert (load.unknown, load.containers, load.fill) == (1, 1, 0.1)
    nothing = measure([5.0], [[np.nan] * 3], [0.0, 0.0, 0.0])
    assert (nothing.unknown, nothing.containers, nothing.fill, nothing.limit) == (0, 0, 0.0, -1)


def slow_fill(quantity, demand, step, room, unit, free):
    added, left = [0.0] * len(quantity), list(room)
    live = set(range(len(quantity)))
    while live:
        row = min(live, key=lambda r: ((quantity[r] + added[r]) / demand[r], r))
        if left[row] < step[row] or unit[row] * step[row] > free:
            live.remove(row)
            continue
        added[row] += step[row]
        left[row] -= step[row]
        free -= unit[row] * step[row]
    return added


@given(
    st.lists(st.tuples(*(st.integers(low, 9) for low in (0, 1, 1, 0, 1))), min_size=1, max_size=6),
    st.integers(0, 200),
)
@settings(max_examples=100, deadline=None)
def test_filling_in_equal_days_of_cover(rows, free):
    quantity, demand, step, room, unit = (list(map(float, column)) for column in zip(*rows, strict=True))
    room = [each * 5 for each in room]
    measures = [[each, np.nan, np.nan] for each in unit]
    added = fill_equal_cover(quantity, demand, step, room, measures, [free, np.inf, np.inf])
    assert added.tolist() == slow_fill(quantity, demand, step, room, unit, free)


def test_minimum_is_reached_by_what_is_needed_soonest():
    plan = join(
        lines([(0, 1, 0, 10, 5.0), (0, 2, 20, 10, 5.0), (0, 3, 30, 10, 5.0)]),
        terms(minimum_value=90.0),
    )
    assert [order.lines for order in plan.orders] == [[0, 1], [2]]
    assert [order.notes for order in plan.orders] == [["minimum_reached"], ["below_minimum"]]


def test_freight_free_only_while_it_pays():
    rows = [(0, 1, 0, 10, 100.0), (0, 2, 40, 10, 100.0)]
    cheap = join(lines(rows), terms(freight_free_value=1500.0, freight_cost=30.0))
    assert [order.lines for order in cheap.orders] == [[0, 1]]
    # 1,000 held 40 days at 20 % a year: 21.92
    assert cheap.orders[0].saving == pytest.approx(30 - 1000 * 0.2 * 40 / 365)
    dear = join(lines(rows), terms(freight_free_value=1500.0, freight_cost=20.0))
    assert [order.lines for order in dear.orders] == [[0], [1]]
    assert "freight_not_worth" in dear.orders[0].notes


def test_container_is_filled_by_the_soonest_and_not_above_it():
    measures = np.array([[10.0, np.nan, np.nan]] * 4)
    rows = [(0, item, 10 * item, 30, 1.0) for item in range(4)]
    full = {"capacity": [700.0, np.nan, np.nan], "window_days": 0}
    plan = join(lines(rows, measures=measures), terms(fill="always", **full))
    assert [order.lines for order in plan.orders] == [[0, 1], [2, 3]]
    assert "container_filled" in plan.orders[0].notes
    never = join(lines(rows, measures=measures), terms(fill="never", **full))
    assert [len(order.lines) for order in never.orders] == [1, 1, 1, 1]
    # a container of freight 1: 30 pieces held 10 days cost 0.164 and save 3/7 of it
    pays = join(lines(rows, measures=measures), terms(fill="pays", freight_cost=1.0, **full))
    assert [order.lines for order in pays.orders] == [[0, 1], [2, 3]]
    dear = join(lines(rows, measures=measures), terms(fill="pays", freight_cost=0.3, **full))
    assert [len(order.lines) for order in dear.orders] == [1, 1, 1, 1]


def test_most_cover_forbids_filling():
    rows = [(0, 1, 0, 30, 1.0), (0, 1, 30, 30, 1.0)]
    plan = join(lines(rows, cover_max_days=40.0), terms(minimum_value=60.0, window_days=0))
    assert plan.orders[0].lines == [0]
    plan = join(lines(rows, cover_max_days=60.0), terms(minimum_value=60.0, window_days=0))
    assert plan.orders[0].lines == [0, 1]


def test_minimum_quantity_above_the_maximum_stays_as_ordered():
    plan = join(lines([(0, 1, 0, 500, 1.0)], cover_max_days=40.0), terms(minimum_value=900.0))
    assert plan.orders[0].lines == [0]
    assert "below_minimum" in plan.orders[0].notes


def test_capacity_moves_to_earlier_weeks():
    day, over = level_weeks([14, 14, 14], [60.0, 60.0, 60.0], [1.0, 2.0, 3.0], np.ones(30, bool), 70.0)
    assert (sorted(day.tolist()), over.any()) == ([6, 13, 14], False)
    _day, over = level_weeks([0, 0], [60.0, 60.0], [1.0, 2.0], np.ones(30, bool), 70.0)
    assert over.all()


plans = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(-5, 80), st.integers(1, 50), st.integers(1, 20)),
    min_size=1,
    max_size=14,
)


@given(plans, st.data())
@settings(max_examples=120, deadline=None)
def test_never_less_or_later_than_needed(rows, data):
    """Whatever the terms: each line is in one order, on an open day, not after its order-by day unless late."""
    draw = data.draw
    open_days = np.array(draw(st.lists(st.booleans(), min_size=30, max_size=30)) * 3)[None].repeat(3, 0)
    given_lines = lines(
        rows,
        measures=np.array([[draw(st.sampled_from([np.nan, 1.0, 7.0]))] * 3 for _ in rows]),
        cover_max_days=float(draw(st.sampled_from([0, 20, 90]))),
        breaks={1: ([1.0, 60.0], [10.0, 8.0])},
    )
    plan = join(
        given_lines,
        terms(
            3,
            freight_cost=float(draw(st.integers(0, 90))),
            minimum_value=float(draw(st.integers(0, 900))),
            freight_free_value=float(draw(st.integers(0, 900))),
            interval_days=draw(st.integers(0, 9)),
            weekly_capacity=float(draw(st.sampled_from([0, 60]))),
            capacity=[300.0, np.nan, 90.0],
            fill=draw(st.sampled_from(["never", "pays", "always"])),
            open_days=open_days,
        ),
        weekday=draw(st.integers(0, 6)),
    )
    assert sorted(line for order in plan.orders for line in order.lines) == np.flatnonzero(~plan.closed).tolist()
    for number, order in enumerate(plan.orders):
        assert open_days[order.group, order.day]
        for line in order.lines:
            assert plan.order[line] == number and given_lines.group[line] == order.group
            assert plan.late[line] or order.day <= max(given_lines.order_day[line], 0)
            assert plan.price[line] <= given_lines.price[line] or given_lines.item[line] == 1


def test_thousands_of_lines_in_seconds():
    rng = np.random.default_rng(3)
    n = 20_000
    rows = list(
        zip(rng.integers(0, 150, n), rng.integers(0, 5000, n), rng.integers(0, 180, n), rng.integers(1, 90, n),
            rng.random(n) * 20 + 1, strict=True)
    )  # fmt: skip
    plan = join(lines(rows, measures=rng.random((n, 3))), terms(150, minimum_value=500.0, freight_cost=40.0,
                                                              capacity=[500.0, 400.0, np.nan]))  # fmt: skip
    assert sum(len(order.lines) for order in plan.orders) == n


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 25))
def test_loads_of_all_orders_are_those_of_each(seed, orders, count):
    draw = np.random.default_rng(seed)
    order, quantity = draw.integers(0, orders, count), draw.integers(0, 40, count).astype(float)
    measures = np.where(draw.random((count, 3)) < 0.3, np.nan, draw.uniform(0, 9, (count, 3)))
    capacity = draw.choice([0.0, np.nan, 50.0, 400.0], (orders, 3))
    all_at_once = loads(order, orders, quantity, measures, capacity)
    for each in range(orders):
        one = measure(quantity[order == each], measures[order == each], capacity[each])
        assert all_at_once.total[each] == pytest.approx(one.total)
        assert (all_at_once.unknown[each], all_at_once.containers[each]) == (one.unknown, one.containers)
        assert (all_at_once.fill[each], all_at_once.limit[each]) == (pytest.approx(one.fill), one.limit)


def test_groups_without_terms_are_only_joined_and_breaks_still_count():
    """Nothing is topped up where no term asks for it; one price break is enough to look."""
    rows = [(0, 1, 0, 10, 5.0), (0, 1, 9, 10, 5.0), (0, 2, 9, 10, 5.0)]
    plain = join(lines(rows), terms(window_days=0))
    assert [order.lines for order in plain.orders] == [[0], [1, 2]]
    broken = join(lines(rows, breaks={1: (np.array([1.0, 20.0]), np.array([5.0, 1.0]))}), terms(window_days=0))
    assert [order.lines for order in broken.orders] == [[0, 1], [2]]
    assert broken.price.tolist() == [1.0, 1.0, 5.0]
