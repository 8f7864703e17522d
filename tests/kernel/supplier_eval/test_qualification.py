"""Judging questionnaires: against a slow reference in plain loops, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.supplier_eval.qualification import (
    CONDITIONAL,
    QUALIFIED,
    REJECTED,
    Questionnaire,
    due_reminders,
    judge,
)


def _slow(points, applicable, form):
    """One questionnaire at a time, as one would do it by hand."""
    outcomes = []
    for row in range(len(points)):
        scores, weights = [], []
        weak = failed = False
        for section in range(len(form.section_weight)):
            own = [q for q in range(len(form.section)) if form.section[q] == section and applicable[row][q]]
            if not own:
                continue
            reached = sum(form.weight[q] * (0.0 if np.isnan(points[row][q]) else points[row][q]) for q in own)
            score = 100.0 * reached / sum(form.weight[q] for q in own)
            weak |= score < form.section_mark[section] - 5e-4
            scores.append(score)
            weights.append(form.section_weight[section])
        for q in range(len(form.section)):
            no = np.isnan(points[row][q]) or points[row][q] <= 0
            failed |= bool(form.critical[q] and applicable[row][q] and no)
        total = sum(s * w for s, w in zip(scores, weights, strict=True)) / sum(weights) if sum(weights) else 0.0
        if failed:
            outcome = REJECTED
        elif total >= form.pass_mark - 5e-4 and not weak:
            outcome = QUALIFIED
        else:
            outcome = CONDITIONAL if total >= form.conditional_mark - 5e-4 else REJECTED
        outcomes.append((total, outcome))
    return outcomes


def _form(sections=3, questions=9, seed=0):
    rng = np.random.default_rng(seed)
    return Questionnaire(
        section=np.arange(questions) % sections,
        weight=rng.uniform(0.5, 2.0, questions),
        critical=rng.random(questions) < 0.15,
        section_weight=rng.uniform(5.0, 40.0, sections),
        section_mark=np.full(sections, 50.0),
        pass_mark=75.0,
        conditional_mark=60.0,
    )


@pytest.mark.parametrize("seed", range(8))
def test_same_as_by_hand(seed):
    rng = np.random.default_rng(100 + seed)
    form = _form(seed=seed)
    points = rng.choice([0.0, 1 / 3, 2 / 3, 1.0, 1.0, np.nan], size=(40, 9))
    applicable = rng.random((40, 9)) < 0.8
    result = judge(points, applicable, form)
    slow = _slow(points, applicable, form)
    assert np.allclose(result.total, [total for total, _outcome in slow])
    assert result.outcome.tolist() == [outcome for _total, outcome in slow]
    assert {REJECTED, CONDITIONAL, QUALIFIED} >= set(result.outcome.tolist())


def test_one_critical_no_rejects_the_best():
    form = Questionnaire(
        np.zeros(20, int), np.ones(20), np.arange(20) == 3, np.array([100.0]), np.array([50.0]), 75.0, 60.0
    )
    points = np.ones((2, 20))
    points[0, 3] = 0.0
    result = judge(points, np.ones((2, 20), bool), form)
    assert result.outcome.tolist() == [REJECTED, QUALIFIED]
    assert result.total[0] == pytest.approx(95.0)


def test_a_weak_section_makes_it_conditional():
    form = Questionnaire(
        np.array([0, 1]), np.ones(2), np.zeros(2, bool), np.array([90.0, 10.0]), np.array([50.0, 50.0]), 75.0, 60.0
    )
    result = judge(np.array([[1.0, 0.4], [1.0, 0.5]]), np.ones((2, 2), bool), form)
    assert result.outcome.tolist() == [CONDITIONAL, QUALIFIED]


def test_section_without_questions_spreads_its_weight():
    form = Questionnaire(
        np.array([0, 1, 2]), np.ones(3), np.zeros(3, bool), np.array([50.0, 30.0, 20.0]), np.zeros(3), 75.0, 60.0
    )
    result = judge(np.array([[1.0, np.nan, 0.5]]), np.array([[True, False, True]]), form)
    assert np.isnan(result.section_score[0, 1])
    assert result.weight_used[0].tolist() == pytest.approx([5 / 7, 0.0, 2 / 7])
    assert result.total[0] == pytest.approx(100 * 5 / 7 + 50 * 2 / 7)


def test_nothing_applies_never_qualifies():
    result = judge(np.full((1, 9), np.nan), np.zeros((1, 9), bool), _form())
    assert result.total.tolist() == [0.0]
    assert result.outcome.tolist() == [REJECTED]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=9, max_size=9), st.integers(0, 8), st.integers(0, 5))
def test_a_better_answer_never_hurts(answers, question, seed):
    form, better = _form(seed=seed), list(answers)
    better[question] = 1.0
    result = judge(np.array([answers, better]), np.ones((2, 9), bool), form)
    assert 0.0 <= result.total[0] <= result.total[1] + 1e-9 <= 100.0 + 1e-6
    assert result.outcome[0] <= result.outcome[1]


def test_each_reminder_once_day_by_day():
    sent, reminded = [], 0
    for days_left in range(75, -4, -1):
        (stage,) = due_reminders([days_left], [reminded])
        if stage:
            sent.append((days_left, int(stage)))
            reminded = int(stage)
    assert sent == [(60, 60), (30, 30), (7, 7)]


def test_reminder_after_a_pause_of_the_job():
    assert due_reminders([5, 20, 90], [60, 60, 0]).tolist() == [7, 30, 0]
