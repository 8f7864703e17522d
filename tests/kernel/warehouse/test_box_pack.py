"""Packing of boxes: nothing overlaps, sticks out, is crushed or hangs in the air; small cases are exact."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.warehouse.box_pack import layers, pack, steps

EDGES = st.integers(1, 9)
PIECES = st.lists(st.tuples(EDGES, EDGES, EDGES), min_size=1, max_size=14)


def _fits_by_brute_force(dims, box):
    """Whether pieces with whole edges fit in a box, by trying every place on the grid and every turn."""
    grid = np.zeros(box, dtype=bool)

    def put(rest):
        if not rest:
            return True
        for turn in set(itertools.permutations(rest[0])):
            spans = [range(room - edge + 1) for room, edge in zip(box, turn, strict=True)]
            for corner in itertools.product(*spans):
                place = tuple(slice(at, at + edge) for at, edge in zip(corner, turn, strict=True))
                if not grid[place].any():
                    grid[place] = True
                    if put(rest[1:]):
                        return True
                    grid[place] = False
        return False

    return put(sorted(dims, key=lambda piece: -np.prod(piece)))


def _check(dims, box, result, support=0.0):
    inside = np.flatnonzero(result.packed)
    low, high = result.position[inside], result.position[inside] + result.size[inside]
    assert (low >= -1e-6).all() and (high <= np.array(box) + 1e-6).all()
    for one, other in itertools.combinations(range(len(inside)), 2):
        assert (high[one] <= low[other] + 1e-6).any() or (high[other] <= low[one] + 1e-6).any()
    for number, piece in enumerate(inside):
        assert sorted(result.size[piece]) == pytest.approx(sorted(dims[piece]))
        if support and low[number][2] > 1e-6:
            over = np.minimum(high[number][:2], high[:, :2]) - np.maximum(low[number][:2], low[:, :2])
            ground = np.clip(over, 0, None).prod(axis=1)[np.abs(high[:, 2] - low[number][2]) < 1e-6].sum()
            assert ground >= support * result.size[piece][:2].prod() - 1e-6


@given(PIECES, st.tuples(*[st.integers(4, 14)] * 3))
@settings(max_examples=40)
def test_every_packing_is_valid(dims, box):
    result = pack(dims, box, support=0.6)
    _check(dims, box, result, support=0.6)
    # whoever packs from above never has to reach under a piece
    order = steps(result)
    level = layers(result)
    assert [piece for piece in order if level[piece] < 1] == []
    assert (level > 0).tolist() == result.packed.tolist()


@given(st.lists(st.tuples(*[st.integers(1, 4)] * 3), min_size=1, max_size=3), st.tuples(*[st.integers(2, 4)] * 3))
@settings(max_examples=40)
def test_up_to_three_pieces_as_brute_force_says(dims, box):
    found = pack(dims, box, support=0.0, need_all=True)
    assert bool(found.packed.all()) == _fits_by_brute_force(dims, box)


def test_three_rods_that_no_cut_can_part():
    """Each lies along another axis: the smallest packing that cannot be cut apart by planes."""
    assert pack([[2, 1, 1]] * 3, [2, 2, 2], need_all=True).packed.all()


def test_full_box_of_equal_pieces():
    assert pack([[5, 4, 3]] * 24, [20, 12, 6], need_all=True).packed.all()
    assert pack([[5, 4, 3]] * 25, [20, 12, 6]).packed.sum() == 24


@given(PIECES, st.data())
@settings(max_examples=30)
def test_weight_fragile_and_upright(dims, data):
    count = len(dims)
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    fragile, upright = np.array(data.draw(flags)), np.array(data.draw(flags))
    weight = np.array(data.draw(st.lists(st.integers(1, 5), min_size=count, max_size=count)), dtype=float)
    result = pack(dims, [12, 10, 9], weight=weight, fragile=fragile, upright=upright, max_weight=20)
    _check(dims, [12, 10, 9], result, support=0.5)
    inside = np.flatnonzero(result.packed)
    assert weight[inside].sum() <= 20 + 1e-6
    for piece in inside:
        if upright[piece]:
            assert result.size[piece][2] == dims[piece][2]
    for low, high in itertools.permutations(inside, 2):
        a, b = result.position[low], result.position[high]
        overlap = np.minimum(a + result.size[low], b + result.size[high])[:2] - np.maximum(a, b)[:2]
        if fragile[low] and (overlap > 1e-6).all() and b[2] >= a[2] + result.size[low][2] - 1e-6:
            assert fragile[high] and weight[high] <= weight[low]
