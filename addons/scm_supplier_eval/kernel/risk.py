"""How likely a supplier fails us, what it would cost, and how dependent we are on it.

Concentration of a product's purchases is the Herfindahl-Hirschman index (Hirschman 1945, Herfindahl 1950). Likelihood
is a noisy-OR (Pearl 1988): each cause i is measured as a level x_i from 0 (nothing) to 1 (as bad as it gets) and would
lead to trouble with the strength w_i when it is fully there; causes act independently, so ::

    P(trouble) = 1 - prod_i (1 - w_i * x_i)

The strengths are judgement, not estimates: they rank suppliers by what was measured; P is no forecast of bankruptcy.
Impact is the margin at stake, in money, while buying is moved elsewhere ::

    impact = sum over products of margin per day * share of the supplier * days to switch
"""

import numpy as np

#: cause -> strength: probability of trouble when the cause is fully there
STRENGTHS = {
    "late": 0.6,
    "defects": 0.5,
    "falling": 0.3,
    "grade": 0.6,
    "evidence": 0.5,
    "unqualified": 0.3,
}
#: share of bad quantity at which the cause "defects" is fully there
DEFECTS_FULL = 0.10
#: points that the scorecard fell since the one before at which "falling" is fully there
FALL_FULL = 20.0
#: level of the cause "grade" by what the standing allows
GRADE_LEVELS = {"warn": 0.5, "block": 1.0}
#: levels of "evidence": a critical document has ended, or ends soon
EVIDENCE_EXPIRED, EVIDENCE_SOON = 1.0, 0.3

#: a product without another supplier: days until one is found, tried and delivers
SINGLE_SOURCE_DAYS = 90.0
#: days to move orders to a supplier that we know for the product, before its lead time begins
SWITCH_DAYS = 14.0
#: further days to sample and approve a product that a supplier never delivered to us
TRIAL_DAYS = 21.0

#: lower limits of the classes 2 to 5
LIKELIHOOD_LIMITS = (0.10, 0.25, 0.45, 0.65)
#: the same of the impact, as share of the company's margin of a year
IMPACT_LIMITS = (0.001, 0.005, 0.02, 0.05)


def hhi(shares):
    """Herfindahl-Hirschman index of shares: sum of squares, 1 / n for n equal suppliers, 1 for a single one.

    :param shares: amounts or shares, (n,), not negative; they are scaled to sum to 1
    :return: float from 0 (nothing bought) to 1

    >>> hhi([1, 1]), hhi([3, 1]), hhi([]), hhi([7.5])
    (0.5, 0.625, 0.0, 1.0)
    """
    shares = np.clip(np.asarray(shares, float), 0, None)
    total = shares.sum()
    return float(((shares / total) ** 2).sum()) if total > 0 else 0.0


def hhi_by(group, size, amounts):
    """The same for many groups at once.

    :param group: int (n,), group of each amount, 0..size - 1
    :return: float (size,)

    >>> hhi_by([0, 0, 1], 3, [1.0, 1.0, 4.0]).tolist()
    [0.5, 1.0, 0.0]
    """
    group, amounts = np.asarray(group, int), np.clip(np.asarray(amounts, float), 0, None)
    total = np.bincount(group, amounts, size)
    share = np.divide(amounts, total[group], out=np.zeros(len(amounts)), where=total[group] > 0)
    return np.bincount(group, share**2, size)


def levels(late=0.0, defects=0.0, trend=0.0, consequence="normal", expired=0, expiring=0, unqualified_share=0.0):
    """What was measured of one supplier, as level 0 to 1 of each cause.

    :param late: 1 - OTIF, shrunk by sample size
    :param defects: share of the quantity that was returned or rejected
    :param trend: points that the latest scorecard is above the one before
    :param consequence: what its standing allows: preferred, normal, warn or block
    :param expired, expiring: critical documents that have ended, or end soon
    :param unqualified_share: share of the spend in categories for which it is not qualified

    >>> levels(late=0.2, trend=-10, expiring=1)
    {'late': 0.2, 'defects': 0.0, 'falling': 0.5, 'grade': 0.0, 'evidence': 0.3, 'unqualified': 0.0}
    """
    return {
        "late": _unit(late),
        "defects": _unit(defects / DEFECTS_FULL),
        "falling": _unit(-trend / FALL_FULL),
        "grade": GRADE_LEVELS.get(consequence, 0.0),
        "evidence": EVIDENCE_EXPIRED if expired else EVIDENCE_SOON if expiring else 0.0,
        "unqualified": _unit(unqualified_share),
    }


def _unit(value):
    return float(min(max(value, 0.0), 1.0))


def likelihood(found):
    """Noisy-OR of levels by cause; see the head of this file.

    >>> round(likelihood({"late": 0.5, "grade": 0.5}), 2)
    0.51
    >>> likelihood({})
    0.0
    """
    return 1.0 - float(np.prod([1.0 - STRENGTHS[cause] * level for cause, level in found.items()]))


def days_to_switch(others):
    """Days until another supplier of the product delivers: the lead time of the quickest and what it takes to move.

    :param others: ``(lead time in days, delivered it before)`` of those who may deliver it; empty: single source

    >>> days_to_switch([(30, True), (12, True)]), days_to_switch([(12, False)]), days_to_switch([])
    (26.0, 47.0, 90.0)
    """
    days = [lead + SWITCH_DAYS + (0.0 if known else TRIAL_DAYS) for lead, known in others]
    return float(min(days, default=SINGLE_SOURCE_DAYS))


def classes(values, limits):
    """Class 1 to 5 of each value; a value on a limit is in the class above.

    >>> classes([0.0, 0.1, 0.3, 0.9], LIKELIHOOD_LIMITS).tolist()
    [1, 2, 3, 5]
    """
    return 1 + np.searchsorted(np.asarray(limits, float), np.asarray(values, float), side="right")
