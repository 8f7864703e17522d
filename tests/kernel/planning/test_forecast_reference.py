"""Values from statsmodels and from hand calculation."""

import numpy as np
import pytest

from scm_kernels.planning import accuracy, backtest, candidates, classify, ensemble, intermittent, intervals, smoothing

SERIES = np.array([[12.0, 15, 11, 18, 22, 17, 19, 25, 21, 24, 28, 23]])


def test_ses_equals_statsmodels():
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    model = SimpleExpSmoothing(SERIES[0], initialization_method="known", initial_level=12.0)
    expected = model.fit(smoothing_level=0.3, optimized=False)
    fitted, level = smoothing.ses_path(SERIES, 0.3, np.array([12.0]))
    np.testing.assert_allclose(fitted[0], expected.fittedvalues, atol=1e-6)
    np.testing.assert_allclose(level, expected.forecast(1), atol=1e-6)


def test_damped_holt_equals_statsmodels():
    from statsmodels.tsa.holtwinters import Holt

    model = Holt(SERIES[0], damped_trend=True, initialization_method="known", initial_level=12.0, initial_trend=1.0)
    # the error-correction form of the kernel has beta* = beta: statsmodels smooths the trend with smoothing_trend
    expected = model.fit(smoothing_level=0.4, smoothing_trend=0.2, damping_trend=0.9, optimized=False)
    fitted, level, trend = smoothing.holt_path(SERIES, 0.4, 0.2, 0.9, np.array([12.0]), np.array([1.0]))
    np.testing.assert_allclose(fitted[0], expected.fittedvalues, atol=1e-6)
    ahead = level + trend * np.cumsum(0.9 ** np.arange(1, 5))
    np.testing.assert_allclose(ahead, expected.forecast(4), atol=1e-6)


def test_candidates_are_the_recursions_they_claim_to_be():
    grid = candidates.Grid(ses=(0.3,), holt=((0.4, 0.2, 0.9),), tsb_size=(0.2,), tsb_chance=(0.1,))
    history = np.tile([4.0, 0.0, 7.0, 1.0, 0.0, 9.0], 20)
    state = candidates.CandidateState(grid, 1)
    level, weight, chance, size, size_weight = 0.0, 0.0, 0.0, 0.0, 0.0
    chance_weight = 0.0
    for value in history:
        prediction = state.predict()[:, 0]
        assert prediction[0] == pytest.approx(level, rel=1e-4)
        assert prediction[2] == pytest.approx(chance * size, rel=1e-4)
        state.update(np.array([value], np.float32), np.ones(1, np.float32), True)
        weight = 0.7 * weight + 1
        level += (value - level) / weight
        chance_weight = 0.9 * chance_weight + 1
        chance += ((value > 0) - chance) / chance_weight
        if value > 0:
            size_weight = 0.8 * size_weight + 1
            size += (value - size) / size_weight


def test_settled_candidates_equal_plain_smoothing():
    """With a long history the diffuse start is forgotten, and the damped trend is the textbook one."""
    random = np.random.default_rng(1)
    history = random.gamma(4, 5, 400)
    grid = candidates.Grid(ses=(0.3,), holt=((0.3, 0.2, 0.9),))
    state = candidates.CandidateState(grid, 1)
    for value in history:
        state.update(np.array([value], np.float32), np.ones(1, np.float32), True)
    _fitted, level = smoothing.ses_path(history[None], 0.3)
    _fitted, holt_level, trend = smoothing.holt_path(history[None], 0.3, 0.2, 0.9)
    assert state.predict()[0, 0] == pytest.approx(level[0], rel=1e-4)
    assert state.predict()[1, 0] == pytest.approx(holt_level[0] + 0.9 * trend[0], rel=1e-3)


def test_mixed_ages_give_what_each_series_gives_alone():
    random = np.random.default_rng(2)
    demand = random.poisson(2.0, (60, 5)).astype(np.float32)
    known = np.ones(demand.shape, bool)
    for column, first in enumerate((0, 3, 17, 30, 59)):
        known[:first, column] = False
    known[40, 1] = False
    demand[~known] = 0
    classes = np.zeros(5, int)
    together = ensemble.run_block(demand, known, classes, [50], 4, ensemble.WEEKLY)
    for column in range(5):
        one = slice(column, column + 1)
        alone = ensemble.run_block(
            demand[:, one], known[:, one], classes[one], [50], 4, ensemble.WEEKLY, together.relative
        )
        np.testing.assert_allclose(alone.ahead[:, :, 0], together.ahead[:, :, column], rtol=2e-4, atol=1e-6)
        np.testing.assert_allclose(alone.recent[:, 0], together.recent[:, column], rtol=2e-4, atol=1e-6)


def test_origin_uses_only_what_was_known_there():
    random = np.random.default_rng(3)
    demand = random.poisson(3.0, (80, 6)).astype(np.float32)
    known, classes = np.ones(demand.shape, bool), np.zeros(6, int)
    full = ensemble.run_block(demand, known, classes, [60], 5, ensemble.WEEKLY)
    cut = ensemble.run_block(demand[:60], known[:60], classes, [], 5, ensemble.WEEKLY)
    np.testing.assert_allclose(full.ahead[0], cut.ahead[-1], rtol=1e-6)
    np.testing.assert_allclose(full.recent[0], cut.recent[-1], rtol=1e-6)


def test_spike_is_cut_for_learning_only():
    demand = np.full((60, 1), 1.0, np.float32)
    demand[::2] = 1.2
    demand[40] = 50.0
    run = ensemble.run_block(demand, np.ones((60, 1), bool), np.zeros(1, int), [], 1, ensemble.WEEKLY)
    assert run.cut[40, 0] < 2
    assert run.ahead[-1][0, 0] == pytest.approx(1.1, abs=0.1)


def test_croston_by_hand():
    # sizes 6, 6; intervals 2, 2; (1 - .1 / 2) x 6 / 2
    assert intermittent.croston_sba(np.array([[0.0, 6, 0, 6]]), 1)[0, 0] == pytest.approx(2.85)
    # a third sale of 9 after one period: size 6 + .1 x 3 = 6.3, interval 2 + .1 x (1 - 2) = 1.9
    assert intermittent.croston_sba(np.array([[0.0, 6, 0, 6, 9]]), 1)[0, 0] == pytest.approx(0.95 * 6.3 / 1.9)


def test_croston_and_tsb_equal_statsforecast():
    models = pytest.importorskip("statsforecast.models")
    series = np.array([3.0, 0, 0, 5, 0, 2, 0, 0, 0, 4, 1, 0])
    expected = models.CrostonSBA().forecast(y=series, h=1)["mean"][0]
    assert intermittent.croston_sba(series[None], 1)[0, 0] == pytest.approx(expected, rel=1e-5)
    expected = models.TSB(alpha_d=0.1, alpha_p=0.1).forecast(y=series, h=1)["mean"][0]
    assert intermittent.tsb(series[None], 1)[0, 0] == pytest.approx(expected, rel=1e-5)


def test_gamma_quantile_equals_scipy():
    from scipy import stats

    mean, sd = np.array([10.0, 3.0, 200.0]), np.array([4.0, 5.0, 20.0])
    expected = stats.gamma.ppf(0.95, (mean / sd) ** 2, scale=sd**2 / mean)
    np.testing.assert_allclose(intervals.gamma_quantile(mean, sd, 0.95), expected, rtol=1e-9)


def test_growth_is_the_law_of_exponential_smoothing():
    random = np.random.default_rng(4)
    alpha, horizon, runs = 0.4, 6, 40_000
    error = random.standard_normal((runs, horizon))
    level = np.cumsum(alpha * error, axis=1) - alpha * error
    ahead = level + error
    np.testing.assert_allclose(ahead.std(axis=0), intervals.growth(np.array([alpha]), horizon)[:, 0], rtol=0.03)
    expected = intervals.sum_growth(alpha, horizon) * np.sqrt(horizon)
    assert ahead.sum(axis=1).std() == pytest.approx(float(expected), rel=0.03)


def test_classes_of_syntetos_boylan_croston():
    smooth, lumpy = np.tile([4.0, 5.0], 20), np.tile([0.0, 0, 1, 0, 0, 0, 30, 0], 5)
    intermittent_items, erratic = np.tile([0.0, 5], 20), np.tile([1.0, 1, 1, 30], 10)
    adi, cv2 = classify.interval_and_variation(np.array([smooth, erratic, intermittent_items, lumpy]))
    names = classify.pattern(adi, cv2, np.full(4, 40), np.zeros(4), 8, 52)
    assert names.tolist() == ["smooth", "erratic", "intermittent", "lumpy"]


def test_measures_by_hand():
    forecast, actual = np.array([[4.0, 6.0]]), np.array([[5.0, 9.0]])
    history = np.array([[1.0, 3.0, 1.0]])
    assert accuracy.wape(forecast, actual) == pytest.approx(4 / 14)
    assert accuracy.bias(forecast, actual) == pytest.approx(-4 / 14)
    assert accuracy.mase(forecast, actual, history)[0] == pytest.approx(2 / 2)
    assert accuracy.rmsse(forecast, actual, history)[0] == pytest.approx(np.sqrt(5 / 4))
    assert accuracy.quantile_loss(forecast, actual, 0.9) == pytest.approx(2 * (0.9 + 2.7) / 14)


def test_backtest_sums_by_hand():
    sums = backtest.Sums(1, 52)
    history = np.array([[2.0] * 13 + [5.0, 1.0]])
    sums.add(np.array([0]), history, 13, np.array([[3.0, 3.0]]), np.array([True]))
    result = sums.result()
    assert result.actual.tolist() == [6.0]
    assert result.count.tolist() == [2]
    assert result.abs_error[:, 0].tolist() == [4.0, 4.0, 4.0]
    assert result.error[:, 0].tolist() == [0.0, -2.0, -2.0]
    assert result.total("mean13") == (pytest.approx(4 / 6), pytest.approx(-2 / 6))
