"""Which vendor each planned order goes to, within share limits, capacity and minimum quantities.

Orders of an item are served in the order of their days. Each takes its vendors from the cheapest on (by landed cost),
and from each vendor

    min(what is open, share limit x all planned of the item - taken before, capacity left in the week),

rounded down to the vendor's multiple, if that is not less than its minimum quantity nor than the smallest part into
which an order is split. Vendors whose goods could not be there in time are left out while there is another. What is
open after that goes to the vendor that breaks its limits least, and the order says so. So limits hold wherever they
can, and nothing that the plan needs is lost.

Loops run over the orders of an item (at most one per week) and its vendors, never over items.
"""

from dataclasses import dataclass

import numpy as np

from .weekly_capacity import share_out

EPS = 1e-6
#: an order is only split into parts of at least this share of it
LEAST_PART = 0.2
#: burden of a vendor that would be late, beside shares of an order
TOO_LATE = 1e6


@dataclass(frozen=True)
class Orders:
    """Planned orders (m,), sorted by item and day.

    :param item: int; ``quantity``: units; ``day``: day on which they are to arrive; ``week``: its week
    :param worth: what a unit is worth to us, to decide who gets scarce capacity
    """

    item: np.ndarray
    quantity: np.ndarray
    day: np.ndarray
    week: np.ndarray
    worth: np.ndarray


@dataclass(frozen=True)
class Offers:
    """What vendors offer (k,), sorted by item and landed cost.

    :param item, vendor: int; ``cost``: landed cost per unit; ``first_day``: when goods ordered today are there
    :param moq, multiple: 0 = none; ``share_max``: in 0..1, 1 = no limit
    :param committed: units of the item that are already on order with the vendor
    """

    item: np.ndarray
    vendor: np.ndarray
    cost: np.ndarray
    first_day: np.ndarray
    moq: np.ndarray
    multiple: np.ndarray
    share_max: np.ndarray
    committed: np.ndarray


@dataclass(frozen=True)
class Split:
    """Parts of orders (p,), sorted by order and landed cost.

    :ivar order: index of the order; ``offer``: index of the offer; ``quantity``: units
    :ivar over_share, over_capacity: this part goes beyond the vendor's limit, because nothing else could serve it
    """

    order: np.ndarray
    offer: np.ndarray
    quantity: np.ndarray
    over_share: np.ndarray
    over_capacity: np.ndarray


def split_orders(orders, offers, n_items, capacity=None, least_part=LEAST_PART):
    """Give each order to one vendor or several.

    :param orders: :class:`Orders`; ``offers``: :class:`Offers`; items are 0..n_items - 1
    :param capacity: (v,) units per week of vendor 0..v - 1, inf = no limit; None = none has one
    :raises ValueError: when an order's item has no offer

    Two vendors, the cheaper one may have half; two orders of 100:

    >>> orders = Orders(*(np.array(value) for value in ([0, 0], [100.0, 100.0], [30, 60], [4, 8], [1.0, 1.0])))
    >>> columns = ([0, 0], [0, 1], [9.0, 10.0], [7, 7], [0.0, 0.0], [0.0, 0.0], [0.5, 1.0], [0.0, 0.0])
    >>> split = split_orders(orders, Offers(*(np.array(value) for value in columns)), 1)
    >>> split.order.tolist(), split.offer.tolist(), split.quantity.tolist()
    ([0, 1], [0, 1], [100.0, 100.0])
    """
    table = _Table(orders, offers, n_items, capacity, least_part)
    for turn in range(int(table.turn.max(initial=-1)) + 1):
        table.serve(np.flatnonzero(table.turn == turn))
    return table.result()


class _Table:
    """State of the allocation: what each offer has given, what each vendor has left in each week."""

    def __init__(self, orders, offers, n_items, capacity, least_part):
        self.orders, self.offers, self.least_part = orders, offers, least_part
        self.first, self.count = _spans(offers.item, n_items)
        if (self.count[orders.item] == 0).any():
            raise ValueError("an order's item has no vendor")
        first_order, _count = _spans(orders.item, n_items)
        self.turn = np.arange(len(orders.item)) - first_order[orders.item]
        self.given = np.array(offers.committed, float)
        total = np.bincount(orders.item, orders.quantity, n_items) + np.bincount(offers.item, offers.committed, n_items)
        self.limit = np.where(offers.share_max < 1, offers.share_max * total[offers.item], np.inf)
        vendors, self.weeks = int(offers.vendor.max(initial=-1)) + 1, int(orders.week.max(initial=0)) + 1
        weekly = np.full(vendors, np.inf) if capacity is None else np.asarray(capacity, float)[:vendors]
        #: units left by vendor x week
        self.left = np.repeat(weekly, self.weeks)
        self.in_time = self._in_time()
        self.parts = []

    def _in_time(self):
        """(m, ranks) whether the offer of that rank can be there in time; all can where none is."""
        orders, ranks = self.orders, int(self.count.max(initial=0))
        table = np.zeros((len(orders.item), ranks), bool)
        known = np.zeros_like(table)
        everyone = np.arange(len(orders.item))
        for rank in range(ranks):
            known[:, rank] = rank < self.count[orders.item]
            table[:, rank] = known[:, rank] & (self.offers.first_day[self._offer(everyone, rank)] <= orders.day)
        return np.where(table.any(axis=1)[:, None], table, known)

    def _offer(self, rows, rank):
        """Offer of the given rank for each order; the last one where there are fewer."""
        item = self.orders.item[rows]
        return self.first[item] + np.minimum(rank, self.count[item] - 1)

    def _slot(self, rows, offer):
        return self.offers.vendor[offer] * self.weeks + self.orders.week[rows]

    def serve(self, rows):
        """Orders of one turn: no two are of one item."""
        rows = rows[np.argsort(-self.orders.worth[rows], kind="stable")]
        rest = self.orders.quantity[rows].copy()
        for rank in range(self.in_time.shape[1]):
            self._take(rows, rest, rank)
        self._place_rest(rows, rest)

    def _take(self, rows, rest, rank):
        offer = self._offer(rows, rank)
        usable = self.in_time[rows, rank] & (rest > EPS)
        allowed = np.maximum(self.limit[offer] - self.given[offer], 0.0)
        wanted = self._whole(rows, offer, np.where(usable, np.minimum(rest, allowed), 0.0), rest)
        granted = share_out(wanted, self._slot(rows, offer), self.left)
        taken = self._whole(rows, offer, granted, rest)
        self._book(rows, offer, taken)
        rest -= taken

    def _whole(self, rows, offer, quantity, rest):
        """Down to the multiple; nothing where that is below the minimum, or leaves or is too small a part."""
        multiple, moq = self.offers.multiple[offer], self.offers.moq[offer]
        all_of_it = quantity >= rest - EPS
        safe = np.where(multiple > 0, multiple, 1.0)
        down = np.where((multiple > 0) & ~all_of_it, np.floor(quantity / safe + EPS) * safe, quantity)
        smallest = self.least_part * self.orders.quantity[rows]
        left_over = rest - down
        too_small = (down < np.maximum(moq, smallest) - EPS) | ((left_over > EPS) & (left_over < smallest - EPS))
        # an order that is itself below the minimum is as the plan made it
        return np.where(too_small & ~all_of_it, 0.0, down)

    def _place_rest(self, rows, rest):
        """What no limit allows goes to the vendor that breaks its limits least."""
        some = rest > EPS
        if not some.any():
            return
        rows, rest = rows[some], rest[some]
        best, chosen = np.full(len(rows), np.inf), self._offer(rows, 0)
        for rank in range(self.in_time.shape[1]):
            offer = self._offer(rows, rank)
            over = np.maximum(self.given[offer] + rest - self.limit[offer], 0.0)
            lacks = np.maximum(rest - self.left[self._slot(rows, offer)], 0.0)
            burden = (over + lacks) / self.orders.quantity[rows] + np.where(self.in_time[rows, rank], 0.0, TOO_LATE)
            better = burden < best - EPS
            best, chosen = np.where(better, burden, best), np.where(better, offer, chosen)
        self._book(rows, chosen, rest)

    def _book(self, rows, offer, quantity):
        some = quantity > EPS
        rows, offer, quantity = rows[some], offer[some], quantity[some]
        slot = self._slot(rows, offer)
        np.add.at(self.given, offer, quantity)
        np.add.at(self.left, slot, -quantity)
        over_share = self.given[offer] > self.limit[offer] + EPS
        self.parts.append((rows, offer, quantity, over_share, self.left[slot] < -EPS))

    def result(self):
        if not self.parts:
            return Split(*(np.zeros(0, kind) for kind in (int, int, float, bool, bool)))
        return _merged(Split(*(np.concatenate(column) for column in zip(*self.parts, strict=True))))


def _spans(item, n_items):
    """(first index, count) of each item's entries in a sorted column."""
    count = np.bincount(item, minlength=n_items)
    return np.cumsum(count) - count, count


def _merged(split):
    """Parts of one order and offer added up, by order and offer."""
    order = np.lexsort((split.offer, split.order))
    key = np.stack([split.order[order], split.offer[order]], axis=1)
    if not len(key):
        return split
    starts = np.flatnonzero(np.concatenate([[True], (key[1:] != key[:-1]).any(axis=1)]))
    return Split(
        order=key[starts, 0],
        offer=key[starts, 1],
        quantity=np.add.reduceat(split.quantity[order], starts),
        over_share=np.logical_or.reduceat(split.over_share[order], starts),
        over_capacity=np.logical_or.reduceat(split.over_capacity[order], starts),
    )
