"""Growth of many series between two periods whose days are paired (a Monday with a Monday), with an interval.

Growth is the ratio of the sums, ``g = sum(c_t) / sum(p_t) - 1``. Its chance is read from the paired days themselves, so
that promotions, busy days and orders that come in groups widen it; no count is assumed to be Poisson::

    r = sum(c) / sum(p),   e_t = c_t - r * p_t                              (Cochran 1977, eq. 6.13)
    V = n / (n - 1) * [sum e_t^2 + 2 * sum_k w_k * sum_t e_t * e_(t-k)]     w_k = 1 - k / (L + 1)  (Newey, West 1987)
    V = max(V, sum(c) / n_c + r^2 * sum(p) / n_p)  with the variance of orders by chance alone as the floor
    interval of log r:  log r -/+ t(n - 1) * sqrt(V) / sum(c)

with ``L = floor(4 * (n / 100)^(2/9))`` lags (Newey, West 1994). The floor is the variance that independent orders have:
without it a region with one order a day in a quiet week would look certain. Sums of money have no such floor of their
own, so the number of orders is given beside them: each order adds (mean amount)^2.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

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


def lags(days):
    """Lags of the variance for a number of days.

    >>> lags(28), lags(364)
    (3, 5)
    """
    return int(np.floor(4 * (days / 100) ** (2 / 9)))


def long_run_variance(residuals, count):
    """Variance of the sum of each row, with the correlation of days that follow each other (Newey, West 1987).

    :param residuals: (series, days)
    :param count: lags

    >>> float(long_run_variance(np.array([[1.0, -1.0, 1.0, -1.0]]), 1)[0])
    1.3333333333333333
    """
    days = residuals.shape[1]
    total = (residuals**2).sum(axis=1)
    for lag in range(1, min(count, days - 1) + 1):
        total += 2 * (1 - lag / (count + 1)) * (residuals[:, lag:] * residuals[:, :-lag]).sum(axis=1)
    return np.maximum(total, 0.0) * days / max(days - 1, 1)


def chance(total, orders):
    """Variance of a sum that is made of independent orders of the mean size; 0 where there were none.

    >>> chance(np.array([200.0]), np.array([50.0])).tolist()
    [800.0]
    """
    return np.divide(total**2, orders, out=np.zeros_like(total), where=orders > 0)


def growth(current, before, orders, orders_before, confidence=0.95) -> Growth:
    """Growth of each series.

    :param current: (series, days) amounts of this period
    :param before: (series, days) amounts of the paired days
    :param orders: (series,) orders of this period, that the amounts are made of; ``orders_before`` likewise
    :param confidence: of the interval

    >>> found = growth(np.full((1, 28), 12.0), np.full((1, 28), 10.0), np.array([336.0]), np.array([280.0]))
    >>> round(float(found.growth[0]), 3), round(float(found.low[0]), 3), round(float(found.high[0]), 3), found.verdict
    (0.2, 0.016, 0.417, ('grows',))
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
    variance = long_run_variance(current - filled[:, None] * before, lags(days))
    variance = np.maximum(variance, chance(now, orders) + filled**2 * chance(then, orders_before))
    error = np.divide(np.sqrt(variance), now, out=np.zeros_like(now), where=enough)
    width = special.stdtrit(max(days - 1, 1), (1 + confidence) / 2) * error
    low = np.where(enough, filled * np.exp(-width) - 1, np.nan)
    high = np.where(enough, filled * np.exp(width) - 1, np.nan)
    return Growth(ratio - 1, low, high, tuple(_verdict(*each) for each in zip(enough, low, high, strict=True)))


def _verdict(enough, low, high):
    if not enough:
        return NOT_ENOUGH
    return GROWS if low > 0 else FALLS if high < 0 else STEADY
