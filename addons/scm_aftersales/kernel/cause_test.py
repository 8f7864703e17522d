"""Which cells (a product, a supplier's lot, a carrier's lane ...) have more returns than the rest of their kind?

A cell is compared with all other deliveries of the same groups (product categories). Let a group g have N_g deliveries,
R_g of them with a return, and let the cell hold n_g of those deliveries and X = sum x_g of the returns. If the cell is
like the rest, each of the R_g returns falls into it with probability s_g = n_g / N_g, whatever the common rate is
(conditional test of two rates, Przyborowski and Wilenski 1940)::

    X ~ sum over g of Binomial(R_g, s_g),   E = sum R_g s_g,   R = sum R_g
    p = P(Binomial(R, E / R) >= X)

For X >= E + 1 the one binomial has the heavier tail of the two (Hoeffding 1956, *Annals of Mathematical Statistics*
27), so p is exact with one group and on the safe side with several. Deliveries may count with a weight: a young one
with the share of its returns that must have come by now.

What is alike comes back together (the items of one parcel). Counts are divided by the design effect
d = sum m_i^2 / sum m_i over bunches of m_i returns (Rao and Scott 1992, *Biometrics* 48).

All cells of a search are judged together: q-values of Benjamini and Hochberg (1995). Intervals of rates are those of
Clopper and Pearson (1934), of the factor the same on the share of the returns, as odds.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from .rates import benjamini_hochberg


@dataclass(frozen=True)
class Limits:
    """What a finding needs.

    :ivar level: share of false ones among the findings (false discovery rate)
    :ivar min_exposure: matured deliveries of a cell, below it is not tested
    :ivar min_returned, min_customers: deliveries with a return, and different customers behind them
    :ivar min_factor: rate over the rate of the rest
    """

    level: float = 0.05
    min_exposure: float = 30.0
    min_returned: float = 4.0
    min_customers: int = 3
    min_factor: float = 1.3


@dataclass(frozen=True)
class Evidence:
    """What speaks for each of c cells; arrays (c,), NaN where there is no rest to compare with.

    :ivar exposure, returned: deliveries (matured) and those with a return, in groups that have a rest
    :ivar expected: returns if the cell were like the rest
    :ivar rate, low, high, group_rate: shares of deliveries; factor, factor_low: rate over group_rate
    """

    exposure: np.ndarray
    returned: np.ndarray
    expected: np.ndarray
    rate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    group_rate: np.ndarray
    factor: np.ndarray
    factor_low: np.ndarray
    p: np.ndarray

    @property
    def excess(self):
        return self.returned - self.expected


def clopper_pearson(hits, size, confidence=0.95):
    """Exact interval of a rate (Clopper and Pearson 1934); sizes may be effective ones.

    >>> [round(float(limit), 4) for limit in clopper_pearson(8, 100)]
    [0.0352, 0.1516]
    """
    hits, size = np.asarray(hits, float), np.asarray(size, float)
    hits = np.minimum(hits, size)
    tail, rest = (1 - confidence) / 2, size - hits
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, special.betaincinv(np.maximum(hits, 1e-9), rest + 1, tail), 0.0)
        high = np.where(rest > 0, special.betaincinv(hits + 1, np.maximum(rest, 1e-9), 1 - tail), 1.0)
    return low, high


def upper_tail(hits, size, chance):
    """P(Binomial(size, chance) >= hits); not only for whole numbers.

    >>> round(float(upper_tail(8, 10, 0.5)), 4)
    0.0547
    """
    hits, size, chance = (np.asarray(each, float) for each in (hits, size, chance))
    found = special.betainc(np.maximum(hits, 1e-9), np.maximum(size - hits, 0) + 1, np.clip(chance, 0.0, 1.0))
    return np.where((hits > 0) & (size > 0), found, 1.0)


def design_effect(bunches):
    """By how much too many returns that came in bunches look like: sum m^2 / sum m, at least 1.

    >>> float(design_effect([1, 1, 1, 3]))
    2.0
    """
    bunches = np.asarray(bunches, float)
    total = bunches.sum()
    return max(1.0, (bunches**2).sum() / total) if total > 0 else 1.0


def evidence(cell, group, exposure, returned, design=1.0, cells=None, confidence=0.95) -> Evidence:
    """Test cells against the rest of their groups; what fills a group has no rest there and is left out.

    :param cell: int (n,), number of the cell of each row, 0..c - 1
    :param group: int (n,), what the row is compared with: rows of other cells with the same number
    :param exposure, returned: float (n,), matured deliveries, and deliveries with a return
    :param design: design effect, one for all or float (c,)

    Lamps of maker 0 against those of makers 1 and 2, who are alike:

    >>> found = evidence([0, 1, 2], [0, 0, 0], [100, 100, 100], [12, 4, 4])
    >>> found.p.round(4).tolist(), found.factor.round(2).tolist(), found.group_rate.tolist()
    ([0.013, 0.9396, 0.9396], [3.0, 0.5, 0.5], [0.04, 0.08, 0.08])
    """
    cell, group = np.asarray(cell, int), np.asarray(group, int)
    cells = (int(cell.max()) + 1 if len(cell) else 0) if cells is None else cells
    groups = int(group.max()) + 1 if len(group) else 1
    cell, group, exposure, returned = _summed(cell, group, groups, exposure, returned)
    whole, came = np.bincount(group, exposure, groups)[group], np.bincount(group, returned, groups)[group]
    rest = whole - exposure > 1e-9 * np.maximum(whole, 1.0)
    cell, exposure, returned, whole, came = (each[rest] for each in (cell, exposure, returned, whole, came))

    def total(values):
        return np.bincount(cell, values, cells)

    size, hits, trials = total(exposure), total(returned), total(came)
    likely, expected = total(came * exposure / whole), total(exposure * (came - returned) / (whole - exposure))
    design = np.broadcast_to(np.asarray(design, float), (cells,))
    chance = np.divide(likely, trials, out=np.zeros(cells), where=trials > 0)
    p = np.where(size > 0, upper_tail(hits / design, trials / design, chance), np.nan)
    low, high = clopper_pearson(hits / design, size / design, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = clopper_pearson(hits / design, trials / design, confidence)[0]
        return Evidence(
            exposure=size,
            returned=hits,
            expected=expected,
            rate=hits / size,
            low=low,
            high=high,
            group_rate=expected / size,
            factor=hits / expected,
            factor_low=(part / (1 - part)) / (chance / (1 - chance)),
            p=p,
        )


def _summed(cell, group, groups, exposure, returned):
    """One row per cell and group."""
    keys, place = np.unique(cell * groups + group, return_inverse=True)
    size = len(keys)
    sums = (np.bincount(place, np.asarray(values, float), size) for values in (exposure, returned))
    return keys // groups, keys % groups, *sums


def stands_out(found, q, customers, limits=None):
    """Mask of the cells that are findings.

    :param q: float (c,), see :func:`.rates.benjamini_hochberg`; customers: int (c,) behind the returns
    """
    limits = limits or Limits()
    with np.errstate(invalid="ignore"):
        return (
            (q <= limits.level)
            & (found.returned >= limits.min_returned)
            & (np.asarray(customers) >= limits.min_customers)
            & ~(found.factor < limits.min_factor)
        )


def judged(p, exposure, limits=None):
    """q-values of the cells that have enough deliveries; the others are not tested.

    The choice looks at deliveries alone, never at returns, so it does not make chance findings more likely.
    """
    limits = limits or Limits()
    return benjamini_hochberg(np.where(np.asarray(exposure) >= limits.min_exposure, p, np.nan))
