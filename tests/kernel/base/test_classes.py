import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.base.classes import abc_classes, xyz_classes, xyz_classes_from_moments


def test_textbook_pareto_by_hand():
    # annual use of ten items (total 1,000): cumulative shares before each item are
    # 0, .40, .62, .74, .82, .88, .93, .96, .98, .99
    amount = [400, 220, 120, 80, 60, 50, 30, 20, 10, 10]
    assert "".join(abc_classes(amount, np.zeros(10)).labels) == "AAAABBBCCC"


def test_the_item_that_is_the_whole_group_is_a():
    assert abc_classes([7.0], [3]).labels == ["A"]


def test_groups_do_not_see_each_other():
    amount, group = [1, 1000, 9, 100, 90, 900], [5, 8, 5, 8, 5, 8]
    together = abc_classes(amount, group).labels
    for wanted in (5, 8):
        part = [i for i, g in enumerate(group) if g == wanted]
        assert abc_classes([amount[i] for i in part], [0] * len(part)).labels == [together[i] for i in part]


def test_nothing_consumed_is_c_whatever_it_was():
    assert abc_classes([0, 0, 0], [1, 1, 1]).labels == ["C", "C", "C"]
    assert abc_classes([10, 0, -5], [1, 1, 1], previous=["A", "A", "B"]).labels == ["A", "C", "C"]


def test_equal_items_share_a_class():
    assert len(set(abc_classes([10] * 20, [1] * 20).labels)) == 1


def test_hysteresis_keeps_an_item_near_the_border():
    # the third item stands at position .81 of its group
    amount, group = [50, 31, 10, 9], [1] * 4
    assert abc_classes(amount, group).labels[2] == "B"
    assert abc_classes(amount, group, previous=["A", "A", "A", "B"]).labels[2] == "A"
    assert abc_classes(amount, group, previous=["A", "A", "A", "B"], margin=0.005).labels[2] == "B"
    # and at .79 one that was B does not climb
    amount = [50, 29, 12, 9]
    assert abc_classes(amount, group).labels[2] == "A"
    assert abc_classes(amount, group, previous=["A", "A", "B", "B"]).labels[2] == "B"


def test_cuts_are_configurable_and_checked():
    assert abc_classes([50, 30, 20], [1] * 3, cuts=(0.5, 0.6)).labels == ["A", "B", "C"]
    with pytest.raises(ValueError, match="cuts"):
        abc_classes([1], [1], cuts=(0.9, 0.8))
    with pytest.raises(ValueError, match="finite"):
        abc_classes([np.nan], [1])


def test_no_items_at_all():
    assert abc_classes([], []).labels == []
    assert xyz_classes(np.zeros((0, 4))).labels == []


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), min_size=1, max_size=30), st.randoms())
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = list(enumerate(rows))
    random.shuffle(shuffled)
    labels = abc_classes([a for a, _g in rows], [g for _a, g in rows]).labels
    again = abc_classes([a for _i, (a, _g) in shuffled], [g for _i, (_a, g) in shuffled]).labels
    assert again == [labels[i] for i, _row in shuffled]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_classes_do_not_flap(amounts):
    first = abc_classes(amounts, [0] * len(amounts)).labels
    assert abc_classes(amounts, [0] * len(amounts), previous=first).labels == first


def test_xyz_by_hand():
    # mean 10, deviations -5 +5 -5 +5: variance 100/3, CV .577
    demand = [[10, 10, 10, 10], [5, 15, 5, 15], [0, 40, 0, 0]]
    result = xyz_classes(demand, min_periods=4)
    assert result.labels == ["X", "Y", "Z"]
    np.testing.assert_allclose(result.measure, [0, 0.57735, 2.0], rtol=1e-5)


def test_xyz_zero_is_z_and_too_short_is_nothing():
    demand = np.array([[0] * 8, [np.nan] * 5 + [1, 2, 3], [np.nan] * 8], float)
    assert xyz_classes(demand, min_periods=8).labels == ["Z", None, None]


def test_xyz_hysteresis_is_relative():
    demand = np.array([[5, 15, 5, 15]], float)  # CV .577
    assert xyz_classes(demand, previous=["X"], min_periods=4, margin=0.2).labels == ["X"]
    assert xyz_classes(demand, previous=["X"], min_periods=4, margin=0.1).labels == ["Y"]
    assert xyz_classes(demand, previous=[None], min_periods=4, margin=0.2).labels == ["Y"]


@given(st.lists(st.lists(st.integers(0, 9), min_size=9, max_size=9), min_size=1, max_size=10))
def test_xyz_from_sums_equals_xyz_from_series(rows):
    demand = np.array(rows, float)
    sums = xyz_classes_from_moments(np.full(len(rows), 9), demand.sum(1), (demand**2).sum(1))
    assert sums.labels == xyz_classes(demand).labels
