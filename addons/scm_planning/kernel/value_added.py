"""Forecast value added: did the hand that changed a forecast make it better?

    FVA = |statistical forecast - demand| - |final forecast - demand|

added up over what was changed, relative to the error of the statistical forecast (Gilliland 2010, "The Business
Forecasting Deal", ch. 4; Fildes, Goodwin, Lawrence & Nikolopoulos 2009, IJF 25:3-23, on how often adjustments help).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

# With fewer weeks than this nothing is said
LEAST_WEEKS = 8
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Added:
    """Judgement of one group of changes.

    :param count: changed forecasts; :param weeks: different weeks among them
    :param change: relative change of the error, -0.12 = 12 % smaller; NaN without any error to compare with
    :param low, high: its interval; NaN where too little is known
    :param verdict: ``better``, ``worse``, ``no_difference``, ``not_enough``
    """

    count: int
    weeks: int
    error_before: float
    error_after: float
    bias_before: float
    bias_after: float
    change: float
    low: float
    high: float
    verdict: str


def judge(before, after, actual, week):
    """Judge changed forecasts of one person, reason, level or product.

    Changes of one week share its luck, so weeks and not rows are the sample: the errors are added up per week. The
    interval is that of a ratio of sums (Cochran 1977, "Sampling Techniques", 6.3), with Student's t of weeks - 1.

    :param before, after, actual: float (k,), statistical forecast, final forecast, demand
    :param week: (k,), week of each, anything that sorts
    :returns: :class:`Added`

    Ten weeks in which the hand hit exactly what the statistics missed by 2:

    >>> one = judge(np.full(10, 8.0), np.full(10, 10.0), np.full(10, 10.0), np.arange(10))
    >>> one.change, one.verdict
    (-1.0, 'better')
    """
    before, after, actual = (np.asarray(values, dtype=float) for values in (before, after, actual))
    _weeks, place = np.unique(np.asarray(week), return_inverse=True)
    count = len(_weeks)
    old = np.bincount(place.ravel(), np.abs(before - actual), minlength=count)
    new = np.bincount(place.ravel(), np.abs(after - actual), minlength=count)
    change, low, high = _ratio(new - old, old)
    return Added(
        len(before),
        count,
        float(old.sum()),
        float(new.sum()),
        float((before - actual).sum()),
        float((after - actual).sum()),
        change,
        low,
        high,
        _verdict(count, low, high),
    )


def _ratio(step, base):
    count, total = len(base), base.sum()
    if not count or total <= 0:
        return float("nan"), float("nan"), float("nan")
    ratio = step.sum() / total
    if count < LEAST_WEEKS:
        return float(ratio), float("nan"), float("nan")
    spread = np.sqrt(count / (count - 1) * ((step - ratio * base) ** 2).sum()) / total
    reach = stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) * spread
    return float(ratio), float(ratio - reach), float(ratio + reach)


def _verdict(count, low, high):
    if count < LEAST_WEEKS or not np.isfinite(low):
        return "not_enough"
    if high < 0:
        return "better"
    return "worse" if low > 0 else "no_difference"


def judge_groups(labels, before, after, actual, week):
    """Dict label -> :class:`Added`; ``labels`` (k,) of ints or texts.

    >>> sorted(judge_groups(np.array([1, 2]), [1.0, 2.0], [1.0, 1.0], [1.0, 1.0], [0, 0]).items())[1][1].change
    -1.0
    """
    arrays = [np.asarray(values) for values in (before, after, actual, week)]
    labels = np.asarray(labels)
    found, place = np.unique(labels, return_inverse=True)
    return {
        label: judge(*(values[place.ravel() == number] for values in arrays))
        for number, label in enumerate(found.tolist())
    }
