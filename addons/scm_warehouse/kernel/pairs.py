"""Products that are bought together more often than chance puts them together."""

import numpy as np
from scipy.stats import false_discovery_control, poisson


def lifts(orders, one, other, together):
    """Lift of each pair (Brin, Motwani, Ullman, Tsur 1997): how many times as often together as chance would have it.

    lift = together / (one x other / orders); arrays of counts of orders, ``orders`` a number.

    >>> lifts(1000, [100], [50], [25]).tolist()
    [5.0]
    """
    expected = np.asarray(one, float) * np.asarray(other, float) / orders
    return np.asarray(together, float) / np.maximum(expected, 1e-12)


def doubts(orders, one, other, together):
    """q-value of each pair: share of false ones among all pairs as clear as it (Benjamini, Hochberg 1995).

    Chance puts a pair together Poisson(one x other / orders) times. Pairs that were never counted belong to the
    family too, but cannot be clearer; so the correction here is over the pairs given.

    >>> [round(q, 3) for q in doubts(1000, [100, 100], [50, 50], [25, 5]).tolist()]
    [0.0, 0.56]
    """
    expected = np.asarray(one, float) * np.asarray(other, float) / orders
    chance = poisson.sf(np.asarray(together, float) - 1, expected)
    return false_discovery_control(np.clip(chance, 0.0, 1.0)) if len(chance) else chance
