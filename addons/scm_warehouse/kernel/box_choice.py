"""Which boxes an order travels in: the smallest sensible cost, and how full they are.

Cost of a parcel = box / trips + filler x empty space + tape + freight, where
freight = base + price per kg x max(gross weight, outer volume / divisor), the chargeable weight of carriers.
All of it is known before anything is packed, so boxes are tried from the cheapest parcel to the dearest and the first
one in which everything fits (:func:`.box_pack.pack`) is the cheapest. Where no box takes all, the order is split: the
box with the smallest cost per litre packed is filled as far as it goes, and so on; at the end each content gets the
cheapest box that takes it. Liquids travel in parcels of their own where they are to be kept apart.

Lengths in centimetres, volumes in cubic centimetres, weights in kilograms, money in one currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .box_pack import EPSILON, layers, pack, steps

LITRE = 1000.0


class Piece(NamedTuple):
    """One unit of a product; ``nest`` > 0: height in cm that each further unit adds to a stack of them."""

    key: object
    length: float
    width: float
    height: float
    weight: float = 0.0
    fragile: bool = False
    liquid: bool = False
    upright: bool = False
    nest: float = 0.0


class Box(NamedTuple):
    """A kind of box: inner edges, outer volume, own weight, load it carries (0: any), cost of one use, tape in m."""

    key: object
    length: float
    width: float
    height: float
    outer_volume: float = 0.0
    tare: float = 0.0
    max_weight: float = 0.0
    cost: float = 0.0
    tape: float = 0.0

    @property
    def inner(self):
        return (self.length, self.width, self.height)

    @property
    def volume(self):
        return self.length * self.width * self.height


@dataclass(frozen=True)
class Terms:
    """What parcels cost beside the box; ``divisor``: cm3 for a kilogram of volumetric weight (0: none)."""

    filler_kg_litre: float = 0.0
    filler_cost_kg: float = 0.0
    tape_kg_m: float = 0.0
    tape_cost_m: float = 0.0
    freight_base: float = 0.0
    freight_kg: float = 0.0
    divisor: float = 0.0
    liquids_apart: bool = True
    support: float = 0.5


@dataclass
class Parcel:
    """A box and what lies in it; ``places``: dicts of what lies where, in packing order (see _parcel)."""

    box: Box
    pieces: list
    places: list
    goods_volume: float
    goods_weight: float
    cost: dict = field(default_factory=dict)
    too_small: list = field(default_factory=list)  # keys of boxes that would cost less, but do not take it

    @property
    def void_ratio(self):
        return 1.0 - self.goods_volume / self.box.volume

    @property
    def total(self):
        return sum(self.cost.values())


@dataclass
class Choice:
    """Parcels of an order; ``left``: pieces that fit in no box."""

    parcels: list
    left: list

    @property
    def total(self):
        return sum(parcel.total for parcel in self.parcels)


def parcel_cost(box: Box, volume: float, weight: float, terms: Terms) -> dict:
    """Terms of the cost of one parcel.

    :param volume: of the goods, cm3
    :param weight: of the goods, kg

    >>> box = Box("S", 20, 20, 10, outer_volume=5000, tare=0.2, cost=0.5)
    >>> parcel_cost(box, 3000, 1.0, Terms(filler_kg_litre=0.02, filler_cost_kg=3, freight_kg=2, divisor=5000))
    {'box': 0.5, 'filler': 0.06, 'tape': 0.0, 'freight': 2.44}
    """
    filler = filler_kg(box, volume, terms)
    gross = weight + box.tare + filler + box.tape * terms.tape_kg_m
    chargeable = max(gross, (box.outer_volume or box.volume) / terms.divisor) if terms.divisor else gross
    return {
        "box": box.cost,
        "filler": filler * terms.filler_cost_kg,
        "tape": box.tape * terms.tape_cost_m,
        "freight": terms.freight_base + terms.freight_kg * chargeable,
    }


def filler_kg(box: Box, volume: float, terms: Terms) -> float:
    """Kilograms of filler for the empty space of a box."""
    return max(box.volume - volume, 0.0) / LITRE * terms.filler_kg_litre


def choose(pieces, boxes, terms: Terms = Terms()) -> Choice:
    """Boxes for one order.

    :param pieces: list of :class:`Piece`, one per unit
    :param boxes: list of :class:`Box` that are at hand

    >>> boxes = [Box("S", 20, 15, 10, cost=0.4), Box("L", 40, 30, 20, cost=0.9)]
    >>> choice = choose([Piece("cup", 10, 10, 9, 0.3)] * 2, boxes)
    >>> [(parcel.box.key, round(parcel.void_ratio, 2)) for parcel in choice.parcels]
    [('S', 0.4)]
    >>> [parcel.box.key for parcel in choose([Piece("cup", 10, 10, 9, 0.3)] * 3, boxes).parcels]
    ['L']
    """
    groups = [list(pieces)]
    if terms.liquids_apart:
        groups = [[one for one in pieces if not one.liquid], [one for one in pieces if one.liquid]]
    choices = [_choose_group(group, boxes, terms) for group in groups if group]
    return Choice(
        [parcel for choice in choices for parcel in choice.parcels], [one for choice in choices for one in choice.left]
    )


def choose_many(orders, boxes, terms: Terms = Terms()) -> list[Choice]:
    """Choices of many orders; equal contents are computed once.

    :param orders: lists of pieces
    """
    known, found = {}, []
    for pieces in orders:
        signature = tuple(sorted(map(str, pieces)))
        if signature not in known:
            known[signature] = choose(pieces, boxes, terms)
        found.append(known[signature])
    return found


def _choose_group(pieces, boxes, terms):
    usable = [box for box in boxes if box.volume > 0]
    bundles = _nest(pieces, max((max(box.inner) for box in usable), default=0.0))
    left = [bundle for bundle in bundles if not any(_fits(bundle, box) for box in usable)]
    rest = [bundle for bundle in bundles if bundle not in left]
    parcels = []
    if rest:
        single = _single(rest, usable, terms)
        parcels = [single] if single else _split(rest, usable, terms)
    return Choice(parcels, [piece for bundle in left for piece in bundle.pieces])


class _Bundle(NamedTuple):
    """Units that are handled as one: a stack of nested ones, mostly a single one."""

    pieces: tuple
    dims: tuple
    weight: float
    volume: float


def _nest(pieces, highest):
    """Stack units of nestable products; a stack is not higher than the largest edge of a box."""
    bundles, stacks = [], {}
    for piece in pieces:
        if piece.nest > 0:
            stacks.setdefault(piece, []).append(piece)
        else:
            bundles.append(_bundle([piece]))
    for piece, units in stacks.items():
        most = max(1, int((highest - piece.height) / piece.nest + EPSILON) + 1)
        bundles += [_bundle(units[start : start + most]) for start in range(0, len(units), most)]
    return bundles


def _bundle(units):
    first = units[0]
    dims = (first.length, first.width, first.height + first.nest * (len(units) - 1))
    return _Bundle(tuple(units), dims, sum(unit.weight for unit in units), float(np.prod(dims)))


def _fits(bundle, box):
    if box.max_weight and bundle.weight > box.max_weight + EPSILON:
        return False
    if bundle.pieces[0].upright or bundle.pieces[0].liquid:
        flat, room = sorted(bundle.dims[:2]), sorted(box.inner[:2])
        return bundle.dims[2] <= box.height + EPSILON and all(a <= b + EPSILON for a, b in zip(flat, room, strict=True))
    return all(a <= b + EPSILON for a, b in zip(sorted(bundle.dims), sorted(box.inner), strict=True))


def _single(bundles, boxes, terms):
    """The cheapest parcel that takes all, or None."""
    volume, weight = sum(one.volume for one in bundles), sum(one.weight for one in bundles)
    priced = sorted(
        (
            (sum(parcel_cost(box, volume, weight, terms).values()), box.volume, number)
            for number, box in enumerate(boxes)
        )
    )
    too_small = []
    for _cost, room, number in priced:
        box = boxes[number]
        if (
            room >= volume * (1 - EPSILON)
            and not (box.max_weight and weight > box.max_weight + EPSILON)
            and all(_fits(one, box) for one in bundles)
        ):
            packing = _pack(bundles, box, terms, need_all=True)
            if packing.packed.all():
                return _parcel(bundles, box, packing, terms, too_small)
        too_small.append(box.key)
    return None


def _split(bundles, boxes, terms):
    """Parcels for what no box takes at once: the cheaper of two ways to fill one box after the other."""
    ways = [_fill_up(bundles, boxes, terms, largest) for largest in (False, True)]
    return min(ways, key=lambda parcels: sum(parcel.total for parcel in parcels))


def _fill_up(bundles, boxes, terms, largest):
    rest, parcels = list(bundles), []
    while rest:
        if parcels and (last := _single(rest, boxes, terms)):
            parcels.append(last)
            break
        tried = [(box, _pack(rest, box, terms, tries=2)) for box in boxes if any(_fits(one, box) for one in rest)]
        box, packing = min(tried, key=lambda one: _merit(rest, *one, terms, largest))
        inside = [one for one, packed in zip(rest, packing.packed, strict=True) if packed]
        parcels.append(_single(inside, boxes, terms) or _parcel(rest, box, packing, terms))
        rest = [one for one, packed in zip(rest, packing.packed, strict=True) if not packed]
    return parcels


def _merit(bundles, box, packing, terms, largest):
    inside = [one for one, packed in zip(bundles, packing.packed, strict=True) if packed]
    volume, weight = sum(one.volume for one in inside), sum(one.weight for one in inside)
    if not inside:
        return (np.inf,)
    cost = sum(parcel_cost(box, volume, weight, terms).values())
    # with boxes that cost nothing, fewer parcels are better
    return (-volume, cost) if largest else (cost / volume, -volume)


def _pack(bundles, box, terms, **options):
    first = [one.pieces[0] for one in bundles]
    return pack(
        [one.dims for one in bundles],
        box.inner,
        weight=[one.weight for one in bundles],
        fragile=[piece.fragile for piece in first],
        upright=[piece.upright or piece.liquid for piece in first],
        max_weight=box.max_weight or np.inf,
        support=terms.support,
        **options,
    )


def _parcel(bundles, box, packing, terms, too_small=()):
    layer, places = layers(packing), []
    inside = steps(packing)
    for number in inside:
        places.append(
            {
                "key": bundles[number].pieces[0].key,
                "count": len(bundles[number].pieces),
                **dict(zip(("x", "y", "z"), packing.position[number].round(2).tolist(), strict=True)),
                **dict(zip(("length", "width", "height"), packing.size[number].round(2).tolist(), strict=True)),
                "layer": int(layer[number]),
            }
        )
    volume = sum(bundles[number].volume for number in inside)
    weight = sum(bundles[number].weight for number in inside)
    pieces = [piece for number in inside for piece in bundles[number].pieces]
    return Parcel(box, pieces, places, volume, weight, parcel_cost(box, volume, weight, terms), list(too_small))
