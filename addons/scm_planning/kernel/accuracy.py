"""Measures of forecast error, each over arrays of shape (n, h).

WAPE = sum |f - y| / sum y; bias = sum (f - y) / sum y (positive = too high); RMSSE and MASE are scaled by the naive
one-step error of the history (Hyndman and Koehler 2006); the quantile loss is 2 x pinball / units sold (Koenker and
Bassett 1978; scaling as in Salinas et al. 2020).
"""

import numpy as np


def wape(forecast, actual):
    """Sum of absolute errors over sum of actual demand; NaN when nothing was sold.

    >>> wape(np.array([[8.0, 12.0]]), np.array([[10.0, 10.0]]))
    0.2
    """
    total = float(np.nansum(actual))
    return float(np.nansum(np.abs(forecast - actual))) / total if total > 0 else float("nan")


def bias(forecast, actual):
    """Sum of errors over sum of actual demand; positive = forecast too high.

    >>> bias(np.array([[12.0, 12.0]]), np.array([[10.0, 10.0]]))
    0.2
    """
    total = float(np.nansum(actual))
    return float(np.nansum(forecast - actual)) / total if total > 0 else float("nan")


def naive_scale(history, power=1):
    """Mean of ``|y_t - y_(t-1)| ** power`` of each series, float (n,); NaN where it cannot be measured.

    >>> naive_scale(np.array([[1.0, 3.0, 2.0]])).tolist()
    [1.5]
    """
    steps = np.abs(np.diff(history, axis=1)) ** power
    counts = np.isfinite(steps).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(counts > 0, np.nansum(steps, axis=1) / counts, np.nan)


def mase(forecast, actual, history):
    """Mean absolute scaled error of each series, float (n,)."""
    return _ratio(np.nanmean(np.abs(forecast - actual), axis=1), naive_scale(history))


def rmsse(forecast, actual, history):
    """Root mean squared scaled error of each series, float (n,).

    >>> rmsse(np.array([[3.0]]), np.array([[2.0]]), np.array([[1.0, 3.0, 1.0]])).tolist()
    [0.5]
    """
    return np.sqrt(_ratio(np.nanmean((forecast - actual) ** 2, axis=1), naive_scale(history, 2)))


def quantile_loss(quantile, actual, level):
    """2 x pinball loss / units sold, over all series and periods.

    >>> quantile_loss(np.array([[10.0]]), np.array([[8.0]]), 0.95)
    0.025
    """
    over = actual - quantile
    loss = np.maximum(level * over, (level - 1) * over)
    total = float(np.nansum(actual))
    return round(2 * float(np.nansum(loss)) / total, 12) if total > 0 else float("nan")


def coverage(quantile, actual):
    """Share of known actual values that are not above the quantile.

    >>> coverage(np.array([[5.0, 5.0]]), np.array([[4.0, 6.0]]))
    0.5
    """
    known = np.isfinite(actual)
    return float((actual <= quantile)[known].mean()) if known.any() else float("nan")


def worse_than(forecast, other, actual):
    """Share of series whose squared error is larger than that of another forecast.

    Squared, because the least absolute error of an item that mostly sells nothing is reached by forecasting nothing.

    >>> worse_than(np.array([[5.0], [5.0]]), np.array([[4.0], [9.0]]), np.array([[4.0], [6.0]]))
    0.5
    """
    mine = np.nansum((forecast - actual) ** 2, axis=1)
    theirs = np.nansum((other - actual) ** 2, axis=1)
    return float((mine > theirs).mean()) if len(mine) else float("nan")


def _ratio(error, scale):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(scale > 0, error / scale, np.nan)
