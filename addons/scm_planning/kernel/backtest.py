"""Rolling-origin back-test sums of the ensemble beside two plain yardsticks."""

import numpy as np

from .datatypes import BACKTEST_ROWS, Backtest

MEAN_PERIODS = 13
BIAS_PSEUDO_PERIODS = 2000.0
BIAS_RANGE = (0.5, 4.0)


def origins(n_periods, horizon, count, min_history):
    """Increasing, non-overlapping origins that leave ``horizon`` periods to compare each.

    >>> origins(104, 13, 3, 26)
    [65, 78, 91]
    """
    found = [n_periods - horizon * back for back in range(count, 0, -1)]
    return [origin for origin in found if origin >= min_history]


def mean_forecast(history, horizon):
    """Mean of the last 13 periods, repeated; 0 without any known."""
    recent = history[:, -MEAN_PERIODS:]
    known = np.isfinite(recent)
    mean = np.where(known, recent, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.repeat(mean[:, None], horizon, axis=1)


def seasonal_naive_forecast(history, horizon, season):
    """The value one season before, else the mean of the last 13 where that is not known.

    >>> seasonal_naive_forecast(np.array([[1.0, 2.0, 3.0, 4.0]]), 3, 2).tolist()
    [[3.0, 4.0, 3.0]]
    """
    fallback = mean_forecast(history, horizon)
    periods = history.shape[1]
    source = periods - season + np.arange(horizon) % season
    usable = source >= 0
    out = fallback.copy()
    past = history[:, np.maximum(source[usable], 0)]
    out[:, usable] = np.where(np.isfinite(past), past, fallback[:, usable])
    return out


class Sums:
    """Collects the sums of :class:`.datatypes.Backtest` block by block."""

    def __init__(self, n_series, season):
        self.season = season
        shape = (len(BACKTEST_ROWS), n_series)
        self.abs_error, self.sq_error, self.error = (np.zeros(shape) for _ in range(3))
        self.actual, self.count = np.zeros(n_series), np.zeros(n_series, dtype=np.int64)

    def add(self, rows, quantity, origin, forecast, used):
        """Compare one origin.

        :param rows: int (B,), the series
        :param quantity: float (B, T), demand in units
        :param forecast: float (B, h), ours at this origin
        :param used: bool (B,), series with enough history there
        """
        actual = quantity[:, origin : origin + forecast.shape[1]]
        horizon = actual.shape[1]
        compared = np.isfinite(actual) & used[:, None]
        history = quantity[:, :origin]
        others = (mean_forecast(history, horizon), seasonal_naive_forecast(history, horizon, self.season))
        self.actual[rows] += np.where(compared, actual, 0).sum(axis=1)
        self.count[rows] += compared.sum(axis=1)
        for number, candidate in enumerate((forecast[:, :horizon], *others)):
            error = np.where(compared, candidate - actual, 0)
            self.abs_error[number, rows] += np.abs(error).sum(axis=1)
            self.sq_error[number, rows] += (error**2).sum(axis=1)
            self.error[number, rows] += error.sum(axis=1)

    def result(self):
        return Backtest(BACKTEST_ROWS, self.abs_error, self.sq_error, self.error, self.actual, self.count)


def bias_factors(actual, forecast, count, classes, group):
    """Correction of totals, float (n,) within [1/2, 4]: actual / forecast by class of demand, then by group.

    Cutting spikes makes items that sell seldom look smaller, so the class of demand comes first; what then remains is
    the group's.  Both are shrunk: exponent = compared periods / (compared periods + 2,000).  The sums run over whole
    years of one-step forecasts: a back-test over some months would take a season for a bias.

    :param actual, forecast: float (n,), sums over the compared periods
    :param count: int (n,), compared periods
    :param classes: int (n,), spread class of each series
    :param group: int (n,)
    """
    factor = _shrunk_ratio(actual, forecast, count, np.zeros(len(group), np.int64))
    for labels in (classes, group):
        factor = factor * _shrunk_ratio(actual, forecast * factor, count, labels)
    return np.clip(factor, *BIAS_RANGE)


def _shrunk_ratio(actual, forecast, count, labels):
    size = int(labels.max(initial=0)) + 1
    actual, forecast, count = (np.bincount(labels, values, minlength=size) for values in (actual, forecast, count))
    usable = (actual > 0) & (forecast > 0)
    ratio = np.where(usable, actual, 1) / np.where(usable, forecast, 1)
    return (ratio ** (count / (count + BIAS_PSEUDO_PERIODS)))[labels]
