"""How sure a carrier's rates of a month are, and whether they moved.

The interval of a rate is Wilson's (1927), which stays within 0 and 1 and is honest for few parcels::

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)

The interval of a change between two rates joins their Wilson intervals (Newcombe, 1998, method 10)::

    d - sqrt((p1 - l1)^2 + (u0 - p0)^2),  d + sqrt((u1 - p1)^2 + (p0 - l0)^2),  d = p1 - p0

A trend is said only when chance alone cannot explain the change.
"""

from typing import NamedTuple

import numpy as np

#: two-sided 95 % of the normal distribution
Z95 = 1.959963984540054


class Change(NamedTuple):
    """Arrays (n,): change of the rate and its interval (NaN: a side has no parcels); trend -1, 0 or 1."""

    change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    trend: np.ndarray


def wilson(hits, total, z=Z95):
    """Rate, lower and upper bound, each (n,); NaN where nothing was counted.

    Wilson's own way for 8 of 10 (Brown, Cai and DasGupta, 2001):

    >>> [round(float(bound[0]), 3) for bound in wilson([8], [10])]
    [0.8, 0.49, 0.943]
    """
    hits, total = np.asarray(hits, float), np.asarray(total, float)
    count = np.where(total > 0, total, np.nan)
    rate = hits / count
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(rate * (1 - rate) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    # at 0 and 1 the bounds meet the rate; rounding must not put them beyond it
    return rate, np.minimum(np.clip(middle - half, 0, 1), rate), np.maximum(np.clip(middle + half, 0, 1), rate)


def change(hits, total, hits_before, total_before, z=Z95):
    """Change of rates (n,) against the time before.

    Of 100 parcels 80 were on time, before that 180 of 200:

    >>> found = change([80], [100], [180], [200])
    >>> [round(float(bound[0]), 3) for bound in found[:3]], int(found.trend[0])
    ([-0.1, -0.195, -0.017], -1)
    """
    now, now_low, now_high = wilson(hits, total, z)
    before, before_low, before_high = wilson(hits_before, total_before, z)
    moved = now - before
    low = moved - np.sqrt((now - now_low) ** 2 + (before_high - before) ** 2)
    high = moved + np.sqrt((now_high - now) ** 2 + (before - before_low) ** 2)
    return Change(moved, low, high, np.where(low > 0, 1, np.where(high < 0, -1, 0)))


def before(hits, total, month, months):
    """Sums over the ``months`` months before each month of one carrier; arrays (n,), ``month`` counted through.

    >>> [sums.tolist() for sums in before([1, 2, 3], [4, 5, 6], [0, 1, 3], 2)]
    [[0.0, 1.0, 2.0], [0.0, 4.0, 5.0]]
    """
    month = np.asarray(month)
    within = (month[None, :] < month[:, None]) & (month[None, :] >= month[:, None] - months)
    return within @ np.asarray(hits, float), within @ np.asarray(total, float)
