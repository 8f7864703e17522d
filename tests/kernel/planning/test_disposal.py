"""The ladder: best steps first, nothing lost, and as good as any other way to spread the units."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import disposal, elasticity


def ladder(rows):
    """Rungs of one item from (kind, capacity, cash)."""
    return disposal.Rungs.join([disposal.Rungs.of(kind, [0], capacity, cash) for kind, capacity, cash in rows])


RUNG = st.tuples(st.sampled_from(disposal.KINDS[2:6]), st.integers(0, 6), st.integers(-3, 9))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 9), st.lists(RUNG, max_size=3), st.integers(0, 3))
def test_no_other_way_recovers_more(excess, rows, scrap):
    rows = [*rows, ("write_off", np.inf, scrap)]
    taken = disposal.spread(np.array([float(excess)]), ladder(rows), np.zeros(1))
    cash = sum(units * row[2] for units, row in zip(taken, rows, strict=True))
    best = max(
        sum(units * row[2] for units, row in zip((*split, excess - sum(split)), rows, strict=True))
        for split in itertools.product(*(range(int(min(row[1], excess)) + 1) for row in rows[:-1]))
        if sum(split) <= excess
    )
    assert taken.sum() == excess
    assert cash == best


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_adds_up_for_every_item(data):
    n = data.draw(st.integers(1, 12))
    seed = data.draw(st.integers(0, 2**32 - 1))
    draw = np.random.default_rng(seed)
    r = 5 * n
    excess = draw.integers(0, 1_000_000, n).astype(float)
    rungs = disposal.Rungs(
        draw.integers(0, n, r), draw.integers(0, 6, r), draw.integers(0, 500_000, r).astype(float),
        draw.normal(5, 4, r), draw.uniform(0, 2, r), draw.uniform(0, 90, r), np.full(r, -1),
    )  # fmt: skip
    rungs = disposal.Rungs.join([rungs, disposal.Rungs.of("write_off", np.arange(n), np.inf, 0.0)])
    taken = disposal.spread(excess, rungs, draw.uniform(0, 1, n))
    assert (np.bincount(rungs.item, taken, minlength=n) == excess).all()
    assert (taken <= rungs.capacity).all() and (taken >= 0).all()


def test_orders_are_cut_before_anything_is_sold():
    rows = [("transfer", 5, 100.0), ("postpone", 2, 1.0), ("cancel", 2, 1.0), ("write_off", np.inf, 0.0)]
    assert disposal.spread(np.array([6.0]), ladder(rows), np.zeros(1)).tolist() == [2, 2, 2, 0]


def test_what_takes_long_costs_to_keep():
    quick = disposal.Rungs.of("vendor_return", [0], 5, 9.0)
    slow = disposal.Rungs.of("markdown", [0], 5, 10.0, days=2 * disposal.DAYS_PER_MONTH)
    rungs = disposal.Rungs.join([slow, quick])
    assert disposal.spread(np.array([5.0]), rungs, np.array([1.0])).tolist() == [0, 5]
    assert disposal.spread(np.array([5.0]), rungs, np.array([0.1])).tolist() == [5, 0]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 20)), max_size=30), st.integers(0, 60))
def test_age_is_that_of_the_layers(receipts, sold):
    """Reference: sell unit by unit from the oldest layer, then look at what is left."""
    units = sorted((age for age, count in receipts for _unit in range(count)), reverse=True)[sold:]
    received = [[sum(count for age, count in receipts if age <= limit) for limit in disposal.AGE_LIMITS]]
    got = disposal.fifo_age(np.array([float(len(units))]), np.array(received, float))[0]
    edges = [-1, *disposal.AGE_LIMITS, np.inf]
    assert got.tolist() == [sum(low < age <= high for age in units) for low, high in itertools.pairwise(edges)]


def test_age_of_negative_stock_is_nothing():
    assert disposal.fifo_age(np.array([-4.0]), np.array([[9.0, 9.0, 9.0]])).tolist() == [[0, 0, 0, 0]]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 30)), max_size=12), st.integers(0, 25))
def test_the_last_order_is_cut_first(lines, excess):
    item, quantity, day = (np.array([line[place] for line in lines], float) for place in range(3))
    stock = np.full(3, float(excess))
    got = disposal.cut_orders(stock, item.astype(int), quantity, day)
    left, expected = dict.fromkeys(range(3), float(excess)), np.zeros(len(lines))
    for place in sorted(range(len(lines)), key=lambda place: (-day[place], place)):
        expected[place] = min(quantity[place], left[int(item[place])])
        left[int(item[place])] -= expected[place]
    assert got.tolist() == expected.tolist()


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(4, 7)), max_size=10, unique=True), st.integers(0, 2**32 - 1))
def test_needs_are_shared_as_one_by_one(pairs, seed):
    draw = np.random.default_rng(seed)
    available, needed = draw.integers(0, 20, 8).astype(float), draw.integers(0, 20, 8).astype(float)
    source, target = (np.array([pair[place] for pair in pairs], int) for place in range(2))
    got = disposal.share_needs(source, target, available, needed)
    for place, (giver, taker) in enumerate(pairs):
        units = min(available[giver], needed[taker])
        assert got[place] == units
        available[giver] -= units
        needed[taker] -= units


def test_an_elasticity_with_much_evidence_is_the_items_own():
    draw = np.random.default_rng(3)
    price = draw.normal(0, 0.2, (40, 100))
    true = draw.uniform(-4, -1, 40)
    quantity = true[:, None] * price + draw.normal(0, 0.1, (40, 100))
    price, quantity = (table - table.mean(axis=1, keepdims=True) for table in (price, quantity))
    sums = ((price**2).sum(1), (price * quantity).sum(1), (quantity**2).sum(1))
    found = elasticity.estimate(np.full(40, 100), *sums, np.zeros(40, int))
    assert np.abs(found.value - true).max() < 0.2
    assert (found.source == 0).all()


def test_an_elasticity_without_evidence_is_that_of_the_studies():
    found = elasticity.estimate(np.array([5]), np.array([0.0]), np.array([0.0]), np.array([0.0]), np.array([0]))
    assert found.value[0] == pytest.approx(elasticity.PRIOR_MEAN)
    assert elasticity.SOURCES[found.source[0]] == "studies"
    assert np.isnan(found.own[0])


def test_noise_is_shrunk():
    draw = np.random.default_rng(5)
    price, quantity = draw.normal(0, 0.03, (200, 12)), draw.normal(0, 0.8, (200, 12))
    sums = ((price**2).sum(1), (price * quantity).sum(1), (quantity**2).sum(1))
    found = elasticity.estimate(np.full(200, 12), *sums, np.zeros(200, int))
    assert np.nanstd(found.own) > 5
    assert found.value.std() < 0.6
    assert (found.value >= -6).all() and (found.value <= -0.1).all()


@settings(deadline=None, max_examples=100)
@given(st.floats(1, 500), st.floats(0.05, 20), st.floats(1, 100), st.floats(-4, -0.3), st.floats(0, 2), st.floats(0, 5))
def test_no_other_depth_recovers_more(excess, demand, price, slope, holding, scrap):
    inputs = [np.array([value]) for value in (excess, demand, price, slope, holding, scrap)]
    best = elasticity.best_markdown(*inputs, 91, 0.5)

    def gain(depth):
        extra = demand * 91 * ((1 - depth) ** slope - 1)
        units = min(extra, excess)
        span = units / extra
        lost = demand * 91 * span * price * depth
        return units * (price * (1 - depth) - scrap) - lost - units * holding * 91 * span / 2 / (365 / 12)

    most = max(0.0, *(gain(step * 0.05) for step in range(1, 11)))
    got = gain(best.depth[0]) if best.depth[0] else 0.0
    assert got == pytest.approx(most, rel=1e-9, abs=1e-6)
    assert best.units[0] <= excess


def test_nobody_wants_it():
    inputs = [np.array([value]) for value in (10.0, 0.0, 5.0, -2.0, 0.1, 0.0)]
    assert elasticity.best_markdown(*inputs, 91, 0.5).units.tolist() == [0]
    assert elasticity.best_markdown(*inputs, 91, 0.0).depth.tolist() == [0]
