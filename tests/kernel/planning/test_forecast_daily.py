"""Daily series: closing days, items that sell on few days, weekday habits."""

from datetime import date

import numpy as np
import pytest

from scm_kernels.planning import seasonality
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast
from scm_kernels.planning.intervals import lead_time_demand

MONDAY = date(2024, 1, 1)
DAYS = 364
OPTIONS = ForecastOptions(horizon=28)


def run(quantity):
    return forecast(DemandPanel(quantity, MONDAY, "D"), OPTIONS)


def dense(count=40, seed=2):
    random = np.random.default_rng(seed)
    mean = random.lognormal(1.5, 0.7, (count, 1))
    return random.poisson(mean * random.gamma(2.0, 0.5, (count, DAYS))).astype(float)


def once_a_week(count, random, same_day):
    quantity = np.zeros((count, DAYS))
    first = np.arange(0, DAYS, 7)
    for row in quantity:
        row[first + (4 if same_day else random.integers(0, 7, len(first)))] = 1 + random.poisson(20, len(first))
    return quantity


@pytest.mark.parametrize("same_day", [True, False])
def test_one_sale_a_week_keeps_its_total(same_day):
    """Zero on the other days must not be averaged in twice, once by the weekday factor and once by the level."""
    result = run(once_a_week(40, np.random.default_rng(1), same_day))
    weekly = result.mean.sum(axis=1) / 4
    assert weekly.mean() == pytest.approx(21, rel=0.05)
    assert abs(result.backtest.total("ours")[1]) < 0.05


def test_one_sale_a_week_among_items_that_sell_daily():
    quantity = dense()
    quantity[7] = once_a_week(1, np.random.default_rng(1), same_day=True)[0]
    result = run(quantity)
    assert result.mean[7].sum() / 4 == pytest.approx(21, rel=0.1)
    by_day = result.mean[7].reshape(4, 7).mean(axis=0)
    assert by_day[4] > 0.85 * by_day.sum()


def test_sales_on_random_days_are_unbiased():
    random = np.random.default_rng(5)
    chance, size = random.uniform(0.05, 0.3, (80, 1)), random.uniform(2, 40, (80, 1))
    quantity = (random.random((80, DAYS)) < chance) * random.poisson(size, (80, DAYS)).astype(float)
    result = run(quantity)
    assert result.mean.sum() / 28 == pytest.approx((chance * size).sum(), rel=0.08)


def test_closing_days_do_not_lower_the_open_ones():
    quantity = dense()
    quantity[:, 5::7] = 0
    quantity[:, 6::7] = 0
    result = run(quantity)
    opened = np.arange(28) % 7 < 5
    level = quantity[:, -91:].reshape(40, 13, 7)[:, :, :5].mean()
    assert result.mean[:, opened].mean() == pytest.approx(level, rel=0.06)
    assert result.mean[:, ~opened].mean() < 0.1 * level
    mean, _sd, quantile = lead_time_demand(result, 14, 0.95)
    assert mean.sum() == pytest.approx(10 * level * 40, rel=0.08)
    assert (quantile > mean).all()


def test_few_sales_make_no_weekday_habit_many_do():
    random = np.random.default_rng(8)
    quantity = dense(60)
    rare = np.zeros((1, DAYS))
    rare[0, random.choice(DAYS, 8, replace=False)] = 5.0
    fridays = quantity[:1] * np.where(np.arange(DAYS) % 7 == 4, 3.0, 0.7)
    factor = seasonality.weekday(np.vstack([quantity, rare, fridays]), np.zeros(62, int), 1)
    np.testing.assert_allclose(factor.mean(axis=1), 1, rtol=1e-5)
    assert np.abs(factor[60] - 1).max() < 0.3
    assert factor[61, 4] > 2
