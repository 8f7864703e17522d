"""Which method is in use for a class of items, and when another one takes its place.

The champion stays unless a challenger was better by a margin over enough weeks, in most of them, and by more than
chance: the test of Diebold and Mariano (1995) on the weekly differences of loss, one-sided, with the small-sample
correction of Harvey, Leybourne and Newbold (1997).  After a change nothing changes for a while, so that two methods
that are equally good do not take turns.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

METHODS = ("ensemble", "mean13", "seasonal_naive", "ses", "tsb")
#: share by which the challenger's loss must be smaller, over at least so many weeks, better in that share of them
MARGIN, MIN_WEEKS, MIN_WINS, LEVEL = 0.05, 13, 0.6, 0.01
REST_WEEKS = 13
WINDOW_WEEKS = 26


@dataclass(frozen=True)
class Verdict:
    """What the weeks say.

    :param method: the method to use from now on
    :param best: the method with the least loss
    :param gain: share by which the best one's loss is below the champion's
    :param wins: share of weeks in which it was
    :param p_value: chance of such a lead if both were equally good
    :param weeks: weeks compared
    :param reason: kept, challenged (better, but not enough), rest (too soon after a change) or replaced
    """

    method: str
    best: str
    gain: float
    wins: float
    p_value: float
    weeks: int
    reason: str


def scaled_loss(error, level):
    """Squared error over the variance that counts with such a level have at least, so that no item drowns the others.

    >>> scaled_loss(np.array([2.0]), np.array([3.0])).round(3).tolist()
    [0.333]
    """
    level = np.maximum(level, 0.0)
    return error**2 / np.where(level > 0, level**2 + level, 1.0)


def diebold_mariano(difference):
    """One-sided p-value that the mean of the differences (champion's loss - challenger's) is not above 0.

    >>> round(diebold_mariano(np.array([1.0, 2.0, 1.0, 2.0])), 4)
    0.0069
    >>> diebold_mariano(np.zeros(4))
    1.0
    """
    count = len(difference)
    if count < 2:
        return 1.0
    mean, variance = float(difference.mean()), float(difference.var())
    if variance <= 1e-18:
        return 0.0 if mean > 1e-12 else 1.0
    statistic = mean / np.sqrt(variance / count) * np.sqrt((count - 1) / count)
    return float(stats.t.sf(statistic, count - 1))


def judge(loss, names, champion, weeks_since_change=None):
    """:class:`Verdict` about one class.

    :param loss: float (w, m), mean loss of each method in each week, oldest first; NaN = not known
    :param names: m names
    :param champion: name of the method in use
    :param weeks_since_change: weeks since the champion came; None = it always was

    >>> loss = np.column_stack([np.full(20, 10.0), np.full(20, 8.0)]) + np.arange(20)[:, None] % 2
    >>> judge(loss, ("ensemble", "mean13"), "ensemble").reason
    'replaced'
    >>> judge(loss, ("ensemble", "mean13"), "ensemble", weeks_since_change=3).reason
    'rest'
    """
    loss = np.asarray(loss, float)[-WINDOW_WEEKS:]
    if champion not in names:
        raise ValueError(f"the champion {champion!r} is not among {tuple(names)}")
    mine = names.index(champion)
    others = [place for place in range(len(names)) if place != mine and np.isfinite(loss[:, place]).any()]
    verdicts = [_compare(loss, mine, place, names) for place in others]
    # the one with the largest lead challenges
    best = max(verdicts, key=lambda verdict: verdict.gain, default=None)
    if best is None or best.gain <= 0:
        weeks = int(np.isfinite(loss[:, mine]).sum())
        return Verdict(champion, champion, 0.0, 0.0, 1.0, weeks, "kept")
    enough = best.gain >= MARGIN and best.weeks >= MIN_WEEKS and best.wins >= MIN_WINS and best.p_value <= LEVEL
    if not enough:
        return _with(best, champion, "challenged")
    if weeks_since_change is not None and weeks_since_change < REST_WEEKS:
        return _with(best, champion, "rest")
    return _with(best, best.best, "replaced")


def _with(verdict, method, reason):
    return Verdict(method, verdict.best, verdict.gain, verdict.wins, verdict.p_value, verdict.weeks, reason)


def _compare(loss, mine, place, names):
    both = np.isfinite(loss[:, mine]) & np.isfinite(loss[:, place])
    difference = loss[both, mine] - loss[both, place]
    total = float(loss[both, mine].sum())
    gain = float(difference.sum()) / total if total > 0 else 0.0
    wins = float((difference > 0).mean()) if both.any() else 0.0
    return Verdict(names[mine], names[place], gain, wins, diebold_mariano(difference), int(both.sum()), "")
