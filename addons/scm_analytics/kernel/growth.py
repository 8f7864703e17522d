"""Growth of many series between two periods whose days are paired (a Monday with a Monday), with an interval.

Growth is the ratio of the sums, ``g = sum(c_t) / sum(p_t) - 1``. Its chance is read from the paired days themselves, so
that promotions, busy days and orders that come in groups widen it; no count is assumed to be Poisson::

    r = sum(c) / sum(p),   e_t = c_t - r * p_t                              (Cochran 1977, eq. 6.13)
    V = sum e_t^2 + 2 * sum_(k<S) (1 - k / S) * sum_t e_t * e_(t-k)         (Newey, West 1987)
    V = max(V, sum(c)^2 / orders + r^2 * sum(p)^2 / orders before)
    interval of log r:  log r -/+ q(S / n) * sqrt(V) / sum(c)

with ``S = ceil(1.3 * sqrt(n))`` (Lazarus, Lewis, Stock, Watson 2018, J. Business & Economic Statistics 36) and the
limits q of Kiefer and Vogelsang (2005, Econometric Theory 21, table 1: Bartlett), which know that V itself is
estimated. Limits of the normal or t distribution are too narrow here: in 28 days that are alike with the day before
they call a change where there is none in 10 % of the regions instead of 5 %.

The last line of V is the variance that independent orders of the mean size have: without it a region with one order a
day in a quiet week would look certain.
"""

import math
from dataclasses import dataclass

import numpy as np

#: days that are needed, and orders on either side
MIN_DAYS = 14
MIN_ORDERS = 30

GROWS, FALLS, STEADY, NOT_ENOUGH = "grows", "falls", "steady", "not_enough_data"


@dataclass(frozen=True)
class Growth:
    """Growth per series (1 = twice as much), with its interval; NaN where nothing can be said; and a verdict."""

    growth: np.ndarray
    low: np.ndarray
    high: np.ndarray
    verdict: tuple


def span(days):
    """Days that are taken to be alike, S.

    >>> span(28), span(91), span(364)
    (7, 13, 25)
    """
    return min(math.ceil(1.3 * math.sqrt(days)), days)


def limit(share):
    """Limit q for a two-sided interval of 95 %, for S as a share of the days (Kiefer, Vogelsang 2005).

    >>> limit(0.0), round(limit(0.25), 3)
    (1.96, 2.72)
    """
    return 1.96 + 2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3


def long_run_variance(residuals, alike):
    """Variance of the sum of each row, with the correlation of days that follow each other (Newey, West 1987).

    :param residuals: (series, days)
    :param alike: S

    >>> float(long_run_variance(np.array([[1.0, -1.0, 1.0, -1.0]]), 2)[0])
    1.0
    """
    total = (residuals**2).sum(axis=1)
    for lag in range(1, min(alike, residuals.shape[1])):
        total += 2 * (1 - lag / alike) * (residuals[:, lag:] * residuals[:, :-lag]).sum(axis=1)
    return np.maximum(total, 0.0)


def chance(total, orders):
    """Variance of a sum that is made of independent orders of the mean size; 0 where there were none.

    >>> chance(np.array([200.0]), np.array([50.0])).tolist()
    [800.0]
    """
    return np.divide(total**2, orders, out=np.zeros_like(total), where=orders > 0)


def growth(current, before, orders, orders_before) -> Growth:
    """Growth of each series.

    :param current: (series, days) amounts of this period
    :param before: (series, days) amounts of the paired days
    :param orders: (series,) orders of this period, that the amounts are made of; ``orders_before`` likewise

    >>> found = growth(np.full((1, 28), 13.0), np.full((1, 28), 10.0), np.array([364.0]), np.array([280.0]))
    >>> round(float(found.growth[0]), 3), round(float(found.low[0]), 3), round(float(found.high[0]), 3), found.verdict
    (0.3, 0.047, 0.614, ('grows',))
    """
    current, before = np.asarray(current, dtype=float), np.asarray(before, dtype=float)
    orders, orders_before = np.asarray(orders, dtype=float), np.asarray(orders_before, dtype=float)
    days = current.shape[1]
    now, then = current.sum(axis=1), before.sum(axis=1)
    known = (then > 0) & (now >= 0)
    ratio = np.divide(now, then, out=np.full_like(now, np.nan), where=known)
    enough = (
        known & (now > 0) & (np.minimum(orders, orders_before) >= MIN_ORDERS) & np.full(now.shape, days >= MIN_DAYS)
    )
    filled = np.where(enough, ratio, 0.0)
    alike = span(days)
    variance = long_run_variance(current - filled[:, None] * before, alike)
    variance = np.maximum(variance, chance(now, orders) + filled**2 * chance(then, orders_before))
    error = np.divide(np.sqrt(variance), now, out=np.zeros_like(now), where=enough)
    width = limit(alike / days) * error
    low = np.where(enough, filled * np.exp(-width) - 1, np.nan)
    high = np.where(enough, filled * np.exp(width) - 1, np.nan)
    return Growth(ratio - 1, low, high, tuple(_verdict(*each) for each in zip(enough, low, high, strict=True)))


def _verdict(enough, low, high):
    if not enough:
        return NOT_ENOUGH
    return GROWS if low > 0 else FALLS if high < 0 else STEADY
