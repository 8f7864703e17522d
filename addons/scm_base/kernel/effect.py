"""Did it help? A measure before and after, with the interval in which its true change lies.

A measure is a ratio of sums over clusters (orders, receipts): ``r = sum(y_i) / sum(m_i)``, where ``m_i`` is how many
observations cluster i holds and ``y_i`` their sum. What comes in one order is alike, so the cluster is the unit of
chance, not the line.

Variance of a ratio of k clusters (Cochran 1977, *Sampling Techniques*, 3rd ed., eq. 6.13)::

    v = k / (k - 1) * sum((y_i - r * m_i)^2) / (sum m_i)^2

Means: interval of Welch (1947) with his degrees of freedom, on these variances.

Rates between 0 and 1: design effect of Rao and Scott (1992, Biometrics 48) and then the hybrid score interval of
Newcombe (1998, Statistics in Medicine 17, method 10), which holds near 0 and 1 too::

    n* = n / deff,  deff = max(1, v / (r (1 - r) / (n - 1)));  where all or none succeeded, n* = k
    (l, u) = Wilson interval of r on n*
    low  = d - sqrt((r2 - l2)^2 + (u1 - r1)^2),  high = d + sqrt((u2 - r2)^2 + (r1 - l1)^2),  d = r2 - r1

Verdict, with the smallest change for the better that matters, t: *worked* when the interval excludes zero and the
change is at least t; *did not* when the interval excludes a change of t; else there is not enough data.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

#: fewer clusters than this on either side say nothing
MIN_CLUSTERS = 5

WORKED, DID_NOT, NOT_ENOUGH = "worked", "did_not", "not_enough_data"


@dataclass(frozen=True)
class Level:
    """A measure over one period: its value, variance, clusters and observations."""

    value: float
    variance: float
    clusters: int
    sample: float


@dataclass(frozen=True)
class Effect:
    """A change and its interval, in the unit of the measure; NaN where nothing can be said."""

    before: Level
    after: Level
    effect: float
    low: float
    high: float
    verdict: str


def level(total, count) -> Level:
    """The measure over one period.

    :param total: (k,) sum of the observations of each cluster
    :param count: (k,) number of observations of each cluster; clusters without any are left out

    >>> level([1, 0, 1, 1], [1, 1, 1, 1])
    Level(value=0.75, variance=0.0625, clusters=4, sample=4.0)
    """
    total, count = np.asarray(total, dtype=float), np.asarray(count, dtype=float)
    kept = count > 0
    total, count = total[kept], count[kept]
    clusters, sample = len(count), float(count.sum())
    if not clusters:
        return Level(float("nan"), float("nan"), 0, 0.0)
    value = float(total.sum() / sample)
    if clusters == 1:
        return Level(value, float("nan"), 1, sample)
    squares = float(((total - value * count) ** 2).sum())
    return Level(value, clusters / (clusters - 1) * squares / sample**2, clusters, sample)


def wilson(rate, size, z) -> tuple[float, float]:
    """Score interval of a rate (Wilson 1927).

    >>> [round(limit, 4) for limit in wilson(0.8, 70, 1.959964)]
    [0.6918, 0.877]
    """
    centre = (rate + z * z / (2 * size)) / (1 + z * z / size)
    half = z * np.sqrt(rate * (1 - rate) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))


def effective_size(rate_level) -> float:
    """Observations that are worth as much as independent ones (Rao and Scott 1992); the clusters at 0 or 1.

    >>> effective_size(level([1, 0, 1, 1], [1, 1, 1, 1]))
    4.0
    """
    rate, sample = rate_level.value, rate_level.sample
    if rate_level.clusters < 2 or not 0 < rate < 1 or sample <= 1:
        return float(rate_level.clusters)
    design = rate_level.variance * (sample - 1) / (rate * (1 - rate))
    return float(sample / max(design, 1.0))


def change_of_rates(before, after, confidence=0.95) -> tuple[float, float]:
    """Interval of the change between two rates (Newcombe 1998, method 10).

    Newcombe's example 56 of 70 against 48 of 80:

    >>> one = lambda hits, size: level([1] * hits + [0] * (size - hits), [1] * size)
    >>> [round(limit, 4) for limit in change_of_rates(one(48, 80), one(56, 70))]
    [0.0524, 0.3339]
    """
    z = float(special.ndtri(0.5 + confidence / 2))
    low_1, high_1 = wilson(before.value, effective_size(before), z)
    low_2, high_2 = wilson(after.value, effective_size(after), z)
    change = after.value - before.value
    low = change - np.hypot(after.value - low_2, high_1 - before.value)
    high = change + np.hypot(high_2 - after.value, before.value - low_1)
    return float(low), float(high)


def change_of_means(before, after, confidence=0.95) -> tuple[float, float]:
    """Interval of the change between two means (Welch 1947).

    >>> import numpy as np
    >>> one = lambda values: level(values, np.ones(len(values)))
    >>> [round(limit, 3) for limit in change_of_means(one([4, 6, 5, 7, 8]), one([1, 2, 3, 2, 2]))]
    [-5.934, -2.066]
    """
    variance = before.variance + after.variance
    change = after.value - before.value
    if variance <= 0:
        return change, change
    freedom = variance**2 / (before.variance**2 / (before.clusters - 1) + after.variance**2 / (after.clusters - 1))
    half = float(special.stdtrit(freedom, 0.5 + confidence / 2)) * np.sqrt(variance)
    return float(change - half), float(change + half)


def judge(effect, low, high, better, smallest) -> str:
    """What an interval says.

    :param better: 1 when more is better, -1 when less is
    :param smallest: smallest change for the better that matters, in the unit of the measure, above 0

    >>> judge(0.20, 0.05, 0.33, better=1, smallest=0.05)
    'worked'
    >>> judge(0.20, -0.05, 0.43, better=1, smallest=0.05)
    'not_enough_data'
    >>> judge(0.01, -0.02, 0.04, better=1, smallest=0.05)
    'did_not'
    """
    gain, least, most = better * effect, min(better * low, better * high), max(better * low, better * high)
    if least > 0 and gain >= smallest:
        return WORKED
    return DID_NOT if most < smallest else NOT_ENOUGH


def measure(before, after, kind, better, smallest, confidence=0.95, min_clusters=MIN_CLUSTERS) -> Effect:
    """A measure before and after.

    :param before: ``(total, count)``, arrays over the clusters of the first period, see :func:`level`
    :param after: the same of the second period
    :param kind: ``"rate"`` (observations between 0 and 1) or ``"mean"``

    >>> measure(([1, 0] * 20, [1] * 40), ([1] * 39 + [0], [1] * 40), "rate", 1, 0.05).verdict
    'worked'
    >>> measure(([1, 0], [1, 1]), ([1, 1], [1, 1]), "rate", 1, 0.05).verdict
    'not_enough_data'
    """
    before, after = level(*before), level(*after)
    nothing = float("nan")
    if min(before.clusters, after.clusters) < max(min_clusters, 2):
        effect = after.value - before.value
        return Effect(before, after, effect, nothing, nothing, NOT_ENOUGH)
    interval = {"rate": change_of_rates, "mean": change_of_means}[kind]
    low, high = interval(before, after, confidence)
    effect = after.value - before.value
    return Effect(before, after, effect, low, high, judge(effect, low, high, better, smallest))
