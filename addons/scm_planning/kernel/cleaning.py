"""History made fit for learning: lost sales in stock-outs filled, ages counted."""

import numpy as np

WINDOW = 8
MIN_SHARE = 0.15


def fill_stock_outs(quantity, in_stock):
    """Demand as it would have been with stock throughout, float32 (n, T).

    y* = y + (1 - s) x local level, where s is the share of the period in stock and the local level is sales per
    in-stock period within 8 periods either way (Wecker 1978: sales are demand censored by stock).  Periods in stock
    for less than 15 % in which less than that was sold say nothing and become NaN.

    >>> fill_stock_outs(np.array([[4.0, 2.0, 4.0]]), np.array([[1.0, 0.5, 1.0]])).round(2).tolist()
    [[4.0, 4.0, 4.0]]
    """
    known = np.isfinite(quantity)
    sold = np.where(known, quantity, 0)
    share = np.where(known, in_stock, 0)
    level = _window_sum(sold) / np.maximum(_window_sum(share), 1e-9)
    level = np.where(_window_sum(share) > 0.5, level, 0)
    filled = sold + (1 - share) * level
    blind = known & (in_stock < MIN_SHARE) & (sold < level)
    return np.where(known & ~blind, filled, np.nan).astype(np.float32)


def _window_sum(values):
    """Sum over the periods within WINDOW of each period."""
    periods = values.shape[1]
    running = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1, dtype=np.float64)], axis=1)
    index = np.arange(periods)
    return running[:, np.minimum(index + WINDOW + 1, periods)] - running[:, np.maximum(index - WINDOW, 0)]


def ages(quantity):
    """First known period (T when none), number of known periods, and of those after the last sale, int (n,) each.

    Unknown periods (out of stock throughout) after the last sale do not make an item look dead.

    >>> [row.tolist() for row in ages(np.array([[np.nan, 2.0, 0.0], [0.0, 0.0, 0.0]]))]
    [[1, 0], [2, 3], [1, 3]]
    """
    known = np.isfinite(quantity)
    sold = quantity > 0
    periods = quantity.shape[1]
    count = known.sum(axis=1)
    first = np.where(count > 0, known.argmax(axis=1), periods) if periods else count
    after = np.cumsum(known[:, ::-1], axis=1)[:, ::-1] - known
    last = periods - 1 - sold[:, ::-1].argmax(axis=1) if periods else count
    since = np.where(sold.any(axis=1), after[np.arange(len(after)), last], count) if periods else count
    return first, count, since
