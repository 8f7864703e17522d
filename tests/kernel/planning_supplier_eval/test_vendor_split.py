"""Shares of vendors: what must hold for any orders, and cases worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning_supplier_eval.vendor_split import Offers, Orders, split_orders


def orders_of(rows):
    """Rows (item, quantity, day)."""
    item, quantity, day = (np.array(column) for column in zip(*rows, strict=True))
    return Orders(item, quantity.astype(float), day, day // 7, np.ones(len(item)))


def offers_of(rows):
    """Rows (item, vendor, cost, share); others by name."""
    columns = {name: np.array([row.get(name, default) for row in rows]) for name, default in DEFAULTS.items()}
    return Offers(**columns)


DEFAULTS = {
    "item": 0, "vendor": 0, "cost": 1.0, "first_day": 0, "moq": 0.0, "multiple": 0.0, "share_max": 1.0,
    "committed": 0.0,
}  # fmt: skip


def by_vendor(split, offers):
    return np.bincount(offers.vendor[split.offer], split.quantity, int(offers.vendor.max()) + 1).tolist()


def test_without_limits_the_cheapest_gets_all():
    offers = offers_of([{"vendor": 0, "cost": 1.0}, {"vendor": 1, "cost": 2.0}])
    split = split_orders(orders_of([(0, 50, 10), (0, 70, 20)]), offers, 1)
    assert by_vendor(split, offers) == [120.0, 0.0]
    assert not split.over_share.any()


def test_a_share_limit_moves_whole_orders_where_it_can():
    offers = offers_of([{"vendor": 0, "cost": 1.0, "share_max": 0.6}, {"vendor": 1, "cost": 2.0}])
    split = split_orders(orders_of([(0, 100, 7 * week) for week in range(1, 6)]), offers, 1)
    assert by_vendor(split, offers) == [300.0, 200.0]
    assert len(split.order) == 5


def test_what_is_on_order_already_counts():
    offers = offers_of([{"vendor": 0, "share_max": 0.5, "committed": 100.0}, {"vendor": 1, "cost": 2.0}])
    split = split_orders(orders_of([(0, 100, 10)]), offers, 1)
    assert by_vendor(split, offers) == [0.0, 100.0]


def test_a_vendor_that_comes_too_late_is_left_out_while_another_is_in_time():
    offers = offers_of([{"vendor": 0, "cost": 1.0, "first_day": 30}, {"vendor": 1, "cost": 2.0, "first_day": 5}])
    split = split_orders(orders_of([(0, 40, 10), (0, 40, 35)]), offers, 1)
    assert offers.vendor[split.offer].tolist() == [1, 0]
    alone = offers_of([{"vendor": 0, "first_day": 30}])
    assert split_orders(orders_of([(0, 40, 10)]), alone, 1).quantity.tolist() == [40.0]


def test_capacity_goes_to_the_most_worth():
    columns = ([0, 1], [80.0, 80.0], [10, 10], [1, 1], [1.0, 5.0])
    orders = Orders(*(np.array(column) for column in columns))
    offers = offers_of(
        [
            {"item": 0, "vendor": 0, "cost": 1.0},
            {"item": 0, "vendor": 1, "cost": 2.0},
            {"item": 1, "vendor": 0, "cost": 1.0},
            {"item": 1, "vendor": 1, "cost": 2.0},
        ]
    )
    split = split_orders(orders, offers, 2, capacity=np.array([100.0, np.inf]))
    given_to = {(int(split.order[row]), int(offers.vendor[split.offer[row]])): split.quantity[row] for row in range(3)}
    assert given_to == {(1, 0): 80.0, (0, 0): 20.0, (0, 1): 60.0}


def test_small_parts_are_not_split_off():
    offers = offers_of([{"vendor": 0, "cost": 1.0, "share_max": 0.9}, {"vendor": 1, "cost": 2.0, "moq": 30.0}])
    split = split_orders(orders_of([(0, 100, 10)]), offers, 1)
    assert split.quantity.tolist() == [100.0]


def test_limits_that_cannot_hold_are_broken_least_and_said():
    offers = offers_of([{"vendor": 0, "share_max": 0.3}, {"vendor": 1, "cost": 2.0, "share_max": 0.4}])
    split = split_orders(orders_of([(0, 100, 7 * week) for week in range(1, 11)]), offers, 1)
    assert split.quantity.sum() == 1000.0
    assert split.over_share.any()
    first, second = by_vendor(split, offers)
    assert abs(first / second - 3 / 4) < 0.35


def test_an_item_without_a_vendor_is_an_error():
    with pytest.raises(ValueError, match="no vendor"):
        split_orders(orders_of([(1, 5, 5)]), offers_of([{"item": 0}]), 2)


@st.composite
def cases(draw):
    n_items = draw(st.integers(1, 4))
    orders, offers = [], []
    for item in range(n_items):
        days = sorted(draw(st.lists(st.integers(1, 180), min_size=0, max_size=8, unique_by=lambda day: day // 7)))
        orders += [(item, draw(st.integers(1, 500)), day) for day in days]
        costs = sorted(draw(st.lists(st.floats(1, 9), min_size=1, max_size=4)))
        for vendor, cost in enumerate(costs):
            offers.append(
                {
                    "item": item, "vendor": vendor, "cost": cost, "first_day": draw(st.integers(0, 60)),
                    "moq": draw(st.sampled_from([0.0, 10.0, 100.0])), "multiple": draw(st.sampled_from([0.0, 6.0])),
                    "share_max": draw(st.sampled_from([0.2, 0.5, 0.7, 1.0])),
                    "committed": draw(st.sampled_from([0.0, 50.0])),
                }
            )  # fmt: skip
    capacity = np.array([draw(st.sampled_from([np.inf, 100.0, 1000.0])) for _vendor in range(4)])
    return orders, offers, n_items, capacity


@given(cases())
def test_nothing_is_lost_and_limits_are_broken_only_in_words(case):
    rows, offer_rows, n_items, capacity = case
    if not rows:
        return
    orders, offers = orders_of(rows), offers_of(offer_rows)
    split = split_orders(orders, offers, n_items, capacity)
    np.testing.assert_allclose(np.bincount(split.order, split.quantity, len(orders.item)), orders.quantity)
    assert (offers.item[split.offer] == orders.item[split.order]).all()
    total = np.bincount(orders.item, orders.quantity, n_items) + np.bincount(offers.item, offers.committed, n_items)
    given_to = np.bincount(split.offer, split.quantity, len(offers.item)) + offers.committed
    broken = (offers.share_max < 1) & (given_to > offers.share_max * total[offers.item] + 1e-4)
    said = np.bincount(split.offer, split.over_share, len(offers.item)) > 0
    started_over = (offers.share_max < 1) & (offers.committed > offers.share_max * total[offers.item])
    assert (~broken | said | started_over).all()
