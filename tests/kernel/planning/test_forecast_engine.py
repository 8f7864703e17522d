"""What the engine says about items: patterns, spikes, stock-outs, new and dead, fixed methods, calibration."""

from datetime import date

import numpy as np
import pytest

from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast
from scm_kernels.planning.intervals import lead_time_demand
from scm_kernels.planning.methods import METHODS

MONDAY = date(2023, 1, 2)


def shop(n_series, periods, seed=1, lumpy=0.5):
    """Items of very different volume: gamma-Poisson with some periods empty."""
    random = np.random.default_rng(seed)
    mean = random.lognormal(1.5, 1.0, (n_series, 1))
    quantity = random.poisson(mean * random.gamma(1.5, 1 / 1.5, (n_series, periods))).astype(float)
    quantity[random.random(quantity.shape) < lumpy * random.random((n_series, 1))] = 0
    return quantity


@pytest.fixture(scope="module")
def split():
    quantity = shop(1500, 117)
    result = forecast(DemandPanel(quantity[:, :104], MONDAY), ForecastOptions(horizon=13, levels=(0.5, 0.8, 0.95)))
    return quantity[:, :104], quantity[:, 104:], result


def test_quantiles_cover_what_they_promise(split):
    _history, actual, result = split
    for number, level in ((1, 0.8), (2, 0.95)):
        assert (actual <= result.quantile[:, number]).mean() == pytest.approx(level, abs=0.025)


@pytest.mark.parametrize("periods", [1, 3, 6, 13])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.98])
def test_lead_time_demand_covers_what_it_promises(split, periods, level):
    _history, actual, result = split
    mean, sd, quantile = lead_time_demand(result, periods, level)
    demand = actual[:, :periods].sum(axis=1)
    assert (demand <= quantile).mean() == pytest.approx(level, abs=0.025)
    # the total of one period is noisy itself: a few large items make it
    assert mean.sum() == pytest.approx(demand.sum(), rel=0.1 if periods == 1 else 0.05)
    assert np.sqrt(((demand - mean) ** 2).mean()) == pytest.approx(np.sqrt((sd**2).mean()), rel=0.25)


def test_broken_periods_lie_between_whole_ones(split):
    result = split[2]
    two, between, three = (lead_time_demand(result, periods, 0.95) for periods in (2, 2.4, 3))
    assert ((two[0] <= between[0] + 1e-9) & (between[0] <= three[0] + 1e-9)).all()
    assert two[2].sum() < between[2].sum() < three[2].sum()


def test_periods_and_levels_may_differ_by_item(split):
    result = split[2]
    n_series = len(result.mean)
    periods = np.where(np.arange(n_series) % 2, 2.0, 5.0)
    level = np.where(np.arange(n_series) % 3, 0.9, 0.98)
    mixed = lead_time_demand(result, periods, level)[2]
    alone = lead_time_demand(result, 5.0, 0.98)[2]
    same = (np.arange(n_series) % 2 == 0) & (np.arange(n_series) % 3 == 0)
    np.testing.assert_allclose(mixed[same], alone[same])


def test_totals_are_unbiased_and_ours_beats_the_yardsticks(split):
    _history, actual, result = split
    assert result.expected.sum() == pytest.approx(actual.sum(), rel=0.04)
    ours, mean13, naive = (result.backtest.total(name)[0] for name in result.backtest.names)
    assert ours < mean13 < naive


def test_backtest_equals_the_error_of_a_run_at_that_origin():
    quantity = shop(60, 91)
    options = ForecastOptions(horizon=13, season="none", origins=1)
    late = forecast(DemandPanel(quantity, MONDAY), options)
    early = forecast(DemandPanel(quantity[:, :78], MONDAY), ForecastOptions(horizon=13, season="none", origins=0))
    error = np.abs(early.mean - quantity[:, 78:]).sum(axis=1)
    # classes and scales are measured on the longer history, so the match is close, not exact
    np.testing.assert_allclose(late.backtest.abs_error[0], error, rtol=0.1, atol=2)
    np.testing.assert_allclose(late.backtest.actual, quantity[:, 78:].sum(axis=1))


def test_one_off_spike_is_cut_reported_and_leaves_the_forecast_alone():
    quantity = np.tile([9.0, 11.0], (1, 40))
    spiked = quantity.copy()
    spiked[0, 60] = 110.0
    options = ForecastOptions(horizon=4, season="none", keep_cleaned=True)
    plain, result = (forecast(DemandPanel(values, MONDAY), options) for values in (quantity, spiked))
    assert result.spikes.series.tolist() == [0]
    assert result.spikes.period.tolist() == [60]
    assert result.spikes.before[0] == pytest.approx(110)
    assert result.spikes.after[0] < 20
    assert result.cleaned[0, 60] == pytest.approx(result.spikes.after[0], rel=1e-4)
    np.testing.assert_allclose(result.mean, plain.mean, rtol=0.15)


def test_patterns_and_flags():
    dead = np.concatenate([np.full(30, 5.0), np.zeros(60)])
    new = np.concatenate([np.full(86, np.nan), [4.0, 6.0, 5.0, 5.0]])
    never = np.full(90, np.nan)
    large = np.full(90, 2e9)
    result = forecast(DemandPanel(np.vstack([dead, new, never, large]), MONDAY))
    assert result.pattern.tolist() == ["dead", "new", "no_history", "smooth"]
    assert result.flags["dead"].tolist() == [True, False, False, False]
    assert result.flags["no_history"].tolist() == [False, False, True, False]
    assert result.flags["huge"].tolist() == [False, False, False, True]
    assert not result.mean[[0, 2]].any()
    assert not result.quantile[[0, 2]].any()


def test_slow_item_is_not_dead_within_a_year():
    slow = np.zeros(120)
    slow[[10, 40, 75]] = 1.0
    result = forecast(DemandPanel(slow[None], MONDAY))
    assert result.pattern[0] == "intermittent"
    assert result.mean[0, 0] > 0


def test_new_item_leans_on_its_group():
    group_items = np.full((30, 80), 20.0) + np.tile([2.0, -2.0], 40)
    new = np.concatenate([np.full(78, np.nan), [2.0, 2.0]])
    result = forecast(DemandPanel(np.vstack([group_items, new]), MONDAY))
    assert 2.5 < result.mean[30, 0] < 18
    older = np.concatenate([np.full(40, np.nan), np.full(40, 2.0)])
    settled = forecast(DemandPanel(np.vstack([group_items, older]), MONDAY))
    assert settled.mean[30, 0] == pytest.approx(2.0, rel=0.05)


def test_stock_outs_do_not_lower_the_forecast():
    random = np.random.default_rng(4)
    demand = random.poisson(20.0, (40, 100)).astype(float)
    in_stock = np.ones(demand.shape)
    in_stock[:, 70:95] = random.choice([0.0, 0.3, 0.6, 1.0], (40, 25))
    sold = np.round(demand * in_stock)
    corrected = forecast(DemandPanel(sold, MONDAY, in_stock=in_stock))
    ignored = forecast(DemandPanel(sold, MONDAY))
    assert corrected.mean.mean() == pytest.approx(20, rel=0.06)
    assert ignored.mean.mean() < 0.9 * corrected.mean.mean()


def test_planner_may_fix_a_method():
    quantity = shop(6, 100, lumpy=0)
    names = ("naive", "mean13", None, "seasonal_naive", "ets", None)
    plain = forecast(DemandPanel(quantity, MONDAY), ForecastOptions(horizon=4, season="none"))
    options = ForecastOptions(horizon=4, season="none", methods=names, keep_cleaned=True)
    result = forecast(DemandPanel(quantity, MONDAY), options)
    np.testing.assert_allclose(result.mean[[2, 5]], plain.mean[[2, 5]], rtol=1e-5)
    np.testing.assert_allclose(result.mean[3], quantity[3, 48:52], rtol=1e-5)
    assert result.mean[1, 0] == pytest.approx(result.cleaned[1, -13:].mean(), rel=1e-4)
    assert result.fixed == names
    assert plain.cleaned is None
    assert not result.weights[[0, 1, 3, 4]].any()
    assert result.backtest.abs_error[0, 1] != plain.backtest.abs_error[0, 1]


def test_quantiles_move_with_a_fixed_method():
    quantity = shop(4, 100, lumpy=0)
    fixed = forecast(DemandPanel(quantity, MONDAY), ForecastOptions(horizon=3, methods=("naive",) * 4))
    assert (fixed.quantile[:, -1] >= fixed.mean - 1e-6).all()


def test_each_method_has_a_meaning_on_a_plain_series():
    """All methods agree on the level of a series without trend or season."""
    random = np.random.default_rng(9)
    history = random.normal(100, 5, (3, 80))
    for name, method in METHODS.items():
        assert method(history, 4).mean() == pytest.approx(100, abs=12), name


def test_trend_is_followed_with_damping():
    growing = 50 + 2.0 * np.arange(80)[None] + np.tile([1.0, -1.0], 40)
    result = forecast(DemandPanel(growing, MONDAY), ForecastOptions(horizon=6, season="none"))
    assert growing[0, -5:].mean() - 4 < result.mean[0, 0] < growing[0, -1] + 6
    assert (np.diff(result.mean[0]) >= 0).all()


def test_out_of_stock_for_a_year_is_not_dead():
    sold_before = np.concatenate([np.tile([8.0, 12.0], 20), np.full(60, np.nan)])
    result = forecast(DemandPanel(sold_before[None], MONDAY))
    assert result.pattern[0] == "smooth"
    assert result.mean[0, 0] == pytest.approx(10, rel=0.1)
