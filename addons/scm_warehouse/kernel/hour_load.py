"""How much work comes in which hour: profile of hour and weekday, level of a day, and a range to expect."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

#: a weekday with fewer transfers than this leans on the profile of all days
SHRINK = 40.0
#: how far the trend of the last two weeks may move the level
TREND_LIMITS = (0.5, 2.0)
#: transfers that the trend is shrunk by: few of them are no trend
TREND_SHRINK = 50.0
RECENT_DAYS = 14


@dataclass(frozen=True)
class Load:
    """Expected transfers of each hour of the days asked for, (days, 24), and the range of four hours in five."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def profile(counts, weekdays):
    """Mean transfers of a day of each weekday, and the share of each of its hours: ``(level (7,), share (7, 24))``.

    The share of weekday w is ``(n_wh + k s_h) / (n_w + k)``: drawn to that of all days, s_h, by k = 40 transfers, so
    that a weekday with little history has a sensible day. Without history all is zero.

    :param counts: transfers per day and local hour, (days, 24); ``weekdays``: 0 (Monday) to 6 of these days

    >>> counts = np.zeros((2, 24)); counts[0, 9] = 30; counts[1, 9] = 10; counts[1, 10] = 10
    >>> level, share = profile(counts, [0, 1])
    >>> level[:3].tolist(), share[1, 9].round(3), share.sum(axis=1).round(3).tolist()[:2]
    ([30.0, 20.0, 0.0], np.float64(0.7), [1.0, 1.0])
    """
    counts, weekdays = np.asarray(counts, dtype=float).reshape(-1, 24), np.asarray(weekdays, dtype=np.int64)
    level, hours = np.zeros(7), np.zeros((7, 24))
    np.add.at(hours, weekdays, counts)
    days = np.bincount(weekdays, minlength=7)
    totals = hours.sum(axis=1)
    np.divide(totals, days, out=level, where=days > 0)
    if not totals.sum():
        return level, np.zeros((7, 24))
    common = hours.sum(axis=0) / totals.sum()
    return level, (hours + SHRINK * common) / (totals[:, None] + SHRINK)


def trend(totals, weekdays, recent=RECENT_DAYS):
    """Factor by which the last days differ from what their weekdays had before; 1 without both.

    ``(recent + k) / (expected + k)``, k = 50 transfers, between 0.5 and 2: each recent day is compared with the mean
    of the same weekday before.

    :param totals: transfers per day, oldest first; ``weekdays`` of these days

    >>> trend([10] * 28 + [20] * 14, [day % 7 for day in range(42)])
    1.737
    >>> trend([10] * 10, [day % 7 for day in range(10)])
    1.0
    """
    totals, weekdays = np.asarray(totals, dtype=float), np.asarray(weekdays, dtype=np.int64)
    if totals.size < 2 * recent:
        return 1.0
    before, now = slice(None, -recent), slice(-recent, None)
    days = np.bincount(weekdays[before], minlength=7)
    usual = np.bincount(weekdays[before], weights=totals[before], minlength=7) / np.maximum(days, 1)
    factor = (totals[now].sum() + TREND_SHRINK) / (usual[weekdays[now]].sum() + TREND_SHRINK)
    return round(float(np.clip(factor, *TREND_LIMITS)), 3)


def dispersion(counts, weekdays):
    """Variance over mean of the counts of an hour around the mean of its weekday, at least 1 (Poisson).

    Mean of squared Pearson residuals over all hours of weekdays that were seen twice or more.

    >>> dispersion(np.tile([[4.0] + [0.0] * 23], (4, 1)), [0, 0, 0, 0])
    1.0
    """
    counts, weekdays = np.asarray(counts, dtype=float).reshape(-1, 24), np.asarray(weekdays, dtype=np.int64)
    squares, degrees = 0.0, 0
    for weekday in range(7):
        seen = counts[weekdays == weekday]
        if len(seen) < 2:
            continue
        mean = seen.mean(axis=0)
        busy = mean > 0
        squares += float((((seen - mean) ** 2)[:, busy] / mean[busy]).sum())
        degrees += (len(seen) - 1) * int(busy.sum())
    return max(1.0, squares / degrees) if degrees else 1.0


def expected_load(counts, weekdays, asked, scales, share=0.8):
    """What to expect in each hour of the days asked for: level of the weekday x scale x share of the hour.

    The range is that of a negative binomial with the dispersion of the past (Poisson where it is 1): one hour
    in five lies outside.

    :param counts: transfers per day and local hour of the past, (days, 24); ``weekdays`` of these days
    :param asked: weekdays of the days asked for; ``scales``: their factors
    :return: :class:`Load`, each (days asked for, 24)

    >>> past = np.zeros((14, 24)); past[:, 9] = 12.0
    >>> load = expected_load(past, [day % 7 for day in range(14)], [0], [1.5])
    >>> load.mean[0, 9], load.low[0, 9], load.high[0, 9]
    (np.float64(18.0), np.float64(13.0), np.float64(24.0))
    """
    level, hours = profile(counts, weekdays)
    asked = np.asarray(asked, dtype=np.int64)
    mean = (level[asked] * np.asarray(scales, dtype=float))[:, None] * hours[asked]
    over = dispersion(counts, weekdays)
    tail = (1.0 - share) / 2.0
    return Load(mean=mean, low=_quantile(mean, over, tail), high=_quantile(mean, over, 1.0 - tail))


def _quantile(mean, over, level):
    """Quantile of a count with this mean and variance over mean; 0 where the mean is 0."""
    safe = np.where(mean > 0, mean, 1.0)
    if over > 1.0:
        # variance = over x mean: n = mean / (over - 1), p = 1 / over
        found = stats.nbinom.ppf(level, safe / (over - 1.0), 1.0 / over)
    else:
        found = stats.poisson.ppf(level, safe)
    return np.where(mean > 0, found, 0.0)
