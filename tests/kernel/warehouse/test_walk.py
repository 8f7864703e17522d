"""Orders and lengths of walks: every order tried where that is possible, rules and invariants beyond."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.warehouse import walk
from scm_kernels.warehouse.aisle_graph import Layout, build, locate


def hall(lanes=6, bays=12, **layout):
    names = [f"A{lane:02}" for lane in range(lanes) for _bay in range(bays)]
    located = locate(names, [bay for _lane in range(lanes) for bay in range(1, bays + 1)], [0] * len(names),
                     [0] * len(names), Layout(spacing=4, bay=3, **layout))  # fmt: skip
    return located, build(located, [(0, 0)], Layout(spacing=4, bay=3, **layout))


@given(st.lists(st.integers(0, 71), min_size=1, max_size=6, unique=True), st.sampled_from([(), (20.0,)]))
@settings(max_examples=30)
def test_few_places_are_exact(places, middle):
    _located, graph = hall(middle=middle)
    table = graph.matrix(places, 0)
    best = min(walk.length(table, order) for order in permutations(range(1, len(places) + 1)))
    found = walk.tour(graph, places)
    assert found.metres == pytest.approx(best)
    assert walk.length(table, [places.index(place) + 1 for place in found.order]) == pytest.approx(best)


@given(st.lists(st.integers(0, 71), min_size=9, max_size=40, unique=True))
@settings(max_examples=20)
def test_many_places(places):
    """All are visited, never longer than a rule, never shorter than there and back to the farthest."""
    _located, graph = hall()
    found = walk.tour(graph, places)
    table = graph.matrix(places, 0)
    lane, along = graph.lane[places], graph.along[places]
    assert sorted(found.order) == sorted(places)
    assert walk.length(table, [places.index(place) + 1 for place in found.order]) == pytest.approx(found.metres)
    rules = [walk.s_shape(lane, along), walk.largest_gap(lane, along, graph.crosses[0], graph.crosses[-1])]
    assert found.metres <= min(walk.length(table, order + 1) for order in rules) + 1e-6
    assert found.metres >= (table[0] + table[:, 0]).max() - 1e-6


def test_near_the_optimum():
    """Within 8 per cent of the exact tour of ten places, which is beyond what the tour itself solves exactly."""
    _located, graph = hall()
    rng = np.random.default_rng(5)
    for _draw in range(6):
        places = rng.choice(72, 10, replace=False)
        found = walk.tour(graph, places)
        assert found.method != "exact"
        assert 1 - 1e-9 <= found.metres / walk.shortest(graph.matrix(places, 0))[0] < 1.08


def test_one_way_aisles_turn_the_walk():
    located, _graph = hall(lanes=2, bays=2)
    graph = build(located, [(0, 0)], Layout(spacing=4, bay=3), {"A00": "up", "A01": "down"})
    found = walk.tour(graph, [3, 2, 0, 1])
    assert found.order == (0, 1, 3, 2)


def test_levels_of_a_bay_are_one_stop():
    located = locate(["A"] * 12, [1] * 6 + [2] * 6, [0] * 12, [0] * 12)
    graph = build(located, [(0, 0)])
    found = walk.tour(graph, range(12))
    assert found.method == "exact"
    assert found.metres == walk.tour(graph, [0, 6]).metres
    assert found.order in ((*range(12),), (*range(6, 12), *range(6)))


def test_no_way_and_nothing_to_do():
    located, _graph = hall(lanes=2, bays=2)
    graph = build(located, [(0, 0)], Layout(), {"A01": "closed"})
    assert walk.tour(graph, [0, 3]).method == "none"
    assert walk.tour(graph, []).metres == 0


def test_sequence_keeps_to_the_direction():
    rank = walk.sequence([0, 0, 1, 1], [1, 2, 1, 2], up=[True, True], down=[False, False])
    assert rank.tolist() == [1, 2, 3, 4]
    assert walk.sequence([0, 0], [1, 1], level=[2, 0]).tolist() == [2, 1]
