"""Quality: what went back, and what was refused at the door. In parts per million of what was received.

Units of different products cannot be added up, so a measure is the mean over receipts (lines) of the bad share of
each, weighted by the line's value where prices are known: a bad screw does not hide among good pallets.
"""

from dataclasses import replace

import numpy as np

from .measure import share_of

PPM = 1e6


def returned_ppm(group, size, received, returned, value):
    """Returned to the vendor: bad share of the value received in the period. ppm.

    :param received, returned: float (n,), units of each line received and sent back in the period
    :param value: float (n,), money per unit; 0 counts as 1

    >>> returned_ppm([0, 0], 1, [100.0, 100.0], [1.0, 0.0], [1.0, 1.0]).value.tolist()
    [5000.0]
    """
    return _bad_share(group, size, received, returned, value)


def rejected_ppm(group, size, received, rejected, value):
    """Rejected at receipt: bad share of the value of the receipts that were inspected in the period. ppm."""
    return _bad_share(group, size, received, rejected, value)


def _bad_share(group, size, received, bad, value):
    received, value = np.asarray(received, float), np.asarray(value, float)
    worth = np.where(value > 0, value, 1.0)
    # what goes back of an earlier period's receipts is bad, and not more than all
    total = np.maximum(received, bad)
    return replace(share_of(group, size, PPM * np.asarray(bad, float) * worth, total * worth), scale=PPM)
