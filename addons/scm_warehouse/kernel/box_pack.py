"""Packing of boxes in a box: where each piece lies.

Constructive heuristic on maximal empty spaces (Lai and Chan, 1997; Parreno, Alvarez-Valdes, Tamarit and Oliveira,
2008): the free room is kept as the list of all largest empty cuboids, which may overlap. A piece goes to the low
corner of one of them; each space that it cuts is replaced by what is left of it. Several orders of the pieces and two
rules for the space are tried until all pieces lie in the box; up to :data:`EXACT_PIECES` pieces all orders, turns and
corners are tried.

Lengths in centimetres, weights in kilograms; arrays have one row per piece and the columns x, y, z with z upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, permutations, product

import numpy as np

#: lengths that differ by less are equal (cm)
EPSILON = 1e-6
#: up to so many pieces the search is complete
EXACT_PIECES = 4
#: placements that the complete search looks at before it gives up
EXACT_NODES = 1500


@dataclass(frozen=True)
class Packing:
    """Where the pieces lie: ``position`` is the low corner, ``size`` the edges as turned; NaN for pieces left out."""

    position: np.ndarray
    size: np.ndarray

    @property
    def packed(self) -> np.ndarray:
        return ~np.isnan(self.position[:, 0])

    @property
    def volume(self) -> float:
        return float(self.size[self.packed].prod(axis=1).sum())


def pack(
    dims,
    box,
    *,
    weight=None,
    fragile=None,
    upright=None,
    max_weight=np.inf,
    support=0.5,
    need_all=False,
    tries=8,
) -> Packing:
    """Put pieces into one box.

    :param dims: edges of the pieces, shape (pieces, 3): length, width, height
    :param box: inner edges of the box: length, width, height
    :param weight: kilograms of each piece (0)
    :param fragile: nothing lies on such a piece, but a fragile one that is not heavier
    :param upright: the piece may only be turned about its upright axis
    :param max_weight: kilograms that the box carries
    :param support: least share of the base that lies on the floor or on other pieces, from 0 to 1
    :param need_all: all pieces or none, by a complete search where they are few; otherwise the fullest box found
    :param tries: orders and rules that are tried at most, of eight

    >>> result = pack([[20, 10, 5], [20, 10, 5], [10, 10, 10]], [20, 20, 10])
    >>> bool(result.packed.all()), result.volume
    (True, 3000.0)
    >>> bool(pack([[30, 4, 4]], [20, 20, 20]).packed.any())
    False
    """
    job = _Job(dims, box, weight, fragile, upright, max_weight, support)
    if need_all and not job.may_fit_all():
        return job.nothing()
    best, most = job.nothing(), -1.0
    for order, rule in islice(product(job.orders(), (0, 1)), tries):
        found = job.fill(order, rule, need_all)
        if found.packed.all():
            return found
        if found.volume > most:
            best, most = found, found.volume
    if need_all and len(job.dims) <= EXACT_PIECES:
        return job.search() or best
    return best


class _Job:
    """One box and its pieces, with their turns."""

    def __init__(self, dims, box, weight, fragile, upright, max_weight, support):
        self.dims = np.asarray(dims, dtype=float).reshape(-1, 3)
        count = len(self.dims)
        self.box = np.asarray(box, dtype=float)
        self.weight = np.zeros(count) if weight is None else np.asarray(weight, dtype=float)
        self.fragile = np.zeros(count, dtype=bool) if fragile is None else np.asarray(fragile, dtype=bool)
        self.upright = np.zeros(count, dtype=bool) if upright is None else np.asarray(upright, dtype=bool)
        self.max_weight, self.support = max_weight, support
        self.any_fragile = bool(self.fragile.any())
        self.turns = [_turns(tuple(edges), bool(up)) for edges, up in zip(self.dims, self.upright, strict=True)]
        self.fits = [bool((turn <= self.box + EPSILON).all(axis=1).any()) for turn in self.turns]

    def nothing(self):
        return Packing(np.full((len(self.dims), 3), np.nan), np.full((len(self.dims), 3), np.nan))

    def may_fit_all(self):
        """Whether weight, volume and edges do not already say that the pieces cannot all lie in the box."""
        return (
            all(self.fits)
            and self.weight.sum() <= self.max_weight + EPSILON
            and self.dims.prod(axis=1).sum() <= self.box.prod() * (1 + EPSILON)
            and self._pairs_fit()
        )

    def _pairs_fit(self):
        """Whether each two pieces have an axis along which both find room; else they cannot lie in one box."""
        least = np.array([turn[(turn <= self.box + EPSILON).all(axis=1)].min(axis=0) for turn in self.turns])
        beside = (least[:, None, :] + least[None, :, :] <= self.box + EPSILON).any(axis=2)
        np.fill_diagonal(beside, True)
        return bool(beside.all())

    def orders(self):
        """Orders in which pieces are tried: fragile ones last, else by volume, longest edge, base and weight."""
        ordered = np.sort(self.dims, axis=1)
        volume, longest = self.dims.prod(axis=1), ordered[:, 2]
        base = ordered[:, 2] * ordered[:, 1]
        seen = set()
        for first, second in ((volume, longest), (longest, base), (base, volume), (self.weight, volume)):
            order = tuple(np.lexsort((-self.weight, -second, -first, self.fragile)).tolist())
            if order not in seen:
                seen.add(order)
                yield order

    def fill(self, order, rule, need_all):
        """One pass over the pieces in this order."""
        state, left = _State(self), self.max_weight + EPSILON
        failed = set()
        for piece in order:
            same = (self.dims[piece].tobytes(), bool(self.fragile[piece]), bool(self.upright[piece]))
            if not self.fits[piece] or self.weight[piece] > left or same in failed:
                spot = None
            else:
                spot = state.best(piece, rule)
            if spot is None:
                if need_all:
                    return self.nothing()
                if self.fits[piece] and self.weight[piece] <= left and not self.any_fragile:
                    failed.add(same)
                continue
            left -= self.weight[piece]
            state.place(piece, *spot)
        return Packing(state.position, state.size)

    def search(self):
        """All orders, turns and corners, up to :data:`EXACT_NODES` placements; None when there is no packing."""
        self.nodes = 0
        found = self._deeper(_State(self), frozenset(range(len(self.dims))))
        return found and Packing(found.position, found.size)

    def _deeper(self, state, rest):
        if not rest:
            return state
        tried = set()
        for piece in sorted(rest):
            same = (self.dims[piece].tobytes(), self.weight[piece], self.fragile[piece], self.upright[piece])
            if same in tried:
                continue
            tried.add(same)
            for corner, size in state.spots(piece):
                self.nodes += 1
                if self.nodes > EXACT_NODES:
                    return None
                child = state.branch()
                child.place(piece, corner, size)
                if found := self._deeper(child, rest - {piece}):
                    return found
        return None


class _State:
    """A box that is being filled: the pieces in it and its empty spaces (rows: low corner, high corner)."""

    def __init__(self, job):
        self.job = job
        self.position = np.full((len(job.dims), 3), np.nan)
        self.size = np.full((len(job.dims), 3), np.nan)
        self.low, self.high = np.zeros((1, 3)), job.box[None, :].copy()
        self.placed = []

    def branch(self):
        other = _State.__new__(_State)
        other.job = self.job
        other.position, other.size = self.position.copy(), self.size.copy()
        other.low, other.high, other.placed = self.low, self.high, list(self.placed)
        return other

    def _candidates(self, piece):
        """Low corners and sizes of all allowed placements of a piece, shape (placements, 3) each."""
        turns = self.job.turns[piece]
        room = self.high - self.low + EPSILON
        spaces, turned = np.nonzero((turns[None, :, :] <= room[:, None, :]).all(axis=2))
        corner, size = self.low[spaces], turns[turned]
        if len(corner) and self.placed:
            allowed = self._allowed(piece, corner, size)
            spaces, corner, size = spaces[allowed], corner[allowed], size[allowed]
        return spaces, corner, size

    def _allowed(self, piece, corner, size):
        """Which placements rest on enough ground and crush nothing."""
        job = self.job
        low, edges = self.position[self.placed], self.size[self.placed]
        high = low + edges
        over = np.minimum(corner[:, None, :2] + size[:, None, :2], high[None, :, :2]) - np.maximum(
            corner[:, None, :2], low[None, :, :2]
        )
        shared = np.clip(over, 0, None).prod(axis=2)
        below = np.abs(corner[:, None, 2] - high[None, :, 2]) < EPSILON
        ground = (shared * below).sum(axis=1)
        allowed = (corner[:, 2] < EPSILON) | (ground >= job.support * size[:, 0] * size[:, 1] - EPSILON)
        if job.any_fragile:
            allowed &= self._crushes_nothing(piece, corner, size, low, high, shared > EPSILON)
        return allowed

    def _crushes_nothing(self, piece, corner, size, low, high, overlaps):
        job, fragile, weight = self.job, self.job.fragile[self.placed], self.job.weight[self.placed]
        above = overlaps & (corner[:, None, 2] >= high[None, :, 2] - EPSILON)
        lighter = job.fragile[piece] & (job.weight[piece] <= weight + EPSILON)
        fine = ~(above & fragile[None, :] & ~lighter[None, :]).any(axis=1)
        if job.fragile[piece]:
            under = overlaps & (corner[:, None, 2] + size[:, None, 2] <= low[None, :, 2] + EPSILON)
            harmless = fragile & (weight <= job.weight[piece] + EPSILON)
            fine &= ~(under & ~harmless[None, :]).any(axis=1)
        return fine

    def best(self, piece, rule):
        """Corner and size of the best placement, or None. Rule 0: lowest, deepest, leftmost; 1: tightest space."""
        spaces, corner, size = self._candidates(piece)
        if not len(corner):
            return None
        if rule == 0:
            keys = (-size[:, 0] * size[:, 1], corner[:, 0], corner[:, 1], corner[:, 2])
        else:
            slack = np.sort(self.high[spaces] - self.low[spaces] - size, axis=1)
            keys = (corner[:, 0], corner[:, 2], slack[:, 1], slack[:, 0])
        first = np.lexsort(keys)[0]
        return corner[first], size[first]

    def spots(self, piece):
        """All placements, lowest first."""
        _spaces, corner, size = self._candidates(piece)
        order = np.lexsort((corner[:, 0], corner[:, 1], corner[:, 2]))
        return [(corner[one], size[one]) for one in order]

    def place(self, piece, corner, size):
        self.position[piece], self.size[piece] = corner, size
        self.placed.append(piece)
        low, high, top = self.low, self.high, corner + size
        cut = ((low < top - EPSILON) & (high > corner + EPSILON)).all(axis=1)
        if not cut.any():
            return
        parts_low, parts_high = [low[~cut]], [high[~cut]]
        old_low, old_high = low[cut], high[cut]
        for axis in range(3):
            less = old_high.copy()
            less[:, axis] = corner[axis]
            keep = less[:, axis] > old_low[:, axis] + EPSILON
            parts_low.append(old_low[keep])
            parts_high.append(less[keep])
            more = old_low.copy()
            more[:, axis] = top[axis]
            keep = old_high[:, axis] > more[:, axis] + EPSILON
            parts_low.append(more[keep])
            parts_high.append(old_high[keep])
        self.low, self.high = _largest(np.concatenate(parts_low), np.concatenate(parts_high))


def _largest(low, high):
    """Spaces that lie in no other one."""
    inside = ((low[:, None, :] >= low[None, :, :] - EPSILON) & (high[:, None, :] <= high[None, :, :] + EPSILON)).all(
        axis=2
    )
    np.fill_diagonal(inside, False)
    # of two equal spaces the first stays
    inside &= ~(inside.T & np.triu(np.ones_like(inside)))
    keep = ~inside.any(axis=1)
    return low[keep], high[keep]


def _turns(edges, upright):
    """Different ways to lay a piece, shape (turns, 3)."""
    length, width, height = edges
    ways = {(length, width, height), (width, length, height)} if upright else set(permutations(edges))
    return np.array(sorted(ways, reverse=True), dtype=float)


def layers(packing: Packing) -> np.ndarray:
    """Layer of each piece, 1 on the floor: one more than the highest layer under it; 0 for pieces left out.

    >>> layers(pack([[10, 10, 5], [10, 10, 5]], [10, 10, 10])).tolist()
    [1, 2]
    """
    result = np.zeros(len(packing.position), dtype=int)
    for piece in steps(packing):
        low, high = packing.position[piece], packing.position[piece] + packing.size[piece]
        done = np.flatnonzero(result)
        under = [
            result[other]
            for other in done
            if packing.position[other][2] + packing.size[other][2] <= low[2] + EPSILON
            and (packing.position[other][:2] < high[:2] - EPSILON).all()
            and (packing.position[other][:2] + packing.size[other][:2] > low[:2] + EPSILON).all()
        ]
        result[piece] = 1 + max(under, default=0)
    return result


def steps(packing: Packing) -> list[int]:
    """Pieces in the order in which hands can put them into the box from above: lower ones first, back to front."""
    inside = np.flatnonzero(packing.packed)
    corner = packing.position[inside]
    return [int(piece) for piece in inside[np.lexsort((corner[:, 0], corner[:, 1], corner[:, 2]))]]
