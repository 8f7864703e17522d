"""Landed cost against figures worked out by hand, and what must hold for any input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning_supplier_eval.landed_cost import landed_cost, shrunk_share


def test_a_punctual_vendor_without_defects_costs_its_price():
    cost = landed_cost([7.5], np.zeros((1, 10)), [0.0], [14.0], [3.0], [0.0])
    assert cost.total.tolist() == [7.5]


def test_worked_example():
    # late 0, 4 and 12 days, each in a third of the cases; safety stock lasts 2 days, the lot 10:
    # empty shelf 0, 2 and 10 of 10 days = 0, 0.2 and 1 of the lot; margin 6 -> 6 x 0.4 = 2.4; defects 5 % of 8 x 1.5
    cost = landed_cost([8.0], [[0.0, 4.0, 12.0]], [2.0], [10.0], [6.0], [0.05], 1.5)
    assert cost.lateness.round(9).tolist() == [2.4]
    assert cost.quality.round(9).tolist() == [0.6]


def test_no_more_than_the_margin_is_lost():
    cost = landed_cost([1.0], [[400.0]], [0.0], [0.0], [5.0], [0.0])
    assert cost.lateness.tolist() == [5.0]


def test_a_product_sold_at_a_loss_loses_nothing_by_lateness():
    assert landed_cost([9.0], [[30.0]], [0.0], [7.0], [-2.0], [0.0]).lateness.tolist() == [0.0]


def test_a_share_of_defects_is_a_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        landed_cost([1.0], [[0.0]], [0.0], [1.0], [1.0], [1.2])


@given(
    st.lists(st.floats(0, 60), min_size=1, max_size=10),
    st.floats(0, 30),
    st.floats(1, 60),
    st.floats(0, 100),
    st.floats(0, 20),
)
def test_later_never_costs_less_and_more_safety_never_more(late, safety, cover, margin, later):
    def lateness(nodes, safety_days):
        return landed_cost([10.0], [nodes], [safety_days], [cover], [margin], [0.0]).lateness[0]

    assert lateness([day + later for day in late], safety) >= lateness(late, safety) - 1e-9
    assert lateness(late, safety + later) <= lateness(late, safety) + 1e-9


def test_few_units_say_little_many_say_all():
    few, many = shrunk_share([2.0, 2000.0, 0.0], [4.0, 4000.0, 8000.0], [1, 2, 3])[:2]
    assert 0.0 < few < 0.35
    assert abs(many - 0.5) < 0.01


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(0, 3)), max_size=20))
def test_shares_are_shares(rows):
    bad, total, vendor = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    shares = shrunk_share(bad, total, vendor)
    assert ((shares >= 0) & (shares <= 1)).all()
