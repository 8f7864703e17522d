"""The cheapest boxes: against brute force over all boxes, and what splits, nests, stays apart or fits nowhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.warehouse.box_choice import Box, Piece, Terms, choose, choose_many, parcel_cost
from scm_kernels.warehouse.box_pack import pack

BOXES = [
    Box("S", 20, 15, 10, 3500, 0.1, 3, 0.4),
    Box("M", 30, 20, 15, 10500, 0.2, 8, 0.6),
    Box("L", 40, 30, 20, 26000, 0.4, 15, 0.9),
    Box("XL", 60, 40, 40, 100000, 0.8, 25, 1.8),
]
PIECES = st.builds(
    Piece,
    key=st.integers(1, 5),
    length=st.integers(3, 25),
    width=st.integers(3, 18),
    height=st.integers(2, 12),
    weight=st.sampled_from([0.1, 0.5, 1.5]),
    fragile=st.booleans(),
    liquid=st.booleans(),
    upright=st.just(False),
    nest=st.just(0.0),
)


def test_the_cheapest_box_wins_not_the_smallest():
    terms = Terms(freight_kg=1, divisor=5000)
    cheap_large = [Box("small", 20, 15, 10, cost=2.0), Box("large", 30, 20, 15, cost=0.1)]
    assert choose([Piece(1, 10, 10, 5)], cheap_large).parcels[0].box.key == "large"
    # with freight by volume the large one is dear
    assert choose([Piece(1, 10, 10, 5)], cheap_large, Terms(freight_kg=5, divisor=5000)).parcels[0].box.key == "small"
    assert parcel_cost(cheap_large[1], 500, 0.2, terms)["freight"] == pytest.approx(9000 / 5000)


@given(st.lists(PIECES, min_size=1, max_size=3))
@settings(max_examples=25)
def test_single_parcel_as_cheap_as_trying_every_box(pieces):
    """Up to three pieces the packing is exact, so the cheapest box over all boxes has to be found."""
    pieces = [piece._replace(liquid=False) for piece in pieces]
    terms = Terms(filler_kg_litre=0.012, filler_cost_kg=3, freight_base=1, freight_kg=0.8, divisor=5000)
    volume = sum(one.length * one.width * one.height for one in pieces)
    weight = sum(one.weight for one in pieces)
    costs = []
    for box in BOXES:
        packing = pack(
            [one[1:4] for one in pieces],
            box.inner,
            weight=[one.weight for one in pieces],
            fragile=[one.fragile for one in pieces],
            max_weight=box.max_weight,
            need_all=True,
        )
        if packing.packed.all():
            costs.append(sum(parcel_cost(box, volume, weight, terms).values()))
    assert choose(pieces, BOXES, terms).total == pytest.approx(min(costs))


@given(st.lists(PIECES, min_size=1, max_size=18))
@settings(max_examples=20)
def test_all_pieces_travel_once_and_no_box_is_overfull(pieces):
    choice = choose(pieces, BOXES[:3], Terms(freight_base=1))
    packed = [piece for parcel in choice.parcels for piece in parcel.pieces]
    assert sorted(map(str, [*packed, *choice.left])) == sorted(map(str, pieces))
    for parcel in choice.parcels:
        assert parcel.goods_weight <= parcel.box.max_weight + 1e-6
        assert 0 <= parcel.void_ratio < 1
        assert len({piece.liquid for piece in parcel.pieces}) == 1
        assert sum(place["count"] for place in parcel.places) == len(parcel.pieces)
        for place in parcel.places:
            for axis, edge, room in zip("xyz", ("length", "width", "height"), parcel.box.inner, strict=True):
                assert place[axis] + place[edge] <= room + 0.02


def test_split_by_volume_and_by_weight():
    cubes = [Piece(1, 10, 10, 10, 0.1)] * 30
    assert sum(len(parcel.pieces) for parcel in choose(cubes, BOXES[:2]).parcels) == 30
    heavy = [Piece(1, 5, 5, 5, 2.5)] * 4
    assert [parcel.goods_weight for parcel in choose(heavy, BOXES[:1]).parcels] == [2.5] * 4


def test_what_fits_nowhere_is_left_and_the_rest_travels():
    choice = choose([Piece("pole", 150, 3, 3), Piece("cup", 9, 9, 9)], BOXES)
    assert [piece.key for piece in choice.left] == ["pole"]
    assert [parcel.box.key for parcel in choice.parcels] == ["S"]
    assert choose([Piece("cup", 9, 9, 9)], []).left


def test_bowls_nest():
    bowl = Piece("bowl", 18, 18, 9, 0.5, nest=3)
    [parcel] = choose([bowl] * 3, BOXES).parcels
    assert parcel.places == [
        {"key": "bowl", "count": 3, "x": 0, "y": 0, "z": 0, "length": 18, "width": 18, "height": 15, "layer": 1}
    ] or sorted(parcel.places[0][edge] for edge in ("length", "width", "height")) == [15, 18, 18]
    assert parcel.box.key == "M"


def test_liquids_stand_upright():
    bottle = Piece("oil", 6, 6, 14, liquid=True)
    assert choose([bottle], [BOXES[0]]).left == [bottle]
    assert choose([bottle], [BOXES[1]]).parcels[0].places[0]["height"] == 14
    both = choose([bottle, Piece("book", 20, 14, 3)], BOXES)
    assert len(both.parcels) == 2
    assert len(choose([bottle, Piece("book", 20, 14, 3)], BOXES, Terms(liquids_apart=False)).parcels) == 1


def test_equal_orders_are_computed_once():
    rng = np.random.default_rng(3)
    order = [Piece(int(key), 10, 8, 6, 0.2) for key in rng.integers(1, 4, 6)]
    first, second = choose_many([order, order[::-1]], BOXES)
    assert first is second
