"""What service costs: stock value and lost sales of classes of items over a grid of service levels.

For each level the items of a class are planned as in the nightly run (:func:`.policy.plan`), and the stock that such
levels keep (:func:`.policy.expected_stock`) and the share of units that they deliver (:func:`.policy.achieved`) are
added up in money::

    stock(level) = sum of weight x mean units on hand x unit cost
    lost(level)  = sum of weight x (1 - fill) x demand per day x 365 x unit price

Large classes are judged by a sample that is spread evenly over size of demand, and blown up to the class's demand
(ratio estimator; Cochran, 1977, chapter 6).

The exchange curve (Silver, Pyke and Peterson, 1998, section 7.9) asks which mix of levels gives the same lost sales for
the least stock. At the best mix the next unit of money spent on stock saves the same lost sales in every class
(Everett, 1963). :func:`exchange` walks there by marginal allocation (Fox, 1966) on the lower convex hull of each class.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .policy import DUST, PolicySettings, achieved, expected_stock, plan, protection

LEVELS = (0.70, 0.75, 0.80, 0.85, 0.88, *np.round(np.arange(0.90, 1.0, 0.01), 2).tolist(), 0.995)
YEAR_DAYS = 365.0
#: items of one class that are judged each by itself
MOST_ITEMS = 2000
#: slopes (below zero) that differ by less are equal
TIE = 1 + 1e-9


@dataclass(frozen=True)
class ClassCurves:
    """Curves of C classes over K levels; money in one currency, lost sales and demand per year.

    :ivar levels: (K,)
    :ivar stock, lost: (C, K); ``limited``: (C, K) share of the stock that the most cover of the policy holds down
    :ivar stock_now, lost_now: (C,) at the present settings
    :ivar demand: (C,)
    :ivar items, judged: int (C,) items of the class, and those that were computed
    """

    levels: np.ndarray
    stock: np.ndarray
    lost: np.ndarray
    limited: np.ndarray
    stock_now: np.ndarray
    lost_now: np.ndarray
    demand: np.ndarray
    items: np.ndarray
    judged: np.ndarray

    def fill(self):
        """(C, K) share of demand that stock delivers, by value; 1 without demand."""
        demand = self.demand[:, None]
        return 1 - np.divide(self.lost, demand, out=np.zeros_like(self.lost), where=demand > 0)

    def fill_now(self):
        return 1 - np.divide(self.lost_now, self.demand, out=np.zeros_like(self.demand), where=self.demand > 0)


def sample(group, size, n_groups, most=MOST_ITEMS):
    """Rows of a sample of each group, evenly spread over ``size`` (n,), and the weight of each.

    The weights make the sample's total size that of the group.

    >>> rows, weight = sample(np.zeros(4, int), np.array([4.0, 1.0, 3.0, 2.0]), 1, most=2)
    >>> rows.tolist(), float((np.array([4.0, 1.0, 3.0, 2.0])[rows] * weight).sum())
    ([0, 3], 10.0)
    """
    group, size = np.asarray(group, int), np.asarray(size, float)
    order = np.lexsort((np.arange(len(group)), size, group))
    count = np.bincount(group, minlength=n_groups)
    start = np.cumsum(count) - count
    take = np.minimum(count, most)
    owner = np.repeat(np.arange(n_groups), take)
    place = np.arange(take.sum()) - np.repeat(np.cumsum(take) - take, take)
    # the middle of each of ``take`` equal slices of the sorted group
    rows = order[start[owner] + ((place + 0.5) * count[owner] / take[owner]).astype(int)]
    whole, part = (np.bincount(*pair, n_groups).astype(float) for pair in ((group, size), (owner, size[rows])))
    ratio = np.divide(whole, part, out=count / np.maximum(take, 1), where=part > 0)
    ratio[take == count] = 1.0
    chosen = np.argsort(rows)
    return rows[chosen], ratio[owner][chosen]


def class_curves(spread, lead_nodes, settings, unit_cost, unit_price, group, n_groups, weight=1.0, levels=LEVELS):
    """Curves of all classes.

    :param spread, lead_nodes: as for :func:`.policy.plan`
    :param settings: :class:`.policy.PolicySettings` as they are now; each level replaces all of theirs
    :param unit_cost, unit_price: (n,); ``group``: int (n,) class of each item
    :param weight: (n,) items that each stands for
    """
    unit_cost, unit_price, weight, group = (np.asarray(value) for value in (unit_cost, unit_price, weight, group))
    n = len(unit_cost)
    shared = protection(spread, lead_nodes, settings.review_days)

    def add_up(values):
        return np.bincount(group, np.broadcast_to(values * weight, (n,)), n_groups).astype(float)

    def judge(wanted):
        result = plan(spread, lead_nodes, wanted, shared)
        stock = expected_stock(result, result.minimum, result.maximum) * unit_cost
        fill = achieved(result, result.minimum, result.maximum)[1]
        lost = (1 - fill) * result.demand_per_day * YEAR_DAYS * unit_price
        held = np.where(result.limits["cover_max"], stock, 0.0)
        return add_up(stock), add_up(lost), add_up(held), add_up(result.demand_per_day * YEAR_DAYS * unit_price)

    now = judge(settings)
    columns = [judge(_at_level(settings, level)) for level in levels]
    stock, lost, held = (np.stack([column[place] for column in columns], 1).reshape(n_groups, -1) for place in range(3))
    return ClassCurves(
        levels=np.asarray(levels),
        # a level is never met with less stock than a lower one: rounding to whole units may say so by a hair
        stock=np.maximum.accumulate(stock, axis=1),
        lost=np.minimum.accumulate(lost, axis=1),
        limited=np.divide(held, stock, out=np.zeros_like(stock), where=stock > DUST),
        stock_now=now[0],
        lost_now=now[1],
        demand=now[3],
        items=np.bincount(group, minlength=n_groups),
        judged=np.bincount(group, minlength=n_groups),
    )


def _at_level(settings: PolicySettings, level):
    return replace(settings, level=np.full(len(settings.level), float(level)))


def at_level(levels, values, level):
    """Value of one curve between the levels of the grid.

    >>> at_level([0.9, 0.95], [100.0, 150.0], 0.94)
    140.0
    """
    return float(np.round(np.interp(level, levels, values), 6))


@dataclass(frozen=True)
class Mix:
    """A level of each class: ``choice`` int (C,) into the levels; ``stock`` and ``lost`` of all classes together."""

    choice: tuple
    stock: float
    lost: float


def exchange(stock, lost):
    """Best mixes of levels, from the least stock to the most: a list of :class:`Mix`.

    :param stock, lost: (C, K), stock not falling and lost sales not rising with the level

    Two classes; the second saves more lost sales for the same money, so it rises first:

    >>> mixes = exchange(np.array([[10.0, 20.0], [10.0, 20.0]]), np.array([[5.0, 3.0], [9.0, 2.0]]))
    >>> [(mix.choice, mix.stock, mix.lost) for mix in mixes]
    [((0, 0), 20.0, 14.0), ((0, 1), 30.0, 7.0), ((1, 1), 40.0, 5.0)]
    """
    stock, lost = np.asarray(stock, float), np.asarray(lost, float)
    steps = []
    for row in range(len(stock)):
        price = 0.0
        for before, after in pairwise(_hull(stock[row], lost[row])):
            # steps of one class never get cheaper; where they are equal, rounding must not turn them round
            price = max(price, (stock[row, after] - stock[row, before]) / (lost[row, before] - lost[row, after]))
            steps.append((price, row, after))
    choice = [_hull(stock[row], lost[row])[0] for row in range(len(stock))]
    mixes = [_mix(choice, stock, lost)]
    for _price, row, after in sorted(steps):
        choice[row] = after
        mixes.append(_mix(choice, stock, lost))
    return mixes


def cheapest(mixes, most_lost):
    """The first mix that loses no more than ``most_lost``, or None."""
    return next((mix for mix in mixes if mix.lost <= most_lost * (1 + 1e-9)), None)


def best_for(mixes, most_stock):
    """The last mix that needs no more stock than ``most_stock``, or None."""
    fitting = [mix for mix in mixes if mix.stock <= most_stock * (1 + 1e-9)]
    return fitting[-1] if fitting else None


def _mix(choice, stock, lost):
    rows = np.arange(len(choice))
    return Mix(tuple(int(place) for place in choice), float(stock[rows, choice].sum()), float(lost[rows, choice].sum()))


def _hull(stock, lost):
    """Corners of the lower convex hull from the least stock on, while more stock still saves lost sales."""
    corners = []
    for point in range(len(stock)):
        if corners and lost[corners[-1]] - lost[point] <= DUST:
            continue
        # points on a straight line stay: between two corners a class may stop half way
        while len(corners) > 1 and _slope(stock, lost, corners[-1], point) < _slope(stock, lost, *corners[-2:]) * TIE:
            corners.pop()
        if corners and stock[point] - stock[corners[-1]] <= DUST:
            corners.pop()
        corners.append(point)
    return corners


def _slope(stock, lost, before, after):
    """Change of lost sales per unit of stock; more negative saves more."""
    return (lost[after] - lost[before]) / max(stock[after] - stock[before], DUST)
