"""Is the forecast still as good as it was?  Two tests per item, updated week by week without looking back.

Bias: Trigg's (1964) tracking signal T = E / A, with E and A the smoothed error and absolute error; |T| is at most 1 and
near 0 for a forecast that misses to both sides.  Size of the error: a CUSUM (Page 1954) of the root of the absolute
error, standardised by the item's own first weeks.  The limits were set by simulation
(``tests/kernel/planning/test_drift.py``): of items whose forecast is as good as ever, fewer than 1 in 100 is beyond the
bias limit in a given week, and fewer than 5 in 100 raise the error alarm within a year.
"""

from dataclasses import dataclass, fields

import numpy as np

ALPHA = 0.1
BIAS_LIMIT, BIAS_WEEKS = 0.75, 13
BASE_WEEKS = 20
SLACK, ALARM, STEP_LIMIT = 0.75, 6.0, 3.0
#: what one week is worth a week later, in the comparison with plain methods: the last year or so counts
FORGET = 0.98
#: a base that was too even by chance must not make an ordinary error an alarm
LEAST_CV = 0.25


@dataclass
class Watch:
    """State of n items, each float (n,).

    :param weeks: weeks counted
    :param error: smoothed error; :param absolute: smoothed absolute error; forecast less demand, in units
    :param base_mean, base_square: mean and mean square of the root of the absolute error in the first weeks
    :param cusum: sum of what lies above the base
    :param sum_ours, sum_mean13, sum_naive: absolute errors of the weeks, older ones discounted
    :param sum_actual: demand, discounted alike
    :param covered: weeks within the 90 % band, discounted; :param banded: weeks with a band, discounted
    """

    weeks: np.ndarray
    error: np.ndarray
    absolute: np.ndarray
    base_mean: np.ndarray
    base_square: np.ndarray
    cusum: np.ndarray
    sum_ours: np.ndarray
    sum_mean13: np.ndarray
    sum_naive: np.ndarray
    sum_actual: np.ndarray
    covered: np.ndarray
    banded: np.ndarray

    @classmethod
    def start(cls, n_items):
        return cls(*(np.zeros(n_items) for _ in fields(cls)))

    @property
    def signal(self):
        """Trigg's signal, -1 to 1; above 0 the forecast is too high."""
        return np.divide(self.error, self.absolute, out=np.zeros(len(self.error)), where=self.absolute > 0)

    @property
    def biased(self):
        return (self.weeks >= BIAS_WEEKS) & (np.abs(self.signal) > BIAS_LIMIT)

    @property
    def worse(self):
        return (self.weeks > BASE_WEEKS) & (self.cusum > ALARM)


def update(watch, said, actual, mean13, naive, low, high):
    """One week more; items whose demand is not known (NaN), or of whom nothing was said, stay as they are.

    :param watch: :class:`Watch`, changed in place
    :param said, mean13, naive: float (n,), what was forecast for the week
    :param actual: float (n,), what came
    :param low, high: float (n,), the band that should hold 90 of 100 weeks; NaN = none
    :returns: bool (n,), items counted

    >>> watch = Watch.start(1)
    >>> for demand in [8.0] * 15:
    ...     _ = update(watch, *(np.array([value]) for value in (10.0, demand, 9.0, 7.0, 5.0, 12.0)))
    >>> watch.signal.round(2).tolist(), watch.biased.tolist(), watch.worse.tolist()
    ([0.79], [True], [False])
    """
    known = np.isfinite(actual) & np.isfinite(said)
    error = np.where(known, said - actual, 0.0)
    size = np.abs(error)
    first = watch.weeks == 0
    gain = np.where(first, 1.0, ALPHA)
    # the first error alone would make the signal 1; a signal starts at nothing
    watch.error[known] += (np.where(first, ALPHA, gain) * (error - watch.error))[known]
    watch.absolute[known] += (gain * (size - watch.absolute))[known]
    _update_cusum(watch, np.sqrt(size), known)
    for name, value in (("ours", size), ("mean13", np.abs(mean13 - actual)), ("naive", np.abs(naive - actual))):
        total = getattr(watch, f"sum_{name}")
        total[known] = total[known] * FORGET + np.nan_to_num(value)[known]
    watch.sum_actual[known] = watch.sum_actual[known] * FORGET + actual[known]
    band = known & np.isfinite(low) & np.isfinite(high)
    inside = band & (actual >= low - 1e-9) & (actual <= high + 1e-9)
    watch.covered[band] = watch.covered[band] * FORGET + inside[band]
    watch.banded[band] = watch.banded[band] * FORGET + 1
    watch.weeks[known] += 1
    return known


def _update_cusum(watch, root, known):
    learning = known & (watch.weeks < BASE_WEEKS)
    count = watch.weeks + 1
    watch.base_mean[learning] += ((root - watch.base_mean) / count)[learning]
    watch.base_square[learning] += ((root**2 - watch.base_square) / count)[learning]
    testing = known & ~learning
    spread = np.sqrt(np.maximum(watch.base_square - watch.base_mean**2, 0.0) * BASE_WEEKS / (BASE_WEEKS - 1))
    spread = np.maximum(spread, np.maximum(LEAST_CV * watch.base_mean, 1e-9))
    step = np.clip((root - watch.base_mean) / spread, -STEP_LIMIT, STEP_LIMIT) - SLACK
    watch.cusum[testing] = np.maximum(watch.cusum + step, 0.0)[testing]


def better_than(ours, other):
    """Items whose error is smaller than another method's by more than rounding: bool (n,).

    >>> better_than(np.array([1.0, 2.0]), np.array([2.0, 2.0])).tolist()
    [True, False]
    """
    return ours < other - 1e-9
