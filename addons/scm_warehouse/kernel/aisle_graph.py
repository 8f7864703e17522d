"""Where places are and how far one walks between them: along aisles and cross aisles, not through racks.

A hall is drawn from its places. Aisles run along one axis ("along"), side by side on the other ("across"); cross
aisles join them at the front, at the back and, where there are some, in between. The only points at which a walk can
turn are the *junctions* of aisles and cross aisles, so shortest paths are computed between these few (Dijkstra 1959,
by ``scipy.sparse.csgraph``); a place hangs between the two junctions next to it. Distances of 20,000 places to a dock
take one Dijkstra, those between any n places one n x n minimum over at most four pairs of junctions.

Heights are not walked: the metres here are metres on the floor.

Units: metres. Directions: an aisle is ``both``, ``up`` (front to back only), ``down`` or ``closed``.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

#: beyond so many junctions distances are computed from those that are asked for instead of from all
MAX_TABLE = 3000


@dataclass(frozen=True)
class Layout:
    """How a hall is built.

    :param spacing: metres from aisle to aisle, where places have no coordinates
    :param bay: metres from bay to bay, where places have no coordinates
    :param margin: metres from the outermost places to the cross aisle at the front, and at the back
    :param front: there is a cross aisle at the front (low coordinates); ``back``: one at the back
    :param middle: positions of further cross aisles, metres along the aisles
    :param axis: ``x`` or ``y``, on which the aisles run; empty: found from the places
    """

    spacing: float = 4.0
    bay: float = 2.8
    margin: float = 2.0
    front: bool = True
    back: bool = True
    middle: tuple = ()
    axis: str = ""


@dataclass(frozen=True)
class Located:
    """Places in the hall: arrays over places, NaN and -1 where ``reason`` is not empty.

    ``reason`` is ``no_coordinates`` (neither coordinates nor aisle and bay) or ``mixed`` (its aisle has no coordinates
    while others have: it could lie anywhere).
    """

    axis: str
    across: np.ndarray
    along: np.ndarray
    lane: np.ndarray  # number of the aisle, ordered by ``across``
    lanes: tuple  # (name, position across) of each aisle; places of no aisle share unnamed ones
    reason: np.ndarray

    @property
    def xy(self):
        """Coordinates (n, 2) on the plan, whichever way the aisles run."""
        return np.column_stack([self.across, self.along][:: -1 if self.axis == "x" else 1])


def natural_key(name):
    """Sorts as people count: A2 before A10, Z before AA.

    >>> sorted(["A10", "A2", "B", "AA", "Z"], key=natural_key)
    ['A2', 'A10', 'B', 'Z', 'AA']
    """
    parts = re.findall(r"\d+|\D+", name.upper())
    return [(1, int(part), 0, "") if part.isdigit() else (0, 0, len(part), part) for part in parts]


def locate(aisle, bay, x, y, layout=Layout()):
    """Find where each place is, from its coordinates or from the numbers of aisle and bay.

    Coordinates of (0, 0) count as none. Where no place has coordinates, aisles stand side by side in the order of
    their names, ``layout.spacing`` apart, and bays follow each other by ``layout.bay``. In an aisle of which some
    places have coordinates, the others are placed by their bays.

    :param aisle: names, empty for none; ``bay``: integers, 0 for none; ``x``, ``y``: metres
    :return: :class:`Located`

    >>> found = locate(["A", "A", "B", ""], [1, 2, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0], Layout(spacing=4, bay=3))
    >>> found.across.tolist(), found.along.tolist()
    ([0.0, 0.0, 4.0, nan], [3.0, 6.0, 3.0, nan])
    >>> found.reason.tolist()
    ['', '', '', 'no_coordinates']
    """
    aisle = np.array([name or "" for name in aisle], dtype=object)
    bay, x, y = np.asarray(bay, float), np.asarray(x, float), np.asarray(y, float)
    known = (x != 0) | (y != 0)
    axis = layout.axis or _axis(aisle, x, y, known)
    across, along = np.where(known, (y, x) if axis == "x" else (x, y), np.nan)
    named = aisle != ""
    numbered = named & (bay > 0) & ~known
    reason = np.where(known | numbered, "", "no_coordinates").astype(object)
    rows = {name: np.flatnonzero(aisle == name) for name in {str(a) for a in aisle[named]}}
    names = sorted(rows, key=natural_key)
    for rank, name in enumerate(names):
        _fill_aisle(rows[name], bay, across, along, numbered, rank, known.any(), reason, layout)
    lane, lanes = _lanes(across, rows, named, layout)
    return Located(axis, across, along, lane, lanes, reason)


def _axis(aisle, x, y, known):
    """The axis on which aisles are long; y without any coordinates."""
    spread = np.zeros(2)
    order = np.argsort(aisle.astype(str), kind="stable")
    order = order[known[order] & (aisle[order] != "")]
    if len(order):
        starts = np.flatnonzero(np.r_[True, aisle[order][1:] != aisle[order][:-1]])
        for i, values in enumerate((x[order], y[order])):
            spread[i] = (np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts)).sum()
    return "x" if spread[0] > spread[1] else "y"


def _fill_aisle(rows, bay, across, along, numbered, rank, any_known, reason, layout):
    """Places of one aisle that have numbers only; and its line: all its places lie on it."""
    have = rows[~np.isnan(across[rows])]
    lack = rows[numbered[rows]]
    if len(have):
        across[rows[~np.isnan(across[rows]) | numbered[rows]]] = np.median(across[have])
        if len(lack):
            counted = have[bay[have] > 0]
            step, start = layout.bay, np.nan
            if len(np.unique(bay[counted])) > 1:
                step, start = np.polyfit(bay[counted], along[counted], 1)
            elif len(counted):
                start = np.median(along[counted]) - step * bay[counted[0]]
            along[lack] = start + step * bay[lack]
            lost = lack[np.isnan(along[lack])]
            across[lost], reason[lost] = np.nan, "mixed"
    elif any_known:
        reason[lack] = "mixed"
    else:
        across[lack], along[lack] = rank * layout.spacing, layout.bay * bay[lack]


def _lanes(across, rows, named, layout):
    """Number of the lane per place, and (name, position) of the lanes in order of their positions."""
    found = [(across[index[~np.isnan(across[index])]], name) for name, index in rows.items()]
    lanes = [(name, float(values[0])) for values, name in found if len(values)]
    loose = np.flatnonzero(~named & ~np.isnan(across))
    width = layout.spacing or 1.0
    buckets = np.round(across[loose] / width)
    lanes += [("", float(bucket * width)) for bucket in np.unique(buckets)]
    lanes.sort(key=lambda lane: (lane[1], lane[0]))
    lane = np.full(len(across), -1)
    by_name = {name: number for number, (name, _position) in enumerate(lanes) if name}
    for name, index in rows.items():
        lane[index[~np.isnan(across[index])]] = by_name.get(name, -1)
    by_position = {position: number for number, (name, position) in enumerate(lanes) if not name}
    lane[loose] = [by_position[float(bucket * width)] for bucket in buckets]
    return lane, tuple(lanes)


@dataclass(frozen=True)
class Graph:
    """A hall to walk in. Made by :func:`build`; places are meant by their positions in the arrays given there."""

    lane: np.ndarray
    along: np.ndarray
    position: np.ndarray  # of the lanes, across
    up: np.ndarray  # per lane: may be walked from front to back
    down: np.ndarray
    crosses: np.ndarray  # positions of the cross aisles, along
    docks: np.ndarray  # (d, 2) across, along
    edges: csr_matrix = field(repr=False)

    @property
    def first_dock(self):
        """Node of the first dock; the junctions are numbered lane by lane."""
        return len(self.position) * len(self.crosses)

    @cached_property
    def _table(self):
        return dijkstra(self.edges)

    def _from(self, nodes):
        """Distances from these nodes to all nodes."""
        nodes = np.asarray(nodes)
        if self.edges.shape[0] <= MAX_TABLE:
            return self._table[nodes]
        needed, inverse = np.unique(nodes, return_inverse=True)
        return dijkstra(self.edges, indices=needed)[inverse]

    def _gates(self, places):
        """Per place and side (front, back): junction, metres to walk there, metres to come from there."""
        lane, along = self.lane[places], self.along[places]
        away = lane < 0
        above = np.searchsorted(self.crosses, along)
        nodes, leave, enter = [], [], []
        for cross, out_ok, in_ok in ((above - 1, self.down, self.up), (above, self.up, self.down)):
            inside = (cross >= 0) & (cross < len(self.crosses)) & ~away
            cross = np.clip(cross, 0, len(self.crosses) - 1)
            metres = np.where(inside, np.abs(along - self.crosses[cross]), np.inf)
            nodes.append(np.where(away, 0, lane * len(self.crosses) + cross))
            leave.append(np.where(out_ok[lane], metres, np.inf))
            enter.append(np.where(in_ok[lane], metres, np.inf))
        return np.array(nodes), np.array(leave), np.array(enter)

    def to_docks(self, docks=None):
        """Metres (n, d) from each place to each dock: half of the way there and back, infinite where there is none."""
        docks = np.arange(len(self.docks)) if docks is None else np.asarray(docks)
        places = np.arange(len(self.lane))
        nodes, leave, enter = self._gates(places)
        there = dijkstra(self.edges, indices=self.first_dock + docks)  # (d, nodes)
        back = dijkstra(self.edges.T, indices=self.first_dock + docks)
        coming = np.min(there[:, nodes] + enter, axis=1)  # (d, n)
        going = np.min(back[:, nodes] + leave, axis=1)
        return ((coming + going) / 2).T

    def matrix(self, places, dock=None):
        """Metres between places; with ``dock`` (its number), the dock is row and column 0.

        :return: (n, n) or (n + 1, n + 1); entry (i, j) is the way from i to j, infinite where there is none
        """
        places = np.asarray(places, dtype=int)
        nodes, leave, enter = self._gates(places)
        between = np.min(
            [leave[a][:, None] + self._from(nodes[a])[:, nodes[b]] + enter[b][None, :] for a in (0, 1) for b in (0, 1)],
            axis=0,
        )
        between = np.minimum(between, self._direct(places))
        if dock is None:
            return between
        node = self.first_dock + dock
        table = np.zeros((len(places) + 1, len(places) + 1))
        table[1:, 1:] = between
        table[0, 1:] = np.min(self._from([node])[0][nodes] + enter, axis=0)
        table[1:, 0] = np.min([leave[a] + self._from(nodes[a])[:, node] for a in (0, 1)], axis=0)
        return table

    def _direct(self, places):
        """Along one aisle, without passing a junction or by passing some of its own."""
        lane, along = self.lane[places], self.along[places]
        ahead = along[None, :] - along[:, None]
        allowed = np.where(ahead > 0, self.up[lane][:, None], self.down[lane][:, None]) | (ahead == 0)
        same = (lane[:, None] == lane[None, :]) & (lane[:, None] >= 0) & (self.up | self.down)[lane][:, None]
        return np.where(same & allowed, np.abs(ahead), np.inf)


def cross_aisles(located, layout):
    """Positions of the cross aisles, along.

    >>> cross_aisles(locate(["A", "A"], [1, 9], [0, 0], [0, 0], Layout(bay=3)), Layout(bay=3, margin=2, middle=(15,)))
    [1.0, 15.0, 29.0]
    """
    along = located.along[located.lane >= 0]
    low, high = (along.min(), along.max()) if len(along) else (0.0, 0.0)
    ends = [low - layout.margin] * layout.front + [high + layout.margin] * layout.back
    return sorted({float(value) for value in (*ends, *layout.middle)})


def build(located, docks=(), layout=Layout(), directions=None):
    """The graph of a hall.

    Without a dock, one is assumed in front of the middle of the hall (behind it where there is no front cross aisle).
    A dock in front of the racks is reached by the front cross aisle, one behind them by the back one, one beside them
    by all.

    :param docks: (x, y) of each dock; ``directions``: ``{aisle name: both | up | down | closed}``
    :return: :class:`Graph`
    :raises ValueError: no cross aisle at all

    Two aisles 4 m apart, cross aisles 2 m off the first and last bay; the dock stands on the front one, at A. From the
    place in bay 2 of aisle A it is 2 + 3 = 5 m; from the same bay of aisle B 4 m more.

    >>> layout = Layout(spacing=4, bay=3, margin=2)
    >>> hall = locate(["A", "A", "B"], [1, 2, 2], [0, 0, 0], [0, 0, 0], layout)
    >>> build(hall, [(0, 1)], layout).to_docks().T.tolist()
    [[2.0, 5.0, 9.0]]
    """
    crosses = np.array(cross_aisles(located, layout))
    if not len(crosses):
        raise ValueError("a hall needs a cross aisle")
    names = [name for name, _position in located.lanes]
    position = np.array([place for _name, place in located.lanes], float)
    ways = [(directions or {}).get(name, "both") if name else "both" for name in names]
    up = np.array([way in ("both", "up") for way in ways] or [False])
    down = np.array([way in ("both", "down") for way in ways] or [False])
    docks = np.array(docks, float).reshape(-1, 2)
    if located.axis == "x":
        docks = docks[:, ::-1]
    if not len(docks):
        middle = (position.min() + position.max()) / 2 if len(position) else 0.0
        docks = np.array([[middle, crosses[0]]])
    edges = _edges(position, up, down, crosses, docks)
    return Graph(located.lane, located.along, position, up, down, crosses, docks, edges)


def _edges(position, up, down, crosses, docks):
    lanes, count = len(position), len(crosses)
    node = np.arange(lanes * count).reshape(lanes, count)
    parts = []
    if lanes:
        between = np.broadcast_to(np.diff(position)[:, None], (lanes - 1, count)).ravel()
        left, right = node[:-1].ravel(), node[1:].ravel()
        parts += [(left, right, between), (right, left, between)]
        steps = np.broadcast_to(np.diff(crosses), (lanes, count - 1))
        parts += [(node[up, :-1].ravel(), node[up, 1:].ravel(), steps[up].ravel())]
        parts += [(node[down, 1:].ravel(), node[down, :-1].ravel(), steps[down].ravel())]
        for number, dock in enumerate(docks):
            at, metres = _dock_edges(dock, position, crosses, node)
            here = np.full(len(at), lanes * count + number)
            parts += [(here, at, metres), (at, here, metres)]
    rows, columns, metres = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else ([], [], [])
    size = lanes * count + len(docks)
    # edges of no length are kept: in a sparse graph only what is absent is no edge
    return csr_matrix((metres, (rows, columns)), shape=(size, size))


def _dock_edges(dock, position, crosses, node):
    """Junctions at which a dock is reached, and the metres to them."""
    across, along = dock
    beside = across < position[0] or across > position[-1]
    lines = range(len(crosses)) if beside else [int(np.argmin(np.abs(crosses - along)))]
    right = int(np.searchsorted(position, across))
    lanes = sorted({max(right - 1, 0), min(right, len(position) - 1)})
    at = [node[lane, line] for lane in lanes for line in lines]
    metres = [abs(across - position[lane]) + abs(along - crosses[line]) for lane in lanes for line in lines]
    return np.array(at), np.array(metres, float)
