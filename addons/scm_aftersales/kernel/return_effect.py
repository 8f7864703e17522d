"""Did fewer goods come back because of it, or would they have anyway? Before and after, against similar goods.

Difference in differences: the change of the goods that were worked on, less the change of similar ones over the same
days. What both have in common (season, a new policy, slower parcels) falls out::

    d = (after_1 - before_1) - (after_0 - before_0)

Both changes have intervals of their own, (l_1, u_1) and (l_0, u_0), and come from different deliveries. The interval of
their difference keeps what is skewed about them (method of variance estimates recovery, Zou and Donner 2008,
*Statistics in Medicine* 27)::

    low  = d - sqrt((d_1 - l_1)^2 + (u_0 - d_0)^2)
    high = d + sqrt((u_1 - d_1)^2 + (d_0 - l_0)^2)

Cohorts that are not complete are completed: an order counts with the share w of its returns that must have come by now,
so that a rate is sum y / sum w with y = 1 for an order of which something came back. The variance of such a ratio over
k orders needs five sums only (Cochran 1977, eq. 6.13)::

    v = k / (k - 1) * (sum y^2 - 2 r sum y w + r^2 sum w^2) / (sum w)^2
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class NetEffect:
    """A change less the change of others, and its interval; all in the unit of the measure."""

    effect: float
    low: float
    high: float


def net_effect(own, others) -> NetEffect:
    """Difference in differences.

    :param own, others: (change, low, high) of the goods that were worked on, and of similar ones

    Eight points less, while similar goods lost one:

    >>> found = net_effect((-0.08, -0.12, -0.04), (-0.01, -0.02, 0.0))
    >>> round(found.effect, 4), round(found.low, 4), round(found.high, 4)
    (-0.07, -0.1112, -0.0288)
    """
    effect = own[0] - others[0]
    low = effect - math.hypot(own[0] - own[1], others[2] - others[0])
    high = effect + math.hypot(own[2] - own[0], others[0] - others[1])
    return NetEffect(effect, low, high)


def level_of(clusters, total, weight, total_squares, products, weight_squares):
    """(rate, variance, clusters, sample) from sums over clusters; NaN where there is nothing.

    :param clusters: k, number of orders; total, weight: sums of y and w
    :param total_squares, products, weight_squares: sums of y^2, y w and w^2

    Three of four orders, all complete:

    >>> level_of(4, 3, 4, 3, 3, 4)
    (0.75, 0.0625, 4, 4.0)
    """
    nothing = float("nan")
    if not clusters or weight <= 0:
        return nothing, nothing, 0, 0.0
    rate = min(total / weight, 1.0)
    if clusters < 2:
        return rate, nothing, int(clusters), float(weight)
    squares = max(total_squares - 2 * rate * products + rate**2 * weight_squares, 0.0)
    return rate, clusters / (clusters - 1) * squares / weight**2, int(clusters), float(weight)
