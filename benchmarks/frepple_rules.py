"""The automatic method choice of frePPLe, restated from its documentation and published behaviour (no code copied).

Five methods run over each series: moving average of five periods, single and double exponential smoothing (damped
trend .8), Holt-Winters and Croston.  Each is scored by the symmetric MAPE of its one-step forecasts, weighted by .95
to the power of the age; the least wins.  With too few points the moving average is taken, with a third or more of
the periods empty Croston.
"""

import numpy as np

ORDER = 5
MIN_POINTS = 5
ZERO_SHARE = 1 / 3
AGE_WEIGHT = 0.95
WARM_UP = 5
DAMPING = 0.8
ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.5)
GAMMAS = (0.1, 0.2, 0.5)


def forecast(history, horizon, season=52):
    """Forecast of each series, float (n, h).

    :param history: float (n, T), NaN before the first sale
    """
    out = np.zeros((len(history), horizon))
    for row, values in enumerate(history):
        series = values[np.isfinite(values)]
        out[row] = _choose(series, horizon, season)
    return out


def _choose(series, horizon, season):
    if len(series) < MIN_POINTS:
        return np.full(horizon, series.mean() if len(series) else 0.0)
    average = _moving_average(series, horizon)
    if len(series) < WARM_UP + MIN_POINTS:
        return np.maximum(average[1], 0)
    if (series == 0).mean() >= ZERO_SHARE:
        return np.maximum(
            min((_croston(series, horizon, alpha) for alpha in ALPHAS), key=lambda run: _smape(series, run))[1], 0
        )
    runs = [average]
    runs += [_single(series, horizon, alpha) for alpha in ALPHAS]
    runs += [_double(series, horizon, alpha, gamma) for alpha in ALPHAS for gamma in GAMMAS]
    if len(series) >= 2 * season:
        runs += [_holt_winters(series, horizon, alpha, season) for alpha in ALPHAS]
    return np.maximum(min(runs, key=lambda run: _smape(series, run))[1], 0)


def _smape(series, run):
    fitted = run[0][WARM_UP:]
    actual = series[WARM_UP:]
    total = np.abs(fitted) + np.abs(actual)
    error = np.where(total > 0, np.abs(fitted - actual) / np.where(total > 0, total, 1), 0)
    weight = AGE_WEIGHT ** np.arange(len(actual))[::-1]
    return float((error * weight).sum() / weight.sum())


def _moving_average(series, horizon):
    padded = np.concatenate([np.full(ORDER, series[0]), series])
    running = np.convolve(padded, np.ones(ORDER) / ORDER, "valid")
    return running[:-1], np.full(horizon, running[-1])


def _single(series, horizon, alpha):
    level, fitted = series[0], np.empty(len(series))
    for period, value in enumerate(series):
        fitted[period] = level
        level += alpha * (value - level)
    return fitted, np.full(horizon, level)


def _double(series, horizon, alpha, gamma):
    level, trend, fitted = series[0], 0.0, np.empty(len(series))
    for period, value in enumerate(series):
        fitted[period] = level + DAMPING * trend
        before = level
        level = fitted[period] + alpha * (value - fitted[period])
        trend = gamma * (level - before) + (1 - gamma) * DAMPING * trend
    return fitted, level + trend * np.cumsum(DAMPING ** np.arange(1, horizon + 1))


def _holt_winters(series, horizon, alpha, season):
    mean = max(series[:season].mean(), 1e-9)
    index = np.maximum(series[:season] / mean, 0.05)
    level, fitted = mean, np.empty(len(series))
    for period, value in enumerate(series):
        place = period % season
        fitted[period] = level * index[place]
        level += alpha * (value / index[place] - level)
        level = max(level, 1e-9)
        index[place] += 0.1 * (max(value / level, 0.05) - index[place])
    return fitted, level * index[(len(series) + np.arange(horizon)) % season]


def _croston(series, horizon, alpha):
    size, interval, waited, seen = 0.0, 1.0, 0, False
    fitted = np.empty(len(series))
    for period, value in enumerate(series):
        fitted[period] = size / interval
        waited += 1
        if value > 0:
            size = size + alpha * (value - size) if seen else value
            interval = interval + alpha * (waited - interval) if seen else waited
            waited, seen = 0, True
    return fitted, np.full(horizon, size / interval)
