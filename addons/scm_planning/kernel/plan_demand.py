"""Demand of the order plan by week: orders taken, and the forecast net of them.

Weeks start on Mondays; week 0 holds today. Days are counted from today; with ``weekday`` days of the week gone, day d
lies in week (d + weekday) // 7.

Forecast consumption (APICS Dictionary: "forecast consumption"; Vollmann et al., 2005, ch. 6): an order that falls due
in a week was part of what was forecast for it, so it takes its quantity out of the forecast, first of its own week,
then, where that is used up, of the weeks before and after, within the windows given. Demand of the week is orders +
what is left of the forecast, so nothing is counted twice and nothing is lost. What customers have been waiting for
since before today (overdue) belongs to the past and consumes nothing.
"""

import numpy as np

#: weeks at the end of the forecast whose mean goes on behind it
TAIL_WEEKS = 8


def week_of(day, weekday):
    """Week of a day.

    >>> week_of(np.array([0, 4, 5, 12]), 2).tolist()
    [0, 0, 1, 2]
    """
    return (np.asarray(day) + weekday) // 7


def monday_of(week, weekday):
    """First day of a week that is not past: today in week 0.

    >>> monday_of(np.array([0, 1, 2]), 2).tolist()
    [0, 5, 12]
    """
    return np.maximum(7 * np.asarray(week) - weekday, 0)


def by_week(item, day, quantity, n, weeks, weekday):
    """Sum of a flow per item and week, float (n, weeks); what lies behind the last week is left out.

    >>> by_week([0, 0, 1], [0, 9, 99], [5.0, 2.0, 1.0], 2, 2, 0).tolist()
    [[5.0, 2.0], [0.0, 0.0]]
    """
    week = np.maximum(week_of(np.asarray(day, int), weekday), 0)
    inside = week < weeks
    cell = np.asarray(item, int)[inside] * weeks + week[inside]
    total = np.bincount(cell, np.asarray(quantity, float)[inside], n * weeks)
    # without any entry NumPy counts in whole numbers
    return total.reshape(n, weeks).astype(float)


def forecast_weeks(forecast, weeks, gone_days):
    """Forecast of the weeks of the plan, float (n, weeks): the rest of week 0, and its mean behind its end.

    :param forecast: float (n, h), whole weeks from the Monday of week 0 on
    :param gone_days: int (n,), days of week 0 that are over where the item is, 0 to 7

    >>> forecast_weeks(np.array([[7.0, 14.0]]), 4, np.array([3])).tolist()
    [[4.0, 14.0, 10.5, 10.5]]
    """
    n, known = forecast.shape
    result = np.zeros((n, weeks))
    result[:, : min(known, weeks)] = forecast[:, :weeks]
    if known and known < weeks:
        result[:, known:] = forecast[:, -TAIL_WEEKS:].mean(axis=1)[:, None]
    result[:, 0] *= (7 - np.clip(gone_days, 0, 7)) / 7
    return result


def consume(forecast, orders, backward=1, forward=1):
    """What is left of the forecast after the orders, float (n, weeks).

    :param forecast, orders: float (n, weeks)
    :param backward, forward: weeks before and after whose forecast an order may use up

    10 a week are forecast; 14 taken in the second week use its own 10 and 4 of the week before:

    >>> consume(np.array([[10.0, 10.0, 10.0]]), np.array([[0.0, 14.0, 3.0]])).tolist()
    [[6.0, 0.0, 7.0]]
    """
    left, open_orders = np.array(forecast, float), np.array(orders, float)
    weeks = left.shape[1]
    for shift in (0, *range(-1, -backward - 1, -1), *range(1, forward + 1)):
        if abs(shift) >= weeks:
            continue
        taking = slice(max(-shift, 0), weeks - max(shift, 0))
        giving = slice(max(shift, 0), weeks - max(-shift, 0))
        used = np.minimum(open_orders[:, taking], left[:, giving])
        left[:, giving] -= used
        open_orders[:, taking] -= used
    return left
