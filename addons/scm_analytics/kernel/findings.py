"""Which of all tests of a night are findings, at a stated chance of any false one, over all nights of a year.

Evidence ends with the last week that is over, so the nights of a week test the same figures and are one look; a year
has 52 looks. With a chance of alpha for any false finding in a year, each look may spend alpha / 52 (Bonferroni over
looks: it holds however alike two looks are), and within a look all tests of all kinds together are judged by Holm
(1979, *Scandinavian Journal of Statistics* 6), which holds however they depend on each other::

    adjusted p of the k-th smallest of m = max over j <= k of (m - j + 1) p_(j)

What was found is kept as long as its own test still speaks for it (:data:`KEPT`), so that it does not flicker around
the border; that makes no new findings.
"""

import numpy as np

#: looks at new evidence in a year
LOOKS = 52
#: a finding that stands stays as long as its own chance is below this and half of the smallest change is left
KEPT = 0.05


def holm(chances):
    """Adjusted chances over all tests; NaN is not tested.

    >>> holm([0.01, 0.04, 0.03, np.nan]).round(2).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    chances = np.asarray(chances, float)
    adjusted = np.full(chances.shape, np.nan)
    places = np.flatnonzero(np.isfinite(chances))
    places = places[np.argsort(chances[places], kind="stable")]
    steps = len(places) - np.arange(len(places))
    adjusted[places] = np.minimum(np.maximum.accumulate(steps * chances[places]), 1.0)
    return adjusted


def look_level(yearly):
    """Chance that one look may spend.

    >>> round(look_level(0.05), 6)
    0.000962
    """
    return yearly / LOOKS


def decide(chances, effects, own, least, standing, yearly):
    """Which tests are findings.

    :param chances: float (n,) chance of each test, NaN where there was not enough data
    :param effects: float (n,) changes as multiples of the unit of ``least``
    :param own: float (n,) the same change against the own past: where it goes the other way there is no finding
    :param least: float (n,) smallest change that matters
    :param standing: bool (n,), those that are findings already
    :return: mask (n,), adjusted chances (n,)

    >>> found, adjusted = decide([1e-6, 0.02, 1e-6], [0.3, 0.3, 0.1], [0.3, 0.3, 0.1], [0.15] * 3, [0, 1, 0], 0.05)
    >>> found.tolist()
    [True, True, False]
    """
    effects, own, least = (np.asarray(each, float) for each in (effects, own, least))
    adjusted = holm(chances)
    chances, standing = np.asarray(chances, float), np.asarray(standing, bool)
    with np.errstate(invalid="ignore"):
        same_way = effects * own > 0
        clear = (adjusted <= look_level(yearly)) & (np.abs(effects) >= least)
        kept = standing & (chances <= KEPT) & (np.abs(effects) >= least / 2)
    return same_way & (clear | kept), adjusted
