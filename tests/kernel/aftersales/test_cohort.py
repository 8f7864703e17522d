"""Delay curves and completed rates: against the chain ladder, R's poisson.test, simulation and slow obvious code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.aftersales.agreement import kappa, pareto
from scm_kernels.aftersales.allocation import allocate
from scm_kernels.aftersales.cohort import LIMIT, Curve, cohorts, delay_curve, growth, rate

triangles = st.integers(2, 7).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, 9), min_size=size, max_size=size), min_size=size, max_size=size)
)


def returns_of(triangle):
    """Rows (days, age, count) of a square of counts by cohort age (row k is of age k) and delay, without the future."""
    return [(delay, age, n) for age, row in enumerate(triangle) for delay, n in enumerate(row) if delay <= age and n]


def chain_ladder(triangle):
    """Completed shares by development factors, as in any textbook (Mack 1993): row k of the triangle has age k."""
    size = len(triangle)
    total = np.array([np.cumsum(row) for row in triangle], float)
    share = np.ones(size)
    for day in reversed(range(size - 1)):
        known = range(day + 1, size)
        before, after = total[known, day].sum(), total[known, day + 1].sum()
        share[day] = share[day + 1] * (before / after if after else 1.0)
    return share


@given(triangles)
def test_is_the_chain_ladder(triangle):
    rows = returns_of(triangle)
    curve = delay_curve(*(zip(*rows, strict=True) if rows else ([], [], [])), limit=len(triangle) - 1)
    assert curve.share == pytest.approx(chain_ladder(triangle))


@given(triangles)
def test_rises_to_one(triangle):
    curve = delay_curve(*(zip(*returns_of(triangle), strict=True) if returns_of(triangle) else ([], [], [])), limit=9)
    assert (np.diff(curve.share) >= -1e-12).all()
    assert curve.share[-1] == 1.0
    assert curve.sample == sum(n for _d, _a, n in returns_of(triangle))


def test_mends_the_truncation_of_young_deliveries():
    rng = np.random.default_rng(3)
    age = rng.integers(0, 60, 40_000)
    delay = np.minimum(rng.geometric(0.08, 40_000) - 1, 59)
    seen = delay <= age
    curve = delay_curve(delay[seen], age[seen], np.ones(seen.sum()), limit=59)
    true = np.array([(delay <= day).mean() for day in range(60)])
    naive = np.array([(delay[seen] <= day).mean() for day in range(60)])
    assert abs(curve.share - true).max() < 0.02 < abs(naive - true).max()


def test_intervals_are_exact_poisson():
    # R 4.3: poisson.test(10, 200)$conf.int = 0.02397694 0.09195179; poisson.test(0, 200) = 0 0.0184444
    value, low, high = rate([10.0, 0.0], [200.0, 200.0], [10, 0], [200.0, 200.0])
    assert value.tolist() == [0.05, 0.0]
    assert low == pytest.approx([0.02397694, 0.0], abs=1e-7)
    assert high == pytest.approx([0.09195179, 0.0184444], abs=1e-6)


def test_intervals_hold_what_they_say():
    rng = np.random.default_rng(5)
    mature = np.full(4_000, 300.0)
    lines = rng.poisson(0.04 * mature)
    _value, low, high = rate(lines, mature, lines, mature)
    assert ((low <= 0.04) & (high >= 0.04)).mean() >= 0.95


def test_bulk_returns_do_not_narrow_the_interval():
    single = rate(20.0, 1_000.0, 20, 1_000.0)
    bulk = rate(20.0, 1_000.0, 2, 100.0)
    assert single[0] == bulk[0] and bulk[1] < single[1] and bulk[2] > single[2]


def test_uncertain_curves_widen_the_interval():
    sure, unsure = (rate(20.0, 1_000.0, 20, 1_000.0, spread) for spread in (0.0, 0.1))
    assert unsure[1] < sure[1] < sure[2] < unsure[2]


def test_nothing_mature_is_not_a_rate():
    assert np.isnan(rate(0.0, 0.0, 0, 0.0)).all()
    empty = cohorts(([], [], [], []), ([], [], []), Curve(np.ones(3), np.zeros(3), 0))
    assert len(empty["rate"]) == 0


def test_young_cohorts_are_completed_without_bias():
    rng = np.random.default_rng(8)
    cohort = np.repeat(np.arange(6), 20_000)
    age = (5 - cohort) * 30 + rng.integers(0, 30, len(cohort))
    delay = np.where(rng.random(len(cohort)) < 0.06, np.minimum(rng.geometric(0.05, len(cohort)) - 1, LIMIT), 10**6)
    back = delay <= age
    curve = delay_curve(delay[back], age[back], np.ones(back.sum()))
    sent = (cohort, age, np.ones(len(cohort)), np.ones(len(cohort)))
    found = cohorts(sent, (cohort[back], np.ones(back.sum()), np.ones(back.sum())), curve)
    assert found["raw"][-1] < 0.045
    assert found["rate"] == pytest.approx([0.06] * 6, abs=0.008)
    assert found["is_complete"].tolist() == [True] * 3 + [True, False, False]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(1, 5)), min_size=1, max_size=12),
    st.data(),
)
def test_growth_is_that_of_old_enough_deliveries(sent, data):
    picked = [row for row in sent if data.draw(st.booleans())]
    back = [(c, age, data.draw(st.integers(0, age)), data.draw(st.integers(1, units))) for c, age, units in picked]
    grown = growth(zip(*sent, strict=True), zip(*back, strict=True) if back else ([], [], [], []), limit=6)
    for c in range(len(grown)):
        whole = sum(units for cohort, _age, units in sent if cohort == c)
        for day in range(7):
            old = sum(units for cohort, age, units in sent if cohort == c and age >= day)
            came = sum(units for cohort, age, delay, units in back if cohort == c and age >= day and delay <= day)
            if old and old >= 0.5 * whole:
                assert grown[c, day] == pytest.approx(came / old)
            else:
                assert np.isnan(grown[c, day])


def test_kappa_of_cohen():
    # Fleiss, Cohen & Everitt 1969, table 1 as counts of 100
    table = [[53, 5, 2], [11, 14, 5], [1, 6, 3]]
    rows = [(said, found, n) for said, row in enumerate(table) for found, n in enumerate(row)]
    assert kappa(*zip(*rows, strict=True)) == (pytest.approx(0.70), pytest.approx(0.4286, abs=2e-4))
    assert kappa([], [], []) == (0.0, 0.0)


@given(st.lists(st.floats(0, 1e6), max_size=9))
def test_pareto_rises_to_all(amounts):
    order, share = pareto(amounts)
    assert sorted(order) == list(range(len(amounts)))
    assert (np.diff(share) >= -1e-12).all()
    if amounts:
        assert share[-1] == pytest.approx(1.0)


lines = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 6)), max_size=8)


@given(lines, lines)
def test_no_unit_comes_back_twice(returns, deliveries):
    columns = [list(zip(*rows, strict=True)) or [(), (), ()] for rows in (returns, deliveries)]
    taken, place, units = allocate(*columns)
    assert (units > 0).all()
    for index, (_key, _lot, quantity) in enumerate(returns):
        assert units[taken == index].sum() <= quantity + 1e-9
    for index, (_key, _lot, quantity) in enumerate(deliveries):
        assert units[place == index].sum() <= quantity + 1e-9
    for one, other in zip(taken, place, strict=True):
        assert returns[one][0] == deliveries[other][0]
        assert not returns[one][1] or returns[one][1] == deliveries[other][1]
    # nothing is left out while a delivery that fits has units left
    for index, (key, lot, quantity) in enumerate(returns):
        if units[taken == index].sum() < quantity - 1e-9:
            for other, (its_key, its_lot, its_quantity) in enumerate(deliveries):
                if its_key == key and (not lot or its_lot == lot):
                    assert units[place == other].sum() == pytest.approx(its_quantity)
