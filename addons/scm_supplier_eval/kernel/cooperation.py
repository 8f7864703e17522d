"""Cooperation: what our buyers say, and whether the supplier helps when it is urgent."""

import numpy as np

from .measure import Measure, share_of


def buyer_survey(group, size, score, answers):
    """Mean of the buyers' answers in the period, put on 0 to 100 (1 = 0, 5 = 100). Points.

    :param score: float (n,), mean score of a supplier; ``answers``: int (n,) buyers behind it
    """
    score, answers = np.asarray(score, float), np.asarray(answers, float)
    plain = share_of(group, size, score * answers, answers, answers)
    # buyers differ by some 20 points about the same supplier
    return Measure(plain.value, plain.numerator, plain.denominator, plain.sample, np.full(size, 400.0), False)


def rush_accepted(group, size, accepted):
    """Rush orders of the period that the supplier took / those that it answered. Share, 0 to 1."""
    accepted = np.asarray(accepted, bool)
    return share_of(group, size, accepted, np.ones(len(accepted)))
