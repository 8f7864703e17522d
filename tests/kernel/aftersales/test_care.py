"""Proactive care: rules, held-out share, budget, and the interval of the effect against published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.aftersales.care import FAULTS, Rule, fault_of, first_rule, is_held_out, within_budget
from scm_kernels.aftersales.care_effect import effect


# Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10
@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_interval_of_the_difference(a, m, b, n, low, high):
    found = effect(a, m, b, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_interval_covers_the_truth():
    rng = np.random.default_rng(7)
    treated, held_out = rng.binomial(400, 0.10, 600), rng.binomial(60, 0.15, 600)
    found = [effect(int(a), 400, int(b), 60) for a, b in zip(treated, held_out, strict=True)]
    covered = np.mean([one.low <= -0.05 <= one.high for one in found])
    assert 0.93 <= covered <= 0.98


def test_nothing_to_compare():
    assert effect(3, 10, 0, 0).verdict == "no_data"
    assert effect(0, 0, 0, 0).treated is None


def test_held_out_share_is_what_was_asked_for():
    held = np.array([is_held_out(order, 0.1, "7") for order in range(40_000)])
    assert abs(held.mean() - 0.1) < 0.006
    # neighbours do not know of each other, and another rule draws anew
    assert abs(np.corrcoef(held[:-1], held[1:])[0, 1]) < 0.02
    other = np.array([is_held_out(order, 0.1, "8") for order in range(40_000)])
    assert abs((held & other).mean() - 0.01) < 0.003


@given(st.integers(0, 10**9), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_holds_out_the_same_and_more(order, one, two):
    small, large = sorted((one, two))
    assert not is_held_out(order, small) or is_held_out(order, large)


@given(st.lists(st.integers(0, 50)), st.integers(0, 100))
def test_the_budget_is_never_exceeded(amounts, left):
    allowed = within_budget(amounts, left)
    assert sum(amount for amount, fits in zip(amounts, allowed, strict=True) if fits) <= left
    assert all(fits for amount, fits in zip(amounts, allowed, strict=True) if amount == 0)


def test_every_late_reason_has_one_at_fault():
    late_reason = pytest.importorskip("scm_kernels.logistics.late_reason")
    for code in late_reason.CODES:
        assert sum(code in reasons for reasons in FAULTS.values()) == 1, code
        assert fault_of(code) in FAULTS


def test_rules_in_their_order():
    rules = [
        Rule(1, basis="actual", days_from=3, value_from=100.0),
        Rule(2, basis="predicted", days_from=2, days_to=4, classes=frozenset({9})),
        Rule(3),
    ]
    assert first_rule(rules, 3, 0, 100.0, False, "carrier") == 1
    assert first_rule(rules, 3, 0, 99.0, False, "carrier") == 3
    assert first_rule(rules, 0, 4, 500.0, 9, "carrier") == 2
    assert first_rule(rules, 0, 5, 500.0, 9, "carrier") == 3
    assert first_rule(rules, 0, 0, 500.0, 9, "carrier") is False
