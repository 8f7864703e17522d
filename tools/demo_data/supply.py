"""Replay of two years of selling and buying, day by day over all items at once. NumPy only, no Odoo.

The shop of the past buys by reorder points that somebody typed once and never looked at again. That is what makes
its stock-outs before the feasts and its leftovers after them, and what the planning addon is there to mend.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from .catalogue import CATEGORIES, VENDORS, Catalogue
from .market import Market

DOZEN = 12
RETURN_LAG = (6, 22)  # days between the order and the return


@dataclass
class PurchaseLine:
    """A line bought: units, and the deliveries as (day, units); days from the start of the window."""

    item: int
    units: int
    receipts: list[tuple[int, int]]


@dataclass
class Purchase:
    """An order to a vendor for one warehouse."""

    vendor: int
    warehouse: int
    day: int
    promise_day: int
    vendor_promise_day: int  # after the vendor moved it; equal to promise_day when it did not
    lines: list[PurchaseLine] = field(default_factory=list)


@dataclass(frozen=True)
class Replay:
    """What happened. Arrays are (items, days) in units."""

    opening: np.ndarray  # (items,)
    sold: np.ndarray
    returned: np.ndarray  # of the units sold that day, those that came back later
    return_day: np.ndarray  # the day on which they came back
    on_hand: np.ndarray  # at the end of the day
    purchases: list[Purchase]
    typed_min: np.ndarray  # (items,)
    typed_max: np.ndarray


def replay(rng: np.random.Generator, catalogue: Catalogue, market: Market) -> Replay:
    """Sell from stock, take returns, and reorder once a week by the typed points."""
    items, days = market.demand.shape
    low, high = _typed_points(rng, catalogue, market)
    opening = np.where(market.launch == 0, np.ceil(high * rng.uniform(0.6, 1.1, items)), 0).astype(int)
    rate = np.array([c.return_rate for c in CATEGORIES])[catalogue.category[market.product]]
    on_hand, on_order = opening.copy(), np.zeros(items, int)
    arrivals, comebacks = defaultdict(list), np.zeros((items, days + RETURN_LAG[1] + 1), int)
    sold, returned, stock = (np.zeros((items, days), int) for _ in range(3))
    lag = rng.integers(RETURN_LAG[0], RETURN_LAG[1], (items, days))
    vendor = catalogue.vendor[market.product]
    purchases = []
    for day in range(days):
        for item, units in arrivals.pop(day, ()):
            on_hand[item] += units
            on_order[item] -= units
        on_hand += comebacks[:, day]
        sold[:, day] = np.minimum(market.demand[:, day], on_hand)
        on_hand -= sold[:, day]
        returned[:, day] = rng.binomial(sold[:, day], rate)
        comebacks[np.arange(items), day + lag[:, day]] += returned[:, day]
        stock[:, day] = on_hand
        alive = market.launch - 45 <= day
        wanted = np.where((on_hand + on_order < low) & alive, high - on_hand - on_order, 0)
        for purchase in _orders(rng, day, wanted, vendor, market):
            purchases.append(purchase)
            for line in purchase.lines:
                on_order[line.item] += line.units
                for when, units in line.receipts:
                    arrivals[when].append((line.item, units))
    came_back = np.arange(days)[None, :] + lag
    returned = np.where(came_back < days, returned, 0)
    return Replay(opening, sold, returned, came_back, stock, purchases, low, high)


def _typed_points(rng, catalogue, market):
    """Reorder points as people type them: round figures from a hunch, some far off."""
    promise = np.array([v.promise_days for v in VENDORS])[catalogue.vendor[market.product]]
    hunch = np.exp(rng.normal(0.12, 0.42, len(market.product)))
    low = market.level * (promise + 9) * hunch + 1
    high = low + np.maximum(market.level * rng.uniform(18, 45, len(low)), 2)
    step = np.where(low > 40, 10, np.where(low > 12, 5, 1))
    return (np.ceil(low / step) * step).astype(int), (np.ceil(high / step) * step).astype(int)


def _orders(rng, day, wanted, vendor, market):
    """Group what is wanted today by vendor and warehouse; every vendor has its ordering day of the week."""
    for index, terms in enumerate(VENDORS):
        if (day + index) % 7:
            continue
        for warehouse in (0, 1):
            chosen = np.flatnonzero((wanted > 0) & (vendor == index) & (market.warehouse == warehouse))
            if len(chosen):
                yield _purchase(rng, day, index, terms, warehouse, chosen, wanted, market)


def _purchase(rng, day, index, terms, warehouse, chosen, wanted, market):
    lead = max(2, round(terms.mean_days * float(np.exp(rng.normal(0, terms.spread)))))
    arrival = _after_shutdown(day + lead, terms, market)
    slips = rng.random() < terms.slip_share and arrival > day + terms.promise_days + 2
    purchase = Purchase(index, warehouse, day, day + terms.promise_days, arrival if slips else day + terms.promise_days)
    multiple = DOZEN if terms.unit == "dozen" else 1
    for item in chosen:
        units = max(int(wanted[item]), int(terms.min_qty))
        units = -(-units // multiple) * multiple
        receipts = [(arrival, units)]
        if units >= 2 * multiple and rng.random() < terms.split_share:
            first = max(multiple, int(units * 0.6) // multiple * multiple)
            receipts = [(arrival, first), (arrival + int(rng.integers(4, 12)), units - first)]
        purchase.lines.append(PurchaseLine(int(item), units, receipts))
    return purchase


def _after_shutdown(day, terms, market):
    """Factories in China stand still around Lunar New Year: what would come then comes later."""
    if terms.country != "CN":
        return day
    for feast in market.feasts.new_year:
        first = (feast - market.start).days - 7
        if first <= day <= first + 21:
            return first + 21 + (day - first) // 2
    return day
