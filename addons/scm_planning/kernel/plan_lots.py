"""Lot sizes of the order plan: period order quantity, vendor's least quantity, multiple, price breaks, most stock.

    net    = largest shortfall against safety stock in the weeks that the lot is to last (period order quantity;
             Silver, Pyke and Peterson, 1998, section 6.5)
    lot    = max(net, least quantity), rounded up to the multiple
    break  : a larger lot B at a lower price is taken when what it saves is more than what it costs to hold:

        (price - price_B) B  >  rate / 52 x price_B x (B - lot) x (weeks + (B - lot) / (2 x demand per week))

    and when it does not lift the stock above its maximum (safety stock + demand of the most cover).
"""

import numpy as np

from .proposal import QUANTITY_EPS, round_up


def lots(net, stock, most, terms, demand_week):
    """Lot of each order: (quantity (k,), price per unit (k,), index of its price break (k,), -1 = none).

    :param net: float (k,), what is needed
    :param stock: float (k,), what is there without the order; ``most``: float (k,), maximum stock, may be infinite
    :param terms: dict of arrays: moq, step, rate (per year), weeks (k,); quantities and prices (k, b) of the price
        breaks in increasing order, infinite where there are fewer
    :param demand_week: float (k,)

    100 pieces cost 10 each, from 120 on 9:

    >>> terms = dict(moq=np.array([0.]), step=np.array([1.]), rate=np.array([.2]), weeks=np.array([4]),
    ...              quantities=np.array([[1., 120.]]), prices=np.array([[10., 9.]]))
    >>> lots(np.array([100.]), np.array([0.]), np.array([500.]), terms, np.array([25.]))[0].tolist()
    [120.0]
    """
    lot = round_up(np.maximum(net, terms["moq"]), terms["step"])
    price, chosen = price_at(lot, terms["quantities"], terms["prices"])
    best, result, result_price, result_index = np.zeros(len(lot)), lot, price, chosen
    flow = np.maximum(demand_week, QUANTITY_EPS)
    for number in range(terms["quantities"].shape[1]):
        larger = round_up(np.where(np.isfinite(terms["quantities"][:, number]), terms["quantities"][:, number], 0.0),
                          terms["step"])  # fmt: skip
        lower = np.where(np.isfinite(terms["prices"][:, number]), terms["prices"][:, number], 0.0)
        extra = larger - lot
        cost = terms["rate"] / 52 * lower * extra * (terms["weeks"] + extra / (2 * flow))
        gain = (price - lower) * larger - cost
        take = (
            (extra > QUANTITY_EPS)
            & np.isfinite(terms["quantities"][:, number])
            & (stock + larger <= most + QUANTITY_EPS)
            & (gain > best + QUANTITY_EPS)
        )
        best = np.where(take, gain, best)
        result = np.where(take, larger, result)
        result_price = np.where(take, lower, result_price)
        result_index = np.where(take, number, result_index)
    return result, result_price, result_index


def price_at(quantity, quantities, prices):
    """Price of a quantity and the index of its break: the last whose quantity is reached, else the first.

    >>> price_at(np.array([5., 50., 1.]), np.array([[2., 50.]] * 3), np.array([[4., 3.]] * 3))[0].tolist()
    [4.0, 3.0, 4.0]
    """
    if not quantities.shape[1]:
        return np.zeros(len(quantity)), np.full(len(quantity), -1)
    reached = (quantities <= quantity[:, None] + QUANTITY_EPS).sum(axis=1)
    index = np.maximum(reached - 1, 0)
    price = np.take_along_axis(prices, index[:, None], axis=1)[:, 0]
    known = np.isfinite(price)
    return np.where(known, price, 0.0), np.where(known, index, -1)


def price_breaks(sellers, chosen):
    """Price breaks of the chosen vendors: (quantities (n, b), prices (n, b), index of the seller line (n, b)).

    A larger quantity is never dearer: Odoo takes the cheapest line of the vendor that fits. Where there are fewer
    breaks quantities and prices are infinite and lines -1.

    :param sellers: :class:`.proposal.Sellers`; ``chosen``: int (n,), line of each item, -1 = none
    """
    chosen = np.asarray(chosen)
    n = len(chosen)
    empty = np.full((n, 0), np.inf), np.full((n, 0), np.inf), np.full((n, 0), -1)
    if not len(sellers.item) or not (chosen >= 0).any():
        return empty
    partner = np.where(chosen >= 0, sellers.partner[chosen], -1)
    mine = partner[sellers.item] == sellers.partner
    valid = mine & sellers.valid
    # a vendor whose lines are all out of date is still the one that the policy names
    fallback = mine & ~np.isin(sellers.item, sellers.item[valid]) & (np.arange(len(mine)) == chosen[sellers.item])
    rows = np.flatnonzero(valid | fallback)
    rows = rows[np.lexsort((sellers.unit_price[rows], sellers.minimum[rows], sellers.item[rows]))]
    item = sellers.item[rows]
    rank = np.arange(len(rows)) - np.searchsorted(item, item)
    shape = n, rank.max(initial=-1) + 1
    quantities, prices, lines = np.full(shape, np.inf), np.full(shape, np.inf), np.full(shape, -1)
    quantities[item, rank], prices[item, rank] = sellers.minimum[rows], sellers.unit_price[rows]
    lines[item, rank] = rows
    return quantities, *_cheapest_so_far(prices, lines)


def _cheapest_so_far(prices, lines):
    for number in range(1, prices.shape[1]):
        cheaper = prices[:, number - 1] <= prices[:, number]
        here = lines[:, number] >= 0
        prices[:, number] = np.where(here & cheaper, prices[:, number - 1], prices[:, number])
        lines[:, number] = np.where(here & cheaper, lines[:, number - 1], lines[:, number])
    return prices, lines
