"""Quantiles of the demand of one period and of the demand over a lead time.

Spread: sigma = sqrt(pi / 2) x half the series' recent mean absolute one-step error and half what its class makes
of its level (a shrunk, robust sd: one wild week of a lumpy item does not decide alone).

One period: .4 x the series' own empirical quantile of one-step errors, .6 x the class' quantile of errors / sigma.

Over P periods: the mean of a gamma quantile with the class' measured sd = factor x sigma x sqrt(P) (Burgin 1975)
and of the class' empirical quantile on the same sd, asked at the level that covered the wanted one in the back-test of
the class.  The sd is robust, of errors winsorised at 3 sigma, since a few peaks of small items would double that of
all; rare large demand is carried by the empirical quantiles, which know errors up to 6 sigma.
Classes are made by the share of periods with a sale, so they do not depend on the unit of measure.
"""

import functools

import numpy as np
from scipy import special

CLASS_EDGES = np.array([0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
N_CLASSES = len(CLASS_EDGES) + 1
TABLE_LEVELS = np.array([0.05, 0.25, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995])
TABLE_PERIODS = np.array([1, 2, 3, 4, 6, 8, 13, 26, 52])
CLASS_PRIOR = 300.0
WHOLE_PRIOR = 30.0
NOISE_PRIOR = 10.0
RESIDUAL_PERIODS = 78
TABLE_HISTORY = 52
CHUNK = 8192
OWN_SHARE = 0.4
SD_OF_MAE = np.sqrt(np.pi / 2)
MAX_ERROR_IN_SD = 3.0
MAX_ERROR_IN_QUANTILES = 6.0
MIN_CALIBRATED = 200
MIN_CALIBRATED_CLASS = 50
LEVEL_PRIOR = 1000.0


def spread_class(adi):
    """Class of each series by its share of periods with a sale (1 / ADI), int (n,).

    >>> spread_class(np.array([1.0, 2.5, np.inf])).tolist()
    [6, 3, 0]
    """
    return np.searchsorted(CLASS_EDGES, 1 / np.maximum(adi, 1.0), side="right")


def gamma_quantile(mean, sd, level):
    """Quantile of the gamma distribution with this mean and sd, element by element; 0 where the mean is 0.

    shape = (mean / sd)^2, scale = sd^2 / mean (Burgin 1975).  An sd of 0 gives the mean.

    >>> gamma_quantile(np.array([10.0, 0.0, 5.0]), np.array([10.0, 1.0, 0.0]), 0.95).round(3).tolist()
    [29.957, 0.0, 5.0]
    """
    mean, sd, level = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float), np.asarray(level, float))
    out = np.maximum(mean, 0.0)
    spread = (mean > 0) & (sd > 1e-9 * mean)
    # below this shape nearly all mass sits at 0 and the quantile has no more digits
    shape = np.maximum((mean[spread] / sd[spread]) ** 2, 1e-3)
    out[spread] = special.gammaincinv(shape, level[spread]) * mean[spread] / shape
    return out


@functools.lru_cache(maxsize=1)
def _gamma_table():
    """Quantile / mean of the gamma distribution at TABLE_LEVELS by log shape: grid (s,), values (L, s)."""
    grid = np.linspace(np.log(1e-3), np.log(1e7), 400)
    shape = np.exp(grid)
    return grid, special.gammaincinv(shape[None], TABLE_LEVELS[:, None]) / shape


def _gamma_at_table_level(mean, sd, row):
    """:func:`gamma_quantile` at ``TABLE_LEVELS[row]`` by interpolation, for the many values of a calibration."""
    grid, values = _gamma_table()
    usable = (mean > 0) & (sd > 1e-9 * mean)
    place = 2 * np.log(np.where(usable, mean, 1) / np.where(usable, sd, 1))
    return np.where(usable, np.interp(place, grid, values[row]), 1) * np.maximum(mean, 0)


def class_quantiles(error, classes, levels):
    """Quantiles of standardised errors by class, shrunk to all classes and those to the normal distribution.

    :param error: float (k,), standardised errors
    :param classes: int (k,)
    :returns: float (c, L)
    """
    levels = np.asarray(levels, float)
    normal = special.ndtri(levels)
    whole = _mix(error, levels, normal, WHOLE_PRIOR)
    rows = [_mix(error[classes == number], levels, whole, CLASS_PRIOR) for number in range(N_CLASSES)]
    return np.maximum.accumulate(np.array(rows), axis=1)


def _mix(error, levels, prior, pseudo):
    if not len(error):
        return prior
    return (len(error) * np.quantile(error, levels) + pseudo * prior) / (len(error) + pseudo)


def own_quantiles(residual, levels):
    """Empirical quantiles of each series' residuals.

    :param residual: float (T, B), NaN = none
    :returns: float32 (L, B); NaN for a series with fewer than 8 residuals
    """
    if not len(residual):
        return np.full((len(levels), residual.shape[1]), np.nan, np.float32)
    ordered = np.sort(residual, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    place = np.asarray(levels)[:, None] * np.maximum(count - 1, 0)
    low = place.astype(int)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    below = np.take_along_axis(ordered, low, axis=0)
    above = np.take_along_axis(ordered, high, axis=0)
    out = below + (place - low) * (above - below)
    return np.where(count >= 8, out, np.nan).astype(np.float32)


def class_noise(recent, level, classes):
    """Mean absolute error / level of each class, as the ratio of medians, shrunk to all classes, float (c,).

    :param recent: float (B,), mean absolute one-step error; 0 = not measured
    :param level: float (B,)
    """
    measured = (recent > 0) & (level > 0)

    def ratio(members):
        return float(np.median(recent[members]) / np.median(level[members]))

    if not measured.any():
        return np.ones(N_CLASSES)
    whole = ratio(measured)
    noise = np.empty(N_CLASSES)
    for number in range(N_CLASSES):
        members = measured & (classes == number)
        count = int(members.sum())
        noise[number] = (count * (ratio(members) if count else 0) + NOISE_PRIOR * whole) / (count + NOISE_PRIOR)
    return noise


def blend(recent, level, noise):
    """Robust sd from the recent mean absolute error and the level: sqrt(pi/2) x (recent + noise x level) / 2.

    >>> blend(np.array([2.0]), np.array([4.0]), np.array([0.5])).round(3).tolist()
    [2.507]
    """
    return SD_OF_MAE * 0.5 * (recent + noise * level)


def offsets(own, sigma, classes, table):
    """Distance of each quantile from the mean, float32 (L, B); the class alone where own is NaN."""
    by_class = table[classes].T.astype(np.float32) * sigma
    return np.where(np.isfinite(own), OWN_SHARE * own + (1 - OWN_SHARE) * by_class, by_class)


def growth(response, horizon):
    """Sd of the error j periods ahead / one-step sd: sqrt(1 + (j - 1) a^2), float (h, B).

    The exact law of simple exponential smoothing with constant a (Hyndman, Koehler, Ord and Snyder 2008).

    >>> growth(np.array([0.5]), 5)[:, 0].astype(float).round(3).tolist()
    [1.0, 1.118, 1.225, 1.323, 1.414]
    """
    steps = np.arange(horizon, dtype=np.float32)[:, None]
    return np.sqrt(1 + steps * np.asarray(response, np.float32) ** 2)


def sum_growth(response, periods):
    """Sd of the error summed over P periods / (one-step sd x sqrt(P)), for exponential smoothing with constant a.

    The sum's variance is sigma^2 sum_(j=0)^(P-1) (1 + j a)^2 (Hyndman, Koehler, Ord and Snyder 2008).

    >>> round(float(sum_growth(1.0, 3)), 4) == round(((1 + 4 + 9) / 3) ** 0.5, 4)
    True
    """
    more = np.maximum(np.asarray(periods, float) - 1, 0)
    return np.sqrt(1 + response * more + response**2 * more * (2 * more + 1) / 6)


def lead_time_demand(result, periods, level):
    """Demand over P periods from now: mean, sd and quantile, all float (n,).

    :param result: :class:`.datatypes.ForecastResult`
    :param periods: float (n,) or scalar, P > 0, e.g. 2.4 weeks; beyond the horizon the forecast's mean goes on
    :param level: float (n,) or scalar, wanted chance in (0, 1) that demand stays within the quantile
    :raises ValueError: when a period is not positive or a level not inside (0, 1)
    """
    n_series = result.mean.shape[0]
    periods = np.broadcast_to(np.asarray(periods, float), (n_series,))
    level = np.broadcast_to(np.asarray(level, float), (n_series,))
    if not (np.isfinite(periods) & (periods > 0)).all():
        raise ValueError("periods must be positive numbers")
    if not ((level > 0) & (level < 1)).all():
        raise ValueError("level must lie between 0 and 1")
    expected = result.expected
    parts = [
        _lead_time_rows(result, expected, slice(row, row + CHUNK), periods[row : row + CHUNK], level[row : row + CHUNK])
        for row in range(0, max(n_series, 1), CHUNK)
    ]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _lead_time_rows(result, expected, rows, periods, level):
    table = result.lead_time
    classes, response = table.spread_class[rows], np.broadcast_to(table.response, (len(result.mean),))[rows]
    mean = cumulate(expected[rows], periods)
    scale = cumulate(table.spread_scale[rows], periods) / periods
    factor = _between_periods(table, table.factor, classes, periods)
    sd = factor * result.sigma[rows] * scale * np.sqrt(periods) * sum_growth(response, periods)
    asked = _interpolate(table.levels, _between_periods(table, table.recalibrated, classes, periods), level)
    standard = _interpolate(table.levels, _between_periods(table, table.standard_quantile, classes, periods), asked)
    return mean, sd, combined_quantile(gamma_quantile(mean, sd, asked), mean, sd, standard)


def combined_quantile(gamma, mean, sd, standard):
    """Mean of a gamma quantile and of ``mean + standard x sd``, neither below 0."""
    return 0.5 * gamma + 0.5 * np.maximum(mean + standard * sd, 0)


def cumulate(forecast, periods):
    """Sum of the first P periods of each row, P real; past the horizon the row's mean is taken as going on.

    >>> cumulate(np.array([[2.0, 4.0]]), np.array([1.5])).tolist(), cumulate(np.array([[2.0, 4.0]]), [4.0]).tolist()
    ([4.0], [12.0])
    """
    rows, horizon = forecast.shape
    periods = np.asarray(periods, float)
    running = np.concatenate([np.zeros((rows, 1)), np.cumsum(forecast, axis=1, dtype=np.float64)], axis=1)
    inside = np.minimum(periods, horizon)
    low = np.minimum(inside.astype(int), horizon - 1)
    index = np.arange(rows)
    part = running[index, low] + (inside - low) * (running[index, low + 1] - running[index, low])
    return part + np.maximum(periods - horizon, 0) * running[:, -1] / horizon


def _between_periods(table, values, classes, periods):
    """Rows of ``values`` (c, p, ...) for each series, interpolated over log P."""
    place = np.interp(np.log(periods), np.log(table.periods), np.arange(len(table.periods)))
    low = np.minimum(place.astype(int), max(len(table.periods) - 2, 0))
    high = np.minimum(low + 1, len(table.periods) - 1)
    share = (place - low).reshape((-1,) + (1,) * (values.ndim - 2))
    return values[classes, low] * (1 - share) + values[classes, high] * share


def _interpolate(grid, rows, at):
    """Value of each row (n, L), given on ``grid`` (L,), at ``at`` (n,); linear on the normal scale, flat outside."""
    place = np.interp(special.ndtri(at), special.ndtri(grid), np.arange(len(grid)))
    low = np.minimum(place.astype(int), len(grid) - 2)
    share = place - low
    index = np.arange(len(rows))
    return rows[index, low] * (1 - share) + rows[index, low + 1] * share


def calibrate_lead_time(mean, sigma_scale, demand, classes):
    """Class factors, class quantiles and level map at one number of periods.

    :param mean: float (k,), forecast of demand over P periods, bias corrected
    :param sigma_scale: float (k,), sigma x period scale x sqrt(P)
    :param demand: float (k,), what came
    :param classes: int (k,)
    :returns: factor (c,), standard_quantile (c, L), recalibrated (c, L)
    """
    raw = (demand - mean) / np.maximum(sigma_scale, 1e-12)
    factor = _class_factor(np.clip(raw, -MAX_ERROR_IN_SD, MAX_ERROR_IN_SD), classes)
    raw = np.clip(raw, -MAX_ERROR_IN_QUANTILES, MAX_ERROR_IN_QUANTILES)
    standard = class_quantiles(raw / factor[classes], classes, TABLE_LEVELS)
    sd = factor[classes] * sigma_scale
    covered = _covered(mean, sd, demand, standard[classes])
    whole = _level_map(covered, TABLE_LEVELS, MIN_CALIBRATED, LEVEL_PRIOR)
    members = (covered[:, classes == number] for number in range(N_CLASSES))
    recalibrated = np.array([_level_map(part, whole, MIN_CALIBRATED_CLASS, CLASS_PRIOR) for part in members])
    return factor, standard, recalibrated


def _class_factor(error, classes):
    """Root mean square of the errors of each class, shrunk to all classes, float (c,)."""
    squares = np.bincount(classes, error**2, minlength=N_CLASSES)
    counts = np.bincount(classes, minlength=N_CLASSES)
    whole = (squares.sum() + WHOLE_PRIOR) / (counts.sum() + WHOLE_PRIOR)
    return np.sqrt((squares + CLASS_PRIOR * whole) / (counts + CLASS_PRIOR))


def _covered(mean, sd, demand, standard):
    """Whether demand stayed within the quantile asked for at each level of the table, bool (L, k)."""
    return np.array(
        [
            demand <= combined_quantile(_gamma_at_table_level(mean, sd, row), mean, sd, standard[:, row])
            for row in range(len(TABLE_LEVELS))
        ]
    )


def _level_map(covered, lean, least, pseudo):
    """For each wanted level the level to ask for, from the coverage that each asked level reached, float (L,).

    :param covered: bool (L, k)
    :param lean: float (L,), the map to lean on with ``pseudo`` cases; it alone with fewer than ``least``
    """
    count = covered.shape[1]
    if count < least:
        return lean
    reached = np.clip(np.maximum.accumulate(covered.mean(axis=1)), 1e-4, 1 - 1e-4)
    reached += np.arange(len(reached)) * 1e-9
    asked = special.ndtr(np.interp(special.ndtri(TABLE_LEVELS), special.ndtri(reached), special.ndtri(TABLE_LEVELS)))
    weight = count / (count + pseudo)
    return weight * np.clip(asked, TABLE_LEVELS[0], TABLE_LEVELS[-1]) + (1 - weight) * lean
