"""Judging filled questionnaires: points of sections, total, and the outcome that they propose."""

from dataclasses import dataclass

import numpy as np

REJECTED, CONDITIONAL, QUALIFIED = 0, 1, 2


@dataclass(frozen=True)
class Questionnaire:
    """How answers are judged.

    ``section`` (Q,): index of each question's section. ``weight`` (Q,): weight within the section. ``critical`` (Q,):
    one "no" fails. ``section_weight`` (S,): any positive scale. ``section_mark`` (S,), ``pass_mark``,
    ``conditional_mark``: points from 0 to 100.
    """

    section: np.ndarray
    weight: np.ndarray
    critical: np.ndarray
    section_weight: np.ndarray
    section_mark: np.ndarray
    pass_mark: float
    conditional_mark: float


@dataclass(frozen=True)
class Judged:
    """``section_score`` (F, S): 0 to 100, nan where no question applies. ``weight_used`` (F, S): sums to 1, or 0 where
    nothing applies. ``total`` (F,): 0 to 100. ``failed`` (F, Q): critical and no. ``outcome`` (F,): 0 rejected,
    1 conditional, 2 qualified.
    """

    section_score: np.ndarray
    weight_used: np.ndarray
    total: np.ndarray
    failed: np.ndarray
    outcome: np.ndarray


def judge(points, applicable, form):
    """Judge F filled questionnaires at once.

    A section's score is the weighted mean of its applicable questions, a question without an answer counting 0. The
    total is the mean of the sections by their weights; a section in which nothing applies gives its weight to the
    others in proportion. A critical question answered with 0 points, or not answered, rejects. Else a total from the
    pass mark on, with every section at its own mark or above, qualifies; a total from the conditional mark on is
    conditional; less is rejected.

    :param points: (F, Q) share of a question's best answer, 0 to 1; nan: not answered
    :param applicable: (F, Q) bool; False: the question does not apply to this supplier
    :param form: :class:`Questionnaire`

    >>> form = Questionnaire(np.array([0, 0, 1]), np.ones(3), np.array([False, False, True]),
    ...                      np.array([60.0, 40.0]), np.array([50.0, 50.0]), 75.0, 60.0)
    >>> result = judge(np.array([[1.0, 0.5, 1.0], [1.0, 1.0, 0.0]]), np.ones((2, 3), bool), form)
    >>> result.section_score.tolist(), result.total.tolist(), result.outcome.tolist()
    ([[75.0, 100.0], [100.0, 0.0]], [85.0, 60.0], [2, 0])
    """
    reached = np.where(applicable, np.nan_to_num(points), 0.0)
    member = form.section[:, None] == np.arange(len(form.section_weight))[None, :]
    counted = applicable * form.weight
    possible = counted @ member
    present = possible > 0
    with np.errstate(invalid="ignore"):
        score = np.where(present, 100.0 * ((reached * counted) @ member) / np.where(present, possible, 1.0), np.nan)
    used = present * form.section_weight
    whole = used.sum(axis=1, keepdims=True)
    used = np.divide(used, whole, out=np.zeros_like(used, dtype=float), where=whole > 0)
    total = (np.nan_to_num(score) * used).sum(axis=1)
    failed = applicable & form.critical & (reached <= 0)
    return Judged(score, used, total, failed, _outcome(score, total, failed, form))


def _outcome(score, total, failed, form):
    """Half a thousandth of a point is rounding, not a difference between suppliers."""
    slack = 5e-4
    weak = np.any(score < form.section_mark - slack, axis=1)
    qualified = (total >= form.pass_mark - slack) & ~weak
    conditional = total >= form.conditional_mark - slack
    outcome = np.where(qualified, QUALIFIED, np.where(conditional, CONDITIONAL, REJECTED))
    return np.where(failed.any(axis=1), REJECTED, outcome)


def due_reminders(days_left, reminded, stages=(60, 30, 7)):
    """Which reminder each document is due for: the closest stage that it has reached and not been reminded of; else 0.

    A document that comes in with few days left gets one reminder, not three.

    :param days_left: (N,) days until it ends; negative when it has ended
    :param reminded: (N,) stage of the last reminder; 0: none yet
    :return: (N,) stage to send now, 0: none

    >>> due_reminders(np.array([61, 60, 29, 29, 3, -1]), np.array([0, 0, 60, 30, 0, 7])).tolist()
    [0, 60, 30, 0, 7, 0]
    """
    days_left, reminded = np.asarray(days_left), np.asarray(reminded)
    stage = np.zeros(len(days_left), dtype=int)
    for days in sorted(stages, reverse=True):
        stage[days_left <= days] = days
    new = (days_left >= 0) & ((reminded == 0) | (stage < reminded))
    return np.where(new, stage, 0)
