"""Distances in a hall, against a graph in which every place is a node, searched the slow and obvious way."""

import heapq
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse.aisle_graph import Layout, build, cross_aisles, locate

WAYS = ("both", "up", "down")


def obvious(located, graph, docks, directions):
    """{node: {node: metres}} with places, junctions and docks as nodes."""
    edges = {}

    def join(a, b, metres):
        edges.setdefault(a, {})[b] = min(metres, edges.get(a, {}).get(b, math.inf))
        edges.setdefault(b, {})

    for lane, (name, _position) in enumerate(located.lanes):
        stops = [(along, ("place", i)) for i, along in enumerate(located.along) if located.lane[i] == lane]
        stops += [(along, ("junction", lane, c)) for c, along in enumerate(graph.crosses)]
        stops.sort(key=lambda stop: stop[0])
        way = directions.get(name, "both")
        for (low, a), (high, b) in pairwise(stops):
            if way in ("both", "up") or low == high:
                join(a, b, high - low)
            if way in ("both", "down") or low == high:
                join(b, a, high - low)
    positions = [position for _name, position in located.lanes]
    for c in range(len(graph.crosses)):
        for lane in range(len(positions) - 1):
            metres = positions[lane + 1] - positions[lane]
            join(("junction", lane, c), ("junction", lane + 1, c), metres)
            join(("junction", lane + 1, c), ("junction", lane, c), metres)
    for number, (x, y) in enumerate(docks):
        c = min(range(len(graph.crosses)), key=lambda line: abs(graph.crosses[line] - y))
        for lane, position in enumerate(positions):
            metres = abs(x - position) + abs(y - graph.crosses[c])
            join(("dock", number), ("junction", lane, c), metres)
            join(("junction", lane, c), ("dock", number), metres)
    return edges


def walked(edges, start):
    found, heap = {}, [(0.0, repr(start), start)]
    while heap:
        metres, _text, node = heapq.heappop(heap)
        if node in found:
            continue
        found[node] = metres
        for other, length in edges[node].items():
            if other not in found:
                heapq.heappush(heap, (metres + length, repr(other), other))
    return found


@st.composite
def halls(draw):
    lanes = draw(st.integers(1, 4))
    places = [
        (f"A{lane}", 2.0 + 4 * lane, float(along))
        for lane in range(lanes)
        for along in draw(st.lists(st.integers(3, 30), min_size=1, max_size=4, unique=True))
    ]
    directions = {f"A{lane}": draw(st.sampled_from(WAYS)) for lane in range(lanes)}
    middle = draw(st.sampled_from([(), (15.5,)]))
    docks = [(draw(st.integers(0, 20)), draw(st.sampled_from([-3, 0])))]
    if docks[0][0] < 2 or docks[0][0] > places[-1][1]:  # beside the hall other cross aisles may be as near
        docks = [(places[0][1], -1)]
    return places, directions, Layout(middle=middle, margin=2), docks


@given(halls())
def test_every_way_is_the_shortest(case):
    places, directions, layout, docks = case
    names, xs, ys = zip(*places, strict=True)
    located = locate(names, [0] * len(names), xs, ys, Layout(axis="y", middle=layout.middle, margin=2))
    graph = build(located, docks, layout, directions)
    edges = obvious(located, graph, docks, directions)
    table = graph.matrix(range(len(places)), dock=0)
    nodes = [("dock", 0), *(("place", i) for i in range(len(places)))]
    expected = np.array([[walked(edges, a).get(b, math.inf) for b in nodes] for a in nodes])
    np.testing.assert_allclose(table, expected)
    round_trip = (expected[0, 1:] + expected[1:, 0]) / 2
    np.testing.assert_allclose(graph.to_docks()[:, 0], round_trip)


def test_large_and_small_ways_of_looking_up_agree(monkeypatch):
    located = locate(["A", "A", "B", "C"], [1, 9, 4, 6], [0] * 4, [0] * 4)
    graph = build(located, [(0, 0)])
    table = graph.matrix(range(4), 0)
    monkeypatch.setattr("scm_kernels.warehouse.aisle_graph.MAX_TABLE", 1)
    np.testing.assert_allclose(build(located, [(0, 0)]).matrix(range(4), 0), table)


def test_aisles_along_x_are_the_same_hall_turned():
    names, bays = ["A"] * 4 + ["B"] * 4, [1, 2, 3, 4] * 2
    long, wide = np.tile([3.0, 6, 9, 12], 2), np.repeat([2.0, 6.0], 4)
    upright = locate(names, bays, wide, long)
    lying = locate(names, bays, long, wide)
    assert (upright.axis, lying.axis) == ("y", "x")
    np.testing.assert_array_equal(lying.xy, np.column_stack([long, wide]))
    np.testing.assert_allclose(build(upright, [(2, 0)]).to_docks(), build(lying, [(0, 2)]).to_docks())


def test_bays_fill_in_for_coordinates_of_their_own_aisle_only():
    names, bays = ["A", "A", "A", "B", ""], [1, 2, 4, 1, 3]
    found = locate(names, bays, [2, 2, 0, 0, 0], [5, 8, 0, 0, 0])
    assert found.along[2] == pytest.approx(14)
    assert found.across[2] == 2
    assert found.reason.tolist() == ["", "", "", "mixed", "no_coordinates"]
    assert found.lane.tolist() == [0, 0, 0, -1, -1]


def test_aisle_with_one_known_place_goes_on_by_the_bay():
    found = locate(["A", "A"], [2, 5], [2, 0], [7, 0], Layout(bay=3))
    assert found.along.tolist() == [7.0, 16.0]


def test_places_of_no_aisle_are_walked_by_lanes():
    found = locate(["", "", ""], [0, 0, 0], [1, 1.5, 9], [5, 9, 5], Layout(axis="y", spacing=4))
    assert found.lane.tolist() == [0, 0, 1]
    assert np.isfinite(build(found, [(0, 0)]).to_docks()).all()


def test_closed_and_dead_end_aisles_have_no_way():
    located = locate(["A", "B", "C"], [1, 1, 1], [0] * 3, [0] * 3)
    graph = build(located, [(0, 0)], Layout(back=False), {"B": "closed", "C": "up"})
    assert np.isfinite(graph.to_docks()[:, 0]).tolist() == [True, False, False]


def test_nothing_to_draw():
    empty = locate([], [], [], [])
    assert build(empty).to_docks().shape == (0, 1)
    lost = locate(["", None], [0, 0], [0, 0], [0, 0])
    assert np.isinf(build(lost, [(0, 0)]).matrix([0, 1], 0)[0, 1:]).all()
    with pytest.raises(ValueError, match="cross aisle"):
        build(empty, (), Layout(front=False, back=False))


def test_docks_beside_and_behind():
    located = locate(["A", "B"], [1, 1], [2, 6], [10, 10], Layout(margin=2))
    graph = build(located, [(0, 13), (4, 20), (2, 0)], Layout(margin=2))
    # beside: 2 across, 1 to the back cross aisle, 2 down; behind: 8 to the cross aisle, 2 across, 2 down
    np.testing.assert_allclose(graph.to_docks()[0], [5, 12, 10])
    assert cross_aisles(located, Layout(margin=2)) == [8.0, 12.0]
