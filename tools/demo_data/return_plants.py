"""Causes planted among the returns, so that the screens have something to find. NumPy only, no Odoo.

Each plant takes the article of a category that sells best in its days, and sends more of it back than its like: a bad
lot of a supplier, a page that misleads, a fault that was removed half-way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .catalogue import CATEGORIES

LAG = (5, 13)  # days between the order and the return


@dataclass(frozen=True)
class Plant:
    """One planted cause; days count back from today."""

    category: str
    first: int
    last: int
    share: float  # of the lines that come back because of it
    reason: str  # code of scm.return.reason
    cause: str  # code of scm.return.cause


PLANTS = (
    Plant("Small Appliances", 85, 20, 0.17, "defective", "supplier_defect"),
    Plant("Home Textiles", 150, 8, 0.11, "colour_differs", "wrong_picture"),
    Plant("Phone & Desk", 200, 70, 0.15, "damaged_inside", "weak_packaging"),
)


def best_item(plant, catalogue, market, sold) -> int:
    """Index of the item (article in a warehouse) of the plant's category with most units in its days; -1 for none."""
    category = next((c for c, entry in enumerate(CATEGORIES) if entry.name == plant.category), -1)
    mine = np.flatnonzero((catalogue.category[market.product] == category) & (market.warehouse == 0))
    days = sold.shape[1]
    window = slice(max(0, days - plant.first), max(0, days - plant.last))
    if not len(mine) or not sold[mine, window].sum():
        return -1
    return int(mine[sold[mine, window].sum(axis=1).argmax()])


def plant_returns(lines, catalogue, market, result, seed=97) -> None:
    """Let one unit come back of some lines that nothing came back of yet."""
    rng, days = np.random.default_rng(seed), result.sold.shape[1]
    for plant in PLANTS:
        item = best_item(plant, catalogue, market, result.sold)
        age = days - lines.day
        mine = (lines.item == item) & (age <= plant.first) & (age >= plant.last) & (lines.back == 0) & ~lines.waiting
        at = np.flatnonzero(mine & (rng.random(len(mine)) < plant.share))
        when = lines.day[at] + rng.integers(*LAG, len(at))
        at, when = at[when < days], when[when < days]
        lines.back[at], lines.back_day[at] = 1, when
