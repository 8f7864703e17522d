"""How an event runs beside what was expected of it, and where it will end.

An event of d days has H = 24 d hours. Of its Q expected units the profile p (H shares, sum 1) says how they spread; at
hour t the share F = p_1 + .. + p_t should be sold, E = Q F units. A units were sold. The pace L = (what the event will
sell) / Q is not known; before the event it is gamma distributed with mean m (1, or that of the group) and relative
error e, so with shape a = 1 / e^2. Sales of Q F L units on average come in orders of several units, so their variance
is f E (dispersion f = sum u^2 / sum u over orders of u units), and the profile of this event differs from p: the
variance of the share sold by t is s F (1 - F), as of a Dirichlet distribution. What A says of L thus weighs::

    w = 1 / (f + s (1 - F) / F * E)          (w = 1: plain Poisson counts)
    L | A ~ Gamma(a + w A, a / m + w E)      mean (a + w A) / (a / m + w E), the shrunk pace

With w = 1 this is the gamma-Poisson rule (Clayton and Kaldor 1987, *Biometrics* 43), the linear credibility of
Buehlmann (1967, *ASTIN Bulletin* 4). The rest R = Q (1 - F) then sells L R units; its variance is that of L times R^2,
that of the orders, f L R, and that of the profile, s (F / (1 - F) + 2 z) (L R)^2 with z = w E / (a / m + w E): who
took an early event for a strong one errs twice. Its quantiles are those of the gamma distribution with this mean and
variance: never below zero, so that the end is never below what was sold.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

#: relative error of what is expected of an event before any was seen, and the events that this guess counts as
LEVEL_ERROR, LEVEL_STRENGTH = 0.3, 3.0
#: the same of an event's profile: a standard deviation of 0.05 at half time
PROFILE_SPREAD, SPREAD_STRENGTH = 0.01, 2.0
#: orders that the group's profile counts as, beside those of the part
PROFILE_STRENGTH = 200.0
#: share of an event that a product without any expectation is thought to have passed without a sale
QUIET_SHARE = 0.05
#: share of a shortage that a remedy must cover to be worth proposing
WORTHWHILE = 0.5
REMEDIES = ("transfer", "expedite", "hold")


@dataclass(frozen=True)
class Profile:
    """How the units of an event spread over its hours.

    :ivar share: float (H,), sum 1
    :ivar spread: s of the module's formula
    :ivar count: past occurrences that it was learned from
    """

    share: np.ndarray
    spread: float
    count: int


@dataclass(frozen=True)
class Projection:
    """Where n totals will end; arrays (n,), in the unit of the totals.

    :ivar ratio: shrunk pace, NaN where nothing was expected
    :ivar expected: what should be sold by now
    :ivar mean, low, high: at the end of the event
    """

    ratio: np.ndarray
    expected: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def shrink_shares(counts, prior, strength=PROFILE_STRENGTH):
    """Shares of counts, drawn towards those of a group: (k g + n) / (k + sum n), the mean of a Dirichlet posterior.

    :param counts: float (h,) orders; :param prior: float (h,) shares g of the group, sum 1; :param strength: k orders

    >>> shrink_shares(np.array([0.0, 100.0]), np.array([0.5, 0.5]), strength=100).tolist()
    [0.25, 0.75]
    """
    counts, prior = np.asarray(counts, float), np.asarray(prior, float)
    return (strength * prior + counts) / (strength + counts.sum())


def stretch_days(hours, days):
    """Hours of a past event laid over one of another length: first day on first day, last on last.

    :param hours: float (24 d,); :return: float (24 days,)

    >>> stretch_days(np.repeat([1.0, 2.0, 9.0], 24), 2)[[0, 24]].tolist()
    [1.0, 9.0]
    """
    table = np.asarray(hours, float).reshape(-1, 24)
    if len(table) == days:
        return table.ravel()
    rows = np.round(np.linspace(0, len(table) - 1, days)).astype(int) if days > 1 else [int(table.sum(1).argmax())]
    return table[rows].ravel()


def usual_profile(usual, weekdays, other_hours=None):
    """Shares of an event's hours before anything is known of it: as usual on these weekdays.

    :param usual: float (7, 24) orders of usual weeks, Monday first; :param weekdays: int (d,) of the event's days
    :param other_hours: float (24,) orders of other events by hour of the day; they shift the hours of each day
    :return: float (24 d,), sum 1

    >>> usual_profile(np.zeros((7, 24)), [0]).round(4).tolist()[:2]
    [0.0417, 0.0417]
    """
    # one order an hour keeps a quiet company from having hours in which nothing can happen
    usual = np.asarray(usual, float) + 1.0
    hours = usual.sum(axis=0) / usual.sum()
    day_share = usual.sum(axis=1)[weekdays]
    if other_hours is not None:
        hours = shrink_shares(other_hours, hours)
    shape = np.stack([shrink_shares(usual[day], hours) for day in weekdays])
    table = shape * (day_share / day_share.sum())[:, None]
    return table.ravel()


def learn_profile(past, prior, strength=PROFILE_STRENGTH):
    """Profile of an event from its past occurrences: days drawn to the prior, hours of a day to those of the event.

    :param past: list of float (24 d_i,) orders by the hour, of any length; :param prior: float (24 d,), sum 1
    :return: :class:`Profile`

    >>> learn_profile([], np.full(24, 1 / 24)).count
    0
    """
    prior = np.asarray(prior, float)
    days = len(prior) // 24
    seen = [stretch_days(hours, days) for hours in past if np.sum(hours) > 0]
    total = np.sum(seen, axis=0).reshape(days, 24) if seen else np.zeros((days, 24))
    base = prior.reshape(days, 24)
    day_share = shrink_shares(total.sum(axis=1), base.sum(axis=1), strength)
    hours = shrink_shares(total.sum(axis=0), base.sum(axis=0), strength)
    # a day without any orders of its own keeps the weekday's hours, pulled by those of the event
    own = base / np.maximum(base.sum(axis=1, keepdims=True), 1e-12)
    weight = strength / (strength + total.sum())
    pull = weight * own + (1 - weight) * hours
    table = day_share[:, None] * np.stack([shrink_shares(total[day], pull[day], strength) for day in range(days)])
    share = (table / table.sum()).ravel()
    return Profile(share, _spread(seen, strength=SPREAD_STRENGTH), len(seen))


def _spread(seen, strength):
    """s of the formula from two or more past profiles, less what chance alone gives, drawn to the usual value."""
    if len(seen) < 2:
        return PROFILE_SPREAD
    done = np.stack([np.cumsum(hours) / np.sum(hours) for hours in seen])
    mean = done.mean(axis=0)
    scale = (mean * (1 - mean)).sum()
    between = ((done - mean) ** 2).sum() / (len(seen) - 1)
    chance = np.mean([1 / np.sum(hours) for hours in seen])
    found = max(between / max(scale, 1e-12) - chance, 0.0)
    degrees = len(seen) - 1
    return float((strength * PROFILE_SPREAD + degrees * found) / (strength + degrees))


def level_error(ratios):
    """Relative error of what was expected of past events: root mean square of ln(actual / expected), shrunk.

    >>> round(level_error([]), 3), round(level_error([1.1, 0.9, 1.0]), 3)
    (0.3, 0.22)
    """
    logs = np.log(np.asarray([ratio for ratio in ratios if ratio > 0], float))
    return float(np.sqrt((LEVEL_STRENGTH * LEVEL_ERROR**2 + (logs**2).sum()) / (LEVEL_STRENGTH + len(logs))))


def share_done(cumulative, hour):
    """Share F of an event at an hour (0 = it begins), between full hours by a straight line.

    >>> share_done(np.array([0.25, 1.0]), 1.5)
    0.625
    """
    return float(np.interp(hour, np.arange(len(cumulative) + 1), np.concatenate(([0.0], cumulative))))


def part_error(total, error, dispersion):
    """Relative error of what is expected of parts: sqrt(e^2 + f / Q), for little is expected on thin ground.

    :param total: float (n,) Q expected; :param error: e of a large part; :param dispersion: f
    :return: float (n,), finite also where nothing is expected

    >>> part_error([4.0, 1e9], 0.5, 3.0).round(3).tolist()
    [1.0, 0.5]
    """
    total = np.maximum(np.asarray(total, float), 1e-3)
    return np.sqrt(error**2 + dispersion / total)


def project(total, actual, done, error, dispersion=1.0, spread=PROFILE_SPREAD, centre=1.0, coverage=0.8):
    """Where totals will end, from what was expected and what was sold (see the formula of the module).

    :param total: float (n,) expected of the whole event; :param actual: float (n,) sold so far
    :param done: F; :param error: e; :param centre: m, the pace of the group; each one number or (n,)
    :param coverage: probability that the end lies between low and high
    :return: :class:`Projection`

    >>> found = project([1000.0], [750.0], 0.5, error=0.3)
    >>> float(found.ratio[0].round(2)), float(found.mean[0].round())
    (1.44, 1471.0)
    """
    total, actual = np.maximum(np.asarray(total, float), 0), np.maximum(np.asarray(actual, float), 0)
    done = np.clip(np.broadcast_to(np.asarray(done, float), total.shape), 0.0, 1.0)
    expected, shape = total * done, 1 / error**2
    noise = spread * np.divide(1 - done, done, out=np.zeros_like(done), where=done > 0) * expected
    weight = 1 / (dispersion + noise)
    rate = shape / np.maximum(centre, 1e-6) + weight * expected
    ratio = (shape + weight * actual) / rate
    rest = total * (1 - done)
    # nothing was expected of it: it goes on as it went, the less surely the younger the event
    blind = (total <= 0) & (actual > 0)
    mean = np.where(blind, actual * (1 - done) / (done + QUIET_SHARE), ratio * rest)
    shaky = spread * np.divide(done, 1 - done, out=np.zeros_like(done), where=done < 1)
    shaky = shaky + 2 * spread * weight * expected / rate
    level = np.where(blind, mean**2 * QUIET_SHARE / (done + QUIET_SHARE), rest**2 * ratio / rate)
    variance = level + dispersion * mean + shaky * mean**2
    low, high = _gamma_interval(mean, variance, coverage)
    return Projection(np.where(total > 0, ratio, np.nan), expected, actual + mean, actual + low, actual + high)


def _gamma_interval(mean, variance, coverage):
    known = (mean > 0) & (variance > 0)
    shape = np.divide(mean**2, variance, out=np.ones_like(mean), where=known)
    scale = np.divide(variance, mean, out=np.zeros_like(mean), where=known)
    tail = (1 - coverage) / 2
    low, high = (np.where(known, scale * special.gammaincinv(shape, level), mean) for level in (tail, 1 - tail))
    return np.minimum(low, mean), np.maximum(high, mean)


def hours_left(cumulative, hour, rest, available):
    """Hours from now until what is available is sold; infinite where it lasts to the end.

    :param cumulative: float (S,) shares of the event done at the end of each hour; :param hour: hours since it began
    :param rest: float (n,) units still to be sold; :param available: float (n,) units to sell them from

    >>> hours_left(np.array([0.25, 0.5, 0.75, 1.0]), 2, [50.0, 50.0], [25.0, 60.0]).round(6).tolist()
    [1.0, inf]
    """
    rest, available = np.asarray(rest, float), np.maximum(np.asarray(available, float), 0)
    times, shares = np.arange(len(cumulative) + 1), np.concatenate(([0.0], cumulative))
    now = share_done(cumulative, hour)
    part = np.divide(available, rest, out=np.ones_like(rest), where=rest > 0)
    steady = shares + 1e-12 * times  # an hour without any share must not make the way back ambiguous
    until = np.interp(now + (1 - now) * part, steady, times) - hour
    return np.where(available >= rest, np.inf, np.maximum(until, 0.0))


def period_shares(weights, period_days, first, last):
    """Share of each forecast period that falls into the event's days.

    :param weights: float (k * period_days,) how strong each day is beside a usual one; :param first: index of the
        event's first day; :param last: of its last one
    :return: float (k,)

    >>> period_shares(np.array([1.0, 1, 1, 1, 1, 1, 2]), 7, 6, 6).tolist()
    [0.25]
    """
    table = np.asarray(weights, float).reshape(-1, period_days)
    inside = np.zeros(table.size)
    inside[max(first, 0) : last + 1] = 1.0
    return (table * inside.reshape(table.shape)).sum(axis=1) / np.maximum(table.sum(axis=1), 1e-12)


def remedies(short, surplus, later):
    """What helps against a shortage: index into ``REMEDIES`` per item.

    A transfer where other warehouses have enough to spare, else receipts that come too late pulled forward, else the
    offer is held, so that nothing is sold that cannot be sent.

    :param short: float (n,) units missing; :param surplus: units that other warehouses will not need
    :param later: units of open receipts due after the event

    >>> remedies([10, 10, 10], [9, 0, 0], [0, 20, 1]).tolist()
    [0, 1, 2]
    """
    short, surplus, later = (np.asarray(each, float) for each in (short, surplus, later))
    need = WORTHWHILE * short
    return np.where(surplus >= need, 0, np.where(later >= need, 1, 2))


def day_lift(past, levels, days):
    """How strong each day of an event is beside a usual day, the mean over its past occurrences; None without any.

    :param past: list of float (24 d_i,) units by the hour; :param levels: units of a usual day before each of them

    >>> day_lift([np.repeat([1.0, 3.0], 24)], [24.0], 2).tolist()
    [1.0, 3.0]
    """
    lifts = [
        stretch_days(hours, days).reshape(-1, 24).sum(axis=1) / level
        for hours, level in zip(past, levels, strict=True)
        if level > 0 and np.sum(hours) > 0
    ]
    return np.mean(lifts, axis=0) if lifts else None
