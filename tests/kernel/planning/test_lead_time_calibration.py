"""Spread and levels of demand over a lead time, learned from errors of the back-test."""

import numpy as np
import pytest

from scm_kernels.planning import intervals

LEVELS = intervals.TABLE_LEVELS


def errors(count=6000, seed=3):
    """Forecast, sigma and demand: even items of the lowest class, uneven ones of the highest."""
    random = np.random.default_rng(seed)
    classes = np.where(np.arange(count) % 2, intervals.N_CLASSES - 1, 0)
    mean = random.uniform(20, 60, count)
    steady = random.normal(mean, 5)
    uneven = mean - 5 + 5 * random.exponential(1, count)
    return mean, np.full(count, 5.0), np.where(classes == 0, uneven, steady), classes


def test_a_few_peaks_do_not_widen_the_spread_of_all():
    mean, sigma, demand, classes = errors()
    plain = intervals.calibrate_lead_time(mean, sigma, demand, classes)
    peaks = demand.copy()
    peaks[::200] = mean[::200] + 40 * sigma[::200]
    factor, standard, _levels = intervals.calibrate_lead_time(mean, sigma, peaks, classes)
    assert ((peaks - mean) / sigma).std() > 2.8
    np.testing.assert_allclose(factor[[0, -1]], plain[0][[0, -1]], rtol=0.05)
    # the far quantile of the class with the peaks knows about them
    assert standard[0, -1] > plain[1][0, -1] + 0.5


def test_each_class_is_covered_as_asked():
    mean, sigma, demand, classes = errors()
    factor, standard, recalibrated = intervals.calibrate_lead_time(mean, sigma, demand, classes)
    sd = factor[classes] * sigma
    for level in (0.8, 0.9, 0.95, 0.98):
        row = np.full(len(mean), level)
        asked = intervals._interpolate(LEVELS, recalibrated[classes], row)
        at = intervals._interpolate(LEVELS, standard[classes], asked)
        quantile = intervals.combined_quantile(intervals.gamma_quantile(mean, sd, asked), mean, sd, at)
        for number in (0, intervals.N_CLASSES - 1):
            members = classes == number
            assert (demand <= quantile)[members].mean() == pytest.approx(level, abs=0.01)


def test_too_few_errors_leave_the_levels_as_they_are():
    few = tuple(values[:60] for values in errors())
    factor, standard, recalibrated = intervals.calibrate_lead_time(*few)
    np.testing.assert_array_equal(recalibrated, np.tile(LEVELS, (intervals.N_CLASSES, 1)))
    assert np.isfinite(factor).all()
    assert (np.diff(standard, axis=1) >= 0).all()
