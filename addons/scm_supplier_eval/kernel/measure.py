"""What a measure of a supplier is: numbers per supplier, with how many facts stand behind them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Measure:
    """One measure of g suppliers; arrays (g,).

    :ivar value: the measure, NaN where there is nothing to measure
    :ivar numerator, denominator: what it is made of; of a mean: the sum and the number
    :ivar sample: number of facts
    :ivar variance: variance of one fact around its supplier's mean (means), 0 for shares
    :ivar share: the value is numerator / denominator of facts that are either good or not
    :ivar scale: what a share of all is written as: 1, or a million for ppm
    """

    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    sample: np.ndarray
    variance: np.ndarray
    share: bool
    scale: float = 1.0


def share_of(group, size, numerator, denominator, count=None):
    """Sum of numerators over sum of denominators, by group.

    :param group: int (n,), supplier of each fact, 0..size - 1
    :param numerator, denominator: float (n,)
    :param count: (n,) facts behind each row; None = one

    >>> found = share_of([0, 0, 1], 3, [1.0, 0.0, 1.0], [1.0, 1.0, 1.0])
    >>> found.value.tolist(), found.sample.tolist()
    ([0.5, 1.0, nan], [2, 1, 0])
    """
    group = np.asarray(group, int)
    top = np.bincount(group, np.asarray(numerator, float), size)
    bottom = np.bincount(group, np.asarray(denominator, float), size)
    sample = np.bincount(group, None if count is None else np.asarray(count, float), size).round().astype(int)
    value = np.divide(top, bottom, out=np.full(size, np.nan), where=bottom > 0)
    return Measure(value, top, bottom, sample, np.zeros(size), True)


def mean_of(group, size, values):
    """Mean of each group's values; missing ones (NaN) are left out.

    >>> found = mean_of([0, 0, 1], 2, [2.0, 4.0, np.nan])
    >>> found.value.tolist(), found.variance.tolist(), found.sample.tolist()
    ([3.0, nan], [2.0, 0.0], [2, 0])
    """
    group, values = np.asarray(group, int), np.asarray(values, float)
    known = np.isfinite(values)
    group, values = group[known], values[known]
    sample = np.bincount(group, minlength=size)
    total = np.bincount(group, values, size)
    value = np.divide(total, sample, out=np.full(size, np.nan), where=sample > 0)
    spread = np.bincount(group, (values - value[group]) ** 2, size)
    variance = np.divide(spread, sample - 1, out=np.zeros(size), where=sample > 1)
    return Measure(value, total, sample.astype(float), sample, variance, False)


def quantile_of(group, size, values, level):
    """Quantile of each group's values (linear between the two next to it); NaN without any.

    >>> quantile_of([0] * 11, 1, range(11), 0.9).value.tolist()
    [9.0]
    """
    plain = mean_of(group, size, values)
    group, values = np.asarray(group, int), np.asarray(values, float)
    known = np.isfinite(values)
    group, values = group[known], values[known]
    order = np.lexsort((values, group))
    ordered, count = values[order], plain.sample
    start = np.cumsum(count) - count
    place = level * np.maximum(count - 1, 0)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    result = np.full(size, np.nan)
    some = count > 0
    if some.any():
        first = ordered[(start + low)[some]]
        result[some] = first + (place - low)[some] * (ordered[(start + high)[some]] - first)
    return Measure(result, plain.numerator, plain.denominator, count, plain.variance, False)


def spread_of(group, size, values):
    """Standard deviation of each group's values, NaN with less than two.

    >>> spread_of([0, 0, 1], 2, [2.0, 4.0, 7.0]).value.round(3).tolist()
    [1.414, nan]
    """
    plain = mean_of(group, size, values)
    value = np.where(plain.sample > 1, np.sqrt(plain.variance), np.nan)
    # the variance of an estimated deviation, in facts: s2 / 2 (normal approximation)
    return Measure(value, plain.numerator, plain.denominator, plain.sample, plain.variance / 2, False)
