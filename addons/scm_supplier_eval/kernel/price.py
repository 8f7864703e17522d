"""Price: what we paid beside what we paid last, what was agreed, and what others asked.

Each variance is over the lines confirmed in the period that have a price to compare with::

    variance = sum(quantity x (price - base)) / sum(quantity x base)

in money of the company, per unit of the product. 0.03 = 3 % dearer; below 0 = cheaper.
"""

import numpy as np

from .measure import Measure, mean_of


def price_variance(group, size, quantity, price, base):
    """Weighted variance against a base price; lines without a base (NaN or 0) are left out. Share of the base.

    >>> price_variance([0, 0], 1, [10.0, 10.0], [11.0, 9.0], [10.0, np.nan]).value.tolist()
    [0.1]
    """
    group, quantity, price, base = (np.asarray(value, float) for value in (group, quantity, price, base))
    known = np.isfinite(base) & (base > 0) & np.isfinite(price) & (quantity > 0)
    group = group[known].astype(int)
    weight = quantity[known] * base[known]
    top = np.bincount(group, quantity[known] * (price[known] - base[known]), size)
    bottom = np.bincount(group, weight, size)
    sample = np.bincount(group, minlength=size)
    value = np.divide(top, bottom, out=np.full(size, np.nan), where=bottom > 0)
    spread = mean_of(group, size, price[known] / base[known] - 1).variance
    return Measure(value, top, bottom, sample, spread, False)
