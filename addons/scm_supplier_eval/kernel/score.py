"""From measures to points, from points to one total: weighted mean with the weights of what is missing spread.

    points     = 100 x (value - zero) / (full - zero), held between 0 and 100; full may lie below zero
    total      = sum(weight x points) / sum(weight), over the criteria that were measured
    confidence = sum(weight x credibility) / sum(weight), over all criteria: what is missing is not known

A supplier without any measure has no total; it never gets 100 for nothing.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Totals:
    """Totals of g suppliers over c criteria.

    :ivar total: (g,) 0 to 100, NaN without any measure; ``confidence``: (g,) 0 to 1
    :ivar weight_used: (g, c), sums to the weights' sum where anything was measured
    """

    total: np.ndarray
    confidence: np.ndarray
    weight_used: np.ndarray


def points(value, zero, full):
    """Points of a value; NaN stays NaN.

    :raises ValueError: when zero and full are equal

    >>> points([0.8, 0.95, np.nan], 0.7, 1.0).round(1).tolist(), points([10.0], 20.0, 0.0).tolist()
    ([33.3, 83.3, nan], [50.0])
    """
    if zero == full:
        raise ValueError("the value for 0 points and that for 100 must differ")
    return np.clip(100.0 * (np.asarray(value, float) - zero) / (full - zero), 0.0, 100.0)


def totals(scores, weights, credibility):
    """One total per supplier.

    :param scores: (g, c) points, NaN = not measured; ``weights``: (c,), 0 or more; ``credibility``: (g, c) 0 to 1

    The second supplier's missing criterion gives its weight to the other:

    >>> found = totals([[100.0, 50.0], [np.nan, 50.0]], [60.0, 40.0], [[1.0, 0.5], [0.0, 0.5]])
    >>> found.total.tolist(), found.confidence.tolist(), found.weight_used.tolist()
    ([80.0, 50.0], [0.8, 0.2], [[60.0, 40.0], [0.0, 100.0]])
    """
    scores, weights = np.asarray(scores, float), np.asarray(weights, float)
    known = np.isfinite(scores)
    present = np.where(known, weights, 0.0)
    count, whole = present.sum(axis=1, keepdims=True), weights.sum()
    used = np.divide(present * whole, count, out=np.zeros_like(present), where=count > 0)
    total = (used * np.nan_to_num(scores)).sum(axis=1) / (whole or 1.0)
    confidence = (weights * np.where(known, credibility, 0.0)).sum(axis=1) / (whole or 1.0)
    return Totals(np.where(count[:, 0] > 0, total, np.nan), confidence, used)


def ranks(total):
    """Place of each total, best first, equal totals share a place; 0 without a total.

    >>> ranks([80.0, np.nan, 90.0, 80.0]).tolist()
    [2, 0, 1, 2]
    """
    total = np.asarray(total, float)
    known = np.isfinite(total)
    ordered = np.sort(-total[known])
    result = np.zeros(len(total), int)
    result[known] = np.searchsorted(ordered, -total[known]) + 1
    return result
