"""Curves of service against stock, and the best mix of levels, against plain ways to find them."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning import policy_curve as module
from scm_kernels.planning.intervals import gamma_quantile
from scm_kernels.planning.policy import PolicySettings, achieved, expected_stock, plan, protection


def spread_of(mean, sd):
    def spread(days, level):
        m, s = mean * days, sd * np.sqrt(days)
        return m, s, gamma_quantile(m, s, level)

    return spread


@pytest.fixture
def shop():
    generator = np.random.default_rng(4)
    n = 40
    mean, cost = generator.gamma(1.5, 2, n), generator.gamma(2, 10, n)
    nodes = generator.gamma(9, 1.5, (n, 10))
    settings = PolicySettings.of(n, generator.choice([0.9, 0.97], n), fill=generator.random(n) < 0.3)
    return spread_of(mean, 1.5 * np.sqrt(mean)), nodes, settings, cost, cost * 1.6, generator.integers(0, 3, n)


def test_curve_is_the_sum_of_plans(shop):
    spread, nodes, settings, cost, price, group = shop
    curves = module.class_curves(spread, nodes, settings, cost, price, group, 4, levels=(0.9, 0.95))
    result = plan(spread, nodes, replace(settings, level=np.full(40, 0.95)))
    stock = expected_stock(result, result.minimum, result.maximum) * cost
    lost = (1 - achieved(result, result.minimum, result.maximum)[1]) * result.demand_per_day * 365 * price
    for row in range(3):
        assert curves.stock[row, 1] == pytest.approx(stock[group == row].sum())
        assert curves.lost[row, 1] == pytest.approx(lost[group == row].sum())
    assert curves.items.tolist() == [*np.bincount(group, minlength=3), 0]
    assert curves.stock[3].tolist() == [0, 0] and curves.fill()[3].tolist() == [1, 1]


def test_more_service_takes_more_stock(shop):
    curves = module.class_curves(*shop, 3)
    assert (np.diff(curves.stock, axis=1) >= 0).all() and (np.diff(curves.lost, axis=1) <= 0).all()
    assert (curves.stock_now > curves.stock[:, 0]).all() and (curves.stock_now < curves.stock[:, -1]).all()
    assert ((curves.fill() >= 0) & (curves.fill() <= 1)).all()


def test_most_cover_flattens_the_curve(shop):
    spread, nodes, settings, cost, price, group = shop
    limited = replace(settings, cover_max_days=np.full(40, 22.0))
    curves = module.class_curves(spread, nodes, limited, cost, price, group, 3)
    free = module.class_curves(spread, nodes, settings, cost, price, group, 3)
    assert (curves.stock[:, -1] < free.stock[:, -1]).all()
    assert (curves.limited[:, -1] > 0.9).all() and (free.limited == 0).all()


def test_shared_demand_gives_the_same_plan(shop):
    spread, nodes, settings, *_rest = shop
    alone = plan(spread, nodes, settings)
    shared = plan(spread, nodes, settings, protection(spread, nodes, settings.review_days))
    np.testing.assert_array_equal(alone.minimum, shared.minimum)
    np.testing.assert_array_equal(alone.maximum, shared.maximum)


def test_sample_stands_for_its_class():
    generator = np.random.default_rng(9)
    size = generator.lognormal(0, 2, 30_000)
    cost = size * generator.gamma(4, 0.25, 30_000)
    group = (np.arange(30_000) < 500).astype(int)
    rows, weight = module.sample(group, size, 3, most=1000)
    of = group[rows]
    assert np.bincount(of, minlength=3).tolist() == [1000, 500, 0]
    assert len(set(rows)) == 1500 and (weight[of == 1] == 1).all()
    for row in (0, 1):
        assert (size[rows] * weight)[of == row].sum() == pytest.approx(size[group == row].sum())
    assert (cost[rows] * weight)[of == 0].sum() == pytest.approx(cost[group == 0].sum(), rel=0.05)


def test_no_items():
    nothing, group = np.zeros(0), np.zeros(0, int)
    spread, none = spread_of(nothing, nothing), PolicySettings.of(0, 0.9)
    curves = module.class_curves(spread, np.zeros((0, 10)), none, nothing, nothing, group, 2)
    assert curves.stock.shape == (2, len(module.LEVELS)) and not curves.stock.any()
    rows, weight = module.sample(group, nothing, 2)
    assert not len(rows) and not len(weight)


@st.composite
def tables(draw):
    classes, levels = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    up = st.lists(st.integers(0, 9), min_size=levels, max_size=levels)
    stock = np.cumsum([draw(up) for _ in range(classes)], axis=1).astype(float)
    lost = 50 - np.cumsum([draw(up) for _ in range(classes)], axis=1).astype(float)
    return stock, lost


@given(tables())
def test_no_mix_beats_a_mix_of_the_exchange_curve(table):
    stock, lost = table
    mixes = module.exchange(stock, lost)
    rows = np.arange(len(stock))
    every = [
        (stock[rows, list(choice)].sum(), lost[rows, list(choice)].sum())
        for choice in itertools.product(range(stock.shape[1]), repeat=len(stock))
    ]
    for mix in mixes:
        assert not any(s <= mix.stock and f < mix.lost - 1e-9 for s, f in every)
    assert mixes[-1].lost == pytest.approx(min(f for _s, f in every))
    assert [mix.stock for mix in mixes] == sorted(mix.stock for mix in mixes)


def test_same_service_for_less():
    stock = np.array([[10.0, 20.0, 40.0], [10.0, 20.0, 40.0]])
    lost = np.array([[9.0, 8.0, 7.5], [90.0, 40.0, 10.0]])
    mixes = module.exchange(stock, lost)
    best = module.cheapest(mixes, lost[:, 1].sum())
    assert best.stock <= 60 and best.lost <= 48
    assert module.best_for(mixes, 59.0).lost == 19
    assert module.cheapest(mixes, 1.0) is None and module.best_for(mixes, 1.0) is None


def test_between_two_levels():
    assert module.at_level([0.9, 0.95], [100.0, 150.0], 0.97) == 150
