"""Yearly profile of each item, leaning on its group, and weekday profile; both multiplicative.

Unshrunk yearly indices per item lose accuracy even with four years of history.  What pays is an item's own profile
smoothed over some nine weeks either way and held close to its group's:

    p_i(w) = (A_i(w) + k m_i G(w)) / (B_i(w) + k m_i)

with A_i(w) and B_i(w) the item's demand and its mean level m_i summed around week w of the year with a triangular
window, G the group's profile and k pseudo-weeks (gamma-Poisson shrinkage, Efron and Morris 1975).  Items with less
than a year of history take the group's profile.  G comes from the group's index b_t of the model y_it = a_i b_t
(alternating ratios, weights a_i^-1/2 so that a few large items do not decide alone) by penalised least squares on
log b_t = trend + profile (cyclic smoothness penalty, Whittaker 1923; Eilers and Marx 1996).  How much of it is used
(p^s, the strength s) is chosen per group by back-test on the items themselves.
"""

import itertools
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy import sparse

from .common import LEAST_FACTOR

KNOTS = 52
STRENGTHS = (0.0, 0.5, 1.0)
UNTESTED_STRENGTH = 0.5
MIN_YEARS = 1.15
OWN_YEARS = 1.0
ROUGHNESS = 4.0
PROFILE_RIDGE = 0.05
TREND_RIDGE = 5.0
GROUP_POWER = 0.75
PSEUDO_WEEKS = 1.5
WINDOW_WEEKS = 9
CUT_SD = 3.0
PROFILE_RANGE = (0.3, 4.0)
ANCHOR_DECAY_WEEK = 0.85
ANCHOR_WEEKS = 13
SAMPLE = 3000
GROUP_PRIOR = 60.0
WEEKDAY_PSEUDO_DAYS = 40.0


@dataclass(frozen=True)
class YearModel:
    """What is needed to give any series its yearly factors.

    :param moments: int (K + 1,), numbers of history periods at which a profile was learned, the last one the end
    :param profile: float (K + 1, g, 52), log profile of each group at each moment
    :param strength: float (g,)
    :param design: float32 (T + h, 52), interpolation between the knots at each period
    :param period_days: 1 or 7
    """

    moments: tuple
    profile: np.ndarray
    strength: np.ndarray
    design: np.ndarray
    period_days: int


def year_position(start, period_days, count):
    """Place of the middle of each period in the year, in weeks, float (count,) in [0, 52).

    >>> from datetime import date
    >>> year_position(date(2025, 1, 1), 7, 2).round(2).tolist()
    [0.43, 1.42]
    """
    middle = [start + timedelta(days=index * period_days + period_days // 2) for index in range(count)]
    day = np.array([day.timetuple().tm_yday - 1 for day in middle], dtype=np.float64)
    return np.minimum(day / 365.25, 1 - 1e-9) * KNOTS


def knot_design(position):
    """Linear interpolation between cyclic knots, float (T, 52).

    >>> knot_design(np.array([51.25]))[0, [51, 0]].tolist()
    [0.75, 0.25]
    """
    low = np.floor(position).astype(int)
    share = position - low
    design = np.zeros((len(position), KNOTS))
    rows = np.arange(len(position))
    design[rows, low % KNOTS] = 1 - share
    design[rows, (low + 1) % KNOTS] += share
    return design


def sum_by_group(group, n_groups):
    """Sparse matrix (g, n) that adds rows up by group."""
    n = len(group)
    return sparse.csr_matrix((np.ones(n, np.float32), (group, np.arange(n))), shape=(n_groups, n))


def sample_per_group(size, group, n_groups, limit=SAMPLE):
    """Sorted row numbers of about ``limit`` series at most, spread evenly over size within each group."""
    n = len(group)
    if n <= limit:
        return np.arange(n)
    order = np.lexsort((size, group))
    quota = max(limit // max(n_groups, 1), 20)
    bounds = np.searchsorted(group[order], np.arange(n_groups + 1))
    picked = []
    for first, last in itertools.pairwise(bounds):
        count = min(quota, last - first)
        picked.append(order[first + (np.arange(count) * (last - first)) // max(count, 1)])
    return np.sort(np.concatenate(picked))


def group_index(quantity, group, n_groups):
    """Index b_t of each group's demand, mean 1.

    :param quantity: float (n, T), NaN = unknown
    :returns: float (g, T); 1 where a group has nothing known
    """
    demand, known, level = _capped(quantity)
    demand /= np.sqrt(np.maximum(level, 1e-12))[:, None]
    adder = sum_by_group(group, n_groups)
    level = demand.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    total = adder @ demand
    index = np.ones(total.shape)
    for _round in range(2):
        expected = adder @ (known * level[:, None])
        index = np.where(expected > 0, total / np.maximum(expected, 1e-12), 1.0)
        index /= np.maximum(index.mean(axis=1, keepdims=True), 1e-12)
        level = demand.sum(axis=1) / np.maximum((known * index[group].astype(np.float32)).sum(axis=1), 1e-12)
    return index


def _capped(quantity):
    """Demand cut at mean + 3 sd with 0 where unknown, known as 0 or 1, mean of the cut demand; float32."""
    known = np.isfinite(quantity)
    demand = np.where(known, quantity, 0).astype(np.float32)
    known = known.astype(np.float32)
    count = np.maximum(known.sum(axis=1), 1)
    mean = demand.sum(axis=1) / count
    spread = np.sqrt(np.maximum(np.einsum("nt,nt->n", demand, demand) / count - mean**2, 0))
    np.minimum(demand, (mean + CUT_SD * spread)[:, None], out=demand)
    return demand, known, demand.sum(axis=1) / count


def fit_profile(index, design, years):
    """Log profile (52,) of one group, mean 0, from its index over the history.

    :param index: float (T,), positive
    :param design: float (T, 52), from :func:`knot_design`
    :param years: float (T,), time in years, for the trend
    """
    left = np.hstack([design, (years - years.mean())[:, None], np.ones((len(index), 1))])
    second = -2 * np.eye(KNOTS) + np.roll(np.eye(KNOTS), 1, axis=1) + np.roll(np.eye(KNOTS), -1, axis=1)
    normal = left.T @ left
    normal[:KNOTS, :KNOTS] += ROUGHNESS * second.T @ second + PROFILE_RIDGE * np.eye(KNOTS)
    normal[KNOTS, KNOTS] += TREND_RIDGE
    profile = np.linalg.solve(normal, left.T @ np.log(np.maximum(index, 0.02)))[:KNOTS]
    return profile - profile.mean()


def learn(quantity, group, n_groups, start, period_days, horizon, origins):
    """Yearly model of all groups from a sample of series, or None when there is too little history.

    :param quantity: float (n, T), a sample (:func:`sample_per_group`), events divided out
    :param origins: past origins of the back-test; before 1.15 years of history their profile is flat
    """
    periods = quantity.shape[1]
    least = int(np.ceil(MIN_YEARS * 365.25 / period_days))
    if periods < least or not len(quantity):
        return None
    design = knot_design(year_position(start, period_days, periods + horizon))
    profile = {periods: _group_profiles(quantity, group, n_groups, design, period_days)}
    ahead = max(1, 56 // period_days)
    tested = list(range(periods - ahead, least - 1, -ahead))[:5]
    for origin in {*tested, *(origin for origin in origins if origin >= least)}:
        profile[origin] = _group_profiles(quantity[:, :origin], group, n_groups, design, period_days)
    flat = np.zeros((n_groups, KNOTS))
    moments = (*origins, periods)
    narrow = design.astype(np.float32)
    model = YearModel(
        moments, np.array([profile.get(moment, flat) for moment in moments]), np.ones(n_groups), narrow, period_days
    )
    strength = _choose_strength(model, quantity, group, n_groups, profile, tested, ahead)
    return YearModel(moments, model.profile, strength, narrow, period_days)


def _group_profiles(quantity, group, n_groups, design, period_days):
    periods = quantity.shape[1]
    years = np.arange(periods) * period_days / 365.25
    index = group_index(quantity, group, n_groups)
    return np.array([fit_profile(row, design[:periods], years) for row in index])


def item_profiles(model, log_profile, quantity, group):
    """Yearly profile of each item, float32 (n, 52), mean 1, at full strength.

    :param log_profile: float (g, 52), of the groups, learned from the same history
    :param quantity: float (n, periods), the history up to the moment
    """
    periods = quantity.shape[1]
    lean = np.exp(GROUP_POWER * log_profile).astype(np.float32)[group]
    demand, known, level = _capped(quantity)
    spread = model.design[:periods] @ _window()
    own, base = demand @ spread, known @ spread
    own /= np.where(level > 0, level, 1)[:, None]
    days = known.sum(axis=1) * model.period_days
    pseudo = np.where((days >= OWN_YEARS * 364) & (level > 0), PSEUDO_WEEKS * 7 / model.period_days, 1e6)
    pseudo = pseudo.astype(np.float32)[:, None]
    profile = np.clip((own + pseudo * lean) / (base + pseudo), *PROFILE_RANGE)
    return profile / profile.mean(axis=1, keepdims=True)


def _window():
    """Cyclic triangular weights between knots, float32 (52, 52), rows add up to 1."""
    distance = np.abs(np.subtract.outer(np.arange(KNOTS), np.arange(KNOTS)))
    distance = np.minimum(distance, KNOTS - distance)
    weight = np.maximum(WINDOW_WEEKS + 1 - distance, 0).astype(np.float32)
    return weight / weight.sum(axis=1, keepdims=True)


def factors(model, quantity, group):
    """Yearly factors of a block of series, float32 (T + h, B), and of each origin's horizon, list of (h, B).

    A factor of an origin is what would have been known there: its profile is learned before the origin and put in
    relation to the recent level, which is measured in units of the final profile.

    :param quantity: float (B, T), events divided out
    """
    periods = quantity.shape[1]
    strength = model.strength[group].astype(np.float32)[:, None]
    final = item_profiles(model, model.profile[-1], quantity, group) ** strength
    factor = model.design @ final.T
    horizon = len(model.design) - periods
    at_origins = []
    for moment, log_profile in zip(model.moments[:-1], model.profile[:-1], strict=True):
        then = item_profiles(model, log_profile, quantity[:, :moment], group) ** strength
        weight = _anchor(moment, model.period_days)
        recent = slice(moment - len(weight), moment)
        past = model.design[recent] @ then.T
        ratio = (weight @ factor[recent]) / (weight @ past)
        at_origins.append(model.design[moment : moment + horizon] @ then.T * ratio)
    return factor, at_origins


def _anchor(moment, period_days):
    count = min(moment, ANCHOR_WEEKS * 7 // period_days)
    weight = (ANCHOR_DECAY_WEEK ** (period_days / 7)) ** np.arange(count)[::-1]
    return (weight / weight.sum()).astype(np.float32)


def _choose_strength(model, quantity, group, n_groups, profile, origins, ahead):
    """Strength per group with the least scaled error of a plain level over past origins."""
    if not origins:
        return np.full(n_groups, UNTESTED_STRENGTH)
    adder = sum_by_group(group, n_groups)
    loss, weight = np.zeros((n_groups, len(STRENGTHS))), np.zeros(n_groups)
    for origin in origins:
        own = item_profiles(model, profile[origin], quantity[:, :origin], group)
        errors, used = _strength_errors(quantity[:, : origin + ahead], origin, np.log(own @ model.design.T))
        loss += adder @ errors
        weight += adder @ used
    pooled = loss.sum(axis=0) / max(weight.sum(), 1e-12)
    shrunk = (loss + GROUP_PRIOR * pooled) / (weight + GROUP_PRIOR)[:, None]
    return np.array(STRENGTHS)[shrunk.argmin(axis=1)]


def _strength_errors(quantity, origin, log_factor):
    """Scaled absolute error of each series (n, strengths) of a plain level, and 1 where it counts (n,)."""
    decay = (0.93 ** np.arange(origin)[::-1]).astype(np.float32)
    demand, known, scale = _capped(quantity[:, :origin])
    used = ((known.sum(axis=1) >= 26) & (scale > 0)).astype(np.float64)
    actual = quantity[:, origin:]
    weight = np.maximum(known @ decay, 1e-9)
    seen = np.where(np.isfinite(actual), actual, 0).sum(axis=1)
    errors = np.zeros((len(quantity), len(STRENGTHS)))
    for column, strength in enumerate(STRENGTHS):
        factor = np.exp(strength * log_factor)
        level = (demand / factor[:, :origin]) @ decay / weight
        forecast = (np.isfinite(actual) * factor[:, origin : quantity.shape[1]]).sum(axis=1) * level
        error = np.abs(forecast - seen) / np.maximum(scale * actual.shape[1], 1e-12)
        errors[:, column] = used * np.minimum(error, 5.0)
    return errors, used


def weekday(quantity, group, n_groups):
    """Weekday factors of daily series, shrunk to their group, float32 (n, 7), mean 1; column 0 is the first day's.

        f_iw = (days_w r_iw + k g_w) / (days_w + k),   r_iw = g_w + B_i (mean demand on w / m_i - g_w)

    k = 40 / 7 pseudo-days per weekday; B_i = 1 - noise / observed squared distance from the group, not below 0 (James
    and Stein 1961), so that an item with a handful of sales does not take the days they fell on for its habit.
    """
    known = np.isfinite(quantity)
    demand = np.where(known, quantity, 0).astype(np.float32)
    picker = np.equal.outer(np.arange(quantity.shape[1]) % 7, np.arange(7)).astype(np.float32)
    days = known.astype(np.float32) @ picker
    total = np.maximum(days.sum(axis=1), 1)
    mean = demand.sum(axis=1) / total
    scale = np.where(mean > 0, mean, 1)
    relative = demand @ picker / scale[:, None]
    squares = np.einsum("nt,nt->n", demand, demand) / total / scale**2
    days *= (mean > 0)[:, None]
    adder = sum_by_group(group, n_groups)
    pseudo = WEEKDAY_PSEUDO_DAYS / 7
    overall = (relative.sum(axis=0) + pseudo) / (days.sum(axis=0) + pseudo)
    lean = ((adder @ relative + 7 * pseudo * overall) / (adder @ days + 7 * pseudo))[group]
    ratio = relative / np.maximum(days, 1)
    keep = _believed(ratio, lean, days, squares)[:, None]
    own = (keep * relative + (1 - keep) * lean * days + pseudo * lean) / (days + pseudo)
    # the level is not learned on such days, so that what shrinkage adds to them would come on top
    own = np.where((own < LEAST_FACTOR) & (days > 0), ratio, own)
    return (own / own.mean(axis=1, keepdims=True)).astype(np.float32)


def _believed(ratio, lean, days, squares):
    """Share of an item's distance from its group that is more than noise, float (n,)."""
    within = np.maximum(squares - (ratio**2).mean(axis=1), 0)
    noise = (within[:, None] / np.maximum(days, 1)).mean(axis=1)
    observed = ((ratio - lean) ** 2).mean(axis=1)
    return np.clip(1 - noise / np.maximum(observed, 1e-9), 0, 1)
