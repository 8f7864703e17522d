"""What a supplier answers about an open line."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.supplier_eval.promise_answer import (
    AnswerError,
    read_answer,
    remaining_parts,
    whole_plan,
    without_missing,
)

TODAY = date(2026, 5, 1)
ANNOUNCED = date(2026, 5, 4)
PLAN = [(ANNOUNCED, 100)]


def test_kinds():
    assert read_answer([(ANNOUNCED, 100)], 100, PLAN, TODAY).kind == "same"
    assert read_answer([(date(2026, 5, 9), 100)], 100, PLAN, TODAY).kind == "moved"
    split = read_answer([(date(2026, 5, 9), 30), (ANNOUNCED, 50), (date(2026, 5, 9), 20)], 100, PLAN, TODAY)
    assert (split.kind, split.parts, split.missing) == ("split", ((ANNOUNCED, 50.0), (date(2026, 5, 9), 50.0)), 0.0)
    short = read_answer([(ANNOUNCED, 80)], 100, PLAN, TODAY)
    assert (short.kind, short.missing) == ("same", 20.0)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "empty"),
        ([(date(2026, 4, 30), 100)], "past"),
        ([(date(2062, 5, 4), 100)], "far"),
        ([(ANNOUNCED, 0)], "quantity"),
        ([(ANNOUNCED, -5), (date(2026, 5, 5), 105)], "quantity"),
        ([(ANNOUNCED, float("nan"))], "quantity"),
        ([(ANNOUNCED, float("inf"))], "quantity"),
        ([(ANNOUNCED, 60), (date(2026, 5, 5), 60)], "too_much"),
        ([(ANNOUNCED + timedelta(days=n), 1) for n in range(13)], "parts"),
    ],
)
def test_refused(parts, code):
    with pytest.raises(AnswerError) as error:
        read_answer(parts, 100, PLAN, TODAY)
    assert error.value.code == code


def test_today_is_not_the_past():
    assert read_answer([(TODAY, 100)], 100, PLAN, TODAY).kind == "moved"


@given(
    st.lists(st.floats(0.01, 1000), min_size=1, max_size=8),
    st.floats(0, 1),
)
def test_what_remains_of_a_plan_is_what_is_open(quantities, share):
    """Against the obvious way: fill the parts one by one with what was received."""
    parts = [(ANNOUNCED + timedelta(days=n), quantity) for n, quantity in enumerate(quantities)]
    received = sum(quantities) * share
    expected, left = [], received
    for day, quantity in parts:
        taken = min(left, quantity)
        left -= taken
        if quantity - taken > 1e-6:
            expected.append((day, quantity - taken))
    remaining = remaining_parts(parts, sum(quantities) - received)
    assert [day for day, _quantity in remaining] == [day for day, _quantity in expected]
    assert sum(quantity for _day, quantity in remaining) == pytest.approx(sum(q for _d, q in expected), abs=1e-5)


def test_more_open_than_planned_comes_last():
    assert remaining_parts([("Mon", 40), ("Tue", 60)], 120) == [("Mon", 40), ("Tue", 80)]
    assert remaining_parts([("Mon", 40)], 0) == []


def test_a_plan_in_parts_is_confirmed_by_the_same_parts_only():
    other = date(2026, 5, 9)
    plan = [(ANNOUNCED, 40), (other, 60)]
    assert read_answer([(other, 60), (ANNOUNCED, 40)], 100, plan, TODAY).kind == "same"
    assert read_answer([(other, 50), (ANNOUNCED, 50)], 100, plan, TODAY).kind == "split"
    assert read_answer([(other, 100)], 100, plan, TODAY).kind == "split"


@given(st.integers(0, 5), st.integers(0, 4))
def test_a_whole_plan_adds_up_to_what_was_ordered(come, missing):
    plan = [(ANNOUNCED, 4), (date(2026, 5, 5), 6)]
    answer = read_answer(
        [(date(2026, 5, 20), 1), (date(2026, 5, 21), 9 - come - missing)]
        if come + missing < 9
        else [(date(2026, 5, 20), 10 - come - missing)],
        10 - come,
        plan,
        TODAY,
    )
    whole = whole_plan(plan, answer, 10)
    assert sum(quantity for _day, quantity in whole) == 10
    assert whole[-1][0] == answer.parts[-1][0]


def test_what_never_comes_is_taken_from_the_end():
    assert without_missing([("Mon", 40), ("Tue", 60)], 70) == [("Mon", 30)]
