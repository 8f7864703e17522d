"""When open receipts really come: the promise, plus what the vendor usually is late.

    likely day = max(day that the vendor names now, promise + usual lateness), never earlier than tomorrow

The usual lateness of a vendor and product is the mean of its days late (early counts as 0), borrowed from the vendor
where the product has few receipts and shrunk toward 0 where the vendor has few: :func:`.leadtime.lead_times` with an
expectation of 0 days. Taking the later of the two keeps a date that the vendor has already moved from being moved
twice.
"""

import numpy as np

from .leadtime import lead_times


def usual_lateness(vendor, product, days_late, ask_vendor, ask_product):
    """Days late to expect of each asked vendor and product: (float (n,), int (n,) receipts behind it).

    :param vendor, product: int (m,), measured receipts of one company
    :param days_late: float (m,), days after the promise; below 0 counts as 0
    :param ask_vendor, ask_product: int (n,)

    A vendor that was ten days late nine times is expected to be so again; nothing is known of vendor 2:

    >>> late, sample = usual_lateness([1] * 9, [7] * 9, [10] * 9, [1, 2], [7, 7])
    >>> late.round(1).tolist(), sample.tolist()
    ([9.7, 0.0], [9, 0])
    """
    days = np.maximum(np.asarray(days_late, float), 0.0)
    times = lead_times(vendor, product, days, ask_vendor, ask_product, np.zeros(len(ask_vendor)), default_days=0.0)
    # what other vendors do is no reason to shift the promise of one that was never measured
    known = times.vendor_count > 0
    return np.where(known, times.mean, 0.0), np.where(times.own_count > 0, times.own_count, times.vendor_count)


def likely_days(named_day, promise_day, late_days):
    """Likely day of each open receipt, int (n,), days from today; at least 1.

    >>> likely_days([3, 3, -5, 12], [3, 3, -5, 3], [0.0, 4.2, 4.2, 4.2]).tolist()
    [3, 8, 1, 12]
    """
    named, promise = np.asarray(named_day, float), np.asarray(promise_day, float)
    return np.maximum(np.ceil(np.maximum(named, promise + np.asarray(late_days, float)) - 1e-9), 1).astype(int)
