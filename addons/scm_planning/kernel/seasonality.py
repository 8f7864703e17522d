"""Yearly profile pooled by group and weekday profile shrunk to the group; both multiplicative.

Per-item yearly indices lose accuracy even with four years of history, so a yearly profile is only ever learned for
a whole group: from the group's index b_t of the model  y_it = a_i b_t  (fitted by alternating ratios, weights
a_i^-1/2 so that a few large items do not decide alone), by penalised least squares on log b_t = trend + profile(week
of the year) with a cyclic smoothness penalty (Whittaker 1923; Eilers and Marx 1996).  How much of the profile is
used (its *strength* s, factor = profile^s) is chosen per group by back-test on the items themselves.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy import sparse

KNOTS = 52
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
MIN_PERIODS_YEARS = 1.15
ROUGHNESS = 4.0
PROFILE_RIDGE = 0.05
TREND_RIDGE = 5.0
SAMPLE = 12000
GROUP_PRIOR = 60.0
WEEKDAY_PSEUDO_DAYS = 40.0


@dataclass(frozen=True)
class Season:
    """Factors per group, history and forecast periods together.

    :param factor: float32 (g, T + h)
    :param strength: float (g,), how much of the yearly profile is used
    """

    factor: np.ndarray
    strength: np.ndarray


def year_position(start, period_days, count):
    """Place of the middle of each period in the year, in weeks, float (count,) in [0, 52).

    >>> from datetime import date
    >>> year_position(date(2025, 1, 1), 7, 2).round(2).tolist()
    [0.43, 1.42]
    """
    middle = [start + timedelta(days=index * period_days + period_days // 2) for index in range(count)]
    day = np.array([day.timetuple().tm_yday - 1 for day in middle], dtype=np.float64)
    return np.minimum(day / 365.25, 1 - 1e-9) * KNOTS


def sum_by_group(group, n_groups):
    """Sparse matrix (g, n) that adds rows up by group."""
    n = len(group)
    return sparse.csr_matrix((np.ones(n, np.float32), (group, np.arange(n))), shape=(n_groups, n))


def sample_per_group(size, group, n_groups, limit=SAMPLE):
    """Sorted row numbers of at most ``limit`` series, spread evenly over size within each group."""
    n = len(group)
    if n <= limit:
        return np.arange(n)
    order = np.lexsort((size, group))
    quota = max(limit // max(n_groups, 1), 50)
    bounds = np.searchsorted(group[order], np.arange(n_groups + 1))
    picked = []
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        count = min(quota, last - first)
        picked.append(order[first + (np.arange(count) * (last - first)) // max(count, 1)])
    return np.sort(np.concatenate(picked))


def group_index(quantity, group, n_groups):
    """Index b_t of each group's demand, mean 1 over its known periods.

    :param quantity: float (n, T), NaN = unknown
    :returns: float (g, T); 1 where a group has nothing known
    """
    known = np.isfinite(quantity)
    demand = np.where(known, quantity, 0).astype(np.float32)
    count = np.maximum(known.sum(axis=1), 1)
    mean = demand.sum(axis=1) / count
    spread = np.sqrt(np.maximum((demand * demand).sum(axis=1) / count - mean**2, 0))
    np.minimum(demand, (mean + 3 * spread)[:, None], out=demand)
    demand /= np.sqrt(np.maximum(mean, 1e-12))[:, None]
    adder = sum_by_group(group, n_groups)
    mask = known.astype(np.float32)
    level = demand.sum(axis=1) / count
    total = adder @ demand
    for _round in range(3):
        expected = adder @ (mask * level[:, None])
        index = np.where(expected > 0, total / np.maximum(expected, 1e-12), 1.0)
        index /= np.maximum(index.mean(axis=1, keepdims=True), 1e-12)
        level = demand.sum(axis=1) / np.maximum((mask * index[group]).sum(axis=1), 1e-12)
    return index.astype(np.float64)


def fit_profile(index, position, years):
    """Log profile (52,) of one group, mean 0, from its index over the history.

    :param index: float (T,), positive
    :param position: float (T,), from :func:`year_position`
    :param years: float (T,), time in years, for the trend
    """
    design = _profile_design(position)
    periods = len(index)
    left = np.hstack([design, (years - years.mean())[:, None], np.ones((periods, 1))])
    second = -2 * np.eye(KNOTS) + np.roll(np.eye(KNOTS), 1, axis=1) + np.roll(np.eye(KNOTS), -1, axis=1)
    normal = left.T @ left
    normal[:KNOTS, :KNOTS] += ROUGHNESS * second.T @ second + PROFILE_RIDGE * np.eye(KNOTS)
    normal[KNOTS, KNOTS] += TREND_RIDGE
    target = np.log(np.maximum(index, 0.02))
    profile = np.linalg.solve(normal, left.T @ target)[:KNOTS]
    return profile - profile.mean()


def _profile_design(position):
    """Linear interpolation between cyclic knots, float (T, 52)."""
    low = np.floor(position).astype(int)
    share = position - low
    design = np.zeros((len(position), KNOTS))
    rows = np.arange(len(position))
    design[rows, low % KNOTS] = 1 - share
    design[rows, (low + 1) % KNOTS] += share
    return design


def yearly(quantity, group, n_groups, start, period_days, horizon):
    """Yearly factors of each group for history and horizon.

    :param quantity: float (n, T), a sample of series (:func:`sample_per_group`), events divided out
    :returns: :class:`Season`; factor 1 throughout with less than 1.15 years of history
    """
    periods = quantity.shape[1]
    neutral = Season(np.ones((n_groups, periods + horizon), np.float32), np.zeros(n_groups))
    if periods * period_days < MIN_PERIODS_YEARS * 365.25 or not len(quantity):
        return neutral
    position = year_position(start, period_days, periods + horizon)
    index = group_index(quantity, group, n_groups)
    profile = _fit_all(index, position, period_days, periods)
    strength = _choose_strength(quantity, group, n_groups, index, position, period_days)
    factor = np.exp(strength[:, None] * (profile @ _profile_design(position).T))
    return Season(factor.astype(np.float32), strength)


def _fit_all(index, position, period_days, periods):
    years = np.arange(periods) * period_days / 365.25
    return np.array([fit_profile(row[:periods], position[:periods], years) for row in index])


def _choose_strength(quantity, group, n_groups, index, position, period_days):
    """Strength per group with the least scaled error over past origins, profiles learned before each origin."""
    periods = quantity.shape[1]
    ahead = max(1, 56 // period_days)
    earliest = int(np.ceil(MIN_PERIODS_YEARS * 365.25 / period_days))
    origins = np.arange(periods - ahead, earliest - 1, -ahead)[:6]
    if not len(origins):
        return np.zeros(n_groups)
    loss = np.zeros((n_groups, len(STRENGTHS)))
    weight = np.zeros(n_groups)
    for origin in origins:
        partial = group_index(quantity[:, :origin], group, n_groups)
        profile = _fit_all(partial, position, period_days, origin)
        design = _profile_design(position[: origin + ahead])
        errors, used = _strength_errors(quantity[:, : origin + ahead], origin, profile @ design.T, group)
        loss += sum_by_group(group, n_groups) @ errors
        weight += np.bincount(group, used, minlength=n_groups)
    pooled = loss.sum(axis=0) / max(weight.sum(), 1e-12)
    shrunk = (loss + GROUP_PRIOR * pooled) / (weight + GROUP_PRIOR)[:, None]
    return np.array(STRENGTHS)[shrunk.argmin(axis=1)]


def _strength_errors(quantity, origin, log_profile, group):
    """Scaled squared error of each series (n, strengths) of a simple level, and 1 where it counts (n,)."""
    age = np.arange(origin)[::-1]
    decay = (0.93**age).astype(np.float32)
    known = np.isfinite(quantity[:, :origin])
    history = np.where(known, quantity[:, :origin], 0)
    scale = history.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    used = ((known.sum(axis=1) >= 26) & (scale > 0)).astype(np.float64)
    actual = quantity[:, origin:]
    errors = np.zeros((len(quantity), len(STRENGTHS)))
    weight = np.maximum((known * decay).sum(axis=1), 1e-9)
    for column, strength in enumerate(STRENGTHS):
        factor = np.exp(strength * log_profile)
        level = ((history / factor[group][:, :origin]) * decay).sum(axis=1) / weight
        forecast = (level[:, None] * factor[group][:, origin:]).sum(axis=1)
        error = (forecast - np.nansum(actual, axis=1)) / np.maximum(scale * actual.shape[1], 1e-12)
        errors[:, column] = used * np.minimum(np.abs(error), 5.0)
    return errors, used


def weekday(quantity, group, n_groups, start):
    """Weekday factors of daily series, shrunk to their group, float32 (n, 7), mean 1; column 0 = weekday of ``start``.

    f_iw = (sum of the item's demand on w + k g_w m_i) / (days known + k) / m_i with k = 40 pseudo-days in all.
    """
    periods = quantity.shape[1]
    known = np.isfinite(quantity)
    demand = np.where(known, quantity, 0)
    column = np.arange(periods) % 7
    picker = np.equal.outer(column, np.arange(7)).astype(np.float32)
    by_day = demand.astype(np.float32) @ picker
    days = known.astype(np.float32) @ picker
    mean = by_day.sum(axis=1) / np.maximum(days.sum(axis=1), 1)
    relative = by_day / np.maximum(mean, 1e-12)[:, None]
    adder = sum_by_group(group, n_groups)
    overall = relative.sum(axis=0) / np.maximum(days.sum(axis=0), 1)
    pseudo = 7 * WEEKDAY_PSEUDO_DAYS
    group_factor = (adder @ relative + pseudo * overall) / (adder @ days + pseudo)
    own = (relative + WEEKDAY_PSEUDO_DAYS / 7 * group_factor[group]) / (days + WEEKDAY_PSEUDO_DAYS / 7)
    return (own / np.maximum(own.mean(axis=1, keepdims=True), 1e-12)).astype(np.float32)
