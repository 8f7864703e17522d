"""Delivery: on time, in full, how late, how long, how steady, and how early one is told.

All measures are over purchase lines whose promised day lies in the period, as they stand when the period is judged; a
line counts once it is due (received in full, or its promise and the tolerance are over: ``scm_base`` on_time). Lines
of services, kits and cancelled orders that were not overdue do not exist here; excluded lines are left out before.
``group`` (n,) is the supplier of each line.
"""

import numpy as np

from .measure import mean_of, quantile_of, share_of, spread_of


def otif_line(group, size, due, otif):
    """On time in full, by line: due lines of which all came by the promise / due lines. Share, 0 to 1.

    >>> otif_line([0, 0, 0], 1, [True, True, False], [True, False, False]).value.tolist()
    [0.5]
    """
    due = np.asarray(due, bool)
    return share_of(group, size, due & np.asarray(otif, bool), due, due)


def otif_quantity(group, size, due, ordered, on_time):
    """On time, by quantity: mean over due lines of the share of each that came by the promise. Share, 0 to 1.

    Units of different products cannot be added up, so each line weighs the same.

    >>> otif_quantity([0, 0], 1, [True, True], [10.0, 100.0], [10.0, 40.0]).value.tolist()
    [0.7]
    """
    due, ordered = np.asarray(due, bool), np.asarray(ordered, float)
    part = np.divide(on_time, ordered, out=np.zeros(len(ordered)), where=ordered > 0)
    return share_of(group, size, np.where(due, np.clip(part, 0, 1), 0.0), due, due)


def fill_rate(group, size, due, ordered, received):
    """Fill rate: mean over due lines of the share that has come at all, over-delivery not counted. Share, 0 to 1.

    >>> fill_rate([0, 0], 1, [True, True], [10.0, 10.0], [25.0, 5.0]).value.tolist()
    [0.75]
    """
    return otif_quantity(group, size, due, ordered, received)


def days_late_mean(group, size, due, days_late):
    """Mean days late of due lines, early and punctual ones as 0. Days."""
    return mean_of(group, size, np.where(np.asarray(due, bool), days_late, np.nan))


def days_late_p90(group, size, due, days_late):
    """Nine of ten due lines came no later than this. Days."""
    return quantile_of(group, size, np.where(np.asarray(due, bool), days_late, np.nan), 0.9)


def lead_time_mean(group, size, lead_days):
    """Mean days from confirmation to the receipt that made the line complete. Days; below 0 is an error of data."""
    return mean_of(group, size, _plausible(lead_days))


def lead_time_median(group, size, lead_days):
    """Half of the lines took no longer than this. Days."""
    return quantile_of(group, size, _plausible(lead_days), 0.5)


def lead_time_spread(group, size, lead_days):
    """Standard deviation of the lead time: what safety stock has to cover. Days."""
    return spread_of(group, size, _plausible(lead_days))


def delay_notice(group, size, due, days_late, notice_days):
    """Days before the promise on which a late line was announced, mean over late lines; unannounced ones count as 0.

    Days. Told when overdue counts as 0 as well: it helps nobody.

    >>> delay_notice([0, 0, 0], 1, [True] * 3, [5.0, 5.0, 0.0], [4.0, np.nan, np.nan]).value.tolist()
    [2.0]
    """
    late = np.asarray(due, bool) & (np.asarray(days_late, float) > 0)
    notice = np.maximum(np.nan_to_num(np.asarray(notice_days, float)), 0.0)
    return mean_of(group, size, np.where(late, notice, np.nan))


def _plausible(days):
    days = np.asarray(days, float)
    return np.where(days >= 0, days, np.nan)
