"""Waves: properties of both steps, and tours beside the best of all partitions."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.warehouse.wave import Limits, Slot, assign_slots, make_batches, sweep_metres

orders = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 2), st.integers(1, 5), st.floats(0, 20), st.booleans()), max_size=12
)
slots = st.lists(
    st.builds(
        Slot,
        groups=st.frozensets(st.integers(0, 2)),
        closes=st.integers(0, 1500),
        takes_until=st.sampled_from([1000, inf]),
        orders=st.sampled_from([1, 3, inf]),
        lines=st.sampled_from([4, inf]),
        kg=st.sampled_from([25, inf]),
    ),
    max_size=4,
)


@given(orders, slots, st.integers(0, 1000))
def test_rooms_are_kept_and_nothing_is_left_out_without_cause(rows, departures, now):
    due, group, lines, kg, urgent = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 5
    chosen, reasons = assign_slots(due, group, lines, kg, departures, now, urgent)
    for number, slot in enumerate(departures):
        inside = np.flatnonzero(chosen == number)
        assert len(inside) <= slot.orders and sum(lines[i] for i in inside) <= slot.lines
        assert sum(kg[i] for i in inside) <= slot.kg + 1e-6
        assert all(group[i] in slot.groups and slot.closes > now and due[i] <= slot.takes_until for i in inside)
    for order, reason in enumerate(reasons):
        assert (reason is None) == (chosen[order] >= 0)
        mine = [slot for slot in departures if group[order] in slot.groups]
        if reason == "no_cutoff":
            assert not mine
        elif reason == "past":
            assert mine and all(slot.closes <= now for slot in mine)


def test_an_urgent_order_goes_before_an_earlier_promise():
    chosen, _reasons = assign_slots([1, 2], [0, 0], [1, 1], [0, 0], [Slot(frozenset({0}), 9, orders=1)], 0, [0, 1])
    assert chosen.tolist() == [-1, 0]


def test_the_earliest_departure_with_room_is_taken():
    departures = [Slot(frozenset({0}), 20), Slot(frozenset({0}), 10, lines=2)]
    chosen, _reasons = assign_slots([5, 6, 7], [0] * 3, [2, 1, 1], [0] * 3, departures, 0)
    assert chosen.tolist() == [1, 0, 0]


@st.composite
def halls(draw):
    count, aisles = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    visited = np.array(
        draw(st.lists(st.lists(st.booleans(), min_size=aisles, max_size=aisles), min_size=count, max_size=count))
    )
    x = np.array(draw(st.lists(st.floats(0, 50), min_size=aisles, max_size=aisles)))
    length = np.array(draw(st.lists(st.floats(1, 40), min_size=aisles, max_size=aisles)))
    return visited, x, length, draw(st.integers(1, 4))


@settings(max_examples=60, deadline=None)
@given(halls())
def test_every_order_is_in_one_tour_that_fits_and_joining_never_costs(hall):
    visited, x, length, most = hall
    count = len(visited)
    tours = make_batches(visited, np.ones(count), np.zeros(count), np.zeros(count), Limits(orders=most), x, length)
    assert sorted(order for tour in tours for order in tour) == list(range(count))
    assert max(len(tour) for tour in tours) <= most
    together = sum(sweep_metres(visited[tour].any(axis=0), x, length)[0] for tour in tours)
    assert together <= sweep_metres(visited, x, length).sum() + 1e-6


def _best_pairs(visited, x, length):
    """The least metres of all ways to walk orders alone or in pairs."""

    def search(left):
        if not left:
            return 0.0
        first, rest = left[0], left[1:]
        options = [(first,), *((first, other) for other in rest)]
        return min(
            sweep_metres(visited[list(tour)].any(axis=0), x, length)[0]
            + search([order for order in rest if order not in tour])
            for tour in options
        )

    return search(list(range(len(visited))))


def test_close_to_the_best_of_all_pairings():
    rng, ours, best = np.random.default_rng(5), 0.0, 0.0
    x, length = np.arange(6) * 4.0, np.full(6, 30.0)
    for _round in range(20):
        visited = rng.random((8, 6)) < 0.3
        visited[np.arange(8), rng.integers(0, 6, 8)] = True
        tours = make_batches(visited, np.ones(8), np.zeros(8), np.zeros(8), Limits(orders=2), x, length)
        ours += sum(sweep_metres(visited[tour].any(axis=0), x, length)[0] for tour in tours)
        best += _best_pairs(visited, x, length)
    assert best <= ours <= 1.06 * best


def test_an_order_that_is_too_big_walks_alone_and_limits_hold_for_the_rest():
    visited = np.ones((4, 1), bool)
    tours = make_batches(visited, [9, 1, 1, 1], [0] * 4, [0] * 4, Limits(lines=2), [0], [10])
    assert [0] in tours and sorted(map(len, tours)) == [1, 1, 2]


def test_more_orders_than_are_compared_at_once(monkeypatch):
    monkeypatch.setattr("scm_kernels.warehouse.wave.MOST_AT_ONCE", 10)
    visited = np.eye(25, dtype=bool)
    tours = make_batches(visited, np.ones(25), np.zeros(25), np.zeros(25), Limits(orders=5), np.arange(25), np.ones(25))
    assert sorted(order for tour in tours for order in tour) == list(range(25))


@pytest.mark.parametrize(("aisles", "metres"), [([0], 20), ([3], 44), ([0, 3], 64)])
def test_the_way_of_a_tour(aisles, metres):
    visited = np.isin(np.arange(4), aisles)
    assert sweep_metres(visited, np.arange(4) * 4.0, np.full(4, 20.0))[0] == metres
