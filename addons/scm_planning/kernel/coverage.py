"""How long the stock lasts: run-out days, what cannot be saved by ordering today, excess and dead stock.

Days count from 0 = today. What arrives on a day is there before that day's demand; the forecast of a period is spread
evenly over its days and its mean goes on past the horizon. Demand that finds no stock waits (negative stock), so that
a late receipt serves it first.

    stock at the end of day t = on hand - promised + arrivals of days 0..t - demand of days 0..t
"""

from dataclasses import dataclass

import numpy as np

#: rounding dust, in units
EPS = 1e-6
#: never, as a day
NEVER = np.inf


@dataclass(frozen=True)
class Arrivals:
    """Open receipts: parallel arrays of item index, day of arrival (before today counts as today) and quantity."""

    item: np.ndarray
    day: np.ndarray
    quantity: np.ndarray

    @classmethod
    def of(cls, item=(), day=(), quantity=()):
        """Checked and turned into arrays.

        :raises ValueError: when lengths differ
        """
        arrays = np.asarray(item, int).reshape(-1), np.asarray(day, float).reshape(-1), np.asarray(quantity, float)
        if not arrays[0].shape == arrays[1].shape == arrays[2].reshape(-1).shape:
            raise ValueError("each arrival needs an item, a day and a quantity")
        return cls(arrays[0], np.maximum(arrays[1], 0), arrays[2].reshape(-1))


@dataclass(frozen=True)
class Coverage:
    """What is to come of each item; all (n,), days as floats, ``inf`` = never.

    :ivar cover_days: days that on hand alone lasts
    :ivar cover_days_incoming: days that on hand and all open receipts together last
    :ivar run_out_day: first day on which demand is not met, open receipts arriving as planned
    :ivar order_day: day on which an order placed today would arrive
    :ivar too_late: the item runs out before that day: ordering today cannot prevent it
    :ivar unmet: units of demand without stock before that day, with those promised today that are not there
    :ivar short_now: promised more than on hand, today
    """

    cover_days: np.ndarray
    cover_days_incoming: np.ndarray
    run_out_day: np.ndarray
    order_day: np.ndarray
    too_late: np.ndarray
    unmet: np.ndarray
    short_now: np.ndarray


def coverage(on_hand, forecast, period_days, arrivals: Arrivals, lead_days, promised=0.0) -> Coverage:
    """Project the stock of all items.

    :param on_hand: (n,) units; below zero is allowed
    :param forecast: (n, h) mean demand per period, the first of which starts today
    :param period_days: days per period
    :param lead_days: (n,) days until an order placed today arrives
    :param promised: (n,) units that orders have taken already and the forecast does not contain

    10 on hand, 1 a day, 20 arrive on day 15; an order would take 12 days:

    >>> result = coverage([10], [[7, 7, 7]], 7, Arrivals.of([0], [15], [20]), [12])
    >>> result.cover_days, result.run_out_day, result.too_late, result.unmet
    (array([10.]), array([10.]), array([ True]), array([2.]))
    """
    forecast = _rates(forecast, period_days)
    stock = np.asarray(on_hand, float) - promised
    lead_days = np.broadcast_to(np.asarray(lead_days, float), stock.shape)
    if len(forecast) != len(stock):
        raise ValueError(f"forecast has {len(forecast)} rows for {len(stock)} items")
    incoming = np.bincount(arrivals.item, arrivals.quantity, len(stock))
    run_out, unmet = _walk(stock, forecast, period_days, arrivals, lead_days)
    return Coverage(
        cover_days=days_of_cover(stock, forecast * period_days, period_days),
        cover_days_incoming=days_of_cover(stock + incoming, forecast * period_days, period_days),
        run_out_day=run_out,
        order_day=lead_days,
        too_late=run_out < lead_days,
        unmet=unmet,
        short_now=stock < -EPS,
    )


def days_of_cover(stock, forecast, period_days):
    """(n,) days until demand meets no stock; ``inf`` without demand.

    >>> days_of_cover([10, 30, 0, 5], [[7, 14], [7, 14], [7, 14], [0, 0]], 7)
    array([ 8.5, 20. ,  0. ,  inf])
    """
    rate = _rates(forecast, period_days)
    stock = np.maximum(np.asarray(stock, float), 0.0)
    ends = np.cumsum(rate, axis=1) * period_days
    before = np.concatenate([np.zeros((len(rate), 1)), ends], axis=1)
    # periods that the stock outlasts, their demand being met in full
    period = (ends <= stock[:, None] + EPS).sum(1)
    inside = np.minimum(period, rate.shape[1] - 1)
    rows = np.arange(len(rate))
    later = period >= rate.shape[1]
    rest = stock - before[rows, np.where(later, rate.shape[1], inside)]
    speed = np.where(later, rate.mean(1), rate[rows, inside])
    extra = np.divide(rest, speed, out=np.full(len(rate), NEVER), where=speed > EPS / 100)
    return np.where(later, rate.shape[1], inside) * period_days + np.maximum(extra, 0.0)


def late_arrivals(on_hand, forecast, period_days, arrivals: Arrivals, promised=0.0):
    """For each arrival, the days by which it comes after its item has run out; 0 = in time.

    The item's run-out is that without this and later arrivals.

    >>> late_arrivals([10, 50], [[7, 7, 7]] * 2, 7, Arrivals.of([0, 0, 1], [15, 30, 15], [20, 5, 5]))
    array([5., 0., 0.])
    """
    stock = np.asarray(on_hand, float) - promised
    order = np.lexsort((arrivals.day, arrivals.item))
    item, quantity = arrivals.item[order], arrivals.quantity[order]
    total = np.cumsum(quantity) - quantity
    first = np.searchsorted(item, np.arange(len(stock)))
    earlier = total - (total[np.minimum(first, max(len(total) - 1, 0))][item] if len(total) else total)
    # arrivals of the same day stand together
    new = np.r_[True, (item[1:] != item[:-1]) | (np.diff(arrivals.day[order]) > 0)][: len(item)]
    earlier = earlier[np.maximum.accumulate(np.where(new, np.arange(len(item)), 0))] if len(item) else earlier
    lasts = days_of_cover(stock[item] + earlier, np.asarray(forecast, float)[item], period_days)
    late = np.zeros(len(item))
    late[order] = np.maximum(0.0, arrivals.day[order] - lasts)
    return late


def excess_units(position, forecast, period_days, horizon_days, policy_stock):
    """(n,) units above what the horizon's forecast and the policy need.

    :param position: (n,) units on hand, or with what is on order
    :param policy_stock: (n,) units that should be there at the horizon's end, e.g. the safety stock

    >>> excess_units([100], [[7, 7]], 7, 28, [20])
    array([52.])
    """
    needed = _cumulative(_rates(forecast, period_days), period_days, horizon_days)
    return np.maximum(np.asarray(position, float) - needed - np.asarray(policy_stock, float), 0.0)


def dead_units(on_hand, days_since_demand, forecast, dead_days=365):
    """(n,) units on hand of items without demand for ``dead_days`` and without any forecast; else 0.

    :param days_since_demand: (n,), NaN or inf = never sold

    >>> dead_units([5, 5, 5], [400, 20, float("nan")], [[0], [0], [0]])
    array([5., 0., 5.])
    """
    idle = ~(np.asarray(days_since_demand, float) < dead_days)
    none = np.asarray(forecast, float).sum(1) <= EPS
    return np.where(idle & none, np.maximum(np.asarray(on_hand, float), 0.0), 0.0)


def _rates(forecast, period_days):
    forecast = np.asarray(forecast, float)
    if forecast.ndim != 2 or not forecast.shape[1]:
        raise ValueError("forecast must be a table of items and at least one period")
    if not period_days > 0:
        raise ValueError("period_days must be positive")
    return np.maximum(forecast, 0.0) / period_days


def _cumulative(rate, period_days, day):
    """Demand of each item from today until ``day``, a number or (n,)."""
    n, periods = rate.shape
    day = np.broadcast_to(np.asarray(day, float), (n,))
    before = np.concatenate([np.zeros((n, 1)), np.cumsum(rate, axis=1) * period_days], axis=1)
    inside = np.minimum(day, periods * period_days)
    period = np.minimum((inside // period_days).astype(int), periods - 1)
    rows = np.arange(n)
    known = before[rows, period] + (inside - period * period_days) * rate[rows, period]
    return known + np.maximum(day - periods * period_days, 0.0) * rate.mean(1)


def _walk(stock, rate, period_days, arrivals, lead_days):
    """First day of unmet demand, and units unmet before the order day, going from arrival to arrival.

    Round k handles the k-th arrival of every item at once; there are as many rounds as one item has arrivals.
    """
    n = len(stock)
    run_out = np.where(stock < -EPS, 0.0, NEVER)
    unmet = np.maximum(-stock, 0.0)
    order = np.lexsort((arrivals.day, arrivals.item))
    item, day, quantity = arrivals.item[order], arrivals.day[order], arrivals.quantity[order]
    count = np.bincount(item, minlength=n)
    start = np.cumsum(count) - count
    received = stock.copy()
    since = np.zeros(n)
    for number in range(int(count.max(initial=0)) + 1):
        rows = np.flatnonzero(count >= number)
        more = count[rows] > number
        until = np.full(len(rows), NEVER)
        until[more] = day[start[rows[more]] + number]
        lasts = days_of_cover(received[rows], rate[rows] * period_days, period_days)
        run_out[rows] = np.minimum(run_out[rows], np.where(lasts < until, np.maximum(lasts, since[rows]), NEVER))
        unmet[rows] += _unmet(received[rows], rate[rows], period_days, since[rows], np.minimum(until, lead_days[rows]))
        since[rows] = until
        received[rows[more]] += quantity[start[rows[more]] + number]
    return run_out, unmet


def _unmet(received, rate, period_days, since, until):
    """Demand of the days from ``since`` to ``until`` that the stock does not reach."""
    until = np.maximum(np.where(np.isfinite(until), until, since), since)
    begin, end = _cumulative(rate, period_days, since), _cumulative(rate, period_days, until)
    # nothing waits twice: what was unmet before this stretch is not counted again
    return np.maximum(end - np.maximum(received, begin), 0.0)
