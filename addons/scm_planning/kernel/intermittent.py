"""Models for demand with many empty periods, for many series at once; shapes as in :mod:`.smoothing`."""

import numpy as np


def croston_sba(history, horizon, season=None, alpha=0.1):
    """Croston (1972) with the correction of Syntetos and Boylan (2005): (1 - alpha/2) size / interval.

    Size z and interval p are smoothed at periods with a sale only; p counts known periods between sales.

    >>> croston_sba(np.array([[0.0, 6.0, 0.0, 6.0]]), 1).round(3).tolist()
    [[2.85]]
    """
    n_series = len(history)
    size, interval = np.zeros(n_series), np.ones(n_series)
    waited, sold_before = np.zeros(n_series), np.zeros(n_series, bool)
    for period in range(history.shape[1]):
        demand = history[:, period]
        waited = waited + np.isfinite(demand)
        sold = demand > 0
        demand = np.where(sold, demand, 0)
        size = np.where(sold, np.where(sold_before, size + alpha * (demand - size), demand), size)
        interval = np.where(sold, np.where(sold_before, interval + alpha * (waited - interval), waited), interval)
        waited = np.where(sold, 0, waited)
        sold_before |= sold
    level = np.where(sold_before, (1 - alpha / 2) * size / np.maximum(interval, 1), 0)
    return np.repeat(level[:, None], horizon, axis=1)


def tsb(history, horizon, season=None, alpha=0.1, beta=0.1):
    """Teunter, Syntetos and Babai (2011): chance of a sale (updated every period) x size of a sale.

    >>> tsb(np.array([[4.0, 4.0, 0.0]]), 2, beta=0.5).tolist()
    [[2.0, 2.0]]
    """
    known = np.isfinite(history)
    sold_any = history > 0
    first = sold_any.argmax(axis=1) if history.shape[1] else np.zeros(len(history), int)
    index = np.arange(len(history))
    has_sale = sold_any.any(axis=1)
    size = np.where(has_sale, history[index, first], 0) if history.shape[1] else np.zeros(len(history))
    # the chance starts at the share of known periods up to and with the first sale
    before = np.cumsum(known, axis=1)[index, first] if history.shape[1] else np.ones(len(history))
    chance = np.where(has_sale, 1 / np.maximum(before, 1), 0)
    for period in range(history.shape[1]):
        live = known[:, period] & (period > first)
        sold = live & sold_any[:, period]
        chance = np.where(live, chance + beta * (sold - chance), chance)
        size = np.where(sold, size + alpha * (np.where(sold, history[:, period], 0) - size), size)
    return np.repeat((chance * size)[:, None], horizon, axis=1)
