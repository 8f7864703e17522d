"""Findings: what is tested is found, what only moves with the rest is not, and chance is as rare as is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from scm_kernels.analytics import findings, series_change

WEEKS, RECENT = 112, 8
CALM = np.zeros(WEEKS, bool)


def slow_holm(chances):
    """Holm as he wrote it down: the smallest against m, the next against m - 1 ..."""
    order, adjusted, most = sorted(range(len(chances)), key=lambda place: chances[place]), [0.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        most = max(most, min(1.0, (len(chances) - rank) * chances[place]))
        adjusted[place] = most
    return adjusted


@given(hnp.arrays(float, st.integers(1, 30), elements=st.floats(0, 1)))
def test_holm_is_holm(chances):
    assert findings.holm(chances) == pytest.approx(slow_holm(list(chances)))


def slow_median(values, weights):
    """Middle of the values that have at most half of the weight below and above them."""
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if np.isfinite(value)]
    half = sum(weight for _value, weight in pairs) / 2
    fit = [
        value
        for value, _weight in pairs
        if sum(w for v, w in pairs if v < value) <= half and sum(w for v, w in pairs if v > value) <= half
    ]
    return (min(fit) + max(fit)) / 2


@given(hnp.arrays(float, (5, 3), elements=st.integers(-9, 9)), hnp.arrays(float, 5, elements=st.integers(1, 5)))
def test_median_of_the_others(values, weights):
    found = series_change.others_median(values, weights)
    for cell in range(5):
        rest = [other for other in range(5) if other != cell]
        for week in range(3):
            assert found[cell, week] == slow_median(values[rest, week], weights[rest])


def companies(chance, cells=10, lines=150):
    """Units of weeks with season and growth in common."""
    week = np.arange(WEEKS)
    season = 0.4 * np.sin(2 * np.pi * (week / 52 + chance.random((cells, 1))))
    level = season + 0.2 * week / 52 + chance.normal(0, 0.05, (cells, WEEKS))
    return chance.poisson(lines * np.exp(level)).astype(float)


def test_season_and_common_growth_are_no_finding_and_a_change_is():
    sold = companies(np.random.default_rng(3))
    sold[2, -RECENT:] *= 0.6
    found = series_change.growth(sold, sold, CALM, RECENT)
    assert found.change[2] == pytest.approx(-0.4, abs=0.06)
    assert found.low[2] < -0.4 < found.high[2]
    mask, _adjusted = findings.decide(found.p, found.change, found.own, np.full(10, 0.15), np.zeros(10, bool), 0.2)
    assert np.flatnonzero(mask).tolist() == [2]


def test_one_that_doubles_does_not_make_the_others_fall():
    sold = companies(np.random.default_rng(4), cells=3)
    sold[0] *= 8  # most of the company
    sold[0, -RECENT:] *= 2
    found = series_change.growth(sold, sold, CALM, RECENT)
    mask, _adjusted = findings.decide(found.p, found.change, found.own, np.full(3, 0.15), np.zeros(3, bool), 0.2)
    assert mask.tolist() == [True, False, False]


def test_moved_weeks_are_left_out():
    sold = companies(np.random.default_rng(5))
    sold[1, -3] *= 9
    moved = CALM.copy()
    moved[-3] = True
    assert series_change.growth(sold, sold, moved, RECENT).p[1] > 0.01
    own = np.zeros((10, WEEKS), bool)
    own[1, -3] = True
    assert series_change.growth(sold, sold, own, RECENT).change[1] == pytest.approx(0, abs=0.12)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 1000), st.integers(0, 2**16))
def test_growth_does_not_depend_on_the_currency(rate, seed):
    sold = companies(np.random.default_rng(seed), cells=4)
    one, other = (series_change.growth(sold * times, sold, CALM, RECENT) for times in (1.0, rate))
    assert one.p == pytest.approx(other.p)
    assert one.before * rate == pytest.approx(other.before)


def test_a_short_history_says_nothing():
    sold = companies(np.random.default_rng(6))[:, :70]
    assert np.isnan(series_change.growth(sold, sold, CALM[:70], RECENT).p).all()


def test_rates_are_the_exact_test_where_weeks_vary_as_chance():
    """One carrier alone, weeks that vary less than chance: the design effect is 1."""
    size = np.full((1, 60), 50.0)
    hits = np.full((1, 60), 2.0)
    hits[0, -RECENT:] = 4
    exact = stats.binomtest(32, 32 + 104, RECENT / 60, alternative="greater").pvalue
    found = series_change.rate_change(hits, size, RECENT)
    assert 2 * exact < found.p[0] < 40 * exact, "its score is taken from t, so it is larger"
    assert (found.before[0], found.after[0]) == pytest.approx((0.04, 0.08))


def test_what_gets_worse_for_all_is_no_finding_of_each():
    chance = np.random.default_rng(7)
    rate = np.where(np.arange(60) >= 52, 0.12, 0.05) * np.ones((8, 1))
    rate[0, -RECENT:] = 0.05  # stays as it was
    rate[1, -RECENT:] = 0.3
    found = series_change.rate_change(chance.binomial(100, rate), np.full((8, 60), 100), RECENT)
    assert found.p[1] < 1e-6
    assert np.delete(found.p, 1).min() > 1e-3


def test_nothing_late_any_more_is_an_improvement_and_not_a_miracle():
    size, hits = np.full((1, 60), 30.0), np.full((1, 60), 3.0)
    hits[0, -RECENT:] = 0
    found = series_change.rate_change(hits, size, RECENT)
    assert 1e-12 < found.p[0] < 1e-4
    assert found.change[0] == pytest.approx(-0.1)


@pytest.mark.parametrize("rho", [0.0, 0.4])
def test_false_alarms_are_as_rare_as_is_said(rho):
    """Single tests at 1 %: sums, rates and means of cells without change, weeks alike."""
    chance, alarms, tests = np.random.default_rng(8), 0, 0

    def alike(shape, spread):
        noise = chance.normal(0, spread, shape)
        for week in range(1, shape[-1]):
            noise[..., week] = rho * noise[..., week - 1] + np.sqrt(1 - rho**2) * noise[..., week]
        return noise

    for _each in range(15):
        lines = chance.poisson(100 * np.exp(alike((25, WEEKS), 0.1)))
        size = chance.poisson(80, (25, 60))
        hits = chance.binomial(size, 0.08 * np.exp(alike((25, 60), 0.2)))
        for found in (
            series_change.growth(lines * 10.0, lines, CALM, RECENT),
            series_change.rate_change(hits, size, RECENT),
            series_change.mean_change((2 + alike((25, 60), 0.3)) * size, size, RECENT),
        ):
            alarms += (found.p <= 0.01).sum()
            tests += np.isfinite(found.p).sum()
    assert tests > 1000
    # 99.9 % of the luck that 1 % of so many tests can have
    assert alarms <= stats.binom.ppf(0.999, tests, 0.01)


def test_found_once_it_stays_while_it_holds():
    args = ([0.02, 0.02, 0.2], [0.1] * 3, [0.1] * 3, [0.15] * 3)
    assert findings.decide(*args, [True, False, True], 0.2)[0].tolist() == [True, False, False]


def test_the_other_way_is_no_finding():
    mask, _adjusted = findings.decide([1e-9], [-0.3], [0.2], [0.15], [False], 0.2)
    assert not mask[0]


def test_a_profile_that_keeps_its_shape_may_grow():
    chance = np.random.default_rng(9)
    counts = chance.poisson(np.outer(np.ones(34), [50, 100, 30]))[None]
    counts[0, -RECENT:] *= 3
    _before, _after, moved, p = series_change.profile_change(counts, RECENT)
    assert p[0] > 0.001 and moved[0] < 0.03
