"""Forecast value added: figures by hand, and the verdict holds what it promises."""

import numpy as np
import pytest

from scm_kernels.planning.value_added import LEAST_WEEKS, judge, judge_groups


def test_by_hand():
    # errors before 2 + 4 = 6 in week 1 and 5 in week 2, after 1 + 1 = 2 and 7
    one = judge([8, 14, 15], [9, 11, 17], [10, 10, 10], [1, 1, 2])
    assert (one.count, one.weeks, one.error_before, one.error_after) == (3, 2, 11, 9)
    assert one.change == pytest.approx(-2 / 11)
    assert (one.bias_before, one.bias_after) == (7, 7)
    assert one.verdict == "not_enough" and np.isnan(one.low)


def test_interval_against_the_formula_of_the_ratio():
    draw = np.random.default_rng(4)
    actual = draw.uniform(50, 90, 12)
    before, after = actual + draw.normal(0, 9, 12), actual + draw.normal(0, 4, 12)
    one = judge(before, after, actual, np.arange(12))
    old, step = np.abs(before - actual), np.abs(after - actual) - np.abs(before - actual)
    ratio = step.sum() / old.sum()
    spread = (((step - ratio * old) ** 2).sum() / 11 / 12) ** 0.5 / old.mean()
    # t quantile .975 with 11 degrees of freedom, from any table
    assert one.low == pytest.approx(ratio - 2.200985 * spread, rel=1e-5)
    assert one.high == pytest.approx(ratio + 2.200985 * spread, rel=1e-5)


def test_chance_is_rarely_called_skill():
    draw = np.random.default_rng(9)
    said = []
    for _trial in range(400):
        actual = draw.poisson(100, 26)
        said.append(judge(np.full(26, 100.0), 100 + draw.choice([-5, 5], 26), actual, np.arange(26)).verdict)
    wrong = sum(one == "better" for one in said) / 400
    assert wrong < 0.05


def test_a_good_hand_is_found():
    draw = np.random.default_rng(3)
    truth = draw.uniform(80, 160, 30)
    actual = draw.poisson(truth)
    assert judge(np.full(30, 120.0), truth, actual, np.arange(30)).verdict == "better"
    assert judge(truth, np.full(30, 120.0), actual, np.arange(30)).verdict == "worse"


def test_many_rows_of_few_weeks_are_not_enough():
    one = judge(np.full(500, 8.0), np.full(500, 10.0), np.full(500, 10.0), np.arange(500) % (LEAST_WEEKS - 1))
    assert one.verdict == "not_enough"


def test_nothing_to_compare_with():
    for one in (judge([], [], [], []), judge([1.0], [2.0], [1.0], [0])):
        assert np.isnan(one.change) and one.verdict == "not_enough"


def test_groups():
    found = judge_groups(["a", "b", "a"], [1, 5, 3], [2, 5, 2], [2, 5, 2], [1, 1, 2])
    assert found["a"].change == -1 and np.isnan(found["b"].change)
