"""What a unit really costs from each vendor: the price, what its lateness and what its defects cost us.

Expected landed cost per unit (total cost of ownership: Ellram, 1995; its parts are measured, not typed)::

    landed   = price + lateness + quality
    lateness = margin x E[min(1, max(0, L - S) / C)]
    quality  = defect share x price x cost of a defect

L is the vendor's days late (its own distribution, early counts as 0), S the days that our safety stock lasts and C the
days that one lot lasts: a lot that comes L days late leaves the shelf empty for L - S of its C days, and each day of an
empty shelf costs the margin of that day's share of the lot. No more than the whole margin can be lost.
"""

from dataclasses import dataclass

import numpy as np

#: units that the prior of a share weighs
PRIOR_UNITS = 50.0


@dataclass(frozen=True)
class LandedCost:
    """Money per unit in the company's currency; arrays (n,)."""

    price: np.ndarray
    lateness: np.ndarray
    quality: np.ndarray

    @property
    def total(self):
        return self.price + self.lateness + self.quality


def landed_cost(price, late_nodes, safety_days, cover_days, margin, defect_share, defect_cost=1.0):
    """Expected landed cost of each vendor and product.

    :param price: float (n,), per unit
    :param late_nodes: float (n, J), days late at the middles of J equal slices of probability
    :param safety_days: float (n,), days that the safety stock lasts
    :param cover_days: float (n,), days that a lot lasts; less than a day counts as one
    :param margin: float (n,), money per unit sold; below 0 counts as 0
    :param defect_share: float (n,) in 0..1
    :param defect_cost: cost of a defective unit as a share of its price
    :raises ValueError: when a share of defects is not within 0..1

    Ten days late in half of the cases, two days of safety stock, lots of 20 days, a margin of 5 and 2 % defects:

    >>> cost = landed_cost([10.0], [[0.0, 10.0]], [2.0], [20.0], [5.0], [0.02])
    >>> cost.lateness.round(2).tolist(), cost.quality.round(2).tolist(), cost.total.round(2).tolist()
    ([1.0], [0.2], [11.2])
    """
    price, safety, cover, margin, defects = (
        np.asarray(value, float) for value in (price, safety_days, cover_days, margin, defect_share)
    )
    if ((defects < 0) | (defects > 1)).any():
        raise ValueError("a share of defects lies between 0 and 1")
    late = np.maximum(np.asarray(late_nodes, float).reshape(len(price), -1), 0.0)
    empty = np.maximum(late - np.maximum(safety, 0.0)[:, None], 0.0)
    share = np.minimum(empty / np.maximum(cover, 1.0)[:, None], 1.0).mean(axis=1) if late.size else np.zeros(len(price))
    return LandedCost(price=price, lateness=np.maximum(margin, 0.0) * share, quality=defects * price * defect_cost)


def shrunk_share(bad, total, vendor):
    """Share of bad units of each vendor and product, small samples drawn toward their vendor: float (n,).

    Beta-binomial with a prior of ``PRIOR_UNITS`` units at the vendor's own rate (empirical Bayes: Casella, 1985); the
    vendor's rate is drawn the same way toward that of all.

    :param bad, total: float (n,), units; ``vendor``: int (n,)

    One unit of two is bad at a vendor of whom 100 others were good:

    >>> shrunk_share([1.0, 0.0], [2.0, 100.0], [0, 0]).round(3).tolist()
    [0.029, 0.003]
    """
    bad, total, vendor = np.asarray(bad, float), np.asarray(total, float), np.asarray(vendor)
    if not len(bad):
        return np.zeros(0)
    bad = np.clip(bad, 0.0, total)
    _names, number = np.unique(vendor, return_inverse=True)
    everywhere = bad.sum() / max(total.sum(), 1.0)
    of_vendor = (np.bincount(number, bad) + PRIOR_UNITS * everywhere) / (np.bincount(number, total) + PRIOR_UNITS)
    return (bad + PRIOR_UNITS * of_vendor[number]) / (total + PRIOR_UNITS)
