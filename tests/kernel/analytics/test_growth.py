"""Growth between paired days: known answers, and intervals that hold as often as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.analytics.growth import MIN_ORDERS, chance, growth, limit, long_run_variance, span


def _slow_variance(residuals, alike):
    """The formula of Newey and West as it stands in the paper, one series, one pair at a time."""
    days = len(residuals)
    total = sum(value * value for value in residuals)
    for lag in range(1, alike):
        weight = 1 - lag / alike
        total += 2 * weight * sum(residuals[day] * residuals[day - lag] for day in range(lag, days))
    return max(total, 0.0)


@given(st.lists(st.floats(-50, 50), min_size=8, max_size=40), st.integers(1, 6))
def test_the_variance_is_that_of_the_paper(residuals, alike):
    found = long_run_variance(np.array([residuals]), alike)[0]
    assert found == pytest.approx(_slow_variance(residuals, alike), rel=1e-9, abs=1e-6)


def test_limits_of_kiefer_and_vogelsang():
    # table 1 of 2005, Bartlett, 97.5 %: 1.9600, 2.9694, 0.4160, -0.5324; half of the days: 3.48
    assert limit(0.5) == pytest.approx(1.96 + 1.4847 + 0.104 - 0.06655)
    assert [span(days) for days in (1, 7, 28)] == [1, 4, 7]


def test_growth_is_the_ratio_of_the_sums():
    rng = np.random.default_rng(1)
    now, then = rng.poisson(50, (3, 28)), rng.poisson(40, (3, 28))
    found = growth(now, then, now.sum(axis=1), then.sum(axis=1))
    assert found.growth == pytest.approx(now.sum(axis=1) / then.sum(axis=1) - 1)
    assert ((found.low < found.growth) & (found.growth < found.high)).all()
    assert set(found.verdict) == {"grows"}


@given(st.floats(0.1, 1000.0))
def test_another_currency_changes_nothing(rate):
    rng = np.random.default_rng(2)
    now, then = rng.gamma(2, 30, (4, 28)), rng.gamma(2, 30, (4, 28))
    orders = np.full(4, 300.0)
    one, other = growth(now, then, orders, orders), growth(now * rate, then * rate, orders, orders)
    assert one.low == pytest.approx(other.low, rel=1e-9)
    assert one.verdict == other.verdict


def test_series_do_not_know_each_other():
    rng = np.random.default_rng(3)
    now, then = rng.poisson(30, (5, 28)), rng.poisson(30, (5, 28))
    together = growth(now, then, now.sum(axis=1), then.sum(axis=1))
    for row in range(5):
        alone = growth(now[[row]], then[[row]], now[[row]].sum(axis=1), then[[row]].sum(axis=1))
        assert alone.low[0] == pytest.approx(together.low[row])


@pytest.mark.parametrize(
    ("now", "then", "orders", "before"),
    [
        ([5.0] * 28, [0.0] * 28, 140, 0),  # a new region
        ([0.0] * 28, [5.0] * 28, 0, 140),  # nobody orders any more
        ([1.0] * 28, [1.0] * 28, MIN_ORDERS - 1, 28),
        ([100.0] * 7, [90.0] * 7, 700, 630),  # a week is too short
    ],
)
def test_little_data_says_nothing(now, then, orders, before):
    found = growth(np.array([now]), np.array([then]), np.array([orders]), np.array([before]))
    assert found.verdict == ("not_enough_data",)
    assert np.isnan(found.low[0])


def test_orders_by_chance_are_the_least_variance():
    # every day the same: the days alone would say that it is certain
    now, then = np.full((1, 28), 2.0), np.full((1, 28), 1.8)
    found = growth(now, then, now.sum(axis=1), then.sum(axis=1))
    assert found.verdict == ("steady",)
    assert chance(np.array([0.0]), np.array([0.0])).tolist() == [0.0]


def _company(rng, regions, days, change=1.0):
    """Orders a day: weekdays, days that follow each other alike, orders that come in groups."""
    week = np.array([1.2, 1.1, 1.0, 1.0, 1.1, 0.8, 0.7])[np.arange(days) % 7]
    noise = np.zeros((regions, days))
    for day in range(1, days):
        noise[:, day] = 0.4 * noise[:, day - 1] + rng.normal(0, 0.15, regions)
    mean = 30 * week * np.exp(noise) * change
    return rng.negative_binomial(15, 15 / (15 + mean))


@pytest.mark.parametrize("days", [28, 91])
def test_without_change_hardly_any_region_grows_or_falls(days):
    rng = np.random.default_rng(4)
    now, then = _company(rng, 2000, days), _company(rng, 2000, days)
    found = growth(now, then, now.sum(axis=1), then.sum(axis=1))
    wrong = np.mean([verdict in ("grows", "falls") for verdict in found.verdict])
    # 5 % is promised
    assert 0.02 < wrong < 0.07


@pytest.mark.parametrize(("days", "change"), [(28, 1.5), (91, 1.2)])
def test_a_change_is_found(days, change):
    rng = np.random.default_rng(5)
    now, then = _company(rng, 500, days, change), _company(rng, 500, days)
    found = growth(now, then, now.sum(axis=1), then.sum(axis=1))
    assert np.mean([verdict == "grows" for verdict in found.verdict]) > 0.8
