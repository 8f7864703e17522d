"""Transfers of the order plan: surplus between warehouses before anything is bought, and who supplies whom.

Surplus of a warehouse in a week is what its stock, without any new order, stays above its safety stock until an order
placed then is there and has lasted its lot: its own needs come first. A warehouse that needs goods takes surplus from
the others, week by week, from those first that Odoo's resupply routes name; only what then is still missing is bought.

Within a product every warehouse has a place; in turn k the warehouse at place i takes from the one at place i + k, so
that no two take from the same one at once (round robin).
"""

from dataclasses import dataclass

import numpy as np

from .plan_demand import monday_of, week_of
from .proposal import QUANTITY_EPS, round_up


@dataclass(frozen=True)
class Pairs:
    """Who may send to whom: ``dest``, ``donor`` items, ``days`` on the way, ``turn`` in which they are asked."""

    dest: np.ndarray
    donor: np.ndarray
    days: np.ndarray
    turn: np.ndarray

    def take(self, rows):
        return Pairs(self.dest[rows], self.donor[rows], self.days[rows], self.turn[rows])


def surplus_pairs(product, source, route_days, other_days):
    """All pairs of items of one product, those of resupply routes first.

    :param product: int (n,), equal for the items of one product, which stand together
    :param source: int (n,), item that a resupply route names, -1 = none; ``route_days``: int (n,) of that route
    :param other_days: days on the way between other warehouses; None = no transfers without a route

    >>> pairs = surplus_pairs(np.array([7, 7, 8]), np.array([-1, 0, -1]), np.array([0, 3, 0]), 2)
    >>> pairs.dest.tolist(), pairs.donor.tolist(), pairs.days.tolist()
    ([1, 0], [0, 1], [3, 2])
    """
    start = np.searchsorted(product, product)
    size = np.searchsorted(product, product, side="right") - start
    place = np.arange(len(product)) - start
    parts = []
    for turn in range(1, size.max(initial=1)):
        dest = np.flatnonzero(size > turn)
        donor = start[dest] + (place[dest] + turn) % size[dest]
        routed = source[dest] == donor
        days = np.where(routed, route_days[dest], -1 if other_days is None else other_days)
        parts.append((dest, donor, days, np.where(routed, turn, turn + 1000)))
    if not parts:
        return Pairs(*(np.zeros(0, int) for _name in range(4)))
    dest, donor, days, turn = (np.concatenate(values) for values in zip(*parts, strict=True))
    keep = days >= 0
    order = np.lexsort((dest[keep], turn[keep]))
    return Pairs(*(values[keep][order] for values in (dest, donor, days, turn)))


def levels_of(source, longest=None):
    """(level (n,), in a circle (n,)): who is supplied has a lower level than who supplies.

    Members of a circle cannot supply each other; they count as without source.

    :param source: int (n,), item that supplies each item, -1 = none
    :param longest: most items that a circle can have (warehouses of the company); None = n

    0 is supplied by 1, 1 by 2; 3 and 4 supply each other:

    >>> levels_of(np.array([1, 2, -1, 4, 3]))
    (array([0, 1, 2, 0, 0]), array([False, False, False,  True,  True]))
    """
    source = np.asarray(source)
    circle = _in_circle(source, longest or len(source))
    level = np.zeros(len(source), int)
    rows = np.flatnonzero((source >= 0) & ~circle)
    while True:
        before = level.copy()
        np.maximum.at(level, source[rows], level[rows] + 1)
        if (level == before).all():
            return level, circle


def _in_circle(source, longest):
    """Items that reach themselves by going from supplier to supplier."""
    reached, place = np.zeros(len(source), bool), source
    for _step in range(longest):
        reached |= place == np.arange(len(source))
        if (place < 0).all():
            break
        place = np.where(place >= 0, source[place], -1)
    return reached


@dataclass(frozen=True)
class Moves:
    """Planned transfers: item that gets and item that gives, day of departure and arrival, need week, quantity."""

    dest: np.ndarray
    donor: np.ndarray
    leave_day: np.ndarray
    arrive_day: np.ndarray
    week: np.ndarray
    quantity: np.ndarray


def share_surplus(closing, items, pairs, weekday):
    """Planned transfers of surplus; ``closing`` (n, W) is the stock without new orders and is changed in place.

    :param items: dict of arrays (n,): safety, step, first_week (in which an order placed today is there), lot_weeks,
        tail (demand per week behind the plan); blocked (n, W) weeks in which no transfer may arrive
    :param pairs: :class:`Pairs`
    """
    bought = np.zeros(len(closing))
    weeks, found = closing.shape[1], []
    turns = np.unique(pairs.turn)
    asked = np.unique(pairs.dest)
    for week in range(weeks if len(asked) else 0):
        low = closing[asked, week] + bought[asked] < items["safety"][asked] - QUANTITY_EPS
        needy = asked[low]
        if not len(needy):
            continue
        missing = np.zeros(len(closing))
        missing[needy] = _missing(closing, items, needy, week, bought[needy])
        for turn in turns:
            rows = np.flatnonzero((pairs.turn == turn) & (missing[pairs.dest] > QUANTITY_EPS))
            found += _turn(closing, items, pairs.take(rows), week, weekday, missing)
        can_buy = week >= items["first_week"]
        bought += np.where(can_buy, missing, 0.0)
    columns = zip(*found, strict=True) if found else [[np.zeros(0)]] * 6
    joined = [np.concatenate(column) for column in columns]
    return Moves(*(values.astype(int) for values in joined[:5]), joined[5].astype(float))


def _missing(closing, items, rows, week, bought):
    """Largest shortfall of the weeks that a lot is to last, in whole steps."""
    weeks = closing.shape[1]
    last = week + items["lot_weeks"][rows] - 1
    inside = np.arange(week, min(weeks, last.max() + 1))
    table = np.where(inside[None] <= last[:, None], closing[np.ix_(rows, inside)], np.inf)
    lowest = table.min(axis=1)
    behind = closing[rows, -1] - items["tail"][rows] * np.maximum(last - weeks + 1, 0)
    lowest = np.where(last >= weeks, np.minimum(lowest, behind), lowest) + bought
    return round_up(np.maximum(items["safety"][rows] - lowest, 0.0), items["step"][rows])


def _turn(closing, items, pairs, week, weekday, missing):
    """One turn of one week: each warehouse asks at most one other, and is asked by at most one."""
    if not len(pairs.dest):
        return []
    arrive = np.maximum(monday_of(week, weekday), pairs.days)
    leave = arrive - pairs.days
    in_time = (week_of(arrive, weekday) == week) & ~items["blocked"][pairs.dest, week]
    leave_week = week_of(leave, weekday)
    spare = np.where(in_time, _spare(closing, items, pairs.donor, leave_week), 0.0)
    step = items["step"][pairs.dest]
    quantity = np.floor(np.minimum(missing[pairs.dest], spare) / step + QUANTITY_EPS) * step
    sent = np.flatnonzero(quantity > QUANTITY_EPS)
    if not len(sent):
        return []
    dest, donor, quantity = pairs.dest[sent], pairs.donor[sent], quantity[sent]
    closing[dest, week:] += quantity[:, None]
    for first in np.unique(leave_week[sent]):
        rows = leave_week[sent] == first
        closing[donor[rows], first:] -= quantity[rows, None]
    missing[dest] = np.maximum(missing[dest] - quantity, 0.0)
    return [(dest, donor, leave[sent], arrive[sent], np.full(len(sent), week), quantity)]


def _spare(closing, items, donors, first):
    """What each donor can give from week ``first`` on and still meet its own needs, until it can be supplied again."""
    weeks = closing.shape[1]
    last = first + items["first_week"][donors] + items["lot_weeks"][donors] - 1
    span = np.arange(first.min(), min(weeks, last.max() + 1))
    table = closing[np.ix_(donors, span)]
    inside = (span[None] >= first[:, None]) & (span[None] <= last[:, None])
    lowest = np.where(inside, table, np.inf).min(axis=1)
    behind = closing[donors, -1] - items["tail"][donors] * np.maximum(last - weeks + 1, 0)
    lowest = np.where(last >= weeks, np.minimum(lowest, behind), lowest)
    return np.maximum(lowest - items["safety"][donors], 0.0)
