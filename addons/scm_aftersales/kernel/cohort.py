"""Return rates of young orders: how much of what will come back has been asked for by now."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

#: days since delivery after which nothing is expected any more
LIMIT = 180
#: a cohort counts as complete when this share of its returns must have been asked for
COMPLETE = 0.95


@dataclass(frozen=True)
class Curve:
    """Completed share of returns by days since delivery, ``share[d]`` for d = 0..LIMIT, and how sure it is.

    ``spread[d]`` is the variance of ``log share[d]``; ``sample`` the returned deliveries behind it.
    """

    share: np.ndarray
    spread: np.ndarray
    sample: float


def delay_curve(days, ages, counts, limit=LIMIT):
    """Share of all returns that are asked for within d days of delivery, from returns of deliveries of any age.

    A delivery of age a shows only returns with a delay of at most a, so short delays are over-represented (right
    truncation). The product-limit estimator in reverse time (Lagakos, Barraj & De Gruttola 1988) mends it::

        share(d) = prod over j > d of (1 - n_j / r_j)

    ``n_j`` returns with a delay of j days, ``r_j`` returns with a delay of at most j days of deliveries that are at
    least j days old. With one cohort per day it is the chain ladder: ``r_(j+1) / (r_(j+1) - n_(j+1))`` is its factor
    from day j to j + 1 (Mack 1993). The variance is Greenwood's (1926). Delays beyond ``limit`` count as ``limit``;
    those beyond the oldest delivery cannot be known and are taken for impossible.

    :param days: delay of each return (days), ``ages``: age of its delivery today, ``counts``: how many of them

    Of ten deliveries of an age of one day or more, 4 came back at once and 2 on the next day, and 3 more of deliveries
    of today came back at once: of those that are asked for within a day, 4 of 6 come at once.

    >>> delay_curve([0, 1, 0], [1, 1, 0], [4, 2, 3], limit=2).share.round(3).tolist()
    [0.667, 1.0, 1.0]
    """
    days = np.clip(np.asarray(days, int), 0, limit)
    ages = np.clip(np.asarray(ages, int), days, limit)
    counts = np.asarray(counts, float)
    came = np.bincount(days, counts, limit + 1)
    gone = np.concatenate([[0.0], np.cumsum(np.bincount(ages, counts, limit + 1))[:-1]])
    at_risk = np.cumsum(came) - gone
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(at_risk > 0, 1.0 - came / at_risk, 1.0).clip(0.0)
        step = np.where(kept > 0, came / (at_risk * (at_risk - came)), np.inf)
    step = np.where(came > 0, step, 0.0)
    return Curve(_behind(kept, np.multiply, 1.0), _behind(step, np.add, 0.0), float(counts.sum()))


def _behind(values, operation, neutral):
    """``operation`` over all values behind each place."""
    tail = operation.accumulate(values[::-1])[::-1]
    return np.append(tail[1:], neutral)


def rate(returned, mature, returned_lines, mature_lines, spread=0.0, level=0.95):
    """Return rate of a cohort when all is said and done, with its interval: ``(rate, low, high)``.

    ``rate = returned / mature``, where ``mature`` is what was delivered times the completed share (Cape Cod: Stanard
    1985). Units of one delivery come back together, so the interval is that of the count of deliveries: Garwood's
    (1936), exact for a Poisson number, widened by the uncertainty of the curve on the log scale.

    :param spread: variance of the log of the completed share
    :return: arrays; NaN where nothing is mature

    >>> [one.round(3).tolist() for one in rate([12.0], [200.0], [10], [200.0])]
    [[0.06], [0.029], [0.11]]
    """
    returned, mature, lines, mature_lines, spread = np.broadcast_arrays(
        *(np.asarray(value, float) for value in (returned, mature, returned_lines, mature_lines, spread))
    )
    low_count = np.where(lines > 0, chi2.ppf((1 - level) / 2, 2 * np.maximum(lines, 1)) / 2, 0.0)
    high_count = chi2.ppf((1 + level) / 2, 2 * lines + 2) / 2
    z2 = norm.ppf((1 + level) / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (mature > 0) & (mature_lines > 0)
        value = np.where(known, returned / mature, np.nan)
        # units per delivery turn counts of deliveries into units; without returns, those of what was delivered
        per_line = np.where(lines > 0, returned / np.maximum(lines, 1), mature / mature_lines)
        per_count = per_line / mature
        down = np.where(lines > 0, np.log(np.maximum(lines, 1) / low_count), 0.0)
        up = np.where(lines > 0, np.log(high_count / np.maximum(lines, 1)), 0.0)
        low = np.where(lines > 0, value * np.exp(-np.sqrt(down**2 + z2 * spread)), 0.0)
        high = np.where(lines > 0, value * np.exp(np.sqrt(up**2 + z2 * spread)), high_count * per_count)
    return value, np.where(known, low, np.nan), np.where(known, np.minimum(high, np.maximum(1.0, value)), np.nan)


def cohorts(deliveries, returns, curve, level=0.95):
    """Return rate of each cohort, completed.

    :param deliveries: ``(cohort, age, lines, units)`` sequences: what was delivered to orders of a cohort, by age today
    :param returns: ``(cohort, lines, units)``: what of it has come back
    :return: dict of arrays by cohort number: ``lines``, ``delivered``, ``returned``, ``share`` (completed), ``raw``
        (returned so far by delivered), ``rate``, ``low``, ``high``, ``is_complete``

    >>> half = Curve(np.array([0.5, 1.0]), np.zeros(2), 30)
    >>> found = cohorts(([0, 1], [1, 0], [100, 100], [100.0, 100.0]), ([0, 1], [10, 5], [10.0, 5.0]), half)
    >>> found["raw"].tolist(), found["rate"].tolist(), found["is_complete"].tolist()
    ([0.1, 0.05], [0.1, 0.1], [True, False])
    """
    cohort, age, lines, units = (np.asarray(column) for column in deliveries)
    cohort, size = cohort.astype(int), int(cohort.max()) + 1 if len(cohort) else 0
    age = np.clip(age.astype(int), 0, len(curve.share) - 1)
    share, spread = curve.share[age], np.where(np.isfinite(curve.spread[age]), curve.spread[age], 0.0)
    total = lambda values: np.bincount(cohort, values, size)  # noqa: E731
    delivered, mature = total(units), total(units * share)
    back, back_lines, back_units = (np.asarray(column) for column in returns)
    back = back.astype(int)
    returned, returned_lines = np.bincount(back, back_units, size), np.bincount(back, back_lines, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        unsure = np.where(mature > 0, total(units * share * spread) / mature, 0.0)
        raw = np.where(delivered > 0, returned / delivered, np.nan)
        completed = np.where(delivered > 0, mature / delivered, 0.0)
    value, low, high = rate(returned, mature, returned_lines, total(lines * share), unsure, level)
    return {
        "lines": total(lines),
        "delivered": delivered,
        "returned": returned,
        "share": completed,
        "raw": raw,
        "rate": value,
        "low": low,
        "high": high,
        "is_complete": completed >= COMPLETE,
    }


def growth(deliveries, returns, limit=LIMIT, least=0.5):
    """How the rate of each cohort grew by days since delivery: array (cohorts, limit + 1), NaN where it is not known.

    At day d a cohort is judged by those of its deliveries that are d days old or older, as long as they are at least
    the share ``least`` of it.

    :param deliveries: ``(cohort, age, units)``; ``returns``: ``(cohort, age of the delivery, days, units)``

    >>> growth(([0, 0], [1, 0], [10.0, 10.0]), ([0, 0], [1, 1], [0, 1], [1.0, 2.0]), limit=2).tolist()
    [[0.05, 0.3, nan]]
    """
    cohort, age, units = (np.asarray(column) for column in deliveries)
    size = int(cohort.max()) + 1 if len(cohort) else 0
    table = np.zeros((size, limit + 1))
    np.add.at(table, (cohort.astype(int), np.clip(age.astype(int), 0, limit)), units)
    old = table[:, ::-1].cumsum(axis=1)[:, ::-1]
    back, back_age, days, back_units = (np.asarray(column) for column in returns)
    came = np.zeros((size, limit + 1))
    back, days = back.astype(int), np.clip(days.astype(int), 0, limit)
    np.add.at(came, (back, days), back_units)
    came = came.cumsum(axis=1)
    # taken out again from the day on which its delivery is too young to be judged
    leaves = np.zeros((size, limit + 2))
    np.add.at(leaves, (back, np.clip(back_age.astype(int), days, limit) + 1), back_units)
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = (came - leaves[:, :-1].cumsum(axis=1)) / old
    return np.where((old > 0) & (old >= least * old[:, :1]), grown, np.nan)
