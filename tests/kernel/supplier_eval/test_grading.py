import doctest
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.supplier_eval import grading
from scm_kernels.supplier_eval.grading import Band, allowed, cover_problems, grade_of, next_state

A, B, C, D = (
    Band(1, "A", 85, 100, "preferred"),
    Band(2, "B", 70, 85),
    Band(3, "C", 50, 70, "warn"),
    Band(4, "D", 0, 50, "block", probation_days=90),
)
GRADES = [A, B, C, D]
DAY = date(2026, 11, 23)


def test_examples_in_the_docstrings_hold():
    result = doctest.testmod(grading)
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    ("bands", "kinds"),
    [
        (GRADES, []),
        ([], ["empty"]),
        ([A, B, C], ["gap"]),
        ([B, C, D], ["gap"]),
        ([A, Band(2, "B", 60, 85), C, D], ["overlap"]),
        ([A, Band(2, "B", 75, 80), C, D], ["gap", "gap"]),
        ([A, B, C, D, Band(5, "E", 10, 20)], ["overlap"]),
        ([Band(1, "all", 0, 100)], []),
        ([Band(1, "all", 0, 100), Band(2, "again", 0, 100)], ["overlap"]),
    ],
)
def test_cover(bands, kinds):
    assert [problem[0] for problem in cover_problems(bands)] == kinds


@given(st.lists(st.integers(1, 99), unique=True, max_size=6))
def test_any_set_of_borders_covers(borders):
    borders = [0, *sorted(borders), 100]
    bands = [Band(i, str(i), low, high) for i, (low, high) in enumerate(itertools.pairwise(borders))]
    assert not cover_problems(bands)
    if len(bands) > 1:
        assert cover_problems(bands[1:])
        assert cover_problems([*bands, Band(99, "too much", 40, 60)])


@given(st.floats(0, 100), st.sampled_from([None, 1, 2, 3, 4]), st.floats(0, 10))
def test_each_score_has_a_grade_and_the_same_card_twice_keeps_it(score, previous, margin):
    first = grade_of(score, GRADES, previous, margin)
    assert grade_of(score, GRADES, first.id, margin) == first
    assert first.low - margin - 1e-9 <= score <= first.high + margin


@given(st.lists(st.floats(83.01, 86.99), min_size=1, max_size=20), st.sampled_from([A, B]))
def test_noise_within_the_margin_never_flips(scores, held):
    grade = held
    for score in scores:
        grade = grade_of(score, GRADES, grade.id, margin=2)
    assert grade == held


def test_a_deep_fall_is_not_softened():
    assert grade_of(20, GRADES, previous=1, margin=5) == D
    assert grade_of(100, GRADES, previous=4, margin=5) == A


def test_probation_before_block():
    state, end = next_state("normal", D, DAY)
    assert (state, end) == ("probation", DAY + timedelta(days=90))
    assert next_state(state, D, end, end) == ("probation", end)
    assert next_state(state, D, end + timedelta(days=1), end) == ("blocked", end)
    assert next_state("probation", C, DAY, end) == ("watch", None)
    assert next_state("blocked", B, DAY, end) == ("normal", None)
    assert next_state("normal", Band(5, "E", 0, 50, "block"), DAY) == ("blocked", None)
    assert next_state("eliminated", A, DAY) == ("eliminated", None)


def test_consequence():
    assert allowed("normal", A) == "preferred"
    assert allowed("watch", C) == "warn"
    assert allowed("probation", D) == "warn"
    assert allowed("blocked", D) == "block"
    assert allowed("eliminated", A) == "block"
    assert allowed("unrated", None) == "normal"
    assert allowed("eliminated", None, override="warn") == "warn"
