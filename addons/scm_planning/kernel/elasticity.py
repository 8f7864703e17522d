"""How demand answers to a lower price, and what a markdown or a bundle brings.

Constant elasticity: ``q = k p^e`` (the log-log model; Tellis 1988).  Each item's own estimate from its weeks is shrunk
to its category, that to the company, and that to the mean of published studies (normal hierarchy, Lindley and Smith
1972): ``b* = (b/v + m/t2) / (1/v + 1/t2)`` with v the variance of the estimate and t2 the spread around the mean m.
"""

from dataclasses import dataclass

import numpy as np

#: mean of 367 published elasticities (Tellis 1988) and how far they spread
PRIOR_MEAN, PRIOR_VARIANCE = -1.76, 1.0
SPREAD_CATEGORY, SPREAD_ITEM = 0.25, 0.5
MIN_WEEKS, MIN_PRICE_SPREAD = 8, 0.01
RANGE = (-6.0, -0.1)
DEPTH_STEP = 0.05
BUNDLE_DISCOUNT = 0.10
SOURCES = ("own", "category", "company", "studies")


@dataclass(frozen=True)
class Elasticity:
    """Elasticity of each item.

    :param value: float (n,), below 0
    :param sample: int (n,), weeks behind the item's own estimate
    :param source: int (n,), place in ``SOURCES`` of what weighs most
    :param own: float (n,), the item's own estimate, NaN without enough evidence
    """

    value: np.ndarray
    sample: np.ndarray
    source: np.ndarray
    own: np.ndarray


def estimate(weeks, sxx, sxy, syy, category):
    """:class:`Elasticity` from the sums of each item's weekly logarithms.

    :param weeks: int (n,), weeks with sales
    :param sxx, sxy, syy: float (n,), centred sums of log price x and log quantity y
    :param category: int (n,), numbers from 0

    Without evidence there is the mean of the studies; with much of it, the item's own figure.

    >>> known = estimate(np.array([0, 100]), np.array([0.0, 4.0]), np.array([0.0, -12.0]), np.array([0.0, 36.4]),
    ...                  np.array([0, 1]))
    >>> known.value.round(2).tolist(), [SOURCES[source] for source in known.source]
    ([-2.59, -3.0], ['company', 'own'])
    """
    usable = (weeks >= MIN_WEEKS) & (sxx / np.maximum(weeks, 1) >= MIN_PRICE_SPREAD**2) & (sxx > 0)
    safe = np.where(usable, sxx, 1.0)
    own = np.where(usable, sxy / safe, 0.0)
    residual = np.maximum(syy - own * sxy, 0.0) / np.maximum(weeks - 2, 1)
    variance = np.maximum(residual / safe, 1e-4)
    evidence = np.where(usable, 1 / (variance + SPREAD_ITEM), 0.0)
    company, company_weight = _pool(own, evidence, np.zeros(len(own), int), np.array([PRIOR_MEAN]), PRIOR_VARIANCE)
    n_categories = int(category.max(initial=-1)) + 1
    group, group_weight = _pool(own, evidence, category, np.full(n_categories, company[0]), SPREAD_CATEGORY)
    trust = np.where(usable, SPREAD_ITEM / (SPREAD_ITEM + variance), 0.0)
    value = trust * own + (1 - trust) * group[category]
    source = np.select(
        [trust >= 0.5, group_weight[category] >= 0.5, np.full(len(own), company_weight[0] >= 0.5)], [0, 1, 2], 3
    )
    return Elasticity(np.clip(value, *RANGE), weeks.astype(int), source, np.where(usable, own, np.nan))


def _pool(own, evidence, group, mean, variance):
    """Posterior mean of each group, and the weight of its own items in it."""
    weight = np.bincount(group, evidence, minlength=len(mean))
    total = np.bincount(group, evidence * own, minlength=len(mean))
    return (total + mean / variance) / (weight + 1 / variance), weight / (weight + 1 / variance)


@dataclass(frozen=True)
class Markdown:
    """What the best depth brings, per item; ``depth`` 0 = a lower price brings nothing.

    :param depth: float (n,), share taken off the price
    :param units: float (n,), units sold because of it
    :param cash: float (n,), price per unit that is then paid
    :param cost: float (n,), cash per unit that is lost on what would have sold anyway
    :param days: float (n,), days that it takes
    """

    depth: np.ndarray
    units: np.ndarray
    cash: np.ndarray
    cost: np.ndarray
    days: np.ndarray


def best_markdown(excess, demand_day, price, elasticity, holding_month, scrap, horizon_days, most):
    """:class:`Markdown` with the depth that recovers most over the horizon, left-overs counted at their scrap value.

    At depth x, ``extra = demand x horizon x ((1 - x)^e - 1)`` units more are sold, and whatever would have sold anyway
    brings x less.  Half of the time is the mean wait for a unit, which costs to keep it.

    :param scrap: float (n,), value of a unit that stays
    :param horizon_days: days that the sale may last; :param most: deepest markdown, e.g. 0.5

    100 too many at 2 a day, price 10, elasticity -2, 91 days: at 20 % off 102 more would be sold, so the 100 are gone.

    >>> best = best_markdown(*(np.array([value]) for value in (100.0, 2.0, 10.0, -2.0, 0.1, 0.0)), 91, 0.5)
    >>> best.depth.tolist(), best.units.tolist(), best.cash.tolist()
    ([0.2], [100.0], [8.0])
    """
    depths = np.arange(1, round(most / DEPTH_STEP) + 1) * DEPTH_STEP
    if not len(depths) or not len(excess):
        nothing = np.zeros(len(excess))
        return Markdown(nothing, nothing, nothing, nothing, nothing)
    base = (demand_day * horizon_days)[:, None]
    extra = base * ((1 - depths) ** elasticity[:, None] - 1)
    units = np.minimum(extra, excess[:, None])
    share = np.divide(units, extra, out=np.zeros_like(extra), where=extra > 0)
    lost = base * share * price[:, None] * depths
    keep = units * (horizon_days * share / 2 / (365 / 12)) * holding_month[:, None]
    gain = units * (price[:, None] * (1 - depths) - scrap[:, None]) - lost - keep
    best = gain.argmax(axis=1)
    rows = np.arange(len(excess))
    worth = gain[rows, best] > 0
    sold = np.where(worth, units[rows, best], 0.0)
    return Markdown(
        depth=np.where(worth, np.round(depths[best], 4), 0.0),
        units=sold,
        cash=np.where(worth, price * (1 - depths[best]), 0.0),
        cost=np.divide(lost[rows, best], sold, out=np.zeros(len(sold)), where=sold > 0),
        days=np.where(worth, horizon_days * share[rows, best], 0.0),
    )


def bundle(partner_units, attach, price, elasticity, discount=BUNDLE_DISCOUNT):
    """Units more and cost per unit when an item is offered cheaper to buyers of another one.

    :param partner_units: float (n,), expected sales of the other product over the horizon
    :param attach: float (n,), share of its buyers that take the item already
    :returns: (units (n,), cash per unit (n,), cost per unit (n,))

    1,000 buyers of whom 10 % take it along; 10 % off, elasticity -2: 23 more.

    >>> units, cash, cost = bundle(*(np.array([value]) for value in (1000.0, 0.1, 10.0, -2.0)))
    >>> units.round(1).tolist(), cash.tolist(), cost.round(2).tolist()
    ([23.5], [9.0], [4.26])
    """
    lift = (1 - discount) ** elasticity - 1
    together = partner_units * attach
    return together * lift, price * (1 - discount), price * discount / np.maximum(lift, 1e-9)


def lift(joint, first, second, total):
    """How much more often two products are bought together than by chance (Brin et al. 1997).

    >>> lift(np.array([20.0]), np.array([100.0]), np.array([200.0]), 2000.0).tolist()
    [2.0]
    """
    expected = first * second / max(total, 1.0)
    return np.divide(joint, expected, out=np.zeros(len(joint)), where=expected > 0)
