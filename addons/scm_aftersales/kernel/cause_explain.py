"""Cells that describe the same deliveries: keep the most specific one that explains the others.

A bad lot makes its product, its supplier and its category stand out too. The cell with the strongest evidence is taken
first; a smaller one inside it takes its place where it is worse than the rest of the larger one, and the larger one
without it does not stand out any more. Then its deliveries are set aside and all others are tested again on what is
left: what does not stand out any more is explained. Forward selection with conditional tests, until nothing is left.
"""

from dataclasses import dataclass

import numpy as np

from .cause_test import evidence

#: part of a cell's deliveries that must lie in another one to be inside it
INSIDE = 0.9
#: a smaller cell is worse than the rest of the larger one
WORSE = 0.05


@dataclass(frozen=True)
class Deliveries:
    """Deliveries by the cells that they are in: j rows, s cells.

    :ivar group: int (j,), product category 0..g - 1
    :ivar exposure: float (j,); returned: float (j, s), the returns that each cell counts
    :ivar member, present: bool (j, s), row is in the cell; row could be in a cell of its kind (has a carrier at all)
    :ivar design: float (s,), design effects
    :ivar rank: int (s,), low = specific: which of two cells with the same deliveries is named
    """

    group: np.ndarray
    exposure: np.ndarray
    returned: np.ndarray
    member: np.ndarray
    present: np.ndarray
    design: np.ndarray
    rank: np.ndarray


def explain(deliveries, threshold, min_returned=1.0):
    """The cells that stand by themselves, and which of them explains each other one.

    :param threshold: p up to which a cell stands out (the largest p that was found in the search)
    :return: list of cells that stand, strongest first; int (s,) with the cell that explains each, itself where it
        stands

    A supplier (cell 0) with a bad lot (cell 1): 40 of 100 against 20 of 400 of the same supplier and 100 of 2,000.

    >>> one = np.ones(3, bool)
    >>> table = Deliveries(np.zeros(3, int), np.array([100.0, 400.0, 2000.0]), np.array([[40.0] * 2, [20] * 2,
    ...     [100] * 2]), np.array([[1, 1], [1, 0], [0, 0]], bool), np.ones((3, 2), bool), np.ones(2), np.array([1, 0]))
    >>> explain(table, 0.001)
    ([1], array([1, 1]))
    """
    size = len(deliveries.rank)
    gone, left = np.zeros(len(deliveries.exposure), bool), list(range(size))
    kept, by = [], np.arange(size)
    while left:
        tested = {cell: _retest(deliveries, cell, gone, member=None) for cell in left}
        strength = {cell: p for cell, (p, _hits) in tested.items()}
        # what shares no delivery with those that are set aside stands as the search found it
        standing = [
            cell
            for cell, (p, hits) in tested.items()
            if not (deliveries.member[:, cell] & gone).any() or (p <= threshold and hits >= min_returned)
        ]
        if not standing:
            break
        best = min(standing, key=lambda cell: (strength[cell], deliveries.rank[cell]))
        best = _most_specific(deliveries, best, standing, strength, gone, threshold)
        kept.append(best)
        gone = gone | deliveries.member[:, best]
        left = [cell for cell in standing if cell != best]
    for cell in set(range(size)) - set(kept):
        by[cell] = _explained_by(deliveries, cell, kept)
    return kept, by


def _retest(deliveries, cell, gone, member):
    """(p, returns) of a cell on the deliveries that are not gone; NaN counts as 1."""
    here = deliveries.member[:, cell] if member is None else member
    used = ~gone & deliveries.present[:, cell]
    if not (here & used).any():
        return 1.0, 0.0
    found = evidence(
        np.where(here, 0, 1)[used],
        deliveries.group[used],
        deliveries.exposure[used],
        deliveries.returned[used, cell],
        deliveries.design[cell],
        cells=2,
    )
    return (1.0 if np.isnan(found.p[0]) else float(found.p[0])), float(found.returned[0])


def _explained_by(deliveries, cell, kept):
    """The standing cell that has most of the returns of this one."""
    shared = [deliveries.returned[deliveries.member[:, cell] & deliveries.member[:, each], cell].sum() for each in kept]
    return kept[int(np.argmax(shared))]


def _most_specific(deliveries, best, standing, strength, gone, threshold):
    """The smallest cell inside ``best`` that is the reason for it; ``best`` itself where there is none."""
    seen = {best}
    while True:
        inner = [
            cell
            for cell in standing
            if cell not in seen and _is_reason(deliveries, cell, best, strength, gone, threshold)
        ]
        if not inner:
            return best
        best = min(inner, key=lambda cell: (strength[cell], deliveries.rank[cell]))
        seen.add(best)


def _is_reason(deliveries, inner, outer, strength, gone, threshold):
    free = ~gone
    here, there = deliveries.member[:, inner] & free, deliveries.member[:, outer] & free
    size, common, whole = (deliveries.exposure[mask].sum() for mask in (here, here & there, there))
    if size <= 0 or common < INSIDE * size:
        return False
    if common >= INSIDE * whole:
        # the same deliveries under two names
        return bool(deliveries.rank[inner] < deliveries.rank[outer] and strength[inner] <= strength[outer] * 1.001)
    rest = there & ~here
    if _retest(deliveries, outer, gone | here, rest)[0] <= threshold:
        return False
    return _retest(deliveries, outer, gone | ~there, here)[0] <= WORSE
