"""Vendor choice, order quantities and material changes: the decisions behind proposals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import proposal


def lines(rows):
    """Rows of (item, partner, sequence, minimum, price, valid); the number is the position."""
    item, partner, sequence, minimum, price, valid = (np.array(column) for column in zip(*rows, strict=True))
    price = price.astype(float)
    return proposal.sort_sellers(
        proposal.Sellers(item, partner, sequence, minimum.astype(float), price, price, valid, np.arange(len(rows)))
    )


def odoo_select(rows, item, quantity):
    """Odoo's own loop, restated line by line (product_product.py, _get_filtered_sellers and _select_seller)."""
    mine = sorted(
        ((seq, -low, price, number, partner, valid) for number, (i, partner, seq, low, price, valid) in enumerate(rows)
         if i == item)
    )
    fitting = [line for line in mine if line[5] and (quantity is None or quantity >= -line[1])]
    if fitting:
        vendor = [line for line in fitting if line[4] == fitting[0][4]]
        return min(vendor, key=lambda line: (line[2], line[0], line[3]))[3]
    return mine[0][3] if mine else proposal.NONE


seller_rows = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(10, 12), st.integers(1, 2), st.sampled_from([0, 5, 50]),
        st.sampled_from([1, 2, 3]), st.booleans(),
    ),
    min_size=1, max_size=25,
)


@settings(max_examples=200, deadline=None)
@given(rows=seller_rows, quantity=st.one_of(st.none(), st.sampled_from([1, 5, 20, 100])))
def test_choice_equals_the_loop_of_odoo(rows, quantity):
    sellers = lines(rows)
    chosen = proposal.choose_sellers(sellers, 4, None if quantity is None else np.full(4, float(quantity)))
    numbers = [sellers.id[index] if index >= 0 else proposal.NONE for index in chosen]
    assert numbers == [odoo_select(rows, item, quantity) for item in range(4)]


def test_no_sellers_at_all():
    empty = proposal.Sellers(*(np.zeros(0, int) for _ in range(8)))
    assert proposal.choose_sellers(empty, 2).tolist() == [proposal.NONE, proposal.NONE]
    assert proposal.smallest_minimum(empty, np.array([-1, -1])).tolist() == [0, 0]


def test_expired_line_counts_only_when_nothing_else_is_there():
    sellers = lines([(0, 7, 1, 0, 1, False), (0, 8, 2, 0, 9, True), (1, 7, 1, 0, 1, False)])
    chosen = proposal.choose_sellers(sellers, 2, np.array([10.0, 10.0]))
    assert sellers.partner[chosen].tolist() == [8, 7]


def test_minimum_is_the_least_that_the_vendor_sells():
    sellers = lines([(0, 7, 1, 100, 1, True), (0, 7, 1, 24, 2, True), (0, 8, 2, 1, 9, True)])
    assert proposal.smallest_minimum(sellers, proposal.choose_sellers(sellers, 1)).tolist() == [24]


@pytest.mark.parametrize(
    "position, low, high, moq, multiple, expected",
    [
        (5, 5, 20, 0, 0, 0),  # at the minimum nothing is due, as in Odoo
        (4, 5, 20, 0, 0, 16),
        (4, 5, 20, 30, 0, 30),
        (4, 5, 20, 30, 12, 36),
        (-6, 0, 0, 0, 1, 6),  # customers wait for 6
        (0, 0, 0, 10, 1, 0),
    ],
)
def test_order_quantity(position, low, high, moq, multiple, expected):
    assert proposal.order_quantity([position], [low], [high], moq, multiple).tolist() == [expected]


@settings(max_examples=100, deadline=None)
@given(
    position=st.floats(-1e4, 1e4), low=st.floats(0, 1e4), extra=st.floats(0, 1e4),
    multiple=st.sampled_from([0.0, 1.0, 6.0, 12.0]),
)
def test_after_the_order_the_position_is_at_least_the_maximum(position, low, extra, multiple):
    quantity = proposal.order_quantity([position], [low], [low + extra], 0.0, multiple)[0]
    assert quantity >= 0
    if quantity:
        assert position + quantity >= low + extra - 1e-4 * max(1.0, multiple)
        assert position + quantity <= low + extra + multiple + 1e-4


def test_differs_needs_both_share_and_step():
    same = proposal.differs([100, 1, 0, np.nan, np.nan], [200, 2, 0, 1, np.nan],
                            [109, 1.5, 0, 1, np.nan], [200, 2, 0, 1, np.nan])
    assert same.tolist() == [False, False, False, True, False]
    assert proposal.differs([1.0], [2.0], [2.0], [2.0]).tolist() == [True]
