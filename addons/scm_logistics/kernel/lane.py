"""How long parcels take and how they fare on a lane, from counts; small lanes read with the help of larger ones.

A lane is a cell of carrier, warehouse, zone and weight band. Cells form levels, each inside the one above: all
carriers, a carrier, its zone, its weight band there, its warehouse there. What is known of a level is the prior of
the next.

Times: the distribution of working days is multinomial with a Dirichlet prior, the parent's distribution weighing
``strength`` parcels (Gelman et al., Bayesian Data Analysis, 2013, section 3.4)::

    shrunk[d] = (count[d] + strength x parent[d]) / (n + strength)

Rates (late, lost, damaged): beta-binomial in the same way (Casella, 1985).
"""

import numpy as np

#: distributions count 0, 1, 2 ... working days; the last stands for as many or more
MAX_DAYS = 120
#: parcels that the level above weighs
STRENGTH_TIMES, STRENGTH_RATES = 15.0, 40.0


def quantile(pmf, q):
    """Least number of working days within which a share q of the parcels arrives (inverse of the distribution).

    :param pmf: (d,) chances of 0, 1, 2 ... days
    :param q: share, 0 to 1
    :returns: days; 0 where nothing is known

    >>> quantile([0.0, 0.5, 0.3, 0.2], 0.5), quantile([0.0, 0.5, 0.3, 0.2], 0.9)
    (1, 3)
    """
    pmf = np.asarray(pmf, float)
    total = pmf.sum()
    if not total > 0:
        return 0
    return int(np.searchsorted(np.cumsum(pmf) / total, q - 1e-9))


def p_late(pmf, days_left):
    """Chance that a parcel handed over now needs more than ``days_left`` working days.

    >>> round(p_late([0.0, 0.5, 0.3, 0.2], 1), 2), p_late([0.0, 0.5, 0.3, 0.2], -1)
    (0.5, 1.0)
    """
    pmf = np.asarray(pmf, float)
    if not pmf.sum() > 0:
        return 0.0
    return float(pmf[max(int(days_left) + 1, 0) :].sum() / pmf.sum())


def p_late_given_elapsed(pmf, elapsed, days_left):
    """The same, for a parcel that is on its way for ``elapsed`` working days and has not arrived.

    :param days_left: working days that are left until the promised day; negative: it has passed
    :returns: chance; 1.0 where the parcel has been longer on its way than any before

    >>> round(p_late_given_elapsed([0.0, 0.5, 0.3, 0.2], 2, 0), 2)
    0.4
    """
    pmf = np.asarray(pmf, float)
    if days_left < 0:
        return 1.0
    if not pmf.sum() > 0:
        return 0.0
    # today is not over: a parcel of as many days may still arrive
    alive = pmf[max(int(elapsed), 0) :].sum()
    if not alive > 0:
        return 1.0
    return float(min(pmf[max(int(elapsed) + int(days_left) + 1, 0) :].sum() / alive, 1.0))


def shrink_times(counts, parent, parents, strength=STRENGTH_TIMES):
    """Distributions of one level.

    :param counts: (g, d) parcels by cell and working days
    :param parent: (g,) index of each cell's parent
    :param parents: (p, d) distributions of the level above
    :returns: (g, d) distributions, each with sum 1

    >>> shrink_times(np.array([[0, 30]]), np.array([0]), np.array([[0.5, 0.5]]), strength=10).round(3).tolist()
    [[0.125, 0.875]]
    """
    counts = np.asarray(counts, float)
    prior = np.asarray(parents, float)[np.asarray(parent, int)]
    return (counts + strength * prior) / (counts.sum(axis=1, keepdims=True) + strength)


def shrink_rates(bad, sample, parent, parents, strength=STRENGTH_RATES):
    """Rates of one level, (g,); see the module for the formula.

    >>> shrink_rates(np.array([4.0]), np.array([10.0]), np.array([0]), np.array([0.1])).round(3).tolist()
    [0.16]
    """
    prior = np.asarray(parents, float)[np.asarray(parent, int)]
    return (np.asarray(bad, float) + strength * prior) / (np.asarray(sample, float) + strength)


def distribution(counts):
    """Counts (d,) as a distribution; all in the first cell where there are none.

    >>> distribution(np.array([1, 3])).tolist()
    [0.25, 0.75]
    """
    counts = np.asarray(counts, float)
    return counts / counts.sum() if counts.sum() > 0 else np.eye(1, len(counts)).ravel()
