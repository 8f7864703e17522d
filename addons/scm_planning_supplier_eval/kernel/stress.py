"""What happens to our stock when a supplier stops for some days, day by day, with and without backups.

Each item's stock is run forward twice, as planned and with the supplier stopped; what cannot be sold is lost::

    sold = min(stock + received, demand),   lost = demand - sold

Stopped from day D on for N days (a disruption of a source: Tomlin, 2006), the supplier sends nothing on the days
D .. D + N - 1: what was to arrive then arrives on day D + N, and orders that were to be placed then are placed on day
D + N, so that they arrive as many days later. Backups sell to us what would be lost, from the day on which they can
deliver, within their capacity per week; scarce capacity goes to the items with the highest margin. Losses that the plan
has anyway are not the supplier's.

Loops run over days or weeks and ranks of backups, never over items.
"""

from dataclasses import dataclass

import numpy as np

from .weekly_capacity import share_out

EPS = 1e-6
NEVER = -1


@dataclass(frozen=True)
class Receipts:
    """What the supplier is to send: int ``item``, ``arrival`` and ``ordered`` (days from today), ``quantity`` (m,).

    ``ordered`` is the day on which the order is to be placed; below 0 = placed already.
    """

    item: np.ndarray
    arrival: np.ndarray
    ordered: np.ndarray
    quantity: np.ndarray


@dataclass(frozen=True)
class Backups:
    """Other sources (k,): int ``item`` and ``vendor``, ``first_day`` from which they deliver, ``extra_cost`` per unit
    above what the supplier asks; sorted by item and by who is taken first."""

    item: np.ndarray
    vendor: np.ndarray
    first_day: np.ndarray
    extra_cost: np.ndarray


@dataclass(frozen=True)
class Stress:
    """Per item (n,), and per day (h,) money of all.

    :ivar run_out: first day with something lost because of the stop, -1 = none; ``recovered``: first day after the
        last such day
    :ivar lost, covered: units lost by the stop if nothing is done; units of them that backups bring
    :ivar lost_margin, covered_margin: the same in margin; ``extra_cost``: what the backups cost more
    :ivar backup: index of the backup that brings most, -1 = none
    :ivar margin_alone, margin_backed: (h,) margin lost per day without and with backups
    """

    run_out: np.ndarray
    recovered: np.ndarray
    lost: np.ndarray
    covered: np.ndarray
    lost_margin: np.ndarray
    covered_margin: np.ndarray
    extra_cost: np.ndarray
    backup: np.ndarray
    margin_alone: np.ndarray
    margin_backed: np.ndarray


def delayed(receipts, start, days):
    """Arrival of each receipt when the supplier is stopped on the days start .. start + days - 1: int (m,).

    >>> moved = Receipts(*(np.array(v) for v in ([0, 0, 0], [3, 12, 40], [-5, -1, 12], [1.0, 1.0, 1.0])))
    >>> delayed(moved, 10, 14).tolist()
    [3, 24, 52]
    """
    end = start + days
    arrival, ordered = np.asarray(receipts.arrival), np.asarray(receipts.ordered)
    waits = (ordered >= start) & (ordered < end)
    stuck = ~waits & (arrival >= start) & (arrival < end)
    return np.where(waits, arrival + end - ordered, np.where(stuck, end, arrival))


def stress(opening, demand, other, receipts, start, days, margin, backups=None, capacity=None):
    """Stop a supplier.

    :param opening: (n,) stock today
    :param demand, other: (n, h) units per day: demand, and what comes from elsewhere
    :param receipts: :class:`Receipts`
    :param start, days: first day from today and length of the stop
    :param margin: (n,) money per unit
    :param backups: :class:`Backups`; ``capacity``: (v,) units per week of vendor 0..v - 1, inf = no limit
    :raises ValueError: when the stop has no day or begins in the past

    10 a day, 50 in stock, 100 are to come on day 5 and come on day 12; a backup delivers from day 9 on:

    >>> come = Receipts(*(np.array([value]) for value in (0, 5, -3, 100.0)))
    >>> other = Backups(*(np.array([value]) for value in (0, 0, 9, 0.5)))
    >>> found = stress([50.0], np.full((1, 14), 10.0), np.zeros((1, 14)), come, 4, 8, [2.0], other)
    >>> found.run_out.tolist(), found.lost.tolist(), found.covered.tolist(), found.recovered.tolist()
    ([5], [70.0], [30.0], [12])
    """
    if days < 1 or start < 0:
        raise ValueError("a stop lasts at least a day and does not begin in the past")
    demand, margin = np.asarray(demand, float), np.maximum(np.asarray(margin, float), 0.0)
    n, horizon = demand.shape
    planned = other + _table(receipts, receipts.arrival, n, horizon)
    stopped = other + _table(receipts, delayed(receipts, start, days), n, horizon)
    lost = np.maximum(_lost(opening, demand, stopped) - _lost(opening, demand, planned), 0.0)
    bought, brought = _bought(lost, backups, capacity, margin)
    hit = lost > EPS
    some = hit.any(axis=1)
    return Stress(
        run_out=np.where(some, hit.argmax(axis=1), NEVER),
        recovered=np.where(some, horizon - hit[:, ::-1].argmax(axis=1), NEVER),
        lost=lost.sum(axis=1),
        covered=bought.sum(axis=1),
        lost_margin=lost.sum(axis=1) * margin,
        covered_margin=bought.sum(axis=1) * margin,
        extra_cost=_per_item(backups, brought, n),
        backup=_main_backup(backups, brought, n),
        margin_alone=margin @ lost,
        margin_backed=margin @ (lost - bought),
    )


def _table(receipts, arrival, n, horizon):
    """(n, h) units per day; what was to come before today comes today, what comes behind the horizon does not."""
    table = np.zeros((n, horizon))
    day = np.maximum(arrival, 0)
    seen = day < horizon
    np.add.at(table, (receipts.item[seen], day[seen]), receipts.quantity[seen])
    return table


def _lost(opening, demand, inflow):
    stock = np.maximum(np.asarray(opening, float), 0.0)
    lost = np.empty_like(demand)
    for day in range(demand.shape[1]):
        have = stock + inflow[:, day]
        sold = np.minimum(have, demand[:, day])
        lost[:, day] = demand[:, day] - sold
        stock = have - sold
    return lost


def _bought(lost, backups, capacity, margin):
    """(units bought from backups (n, h), units that each backup brings (k,))."""
    bought = np.zeros_like(lost)
    if backups is None or not len(backups.item):
        return bought, np.zeros(0)
    item, vendor = backups.item, backups.vendor
    vendors = int(vendor.max()) + 1
    weekly = np.full(vendors, np.inf) if capacity is None else np.asarray(capacity, float)[:vendors]
    rank = np.arange(len(item)) - np.searchsorted(item, item)
    by_margin = np.argsort(-margin[item], kind="stable")
    turns = [by_margin[rank[by_margin] == turn] for turn in range(int(rank.max()) + 1)]
    brought = np.zeros(len(item))
    for first in range(0, lost.shape[1], 7):
        left, days = weekly.copy(), np.arange(first, min(first + 7, lost.shape[1]))
        open_units = lost[:, days].copy()
        for rows in turns:
            wanted = np.where(backups.first_day[rows, None] <= days, open_units[item[rows]], 0.0)
            total = wanted.sum(axis=1)
            taken = share_out(total, vendor[rows], left)
            open_units[item[rows]] -= wanted * (taken / np.where(total > 0, total, 1.0))[:, None]
            np.add.at(left, vendor[rows], -taken)
            brought[rows] += taken
        bought[:, days] = lost[:, days] - open_units
    return bought, brought


def _per_item(backups, brought, n):
    if not len(brought):
        return np.zeros(n)
    return np.bincount(backups.item, brought * backups.extra_cost, n)


def _main_backup(backups, brought, n):
    main = np.full(n, NEVER)
    rows = np.flatnonzero(brought > EPS)
    # the last write wins, so the one that brings most is written last
    rows = rows[np.argsort(brought[rows], kind="stable")]
    if len(rows):
        main[backups.item[rows]] = rows
    return main
