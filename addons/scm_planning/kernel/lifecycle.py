"""The two ends of an item's life: what a new item borrows from a like-item, and what is left of one that ends.

A new item k with a like-item is forecast as

    mean_k(j) = (1 - w) s_k ramp_k(j) mean_like(j) + w own_k(j),      w = n / (n + OWN_WEEKS)

with n its own known periods and ``own`` what the forecast kernel says of its short history. The scale s is the mean of
a gamma posterior (the Gamma-Poisson model, Gelman et al. 2013, section 2.6): prior mean s0 worth PRIOR_WEEKS periods of
the like-item's level m, and each period of own sales against the like-item's demand of the very same period, so that
season and events that both share cancel out:

    s = (PRIOR_WEEKS m s0 + sum own) / (PRIOR_WEEKS m + sum ramp x like),   cv(s)^2 = PRIOR_CV^2 prior share of the sum

Quantities are in each item's own unit, one period is a week; j counts forecast periods from 0.
"""

from dataclasses import dataclass, replace

import numpy as np

CURVES = ("linear", "fast", "slow")
PRIOR_WEEKS = 2.0
PRIOR_CV = 0.6
OWN_WEEKS = 8.0
# How far the scale of an item without any sale is drawn from its like-item's level to that of the category
REGRESSION = 0.4
SLOPE_BOUNDS = (-1.5, 0.0)
SLOPE_PRIOR_ITEMS = 20.0
SCALE_BOUNDS = (0.1, 5.0)
EPS = 1e-9


def ramp_share(age, weeks_to_full, curve="linear"):
    """Share of its full level at which an item sells in the week that starts ``age`` weeks after its launch.

    :param age: float, weeks since launch; below -1 is before it: 0
    :param weeks_to_full: float, 0 = full at once
    :param curve: ``linear``; ``fast`` 1 - (1 - u)^2; ``slow`` u^2 (3 - 2 u), with u the share of the weeks gone

    >>> ramp_share(np.array([-1.0, 0.0, 2.0, 4.0]), 4.0).tolist(), float(ramp_share(0.0, 0.0))
    ([0.0, 0.125, 0.625, 1.0], 1.0)
    """
    age, weeks = np.asarray(age, float), np.asarray(weeks_to_full, float)
    if curve not in CURVES:
        raise ValueError(f"curve must be one of {CURVES}, got {curve!r}")
    # the part of its first week in which it was sold already
    begun = np.clip(age + 1, 0, 1)
    gone = np.clip((age + 0.5) / np.maximum(weeks, EPS), 0, 1)
    shape = {"linear": gone, "fast": 1 - (1 - gone) ** 2, "slow": gone**2 * (3 - 2 * gone)}[curve]
    return np.where(weeks > 0, shape, 1.0) * begun


def price_slope(level, price, group):
    """Percent more demand per percent more price between the items of a group: least squares on logarithms.

    Pooled over the groups, with the means of each group taken out, shrunk to 0 as if by 20 items, within [-1.5, 0].

    >>> round(price_slope(np.array([8.0, 4.0, 2.0] * 40), np.array([1.0, 2.0, 4.0] * 40), np.zeros(120, int)), 2)
    -0.86
    """
    level, price, group = np.asarray(level, float), np.asarray(price, float), np.asarray(group)
    good = (level > 0) & (price > 0)
    if good.sum() < 3:
        return 0.0
    _labels, member = np.unique(group[good], return_inverse=True)
    count = np.bincount(member)

    def centred(values):
        return values - (np.bincount(member, values) / count)[member]

    x, y = centred(np.log(price[good])), centred(np.log(level[good]))
    typical = float((x**2).mean())
    slope = float(x @ y) / (float(x @ x) + SLOPE_PRIOR_ITEMS * typical) if typical > EPS else 0.0
    return float(np.clip(slope, *SLOPE_BOUNDS))


def prior_scale(price, like_price, like_level, typical_level, slope):
    """Scale of an item before its first sale, float (k,).

        s0 = (price / price of the like-item)^slope x (typical level / level of the like-item)^0.4

    The second factor draws towards the median of the category, as the most similar item may be a best-seller by
    chance. What is not known (0) counts as a ratio of 1; s0 stays within 0.1 and 5.

    >>> prior_scale(np.array([10.0]), np.array([10.0]), np.array([32.0]), np.array([1.0]), -0.5).round(3).tolist()
    [0.25]
    """
    ratio = np.where((price > 0) & (like_price > 0), price / np.maximum(like_price, EPS), 1.0)
    typical = np.where((typical_level > 0) & (like_level > 0), typical_level / np.maximum(like_level, EPS), 1.0)
    return np.clip(ratio**slope * typical**REGRESSION, *SCALE_BOUNDS)


def typical_level(level, group, wanted, pseudo=5.0):
    """Median level of the grown items of each wanted group, shrunk to the median of all by five items, float (k,).

    >>> typical_level(np.array([2.0, 4.0, 6.0]), np.array([1, 1, 2]), np.array([1, 9]), pseudo=0.0).tolist()
    [3.0, 4.0]
    """
    level, group = np.asarray(level, float), np.asarray(group)
    sold = level > 0
    if not sold.any():
        return np.zeros(len(wanted))
    overall = float(np.median(level[sold]))
    found = {}
    for label in np.unique(wanted):
        mates = level[sold & (group == label)]
        own = float(np.median(mates)) * len(mates) if len(mates) else 0.0
        found[label] = (own + pseudo * overall) / (len(mates) + pseudo) if len(mates) + pseudo > 0 else overall
    return np.array([found[label] for label in wanted])


@dataclass(frozen=True)
class NewItems:
    """New items with a like-item each; T history periods, h forecast periods.

    :param row: int (k,), row of each item in the forecast
    :param like: int (k,), row of its like-item
    :param scale: float (k,), prior scale s0
    :param typed: bool (k,), the planner typed the scale: it counts as four times the prior weeks
    :param share_past: float (k, T), ramp in each period of history, 0 before launch
    :param share_ahead: float (k, h)
    """

    row: np.ndarray
    like: np.ndarray
    scale: np.ndarray
    typed: np.ndarray
    share_past: np.ndarray
    share_ahead: np.ndarray


def posterior_scale(items, quantity, level):
    """Scale after own sales, its coefficient of variation, and own known periods: float (k,), (k,), int (k,).

    :param items: :class:`NewItems`
    :param quantity: float (n, T), history of the whole panel, NaN = not known
    :param level: float (n,), usual demand per period

    Prior 1 worth two weeks of 10, then two weeks of 5 against 10: half way.

    >>> one = NewItems(*(np.array([v]) for v in (0, 1, 1.0, False)), np.ones((1, 2)), np.ones((1, 3)))
    >>> scale, cv, known = posterior_scale(one, np.array([[5.0, 5.0], [10.0, 10.0]]), np.array([5.0, 10.0]))
    >>> scale.tolist(), cv.round(3).tolist(), known.tolist()
    ([0.75], [0.424], [2])
    """
    own, like = quantity[items.row].astype(float), quantity[items.like].astype(float)
    usual = np.maximum(level[items.like], EPS)
    # the like-item's own noise is halved by its usual demand
    exposure = items.share_past * 0.5 * (np.where(np.isfinite(like), like, usual[:, None]) + usual[:, None])
    known = np.isfinite(own) & (items.share_past > 0)
    prior = PRIOR_WEEKS * np.where(items.typed, 4.0, 1.0) * usual
    seen = np.where(known, exposure, 0.0).sum(axis=1)
    sold = np.where(known, np.nan_to_num(own), 0.0).sum(axis=1)
    scale = (prior * items.scale + sold) / (prior + seen)
    return scale, PRIOR_CV * np.sqrt(prior / (prior + seen)), known.sum(axis=1)


def borrow(result, items, scale, cv, known):
    """The forecast with the rows of new items shaped after their like-items: a new ``ForecastResult``.

    The sd is the like-item's times max(s, sqrt(s)) (sd of counts falls with the root), and the uncertainty of the
    scale on top; over several periods that part is one and the same error, which ``response`` carries into the
    calibrated lead-time demand.

    :param result: :class:`.datatypes.ForecastResult`; ``scale``, ``cv``, ``known`` of :func:`posterior_scale`
    """
    if not len(items.row):
        return result
    row, like = items.row, items.like
    weight = (known / (known + OWN_WEEKS))[:, None]
    like_mean = result.mean[like].astype(float)
    borrowed = scale[:, None] * items.share_ahead * like_mean
    mean = (1 - weight) * borrowed + weight * result.mean[row]
    spread = np.maximum(scale, np.sqrt(scale))
    level = np.maximum(scale * like_mean.mean(axis=1), EPS)
    sigma_like = result.sigma[like] * spread
    sigma = np.sqrt(sigma_like**2 + (cv * level) ** 2)
    wider = sigma / np.maximum(sigma_like, EPS)
    part = np.sqrt(items.share_ahead)
    offset = (result.quantile[like] - like_mean[:, None, :]) * (spread * np.minimum(wider, 4.0))[:, None, None]
    quantile = np.maximum.accumulate(np.maximum(mean[:, None, :] + offset * part[:, None, :], 0), axis=1)
    # the part of the variance that is the same error in every period
    common = (cv * level) ** 2 / np.maximum(sigma**2, EPS)
    table = result.lead_time
    response = np.array(np.broadcast_to(np.asarray(table.response, float), (len(result.mean),)))
    response[row] = np.clip(np.maximum(response[like], common), 0, 1)
    lead_time = replace(
        table,
        spread_class=_put(table.spread_class, row, table.spread_class[like]),
        spread_scale=_put(table.spread_scale, row, table.spread_scale[like] * part),
        response=response,
    )
    flags = result.flags | {"like_item": _put(np.zeros(len(result.mean), bool), row, True)}
    return replace(
        result,
        mean=_put(result.mean, row, mean),
        quantile=_put(result.quantile, row, quantile),
        sigma=_put(result.sigma, row, sigma),
        season_factor=_put(result.season_factor, row, result.season_factor[like]),
        event_factor=_put(result.event_factor, row, result.event_factor[like]),
        bias_factor=_put(result.bias_factor, row, result.bias_factor[like]),
        pattern=_put(result.pattern, row, "new"),
        flags=flags,
        lead_time=lead_time,
    )


def _put(values, rows, new):
    """Array with other rows; a copy, because factors may be views."""
    changed = np.array(values)
    changed[rows] = new
    return changed


def before_day(days, horizon, period_days=7):
    """Share of each forecast period that lies before a day, float (n, h).

    :param days: float (n,), days from the start of the first period to the first day that does not count; inf = never

    >>> before_day(np.array([10.0, np.inf, -3.0]), 3).round(2).tolist()
    [[1.0, 0.43, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """
    start = np.arange(horizon) * period_days
    return np.clip((np.asarray(days, float)[:, None] - start) / period_days, 0.0, 1.0)


def set_periods(result, rows, mean):
    """The forecast with another mean for the periods of some rows; spread and quantiles follow.

    Their distance from the mean goes with the root of the ratio where demand shrinks, as of counts, and with the ratio
    where it grows, at most four times. A period without demand has no spread.

    :param rows: int (k,); ``mean``: float (k, h), 0 or more
    """
    if not len(rows):
        return result
    # what is left of a difference of equal numbers may lie a hair below 0
    mean = np.where(mean > EPS, mean, 0.0)
    table, before = result.lead_time, result.mean[rows].astype(float)
    share = np.where(before > EPS, mean / np.maximum(before, EPS), 0.0)
    root = np.where(share < 1, np.sqrt(np.maximum(share, 0)), np.minimum(share, 4.0))
    offset = (result.quantile[rows] - before[:, None, :]) * root[:, None, :]
    quantile = np.maximum(mean[:, None, :] + offset, 0) * (mean > 0)[:, None, :]
    return replace(
        result,
        mean=_put(result.mean, rows, mean),
        quantile=_put(result.quantile, rows, np.maximum.accumulate(quantile, axis=1)),
        lead_time=replace(table, spread_scale=_put(table.spread_scale, rows, table.spread_scale[rows] * root)),
    )


def use_up(demand, stock, factor):
    """How much of a successor's demand its predecessor's stock still serves, float (k, h) in the predecessor's unit.

        cumulated use(j) = min(stock, cumulated demand(j) / factor)

    :param demand: float (k, h), demand of the successor after the switch
    :param stock: float (k,), what is left of the predecessor at the switch
    :param factor: float (k,), units of the successor for one of the predecessor

    >>> use_up(np.array([[4.0, 4.0, 4.0]]), np.array([6.0]), np.array([1.0])).tolist()
    [[4.0, 2.0, 0.0]]
    """
    asked = np.cumsum(np.asarray(demand, float), axis=1) / np.maximum(factor, EPS)[:, None]
    return np.diff(np.minimum(asked, np.maximum(stock, 0.0)[:, None]), axis=1, prepend=0.0)


def inherit_history(quantity, in_stock, pairs):
    """History of predecessors added to that of their successors, in place.

    :param quantity: float (n, T), NaN = not known; ``in_stock``: float (n, T) or None
    :param pairs: (predecessor row, successor row, factor) in the order of the chain, the oldest first; a successor
        of several predecessors takes over the history of each

    >>> table = np.array([[4.0, 4.0, 1.0], [np.nan, np.nan, 2.0]])
    >>> inherit_history(table, None, [(0, 1, 0.5)])
    >>> table[1].tolist()
    [2.0, 2.0, 2.5]
    """
    for before, after, factor in pairs:
        known = np.isfinite(quantity[before])
        own = np.isfinite(quantity[after])
        total = np.where(own, quantity[after], 0) + np.where(known, factor * quantity[before], 0)
        if in_stock is not None:
            # either of the two could be sold; before the successor came only the predecessor could
            either = np.maximum(in_stock[after], in_stock[before])
            one = np.where(own, in_stock[after], in_stock[before])
            in_stock[after] = np.where(own & known, either, one)
        quantity[after] = np.where(own | known, total, np.nan)


def chain_order(edges):
    """Edges (predecessor, successor) ordered so that what a predecessor inherits is there before it passes it on.

    :raises ValueError: when the edges close a circle; its members are ``error.args[1]``

    >>> chain_order([("b", "c"), ("a", "b")])
    [('a', 'b'), ('b', 'c')]
    """
    waiting, ordered = list(edges), []
    while waiting:
        targets = {after for _before, after in waiting}
        ready = [edge for edge in waiting if edge[0] not in targets]
        if not ready:
            raise ValueError("successors close a circle", _circle(waiting))
        ordered += ready
        waiting = [edge for edge in waiting if edge[0] in targets]
    return ordered


def _circle(edges):
    """Members of one circle, in order: whoever is left has a predecessor that is left, so going back ends in it."""
    back = {after: before for before, after in edges}
    path = [edges[0][0]]
    while path[-1] not in path[:-1]:
        path.append(back[path[-1]])
    return path[path.index(path[-1]) + 1 :][::-1]


def last_buy(quantile, position, step=1.0):
    """Units to buy a last time: what may still be asked until the end less what is there, rounded up to the step.

    >>> last_buy(np.array([50.0, 20.0]), np.array([12.5, 30.0])).tolist()
    [38.0, 0.0]
    """
    short = np.maximum(np.asarray(quantile, float) - position, 0.0)
    return np.ceil(np.round(short / step, 6)) * step
