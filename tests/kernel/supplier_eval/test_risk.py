"""Risk: concentration, noisy-OR, days to switch, classes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.supplier_eval import risk

unit = st.floats(0, 1)
amounts = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)


def test_hhi_of_the_merger_guidelines():
    """US Horizontal Merger Guidelines (1997), footnote 17: shares 30, 30, 20, 20 % give 2,600 of 10,000 points."""
    assert risk.hhi([30, 30, 20, 20]) == pytest.approx(0.26)


@given(amounts)
def test_hhi_is_between_equal_shares_and_one(values):
    found, bought = risk.hhi(values), [value for value in values if value > 0]
    if sum(value**2 for value in bought) == 0:
        return
    assert 1 / len(bought) - 1e-9 <= found <= 1 + 1e-9
    assert found == pytest.approx(risk.hhi([value / 3 for value in values]))


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1e6)), max_size=20))
def test_hhi_by_group_is_hhi_of_each(rows):
    group, values = [row[0] for row in rows], [row[1] for row in rows]
    found = risk.hhi_by(group, 4, values)
    for index in range(4):
        mine = [value for owner, value in rows if owner == index]
        assert found[index] == pytest.approx(risk.hhi(mine))


def test_noisy_or_against_all_combinations():
    """P(trouble) summed over which causes strike, each on its own with w * x."""
    found = {"late": 0.5, "defects": 0.2, "evidence": 1.0}
    chances = [risk.STRENGTHS[cause] * level for cause, level in found.items()]
    slow = 0.0
    for strikes in np.ndindex(2, 2, 2):
        if any(strikes):
            slow += np.prod([chance if hit else 1 - chance for chance, hit in zip(chances, strikes, strict=True)])
    assert risk.likelihood(found) == pytest.approx(slow)


@given(st.dictionaries(st.sampled_from(sorted(risk.STRENGTHS)), unit), st.sampled_from(sorted(risk.STRENGTHS)))
def test_a_worse_level_never_lowers_the_likelihood(found, cause):
    before, after = risk.likelihood(found), risk.likelihood(found | {cause: 1.0})
    assert 0 <= before <= after <= 1


@given(st.floats(-1, 2), st.floats(-1, 2), st.floats(-200, 200), st.integers(0, 9), st.integers(0, 9), st.floats(-1, 2))
def test_levels_stay_in_range(late, defects, trend, expired, expiring, unqualified):
    found = risk.levels(late, defects, trend, "block", expired, expiring, unqualified)
    assert set(found) == set(risk.STRENGTHS)
    assert all(0 <= level <= 1 for level in found.values())


def test_a_rising_card_is_no_risk():
    assert risk.levels(trend=15)["falling"] == 0
    assert risk.levels(trend=-40)["falling"] == 1


@pytest.mark.parametrize(
    "others, days",
    [
        ([], 90),
        ([(10, True)], 24),
        ([(10, False)], 45),
        ([(40, True), (10, False)], 45),
        ([(20, True), (10, False)], 34),
    ],
)
def test_days_to_switch(others, days):
    assert risk.days_to_switch(others) == days


def test_classes_are_half_open():
    assert risk.classes([0, 0.0999, 0.10, 0.6499, 0.65, 1], risk.LIKELIHOOD_LIMITS).tolist() == [1, 1, 2, 4, 5, 5]
    assert risk.classes([], risk.IMPACT_LIMITS).tolist() == []
