"""What to do with stock that is too much: age of the stock, orders to cut, needs of other warehouses, and the ladder.

Every way to be rid of a unit is a *rung*: units that it can take and the net cash that each of them brings.  As rungs
are linear, filling the best one first is optimal (the fractional knapsack; Dantzig 1957).  Orders that have not come
yet are cut before anything else is done, and the last rung (write off) takes whatever is left, so that the units add
up to the excess.  Quantities in the product's unit, money in company currency, ``n`` items, ``r`` rungs.
"""

from dataclasses import dataclass

import numpy as np

KINDS = ("cancel", "postpone", "transfer", "bundle", "markdown", "vendor_return", "write_off")
#: not bought at all, these come before everything that is done with stock
FIRST = ("cancel", "postpone")
AGE_LIMITS = (90, 180, 365)
DAYS_PER_MONTH = 365 / 12
#: an order that is needed within this many days is postponed, a later one is cancelled
POSTPONE_DAYS = 182
EPS = 1e-9


@dataclass(frozen=True)
class Rungs:
    """Ways to be rid of units, one row each, in any order.

    :param item: int (r,), the item
    :param kind: int (r,), place in ``KINDS``
    :param capacity: float (r,), units that it can take; infinite for the last rung
    :param cash: float (r,), cash per unit before costs
    :param cost: float (r,), cost per unit
    :param days: float (r,), days until the cash is there
    :param ref: int (r,), what it is about (order line, warehouse, product), -1 = nothing
    """

    item: np.ndarray
    kind: np.ndarray
    capacity: np.ndarray
    cash: np.ndarray
    cost: np.ndarray
    days: np.ndarray
    ref: np.ndarray

    @classmethod
    def of(cls, kind, item, capacity, cash, cost=0.0, days=0.0, ref=-1):
        """Rungs of one kind; single numbers stand for all of them."""
        item = np.asarray(item, int)
        row = [np.broadcast_to(np.asarray(value, float), item.shape) for value in (capacity, cash, cost, days)]
        refs = np.broadcast_to(np.asarray(ref, int), item.shape)
        return cls(item, np.full(item.shape, KINDS.index(kind)), *row, refs)

    @classmethod
    def join(cls, parts):
        names = cls.__dataclass_fields__
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def net(self, holding_month):
        """Cash per unit, less its cost and what the unit costs to keep until then, float (r,).

        :param holding_month: float (n,), cost of keeping one unit for a month

        >>> Rungs.of("markdown", [0], 5, 10.0, cost=1.0, days=DAYS_PER_MONTH).net(np.array([0.5])).tolist()
        [8.5]
        """
        return self.cash - self.cost - holding_month[self.item] * self.days / DAYS_PER_MONTH


def spread(excess, rungs, holding_month):
    """Units that each rung takes, float (r,): orders first, then by net cash per unit, until the excess is gone.

    :param excess: float (n,)

    Ten too many: three are still on order, four can go to another warehouse at 8, the rest is worth 2 as scrap.

    >>> rungs = Rungs.join([Rungs.of("write_off", [0], np.inf, 2.0), Rungs.of("transfer", [0], 4, 8.0),
    ...                     Rungs.of("cancel", [0], 3, 5.0)])
    >>> spread(np.array([10.0]), rungs, np.zeros(1)).tolist()
    [3.0, 4.0, 3.0]
    """
    order = ladder_order(rungs, holding_month)
    item = rungs.item[order]
    capacity = np.minimum(np.maximum(rungs.capacity[order], 0.0), excess[item])
    before = _running_before(item, capacity)
    taken = np.zeros(len(order))
    taken[order] = np.clip(excess[item] - before, 0.0, capacity)
    return taken


def ladder_order(rungs, holding_month):
    """Places of the rungs, item by item and best first."""
    first = np.isin(rungs.kind, [KINDS.index(kind) for kind in FIRST])
    rank = np.where(first, rungs.kind, len(KINDS))
    # orders are cut the latest first, which is the order in which they are given
    value = np.where(first, 0.0, -rungs.net(holding_month))
    return np.lexsort((np.arange(len(rungs.item)), value, rank, rungs.item))


def _running_before(group, values):
    """Sum of the values before each row within its group; rows lie group by group.

    >>> _running_before(np.array([0, 0, 3, 3]), np.array([2.0, 1.0, 5.0, 1.0])).tolist()
    [0.0, 2.0, 0.0, 5.0]
    """
    if not len(values):
        return np.zeros(0)
    total = np.cumsum(values) - values
    start = np.r_[True, group[1:] != group[:-1]]
    # within the group the sum is built anew, so that large numbers before it cost no digits
    base = total[np.flatnonzero(start)][np.cumsum(start) - 1]
    return total - base


def fifo_age(on_hand, received):
    """Units on hand by age, float (n, 4): up to 90 days, to 180, to 365, older; first in, first out.

    What is on hand are the youngest receipts, so units older than D days = on hand - received within D days, and no
    layer has to be looked at.

    :param on_hand: float (n,); below zero counts as nothing
    :param received: float (n, 3), units received within the last 90, 180 and 365 days

    >>> fifo_age(np.array([10.0]), np.array([[4.0, 7.0, 30.0]])).tolist()
    [[4.0, 3.0, 3.0, 0.0]]
    """
    stock = np.maximum(on_hand, 0.0)
    older = np.maximum(stock[:, None] - np.maximum.accumulate(np.maximum(received, 0.0), axis=1), 0.0)
    edges = np.column_stack([stock, older, np.zeros(len(stock))])
    return edges[:, :-1] - edges[:, 1:]


def cut_orders(excess, item, quantity, day):
    """Units of open order lines that are not needed, float (m,): the line that comes last is cut first.

    :param excess: float (n,); :param item: int (m,); :param quantity: float (m,), still to come; :param day: (m,)

    >>> cut_orders(np.array([6.0]), np.array([0, 0]), np.array([4.0, 5.0]), np.array([3, 9])).tolist()
    [1.0, 5.0]
    """
    order = np.lexsort((-day, item))
    open_units = np.maximum(quantity[order], 0.0)
    before = _running_before(item[order], open_units)
    cut = np.zeros(len(order))
    cut[order] = np.clip(excess[item[order]] - before, 0.0, open_units)
    return cut


def needed_again(excess, demand_day):
    """Days until ordinary demand has used up the excess, float (n,), infinite without demand.

    >>> needed_again(np.array([30.0, 5.0]), np.array([2.0, 0.0])).tolist()
    [15.0, inf]
    """
    return np.divide(excess, demand_day, out=np.full(len(excess), np.inf), where=demand_day > EPS)


def share_needs(source, target, available, needed):
    """Units to move between warehouses, float (m,): pairs are served in the given order, none twice.

    :param source: int (m,), item that has too much; :param target: int (m,), item that lacks
    :param available: float (n,); :param needed: float (n,); units per item

    >>> share_needs(np.array([0, 1]), np.array([2, 2]), np.array([5.0, 9.0, 0.0]), np.array([0.0, 0.0, 8.0])).tolist()
    [5.0, 3.0]
    """
    left, open_need, moved = available.astype(float), needed.astype(float), np.zeros(len(source))
    # pairs are few per product, and each depends on those before it; rounds take one pair of every target at once
    for places in _rounds(source, target):
        units = np.minimum(left[source[places]], open_need[target[places]])
        moved[places] = np.maximum(units, 0.0)
        left[source[places]] -= moved[places]
        open_need[target[places]] -= moved[places]
    return moved


def _rounds(source, target):
    """Places of pairs in rounds in which no source and no target stands twice, the given order kept for each."""
    rounds = np.zeros(len(source), int)
    last = {}
    for place, (giver, taker) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
        rounds[place] = max(last.get(("from", giver), -1), last.get(("to", taker), -1)) + 1
        last["from", giver] = last["to", taker] = rounds[place]
    return [np.flatnonzero(rounds == number) for number in range(rounds.max(initial=-1) + 1)]
