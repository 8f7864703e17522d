"""Order lines and orders cut out of the units sold, with their times and discounts. NumPy only, no Odoo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .catalogue import CATEGORIES, PATTERNS
from .market import Market
from .supply import Replay

LAST_SHIPPED_HOUR = 14  # an order placed later goes out on the next working day
WHOLESALE_UNITS = 10
PACK = 6
HOURS = np.array((2, 1, 1, 0.5, 0.5, 1, 2, 4, 5, 6, 7, 7, 8, 6, 6, 6, 6, 6, 6, 7, 9, 10, 9, 6), float)


@dataclass
class Lines:
    """Order lines as parallel arrays, sorted by order. Days count from the start of the window."""

    item: np.ndarray
    day: np.ndarray
    units: np.ndarray
    back: np.ndarray  # units of the line that came back
    back_day: np.ndarray
    waiting: np.ndarray  # sold without stock, still waiting
    order: np.ndarray  # 0, 1, 2...


@dataclass
class Orders:
    """Orders as parallel arrays; times are seconds of the local day."""

    day: np.ndarray
    warehouse: np.ndarray
    second: np.ndarray
    ship_day: np.ndarray
    ship_second: np.ndarray
    waiting: np.ndarray
    wholesale: np.ndarray


def lines_of(rng, catalogue, market: Market, result: Replay) -> Lines:
    """Cut the units sold into lines, and put the lines of a day and warehouse together to orders."""
    days = result.sold.shape[1]
    item, day = np.nonzero(result.sold)
    units = result.sold[item, day]
    cell_of = np.repeat(np.arange(len(item)), units)
    first = np.r_[True, cell_of[1:] != cell_of[:-1]]
    lumpy = np.array(PATTERNS)[catalogue.pattern[market.product[item]]] == "lumpy"
    stay = np.where(lumpy | (units > 20), 0.93, 0.24)[cell_of]
    starts = np.flatnonzero(first | (rng.random(len(cell_of)) >= stay))
    rank = np.arange(len(cell_of)) - np.flatnonzero(first)[cell_of]
    came_back = rank < result.returned[item, day][cell_of]
    source = cell_of[starts]
    line_units = np.diff(np.r_[starts, len(cell_of)])
    back = np.add.reduceat(came_back.astype(int), starts)
    late = _unserved(market, result, days)
    return _into_orders(
        rng,
        market,
        Lines(
            item=np.r_[item[source], late[0]],
            day=np.r_[day[source], late[1]],
            units=np.r_[line_units, late[2]],
            back=np.r_[back, np.zeros(len(late[0]), int)],
            back_day=np.r_[result.return_day[item, day][source], np.zeros(len(late[0]), int)],
            waiting=np.r_[np.zeros(len(source), bool), np.ones(len(late[0]), bool)],
            order=np.zeros(len(source) + len(late[0]), int),
        ),
    )


def _unserved(market, result, days):
    """What customers of the last three days ordered although there was none: these orders still wait."""
    recent = np.arange(days) >= days - 3
    missing = np.where(recent[None, :], market.demand - result.sold, 0)
    item, day = np.nonzero(missing)
    return item, day, missing[item, day]


def _into_orders(rng, market, lines):
    warehouse = market.warehouse[lines.item]
    wholesale = lines.units >= WHOLESALE_UNITS
    key = np.lexsort((rng.random(len(lines.item)), wholesale, lines.waiting, warehouse, lines.day))
    for name in ("item", "day", "units", "back", "back_day", "waiting"):
        setattr(lines, name, getattr(lines, name)[key])
    warehouse, wholesale = warehouse[key], wholesale[key]
    group = np.c_[lines.day, warehouse, lines.waiting, wholesale]
    border = np.r_[True, (group[1:] != group[:-1]).any(axis=1)] | (rng.random(len(key)) > 0.42)
    lines.order = np.cumsum(border) - 1
    return lines


def orders_of(rng, market: Market, lines: Lines) -> Orders:
    """Time of order and of dispatch: same day before two o'clock, never on a Sunday."""
    first = np.flatnonzero(np.r_[True, lines.order[1:] != lines.order[:-1]])
    day, count = lines.day[first], len(first)
    hour = rng.choice(24, count, p=HOURS / HOURS.sum())
    second = hour * 3600 + rng.integers(0, 3600, count)
    ship_day = day + (hour >= LAST_SHIPPED_HOUR)
    sunday = (market.start.weekday() + ship_day) % 7 == 6
    return Orders(
        day,
        market.warehouse[lines.item[first]],
        second,
        ship_day + sunday,
        15 * 3600 + rng.integers(0, 3 * 3600, count),
        lines.waiting[first],
        lines.units[first] >= WHOLESALE_UNITS,
    )


def discounts(market: Market, product_category, days: int) -> np.ndarray:
    """(categories, days) percent off: in promotions and at the end of the shopping festivals."""
    percent = np.zeros((len(CATEGORIES), days))
    for first, last in market.feasts.festivals:
        begin, end = (first - market.start).days, (last - market.start).days
        percent[:, max(0, end - 2) : max(0, end + 1)] = 12.0
        percent[:, max(0, begin) : max(0, end - 2)] = 5.0
    for category, first, last, _factor in market.promotions:
        percent[category, (first - market.start).days : (last - market.start).days + 1] = 15.0
    return percent
