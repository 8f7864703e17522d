"""Quantities of a joint order: price breaks, the load of a container, and what may be added to fill it.

Quantities are in the product's unit, money in one currency, days are whole days from today. Everything unknown
(weight, volume, pallets) is NaN and is counted as unknown, never as zero load that would always fit.
"""

from dataclasses import dataclass

import numpy as np

from .proposal import QUANTITY_EPS

YEAR_DAYS = 365.0
#: rows of a load: kilograms, cubic metres, pallets
DIMENSIONS = ("weight", "volume", "pallets")


def relevant_cost(quantity, price, demand_year, order_cost, holding_rate):
    """Total relevant cost per year of always ordering ``quantity`` (n,), also without holding or demand.

    TRC(Q) = D v(Q) + A D / Q + r v(Q) Q / 2 with all-units discount: the price v(Q) holds for every unit
    (Silver, Pyke and Peterson, 1998, section 5.5). D units per year, A money per order, r per year.

    Their component A: 416 a year at 14.20, r = 0.24, A = 1.50; 2 % off from 100 pieces pays:

    >>> relevant_cost([19.127, 100], [14.2, 13.916], 416.0, 1.5, 0.24).round(2).tolist()
    [5972.42, 5962.29]
    """
    quantity, price = np.asarray(quantity, float), np.asarray(price, float)
    safe = np.where(quantity > 0, quantity, 1.0)
    return demand_year * price + order_cost * demand_year / safe + holding_rate * price * quantity / 2


def price_at(quantity, minimums, prices):
    """Price of each quantity under one price list, float: the cheapest line whose minimum is reached.

    :param minimums, prices: float (k,); below all minimums the price of the smallest one

    >>> price_at(60.0, [1.0, 50.0], [10.0, 9.0]), price_at(0.5, [1.0, 50.0], [10.0, 9.0])
    (9.0, 10.0)
    """
    minimums, prices = np.asarray(minimums, float), np.asarray(prices, float)
    reached = minimums <= quantity + QUANTITY_EPS
    return float(prices[reached].min() if reached.any() else prices[np.argmin(minimums)])


def best_lot(quantities, minimums, prices, demand_year, order_cost, holding_rate):
    """Index of the lot with the lowest relevant cost, and what it saves a year against the first.

    The first of ``quantities`` (m,) is what is needed; a larger one is looked at only where it earns a lower price.

    >>> best, saved = best_lot([20.0, 50.0, 100.0], [1.0, 100.0], [14.2, 13.916], 416.0, 1.5, 0.24)
    >>> best, round(saved, 1)
    (2, 10.2)
    """
    if demand_year <= 0:
        return 0, 0.0
    quantities = np.asarray(quantities, float)
    price = np.array([price_at(each, minimums, prices) for each in quantities])
    costs = relevant_cost(quantities, price, demand_year, order_cost, holding_rate)
    costs = np.where((price < price[0] - QUANTITY_EPS) | (np.arange(len(costs)) == 0), costs, np.inf)
    best = int(np.argmin(costs))
    return best, float(costs[0] - costs[best])


@dataclass(frozen=True)
class Load:
    """What an order weighs and takes: ``total`` (3,) of what is known; shares of one container, and what limits.

    :ivar total: kilograms, cubic metres, pallets
    :ivar unknown: lines without any measure that the container limits
    :ivar containers: whole containers needed, 0 without a container
    :ivar fill: share of those containers that is taken, 0 to 1
    :ivar limit: index into :data:`DIMENSIONS` of the measure that fills first, -1 = none
    """

    total: np.ndarray
    unknown: int
    containers: int
    fill: float
    limit: int


def measure(quantity, measures, capacity):
    """:class:`Load` of lines ``quantity`` (n,) with ``measures`` (n, 3) per unit in containers of ``capacity`` (3,).

    A capacity of 0 or NaN does not limit. Two pallets of 500 kg in a lorry of 33 pallets and 24 t:

    >>> load = measure([100.0], [[10.0, np.nan, 0.02]], [24000.0, np.nan, 33.0])
    >>> load.containers, round(load.fill, 4), DIMENSIONS[load.limit]
    (1, 0.0606, 'pallets')
    """
    quantity = np.asarray(quantity, float)
    measures = np.asarray(measures, float).reshape(-1, 3)
    capacity = np.nan_to_num(np.asarray(capacity, float))
    known = ~np.isnan(measures)
    total = (quantity[:, None] * np.where(known, measures, 0.0)).sum(0)
    limits = capacity > 0
    unknown = int(((quantity > 0) & ~(known & limits).any(1)).sum()) if limits.any() else 0
    share = np.divide(total, capacity, out=np.zeros(3), where=limits)
    most = float(share.max())
    if most <= 0:
        return Load(total, unknown, 0, 0.0, -1)
    containers = int(np.ceil(most - QUANTITY_EPS)) or 1
    return Load(total, unknown, containers, most / containers, int(share.argmax()))


@dataclass(frozen=True)
class Loads:
    """:class:`Load` of many orders: arrays (g,), ``total`` (g, 3)."""

    total: np.ndarray
    unknown: np.ndarray
    containers: np.ndarray
    fill: np.ndarray
    limit: np.ndarray


def loads(order, n_orders, quantity, measures, capacity):
    """:func:`measure` of all orders at once: :class:`Loads` of ``n_orders`` orders.

    :param order: int (n,) order of each line, 0 <= order < n_orders; an order may have no line
    :param capacity: float (g, 3), of the container of each order

    >>> two = loads([0, 1, 1], 2, [1.0, 2.0, 3.0], [[5.0, np.nan, np.nan]] * 3, [[0.0] * 3, [20.0, 0.0, 0.0]])
    >>> two.total[:, 0].tolist(), two.containers.tolist(), two.fill.tolist()
    ([5.0, 25.0], [0, 2], [0.0, 0.625])
    """
    order, quantity = np.asarray(order, int), np.asarray(quantity, float)
    measures, capacity = np.asarray(measures, float).reshape(-1, 3), np.nan_to_num(np.asarray(capacity, float))
    known, limits = ~np.isnan(measures), capacity > 0
    loaded = quantity[:, None] * np.where(known, measures, 0.0)
    total = np.stack([np.bincount(order, loaded[:, side], n_orders) for side in range(3)], axis=1)
    blind = (quantity > 0) & ~(known & limits[order]).any(axis=1) & limits.any(axis=1)[order]
    share = np.divide(total, capacity, out=np.zeros((n_orders, 3)), where=limits)
    most = share.max(axis=1)
    used = most > 0
    containers = np.where(used, np.maximum(np.ceil(most - QUANTITY_EPS), 1), 0).astype(int)
    return Loads(
        total=total,
        unknown=np.bincount(order[blind], minlength=n_orders),
        containers=containers,
        fill=np.divide(most, containers, out=np.zeros(n_orders), where=used),
        limit=np.where(used, share.argmax(axis=1), -1),
    )


def fill_equal_cover(quantity, demand_day, step, room, measures, free):
    """Units to add to lines so that ``free`` (3,) of a container is used and all last equally long.

    The next step always goes to the line that runs out first (days of cover = quantity / demand per day); one whose
    step does not fit any more, or that has no ``room`` left, drops out. Lines without demand or without any known
    measure get nothing. The greedy equalises run-out times (Silver, Pyke and Peterson, 1998, section 11.2).

    :param quantity: float (n,), cover so far in units; ``step``: float (n,) > 0; ``measures``: (n, 3) per unit

    The second runs out sooner and is filled up to the first before both get more:

    >>> one = [[1.0, np.nan, np.nan]] * 2
    >>> fill_equal_cover([10.0, 4.0], [1.0, 1.0], [2.0, 2.0], [100.0, 100.0], one, [8.0, np.inf, np.inf]).tolist()
    [2.0, 6.0]
    """
    quantity, demand_day = np.asarray(quantity, float), np.asarray(demand_day, float)
    step, left = np.asarray(step, float), np.asarray(room, float).copy()
    known = ~np.isnan(np.asarray(measures, float))
    unit = np.where(known, measures, 0.0).reshape(-1, 3)
    free, added = np.asarray(free, float).copy(), np.zeros(len(quantity))
    open_ = (demand_day > 0) & (step > 0) & known.any(1) & (unit.sum(1) > 0)
    cover = np.divide(quantity, demand_day, out=np.full(len(quantity), np.inf), where=demand_day > 0)
    while open_.any():
        row = int(np.argmin(np.where(open_, cover, np.inf)))
        need = unit[row] * step[row]
        if left[row] < step[row] - QUANTITY_EPS or (need > free + QUANTITY_EPS).any():
            open_[row] = False
            continue
        added[row] += step[row]
        left[row] -= step[row]
        free -= need
        cover[row] = (quantity[row] + added[row]) / demand_day[row]
    return added


def raise_to_value(quantity, demand_day, step, room, price, missing):
    """Units to add so that ``missing`` money is reached, first to the line that runs out first; and what stays missing.

    As :func:`fill_equal_cover`, with money instead of a container. Lines without demand or price get nothing.

    >>> added, missing = raise_to_value([10.0, 4.0], [1.0, 1.0], [2.0, 2.0], [100.0, 100.0], [5.0, 5.0], 35.0)
    >>> added.tolist(), missing
    ([2.0, 6.0], 0.0)
    """
    quantity, demand_day = np.asarray(quantity, float), np.asarray(demand_day, float)
    step, left, price = np.asarray(step, float), np.asarray(room, float).copy(), np.asarray(price, float)
    added = np.zeros(len(quantity))
    open_ = (demand_day > 0) & (step > 0) & (price > 0)
    cover = np.divide(quantity, demand_day, out=np.full(len(quantity), np.inf), where=demand_day > 0)
    while missing > QUANTITY_EPS and open_.any():
        row = int(np.argmin(np.where(open_, cover, np.inf)))
        if left[row] < step[row] - QUANTITY_EPS:
            open_[row] = False
            continue
        added[row] += step[row]
        left[row] -= step[row]
        cover[row] = (quantity[row] + added[row]) / demand_day[row]
        missing -= step[row] * price[row]
    return added, max(float(missing), 0.0)
