"""What is expected of a discount."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning.promotion import ELASTICITY, expected_uplift, rule_of_thumb


def test_without_history_it_is_the_rule_of_thumb():
    found = expected_uplift(0.2, [], [], [], [])
    assert found.uplift == pytest.approx(0.8**ELASTICITY - 1)
    assert (found.promotions, found.occurrences) == (0, 0)


def test_promotions_like_it_outweigh_the_rule_and_others_less():
    learned = ([0.2], [0.2], [10])
    near = expected_uplift(0.2, *learned, [True]).uplift
    other = expected_uplift(0.2, *learned, [False]).uplift
    far = expected_uplift(0.6, *learned, [True])
    assert near == pytest.approx((rule_of_thumb(0.2) + 10 * 0.2) / 11)
    assert near < other < rule_of_thumb(0.2)
    assert far.uplift > 0.55 * far.rule


def test_what_says_nothing_is_left_out():
    found = expected_uplift(0.3, [0.0, 0.2, 0.2], [0.5, np.nan, 0.5], [3, 3, 0], [True] * 3)
    assert (found.uplift, found.promotions) == (found.rule, 0)


@given(st.floats(0, 1), st.floats(0.01, 1), st.floats(-0.9, 5), st.integers(1, 50))
def test_expectation_is_finite_and_between_what_it_rests_on(depth, past, uplift, seen):
    found = expected_uplift(depth, [past], [uplift], [seen], [True])
    carried = uplift * found.rule / float(rule_of_thumb(past))
    assert np.isfinite(found.uplift)
    assert min(found.rule, carried) - 1e-9 <= found.uplift <= max(found.rule, carried) + 1e-9
