"""Intervals of shares, and what many tests at once are worth."""

from math import sqrt

import numpy as np
from scipy import stats


def wilson(hits, total, z=1.96):
    """Score interval of a share (Wilson 1927): (low, high); (0, 1) where nothing was counted.

    >>> [round(bound, 3) for bound in wilson(56, 70)], [round(bound, 3) for bound in wilson(8, 10)]
    ([0.692, 0.877], [0.49, 0.943])
    """
    if not total:
        return 0.0, 1.0
    share, shift = hits / total, z * z / total
    middle = (share + shift / 2) / (1 + shift)
    half = z * sqrt(share * (1 - share) / total + shift / (4 * total)) / (1 + shift)
    return max(0.0, middle - half), min(1.0, middle + half)


def benjamini_hochberg(p):
    """q-values of Benjamini and Hochberg (1995); NaN stands aside and does not count as a test.

    The classic example, six tests at 5 %:

    >>> benjamini_hochberg([0.01, 0.02, 0.03, 0.04, 0.05, 0.9]).round(3).tolist()
    [0.06, 0.06, 0.06, 0.06, 0.06, 0.9]
    """
    p = np.asarray(p, float)
    q = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    q[known] = stats.false_discovery_control(p[known])
    return q
