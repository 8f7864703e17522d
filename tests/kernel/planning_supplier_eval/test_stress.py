"""A stopped supplier: against a slow reference that sells unit by unit, and what must hold for any case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning_supplier_eval.stress import Backups, Receipts, delayed, stress

DAYS = 40


def receipts_of(rows):
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    item, arrival, ordered, quantity = columns
    return Receipts(np.array(item, int), np.array(arrival, int), np.array(ordered, int), np.array(quantity, float))


def lost_slowly(opening, demand, arrivals):
    """Units lost of one product, one day after the other."""
    stock, lost = opening, []
    for day, wanted in enumerate(demand):
        stock += sum(quantity for when, quantity in arrivals if max(when, 0) == day)
        lost.append(max(wanted - stock, 0.0))
        stock = max(stock - wanted, 0.0)
    return np.array(lost)


rows = st.lists(
    st.tuples(st.integers(0, 35), st.integers(-10, 30), st.integers(1, 200)).map(
        lambda row: (0, row[0], min(row[1], row[0]), row[2])
    ),
    max_size=6,
)


@given(rows, st.integers(0, 300), st.integers(0, 20), st.integers(1, 30), st.integers(0, 20))
def test_losses_equal_the_slow_reference(receipts, opening, start, length, pace):
    demand = np.full(DAYS, float(pace))
    found = stress(
        [opening], demand[None], np.zeros((1, DAYS)), receipts_of(receipts), start, length, [1.0]
    )
    moved = delayed(receipts_of(receipts), start, length)
    planned = lost_slowly(opening, demand, [(row[1], row[3]) for row in receipts])
    stopped = lost_slowly(opening, demand, [(day, row[3]) for day, row in zip(moved, receipts, strict=True)])
    np.testing.assert_allclose(found.lost[0], np.maximum(stopped - planned, 0).sum(), atol=1e-9)


@given(rows, st.integers(0, 20), st.integers(1, 30), st.integers(0, 40), st.sampled_from([5.0, np.inf]))
def test_backups_never_bring_more_than_is_lost_nor_than_they_can(receipts, start, length, first, weekly):
    backups = Backups(np.array([0]), np.array([0]), np.array([first]), np.array([0.5]))
    found = stress(
        [20.0], np.full((1, DAYS), 4.0), np.zeros((1, DAYS)), receipts_of(receipts), start, length, [2.0], backups,
        np.array([weekly]),
    )  # fmt: skip
    assert found.covered[0] <= found.lost[0] + 1e-9
    assert found.covered[0] <= weekly * (DAYS // 7 + 1) + 1e-9
    assert found.margin_backed.sum() == pytest.approx(found.lost_margin[0] - found.covered_margin[0])
    assert found.extra_cost[0] == pytest.approx(0.5 * found.covered[0])


def test_orders_of_the_stop_wait_and_arrive_later():
    moved = delayed(receipts_of([(0, 20, 6, 1), (0, 8, -2, 1), (0, 3, -9, 1), (0, 9, 9, 1)]), 5, 10)
    assert moved.tolist() == [29, 15, 3, 15]


def test_scarce_capacity_goes_to_the_higher_margin():
    backups = Backups(np.array([0, 1]), np.array([0, 0]), np.array([0, 0]), np.zeros(2))
    come = receipts_of([(0, 0, -1, 70), (1, 0, -1, 70)])
    found = stress(
        [0.0, 0.0], np.full((2, 7), 10.0), np.zeros((2, 7)), come, 0, 7, [1.0, 9.0], backups, np.array([90.0])
    )
    assert found.covered.tolist() == [20.0, 70.0]
    assert found.backup.tolist() == [0, 1]


def test_losses_that_were_to_come_anyway_are_not_the_suppliers():
    found = stress([0.0], np.full((1, 10), 5.0), np.zeros((1, 10)), receipts_of([]), 0, 5, [1.0])
    assert found.lost.tolist() == [0.0]
    assert found.run_out.tolist() == [-1]


def test_a_stop_of_no_day_is_an_error():
    with pytest.raises(ValueError, match="at least a day"):
        stress([0.0], np.zeros((1, 5)), np.zeros((1, 5)), receipts_of([]), 0, 0, [1.0])
