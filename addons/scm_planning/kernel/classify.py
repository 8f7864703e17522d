"""Demand patterns after Syntetos, Boylan and Croston (2005), plus new, dead and without history.

ADI = known periods / periods with a sale; CV2 = squared coefficient of variation of the non-zero quantities.
Cut-offs 1.32 and 0.49: smooth (low, low), erratic (low, high), intermittent (high, low), lumpy (high, high).
"""

import numpy as np

ADI_CUT = 1.32
CV2_CUT = 0.49


def interval_and_variation(quantity):
    """ADI and CV2 of each series.

    :param quantity: float (n, T), NaN = not known
    :returns: adi (n,), inf without a sale; cv2 (n,), 0 with fewer than two sales

    >>> adi, cv2 = interval_and_variation(np.array([[2.0, 0, 4, 0, 2, 4], [0, 0, 0, 0, 0, 0]]))
    >>> adi.tolist(), cv2.round(3).tolist()
    ([1.5, inf], [0.111, 0.0])
    """
    known = np.isfinite(quantity).sum(axis=1)
    positive = quantity > 0
    sales = positive.sum(axis=1)
    values = np.where(positive, quantity, 0).astype(np.float64)
    mean = values.sum(axis=1) / np.maximum(sales, 1)
    deviation = np.where(positive, values - mean[:, None], 0)
    variance = np.einsum("nt,nt->n", deviation, deviation) / np.maximum(sales, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        adi = np.where(sales > 0, known / sales, np.inf)
        cv2 = np.where(sales > 1, variance / mean**2, 0.0)
    return adi, cv2


def pattern(adi, cv2, known, since_sale, new_periods, dead_periods):
    """Name of the demand pattern of each series, str (n,).

    :param known: int (n,), known periods
    :param since_sale: int (n,), periods at the end without a sale
    :param new_periods: fewer known periods than this = ``new``
    :param dead_periods: this many periods without a sale = ``dead``

    >>> pattern(np.array([1.0, 1.0]), np.array([0.1, 0.9]), np.array([50, 3]), np.array([0, 0]), 8, 52).tolist()
    ['smooth', 'new']
    """
    names = np.where(
        adi <= ADI_CUT,
        np.where(cv2 <= CV2_CUT, "smooth", "erratic"),
        np.where(cv2 <= CV2_CUT, "intermittent", "lumpy"),
    ).astype("<U12")
    names[known < new_periods] = "new"
    names[since_sale >= dead_periods] = "dead"
    names[known == 0] = "no_history"
    return names
