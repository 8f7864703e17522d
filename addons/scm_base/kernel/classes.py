"""ABC classes by cumulative share and XYZ classes by variability, for all items of all warehouses at once.

ABC (Pareto analysis; Dickie, 1951): the items of a group (a warehouse) are sorted by falling value, picks or volume.
The *position* of an item is the share of the group's total that larger items hold. Position below the first cut is A,
below the second B, else C; so the item that crosses a cut still belongs to the better class, and a single item that
is the whole group is A. Equal items share a position. Nothing consumed is C.

XYZ: coefficient of variation of demand per period, CV = standard deviation / mean; up to the first cut X, up to
the second Y, else Z. Nothing consumed is Z; fewer periods than asked for is no class at all.

Hysteresis: an item leaves the class it has only when it is past the border by a margin, so that items near a border
do not flap between classes with every refresh.
"""

from dataclasses import dataclass

import numpy as np

ABC = ("A", "B", "C")
XYZ = ("X", "Y", "Z")
#: code of "not enough data"
NONE = -1


@dataclass(frozen=True)
class Classes:
    """``code`` (n,) 0, 1, 2 or ``NONE``; ``measure`` (n,) what was judged: position (0 to 1) or CV (NaN = none)."""

    code: np.ndarray
    measure: np.ndarray
    names: tuple[str, str, str]

    @property
    def labels(self) -> list[str | None]:
        """Class letters, None for "not enough data"."""
        return [None if code == NONE else self.names[code] for code in self.code]


def abc_classes(amount, group, previous=None, cuts=(0.80, 0.95), margin=0.02) -> Classes:
    """ABC per group.

    :param amount: (n,) value, picks or volume consumed; below zero (more returned than sold) counts as zero
    :param group: (n,) integer group, e.g. the warehouse
    :param previous: (n,) letters the items have now (None where there is none), or None
    :param cuts: upper cumulative shares of A and of B
    :param margin: hysteresis as a share of the total (0.02 = 2 points)
    :raises ValueError: when cuts are not rising within 0 to 1, or amounts are not finite

    >>> abc_classes([80, 15, 5, 0], [1, 1, 1, 1]).labels
    ['A', 'B', 'C', 'C']
    """
    low, high = cuts
    if not 0 < low <= high <= 1:
        raise ValueError(f"ABC cuts must rise within 0 to 1, not {cuts!r}")
    amount = np.asarray(amount, dtype=float)
    if not np.isfinite(amount).all():
        raise ValueError("amounts must be finite numbers")
    amount = np.maximum(amount, 0.0)
    _, group = np.unique(np.asarray(group), return_inverse=True)
    position = _position(amount, group)
    code = _classify(position, (low, high), (margin, margin), _codes(previous, ABC, len(amount)))
    code[amount <= 0] = 2
    return Classes(code, position, ABC)


def xyz_classes(demand, previous=None, cuts=(0.5, 1.0), margin=0.10, min_periods=8) -> Classes:
    """XYZ from demand per period.

    :param demand: (n, T) quantity per period (weeks); NaN = before the item existed
    :param previous: as in :func:`abc_classes`
    :param cuts: largest CV of X and of Y
    :param margin: hysteresis relative to the cut (0.10 = 10 %)
    :param min_periods: fewer known periods than this give no class

    >>> xyz_classes([[10, 11, 9, 10], [0, 20, 0, 1]], min_periods=4).labels
    ['X', 'Z']
    """
    demand = np.asarray(demand, dtype=float)
    known = ~np.isnan(demand)
    count = known.sum(axis=1)
    filled = np.where(known, demand, 0.0)
    total = filled.sum(axis=1)
    mean = np.divide(total, count, out=np.zeros(len(demand)), where=count > 0)
    squares = np.where(known, (filled - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return _xyz(count, mean, squares, previous, cuts, margin, min_periods)


def xyz_classes_from_moments(
    count, total, total_squares, previous=None, cuts=(0.5, 1.0), margin=0.10, min_periods=8
) -> Classes:
    """XYZ from sums that a database can give: number of periods, sum and sum of squares of the quantities.

    Periods without demand count in ``count`` although no row of the database shows them.

    >>> xyz_classes_from_moments([4, 4], [40, 21], [402, 401], min_periods=4).labels
    ['X', 'Z']
    """
    count, total, total_squares = (np.asarray(value, dtype=float) for value in (count, total, total_squares))
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    squares = np.maximum(0.0, total_squares - total * mean)
    return _xyz(count, mean, squares, previous, cuts, margin, min_periods)


def _xyz(count, mean, squares, previous, cuts, margin, min_periods):
    low, high = cuts
    if not 0 < low <= high:
        raise ValueError(f"XYZ cuts must rise above 0, not {cuts!r}")
    deviation = np.sqrt(np.divide(squares, count - 1, out=np.zeros_like(mean), where=count > 1))
    cv = np.divide(deviation, mean, out=np.full_like(mean, np.inf), where=mean > 0)
    code = _classify(cv, (low, high), (low * margin, high * margin), _codes(previous, XYZ, len(cv)), closed=True)
    enough = count >= max(min_periods, 2)
    return Classes(np.where(enough, code, NONE).astype(np.int8), np.where(enough, cv, np.nan), XYZ)


def _position(amount, group):
    """Share of the group's total that strictly larger items of the group hold."""
    order = np.lexsort((-amount, group))
    sorted_amount, sorted_group = amount[order], group[order]
    if not len(order):
        return np.zeros(0)
    running = np.cumsum(sorted_amount) - sorted_amount
    new_group = np.r_[True, sorted_group[1:] != sorted_group[:-1]]
    new_tie = new_group | np.r_[True, sorted_amount[1:] != sorted_amount[:-1]]
    group_start = np.maximum.accumulate(np.where(new_group, np.arange(len(order)), 0))
    tie_start = np.maximum.accumulate(np.where(new_tie, np.arange(len(order)), 0))
    total = np.bincount(group, amount)[sorted_group]
    larger = np.maximum(0.0, running[tie_start] - running[group_start])
    position = np.empty(len(order))
    # the sum of large and small numbers leaves dust: a share never passes 1
    position[order] = np.minimum(1.0, np.divide(larger, total, out=np.ones(len(order)), where=total > 0))
    return position


def _codes(previous, names, n):
    if previous is None:
        return np.full(n, NONE)
    code = {name: index for index, name in enumerate(names)}
    return np.array([code.get(name, NONE) for name in previous], dtype=int).reshape(n)


def _classify(measure, cuts, margins, previous, closed=False):
    """Class 0, 1 or 2 by cuts; an item with a previous class meets cuts moved away from that class.

    The comparison forgives rounding of the last digits, so that 80 of 100 is on the cut whatever the sum's dust.
    """
    dust = 1e-9 if closed else -1e-9
    code = np.zeros(len(measure), np.int8)
    for index, (cut, margin) in enumerate(zip(cuts, margins, strict=True)):
        border = np.where(previous == NONE, cut, np.where(previous <= index, cut + margin, cut - margin)) + dust
        code += (measure > border) if closed else (measure >= border)
    return code
