"""Overrides of forecasts at any level, spread to items, in an order that everybody can repeat by hand.

An override covers some items and weeks and says what their sum per week shall be: a total, so many units more or less,
or so many percent more or less. The sum is spread by each item's share of the forecast as it stands when the override's
turn comes. Turns: company, warehouse, vendor, country, state, category (top first), product; at one level that of all
warehouses before that of one, then the older before the newer. So the most specific one speaks last, and decides.
"""

from dataclasses import dataclass

import numpy as np

MODES = ("total", "add", "percent")
ORDER = ("company", "warehouse", "vendor", "country", "state", "category", "product")
# With this many units per item on average the parts are whole units, else hundredths
WHOLE_FROM = 10.0
HUNDREDTH = 0.01


@dataclass(frozen=True)
class Override:
    """One override, as the kernel reads it.

    :param key: any id
    :param items: int (k,), rows that it covers
    :param periods: int (p,), columns that it covers
    :param mode: ``total``, ``add`` or ``percent``
    :param value: units per period, or percent
    :param share: float (k,), part of each item's demand that belongs to the scope (a region); None = all of it
    """

    key: int
    items: np.ndarray
    periods: np.ndarray
    mode: str
    value: float
    share: np.ndarray | None = None


@dataclass(frozen=True)
class Applied:
    """What overrides made of a forecast.

    :param quantity: float (n, p), after all of them
    :param last: int (n, p), key of the last override that touched the cell, -1 = none
    :param before, after: dict key -> float (p,), sums of its scope when its turn came and then; 0 outside its periods
    :param overlaps: dict key -> set of keys that touched some of its cells before
    """

    quantity: np.ndarray
    last: np.ndarray
    before: dict
    after: dict
    overlaps: dict


def rank(level, depth=0, one_warehouse=False):
    """Place in the order of turns; with the id behind it a complete sort key.

    >>> sorted([("product", 0, True), ("category", 2, False), ("company", 0, False)], key=lambda one: rank(*one))
    [('company', 0, False), ('category', 2, False), ('product', 0, True)]
    """
    return ORDER.index(level), depth, bool(one_warehouse)


def target(base, mode, value):
    """Sum per period that an override asks for, 0 or more.

    >>> base = np.array([10.0, 20.0])
    >>> [target(base, mode, value).tolist() for mode, value in (("total", 15), ("add", -15), ("percent", 50))]
    [[15.0, 15.0], [0.0, 5.0], [15.0, 30.0]]
    """
    if mode == "total":
        return np.full(len(base), float(value))
    if mode == "add":
        return np.maximum(base + value, 0.0)
    if mode == "percent":
        return np.maximum(base * (1 + value / 100), 0.0)
    raise ValueError(f"there is no mode {mode!r}; choose one of {', '.join(MODES)}")


def largest_remainder(total, weight, step):
    """Parts in multiples of ``step`` that add up to ``total`` (rounded to the step), by weight.

    Each gets its share rounded down; the steps left go to the largest remainders, the earlier item at a tie (Hamilton's
    method of apportionment, 1792).

    :param total: float; :param weight: float (k,), not all 0; :param step: size of the smallest part

    >>> largest_remainder(10.0, np.array([1.0, 1.0, 1.0]), 1.0).tolist()
    [4.0, 3.0, 3.0]
    """
    steps = round(total / step)
    exact = steps * (weight / weight.sum())
    floor = np.floor(exact + 1e-9)
    left = int(steps - floor.sum())
    if left > 0:
        order = np.argsort(-(exact - floor), kind="stable")
        floor[order[np.arange(left) % len(order)]] += 1
    return np.round(floor * step, 6)


def spread(total, forecast, recent, whole):
    """Parts of ``total`` by share of the forecast; without any forecast by recent demand; without that, evenly.

    Items without a forecast get nothing as long as others have one: the planner who knows better overrides the item.

    :param total: float, 0 or more; :param forecast: float (k,); :param recent: float (k,), demand per week
    :param whole: bool (k,), the product is counted in whole units

    >>> spread(7.0, np.zeros(2), np.array([3.0, 1.0]), np.array([True, True])).tolist()
    [5.25, 1.75]
    """
    weight = np.maximum(forecast, 0.0)
    if weight.sum() <= 0:
        weight = np.maximum(recent, 0.0)
    if weight.sum() <= 0:
        weight = np.ones(len(weight))
    used = weight > 0
    in_units = bool(whole[used].all()) and total >= WHOLE_FROM * used.sum() and abs(total - round(total)) < 1e-9
    return largest_remainder(total, weight, 1.0 if in_units else HUNDREDTH)


def apply(forecast, overrides, recent, whole):
    """Apply overrides one after the other.

    :param forecast: float (n, p), statistical forecast of the items
    :param overrides: list of :class:`Override` in the order of their turns
    :param recent: float (n,), recent demand per week
    :param whole: bool (n,), whole units
    :returns: :class:`Applied`

    Two items of 30 and 10: 60 for both together, then 20 % more of the first.

    >>> rows = [Override(1, np.array([0, 1]), np.array([0]), "total", 60), Override(2, np.array([0]), np.array([0]),
    ... "percent", 20)]
    >>> done = apply(np.array([[30.0], [10.0]]), rows, np.zeros(2), np.array([True, True]))
    >>> done.quantity.tolist(), done.last.tolist(), done.overlaps[2]
    ([[54.0], [15.0]], [[2], [1]], {1})
    """
    quantity = np.array(forecast, dtype=float)
    last = np.full(quantity.shape, -1, dtype=np.int64)
    touched = []
    before, after, overlaps = {}, {}, {}
    for one in overrides:
        cells = np.ix_(one.items, one.periods)
        share = np.ones(len(one.items)) if one.share is None else one.share
        base = quantity[cells] * share[:, None]
        summed = base.sum(axis=0)
        wanted = target(summed, one.mode, one.value)
        parts = _parts(one, base, summed, wanted, recent, whole, share)
        quantity[cells] = np.maximum(quantity[cells] + parts - base, 0.0)
        reached = share > 0
        overlaps[one.key] = {key for key, items, periods in touched if _meet(one, items, periods)}
        touched.append((one.key, set(one.items.tolist()), set(one.periods.tolist())))
        before[one.key], after[one.key] = (np.zeros(quantity.shape[1]) for _ in range(2))
        before[one.key][one.periods], after[one.key][one.periods] = summed, parts.sum(axis=0)
        marked = last[cells]
        marked[reached] = one.key
        last[cells] = marked
    return Applied(quantity, last, before, after, overlaps)


def _parts(one, base, summed, wanted, recent, whole, share):
    if one.mode == "percent":
        # in proportion, so nothing has to be shared out
        return base * np.divide(wanted, summed, out=np.zeros_like(wanted), where=summed > 0)
    known = recent[one.items] * share
    columns = [spread(wanted[column], base[:, column], known, whole[one.items]) for column in range(len(wanted))]
    return np.column_stack(columns) if columns else np.zeros_like(base)


def _meet(one, items, periods):
    return not periods.isdisjoint(one.periods.tolist()) and not items.isdisjoint(one.items.tolist())
