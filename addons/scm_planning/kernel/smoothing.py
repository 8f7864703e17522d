"""Exponential smoothing of many series at once, one model at a time; the readable twins of the candidate grid.

All take ``history`` float (n, T) with NaN for unknown periods (the level then stands still) and give ``forecast``
float (n, h), not below 0; a series without any known period gives 0.
"""

import numpy as np

SES_GRID = (0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6)
HOLT_GRID = ((0.05, 0.05, 0.9), (0.1, 0.05, 0.9), (0.2, 0.1, 0.9), (0.3, 0.1, 0.85), (0.5, 0.2, 0.85))


def first_known(history):
    """First known value of each series, 0 when none, float (n,).

    >>> first_known(np.array([[np.nan, 4.0, 5.0], [np.nan] * 3])).tolist()
    [4.0, 0.0]
    """
    known = np.isfinite(history)
    if not history.shape[1]:
        return np.zeros(len(history))
    value = history[np.arange(len(history)), known.argmax(axis=1)]
    return np.where(known.any(axis=1), value, 0.0)


def ses_path(history, alpha, initial=None):
    """Simple exponential smoothing (Brown 1956):  l_t = l_(t-1) + alpha (y_t - l_(t-1)).

    :param initial: float (n,), l_0; the first known value when None
    :returns: fitted (n, T) with fitted_t = l_(t-1), and the last level (n,)

    >>> fitted, level = ses_path(np.array([[10.0, 20.0]]), 0.5, np.array([10.0]))
    >>> fitted.tolist(), level.tolist()
    ([[10.0, 10.0]], [15.0])
    """
    level = first_known(history) if initial is None else np.array(initial, dtype=float)
    fitted = np.empty(history.shape)
    for period in range(history.shape[1]):
        fitted[:, period] = level
        step = np.nan_to_num(history[:, period] - level)
        level = level + alpha * step
    return fitted, level


def holt_path(history, alpha, beta, phi, level=None, trend=None):
    """Damped trend (Gardner and McKenzie 1985), error-correction form.

        f_t = l_(t-1) + phi b_(t-1),   l_t = f_t + alpha e_t,   b_t = phi b_(t-1) + alpha beta e_t

    :returns: fitted (n, T), last level (n,), last trend (n,)

    >>> fitted, level, trend = holt_path(np.array([[10.0, 20.0]]), 0.5, 0.4, 1.0, np.array([10.0]), np.array([0.0]))
    >>> fitted.tolist(), level.tolist(), trend.tolist()
    ([[10.0, 10.0]], [15.0], [2.0])
    """
    level = first_known(history) if level is None else np.array(level, dtype=float)
    trend = np.zeros(len(history)) if trend is None else np.array(trend, dtype=float)
    fitted = np.empty(history.shape)
    for period in range(history.shape[1]):
        known = np.isfinite(history[:, period])
        ahead = level + phi * trend
        fitted[:, period] = ahead
        error = np.where(known, history[:, period] - ahead, 0)
        level = np.where(known, ahead + alpha * error, level)
        trend = np.where(known, phi * trend + alpha * beta * error, trend)
    return fitted, level, trend


def ses(history, horizon, season=None):
    """SES with the smoothing constant of least squared one-step error per series (hard choice)."""
    runs = [ses_path(history, alpha) for alpha in SES_GRID]
    best = _least_error(history, [fitted for fitted, _level in runs])
    level = np.array([level for _fitted, level in runs])[best, np.arange(len(history))]
    return np.maximum(np.repeat(level[:, None], horizon, axis=1), 0)


def holt(history, horizon, season=None):
    """Damped trend with the constants of least squared one-step error per series (hard choice)."""
    runs = [holt_path(history, *constants) for constants in HOLT_GRID]
    best = _least_error(history, [run[0] for run in runs])
    index = np.arange(len(history))
    level = np.array([run[1] for run in runs])[best, index]
    trend = np.array([run[2] for run in runs])[best, index]
    phi = np.array([row[2] for row in HOLT_GRID])[best]
    reach = np.cumsum(phi[:, None] ** np.arange(1, horizon + 1), axis=1)
    return np.maximum(level[:, None] + reach * trend[:, None], 0)


def _least_error(history, fitted):
    errors = [np.nansum((history - path) ** 2, axis=1) for path in fitted]
    return np.argmin(errors, axis=0)
