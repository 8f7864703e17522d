"""What proactive care did: shares of treated orders against shares of orders that were left alone by chance."""

from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm

from .rates import wilson


@dataclass(frozen=True)
class Effect:
    """Shares of both groups, their difference (treated less held out) and its interval; None where a group is empty."""

    treated: float | None
    held_out: float | None
    difference: float | None
    low: float | None
    high: float | None

    @property
    def verdict(self):
        """``less``, ``more``, ``open`` (the interval holds zero) or ``no_data``."""
        if self.difference is None:
            return "no_data"
        return "less" if self.high < 0 else "more" if self.low > 0 else "open"


def effect(hits_treated, treated, hits_held_out, held_out, confidence=0.95):
    """Difference of two shares with the interval of Newcombe (1998), method 10: two Wilson intervals squared and added.

    Holds also for shares of 0 or 1 and small groups, where the usual interval has no width.

    >>> found = effect(56, 70, 48, 80)
    >>> round(found.difference, 4), round(found.low, 4), round(found.high, 4), found.verdict
    (0.2, 0.0524, 0.3339, 'more')
    """
    if not treated or not held_out:
        shares = [
            hits / total if total else None for hits, total in ((hits_treated, treated), (hits_held_out, held_out))
        ]
        return Effect(*shares, None, None, None)
    one, two = hits_treated / treated, hits_held_out / held_out
    z = float(norm.ppf(0.5 + confidence / 2))
    low_one, high_one = wilson(hits_treated, treated, z)
    low_two, high_two = wilson(hits_held_out, held_out, z)
    difference = one - two
    low = difference - sqrt((one - low_one) ** 2 + (high_two - two) ** 2)
    high = difference + sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
    return Effect(one, two, difference, low, high)
