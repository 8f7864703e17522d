"""What to expect of a discount before it ran: promotions like it, weighed against what the literature finds.

With a price elasticity e a discount of share d lifts demand by

    u(d) = (1 - d)^e - 1

e of the ordinary product is -2.62, the mean of 1,851 estimates (Bijmolt, van Heerde and Pieters 2005).  A promotion
that was seen m times with depth d_i and learned uplift u_i says u_i u(d) / u(d_i) of a depth of d, that is its own
effect carried over along the curve.  The expectation is the weighted mean

    u = (w_0 u(d) + sum_i w_i u_i u(d) / u(d_i)) / (w_0 + sum_i w_i)
    w_i = m_i x (1 in the same category, 1/4 in another) x exp(-|d - d_i| / 0.15),    w_0 = 1

so that the rule of thumb counts as one promotion seen.
"""

from dataclasses import dataclass

import numpy as np

ELASTICITY = -2.62
OTHER_CATEGORY = 0.25
DEPTH_SCALE = 0.15
PRIOR_WEIGHT = 1.0
#: deeper than this is no discount but a give-away, of which the curve says nothing
DEEPEST = 0.9


@dataclass(frozen=True)
class Expectation:
    """Expected uplift (0.5 = +50 %), that of the rule of thumb alone, promotions and occurrences that it rests on."""

    uplift: float
    rule: float
    promotions: int
    occurrences: int


def rule_of_thumb(depth):
    """u(d) of the ordinary product.

    >>> round(float(rule_of_thumb(0.2)), 2)
    0.79
    """
    return (1 - np.clip(depth, 0, DEEPEST)) ** ELASTICITY - 1


def expected_uplift(depth, past_depth, past_uplift, times_seen, same_category):
    """Uplift to expect of a discount.

    :param depth: share of the price that is taken off, 0 to 1
    :param past_depth: float (k,), depths of promotions seen; :param past_uplift: float (k,), what was learned of them
    :param times_seen: int (k,); :param same_category: bool (k,)
    :returns: :class:`Expectation`

    Twice 20 % in the same category brought +40 %: so 25 % now is thought to bring

    >>> round(expected_uplift(0.25, [0.2], [0.4], [2], [True]).uplift, 2)
    0.8
    """
    past_depth, past_uplift = np.asarray(past_depth, float), np.asarray(past_uplift, float)
    seen, same = np.asarray(times_seen, float), np.asarray(same_category, bool)
    usable = (past_depth > 0) & (seen > 0) & np.isfinite(past_uplift)
    weight = seen * np.where(same, 1.0, OTHER_CATEGORY) * np.exp(-np.abs(depth - past_depth) / DEPTH_SCALE) * usable
    rule = float(rule_of_thumb(depth))
    carried = past_uplift * rule / np.where(usable, rule_of_thumb(past_depth), 1.0)
    total = PRIOR_WEIGHT + weight.sum()
    uplift = (PRIOR_WEIGHT * rule + np.where(usable, weight * carried, 0.0).sum()) / total
    return Expectation(float(uplift), rule, int(usable.sum()), int(seen[usable].sum()))
