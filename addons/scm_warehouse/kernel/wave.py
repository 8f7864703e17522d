"""Waves: which ready order is picked for which departure, and which orders are walked together.

Two steps, both plain greedy rules that a foreman can check by hand:

1. :func:`assign_slots` gives orders to departures (a cut-off on a day) in the order of their promises, each to the
   earliest departure that is still open, takes it and has room (earliest due date first; Jackson, 1955).
2. :func:`make_batches` joins the orders of one departure into tours: again and again the two tours whose joining saves
   most metres, while the trolley has room (Clarke and Wright, 1964; with savings reckoned anew after each joining
   the best of the simple rules in de Koster, van der Poort and Wolters, 1999).

Moments are numbers of minutes from any common zero.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

#: reasons why an order is in no wave
NO_CUTOFF, PAST, LATER, FULL = "no_cutoff", "past", "later", "full"
#: orders of one departure that are compared each with each
MOST_AT_ONCE = 2000


@dataclass(frozen=True)
class Slot:
    """A departure: the group codes that it takes, its moment, and what it can still take.

    ``closes``: when picking has to be over; ``takes_until``: latest promise that is taken (minutes);
    ``orders``, ``lines``, ``kg``: room left, ``inf`` for no limit.
    """

    groups: frozenset
    closes: float
    takes_until: float = inf
    orders: float = inf
    lines: float = inf
    kg: float = inf


@dataclass(frozen=True)
class Limits:
    """What one picker can take on one tour; ``inf`` for no limit."""

    orders: float = inf
    lines: float = inf
    kg: float = inf
    litres: float = inf


def assign_slots(due, group, lines, kg, slots, now, urgent=None):
    """Departure of each order.

    :param due: promised moment of each order (minutes), shape (n,)
    :param group: code of each order, looked up in ``Slot.groups``, shape (n,)
    :param lines: lines of each order; ``kg`` its weight, shape (n,)
    :param slots: list of :class:`Slot`
    :param now: minutes; departures that closed before are over
    :param urgent: optional, True for orders that go first whatever their promise
    :return: index of the slot or -1, shape (n,); list of reasons, None for those in a slot, and ``full:orders``,
        ``full:lines`` or ``full:kg`` for the limit that kept an order out of its last open departure

    Two orders, one departure with room for one: the earlier promise goes.

    >>> slots = [Slot(frozenset({1}), closes=600, orders=1)]
    >>> assign_slots([900, 700], [1, 1], [1, 1], [0, 0], slots, now=0)
    (array([-1,  0]), ['full:orders', None])
    """
    due, count = np.asarray(due, float), len(due)
    urgent = np.zeros(count, bool) if urgent is None else np.asarray(urgent, bool)
    in_time = sorted(range(len(slots)), key=lambda index: slots[index].closes)
    room = [[slot.orders, slot.lines, slot.kg] for slot in slots]
    chosen, reasons = np.full(count, -1), [None] * count
    for order in np.lexsort((np.arange(count), due, ~urgent)):
        need = (1, lines[order], kg[order])
        chosen[order], reasons[order] = _first_slot(group[order], due[order], need, slots, in_time, room, now)
        if chosen[order] >= 0:
            room[chosen[order]] = [left - part for left, part in zip(room[chosen[order]], need, strict=True)]
    return chosen, reasons


def _first_slot(group, due, need, slots, in_time, room, now):
    reason = NO_CUTOFF
    for index in in_time:
        slot = slots[index]
        if group not in slot.groups:
            continue
        if slot.closes <= now:
            reason = PAST if reason == NO_CUTOFF else reason
        elif due > slot.takes_until:
            reason = LATER if reason in (NO_CUTOFF, PAST) else reason
        else:
            short = _short(need, room[index])
            if not short:
                return index, None
            reason = f"{FULL}:{short}"
    return -1, reason


def _short(need, room):
    """Name of the limit that is exceeded, None when there is room."""
    for name, part, left in zip(("orders", "lines", "kg"), need, room, strict=True):
        if part > left + 1e-9:
            return name
    return None


def sweep_metres(visited, aisle_x, aisle_length, dock_x=0.0):
    """Way of tours that walk each visited aisle once: across to the outermost aisles and back, plus the aisles.

    ``2 (max(x, dock) - min(x, dock)) + sum of lengths``: the S-shape of Hall (1993) without its last turn. It ranks
    tours fast; the way that is shown is measured place by place.

    :param visited: bool, shape (n, aisles)
    :param aisle_x: metres of each aisle along the cross aisle, shape (aisles,); ``aisle_length`` likewise
    :return: metres, shape (n,); 0 for tours that visit nothing

    Aisles at 0 and 4 m, each 20 m long, dock at 0: 2 x 4 across, and 40 along.

    >>> sweep_metres([[True, True]], [0, 4], [20, 20])
    array([48.])
    """
    visited = np.atleast_2d(np.asarray(visited, bool))
    low, high = _span(visited, np.asarray(aisle_x, float))
    return _sweep(visited @ np.asarray(aisle_length, float), low, high, dock_x, visited.any(axis=1))


def _span(visited, x):
    return np.where(visited, x, inf).min(axis=1, initial=inf), np.where(visited, x, -inf).max(axis=1, initial=-inf)


def _sweep(along, low, high, dock_x, any_aisle):
    across = 2.0 * (np.maximum(high, dock_x) - np.minimum(low, dock_x))
    return np.where(any_aisle, along + np.where(any_aisle, across, 0.0), 0.0)


def make_batches(visited, lines, kg, litres, limits, aisle_x, aisle_length, dock_x=0.0):
    """Orders of one departure joined into tours.

    :param visited: aisles of each order, bool, shape (n, aisles)
    :param lines: lines, kilograms and litres of each order, shape (n,) each
    :param limits: :class:`Limits`; an order that exceeds them by itself gets a tour of its own
    :return: list of lists of order indices, each order in exactly one

    Orders 0 and 2 lie in the first aisle, order 1 in the second; two orders fit on a trolley.

    >>> visited = [[True, False], [False, True], [True, False]]
    >>> make_batches(visited, [1] * 3, [0] * 3, [0] * 3, Limits(orders=2), [0, 4], [20, 20])
    [[0, 2], [1]]
    """
    visited = np.asarray(visited, bool).reshape(len(lines), -1)
    size = np.column_stack([np.ones(len(lines)), lines, kg, litres]).astype(float)
    x, length = np.asarray(aisle_x, float), np.asarray(aisle_length, float)
    # neighbours stay together when there are too many orders to compare each with each
    order = np.argsort(np.where(visited, x, inf).min(axis=1, initial=inf), kind="stable")
    batches = []
    for start in range(0, len(order), MOST_AT_ONCE):
        part = np.sort(order[start : start + MOST_AT_ONCE])
        tours = _Tours(visited[part], size[part], limits, x, length, dock_x)
        batches += [sorted(part[tour].tolist()) for tour in tours.merged()]
    return sorted(batches)


class _Tours:
    """Clusters of orders; merged pair by pair, each time the pair that saves most (Clarke and Wright II)."""

    def __init__(self, visited, size, limits, x, length, dock_x):
        self.length, self.dock_x = length, dock_x
        self.most = np.array([limits.orders, limits.lines, limits.kg, limits.litres], float) + 1e-9
        self.members = [[index] for index in range(len(size))]
        self.seen, self.load = visited.copy(), size.copy()
        self.low, self.high = _span(visited, x)
        self.metres = _sweep(visited @ length, self.low, self.high, dock_x, visited.any(axis=1))
        self.alive = np.ones(len(size), bool)
        self.saving = np.array([self._savings(index) for index in range(len(size))]).reshape(len(size), len(size))

    def merged(self):
        """Lists of order indices when no joining fits or is left."""
        best = self.saving.max(axis=1, initial=-inf)
        mate = self.saving.argmax(axis=1) if best.size else best
        while best.size and best.max() > -inf:
            first = int(best.argmax())
            second = int(mate[first])
            self._merge(first, second)
            row = self._savings(first)
            self.saving[second, :] = self.saving[:, second] = -inf
            self.saving[first, :] = self.saving[:, first] = row
            stale = self.alive & np.isin(mate, (first, second))
            stale[[first, second]] = True
            better = row > best
            best[better], mate[better] = row[better], first
            best[stale], mate[stale] = self.saving[stale].max(axis=1), self.saving[stale].argmax(axis=1)
        return [self.members[index] for index in np.flatnonzero(self.alive)]

    def _savings(self, index):
        """Metres saved by walking a tour together with each other one; -inf where both do not fit on a trolley."""
        others = np.flatnonzero(self.alive & (self.load + self.load[index] <= self.most).all(axis=1))
        others = others[others != index]
        row = np.full(len(self.alive), -inf)
        seen = self.seen[others] | self.seen[index]
        low, high = np.minimum(self.low[others], self.low[index]), np.maximum(self.high[others], self.high[index])
        together = _sweep(seen @ self.length, low, high, self.dock_x, seen.any(axis=1))
        row[others] = self.metres[others] + self.metres[index] - together
        return row

    def _merge(self, first, second):
        self.members[first] += self.members[second]
        self.alive[second] = False
        self.seen[first] |= self.seen[second]
        self.load[first] += self.load[second]
        self.low[first] = min(self.low[first], self.low[second])
        self.high[first] = max(self.high[first], self.high[second])
        row = _sweep(
            self.seen[[first]] @ self.length,
            self.low[[first]],
            self.high[[first]],
            self.dock_x,
            self.seen[[first]].any(axis=1),
        )
        self.metres[first] = row[0]
