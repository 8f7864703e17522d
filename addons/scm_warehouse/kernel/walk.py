"""In which order to walk to a set of places, and how many metres that is.

Rules for the order: S-shape (each aisle that holds a pick is walked through) and largest gap (each aisle is entered
from both ends up to its largest gap; Hall 1993), beside the exact shortest tour for few places (Held and Karp 1962)
and a nearest-neighbour tour improved by 2-opt for many. :func:`tour` takes the shortest of what it tried.

Distances come from :class:`aisle_graph.Graph`, so one-way aisles, middle cross aisles and docks are in them.
"""

from dataclasses import dataclass

import numpy as np

#: up to so many places the shortest tour is found exactly
EXACT = 8
#: up to so many places a tour is improved by 2-opt
IMPROVED = 80


@dataclass(frozen=True)
class Tour:
    """``order``: places (as given) in the order of the walk; ``metres`` from the dock, through all, back to it."""

    metres: float
    order: tuple
    method: str


def sequence(lane, along, level=None, up=None, down=None):
    """Rank of each place on a walk through the whole hall: aisle by aisle, there and back in turns.

    :param lane: number of the aisle from one side of the hall to the other, -1 for a place without a way
    :param along: position in the aisle
    :param level: lower levels come first at one position
    :param up, down: per lane, whether it may be walked from front to back, and back to front
    :return: ranks from 1; 0 for places without a way

    >>> sequence([0, 0, 1, 1, -1], [3, 6, 3, 6, 0]).tolist()
    [1, 2, 4, 3, 0]
    """
    lane, along = np.asarray(lane), np.asarray(along, float)
    level = np.zeros(len(lane)) if level is None else np.asarray(level, float)
    used = np.unique(lane[lane >= 0])
    forward = np.ones(max(used, default=0) + 2, dtype=bool)
    turn = True
    for number in used:
        may_up = up is None or up[number]
        may_down = down is None or down[number]
        forward[number] = turn if may_up == may_down else bool(may_up)
        turn = not forward[number]
    key = np.where(forward[lane], along, -along)
    order = np.lexsort((level, key, lane))
    order = order[lane[order] >= 0]
    rank = np.zeros(len(lane), dtype=int)
    rank[order] = np.arange(1, len(order) + 1)
    return rank


def s_shape(lane, along):
    """Order of places where every aisle that has one is walked through, alternately up and down.

    >>> s_shape([2, 0, 0, 2], [1, 5, 2, 9]).tolist()
    [2, 1, 3, 0]
    """
    return np.argsort(sequence(lane, along), kind="stable")


def largest_gap(lane, along, front, back):
    """Order of places where aisles are entered from both ends, and the largest gap of each is not walked.

    The first aisle is walked through to the back, the last one back to the front; of the aisles between them the part
    behind the gap is picked on the way along the back, the part before it on the way home.

    :param front, back: positions of the outer cross aisles

    >>> largest_gap([0, 1, 1, 2], [5, 1, 9, 5], 0, 10).tolist()
    [0, 2, 3, 1]
    """
    lane, along = np.asarray(lane), np.asarray(along, float)
    lanes = np.unique(lane)
    first, home = [], []
    for number in lanes:
        rows = np.flatnonzero(lane == number)
        rows = rows[np.argsort(along[rows], kind="stable")]
        if number == lanes[0]:
            first += rows.tolist()
        elif number == lanes[-1]:
            first += rows[::-1].tolist()
        else:
            cut = int(np.argmax(np.diff(np.r_[front, along[rows], back])))
            first += rows[cut:][::-1].tolist()
            home = rows[:cut].tolist() + home
    return np.array(first + home, dtype=int)


def length(table, order):
    """Metres of a walk from the dock (row 0 of ``table``) through ``order`` (rows from 1) and back.

    >>> length(np.array([[0, 3, 5], [3, 0, 2], [5, 2, 0]]), [1, 2])
    10.0
    """
    path = [0, *order, 0]
    return float(table[path[:-1], path[1:]].sum())


def shortest(table):
    """The shortest round from row 0 through all rows, by dynamic programming over subsets (Held and Karp 1962).

    2^n n^2 steps: for few places.

    :return: ``(metres, rows in order)``

    >>> shortest(np.array([[0, 1, 9, 2], [1, 0, 3, 9], [9, 3, 0, 1], [2, 9, 1, 0]]))
    (7.0, [3, 2, 1])
    """
    count = len(table) - 1
    if not count:
        return 0.0, []
    inner = table[1:, 1:]
    best = np.full((1 << count, count), np.inf)
    came = np.zeros((1 << count, count), dtype=int)
    best[1 << np.arange(count), np.arange(count)] = table[0, 1:]
    for subset in range(1, 1 << count):
        outside = [i for i in range(count) if not subset >> i & 1]
        if not outside or not np.isfinite(best[subset]).any():
            continue
        ways = best[subset][:, None] + inner[:, outside]
        last = np.argmin(ways, axis=0)
        into = subset | (1 << np.array(outside))
        best[into, outside] = ways[last, range(len(outside))]
        came[into, outside] = last
    return _trace(best, came, table)


def _trace(best, came, table):
    count = len(table) - 1
    ends = best[-1] + table[1:, 0]
    last, subset, order = int(np.argmin(ends)), (1 << count) - 1, []
    metres = float(ends[last])
    while subset:
        order.append(last + 1)
        subset, last = subset & ~(1 << last), int(came[subset, last])
    return metres, order[::-1]


def improve(table, order):
    """Turn round stretches of a tour while that makes it shorter (2-opt); ways may differ by direction.

    >>> improve(np.array([[0, 1, 2, 3], [1, 0, 1, 2], [2, 1, 0, 1], [3, 2, 1, 0]]), [2, 1, 3])
    [1, 2, 3]
    """
    order, metres, going = list(order), length(table, order), True
    symmetric = np.allclose(table, table.T, equal_nan=True)
    while going:
        going = False
        for i in range(len(order) - 1):
            path = np.array([0, *order, 0])
            if symmetric:
                ends = np.arange(i + 1, len(order))
                gain = (
                    table[path[i], path[i + 1]]
                    + table[path[ends + 1], path[ends + 2]]
                    - table[path[i], path[ends + 1]]
                    - table[path[i + 1], path[ends + 2]]
                )
                j = int(ends[np.argmax(gain)])
                if gain.max() > 1e-9:
                    order[i : j + 1] = order[i : j + 1][::-1]
                    going = True
                continue
            for j in range(i + 1, len(order)):
                turned = order[:i] + order[i : j + 1][::-1] + order[j + 1 :]
                if (shorter := length(table, turned)) < metres - 1e-9:
                    order, metres, going = turned, shorter, True
    return [int(row) for row in order]


def nearest(table):
    """Always go to the nearest place that is left.

    >>> nearest(np.array([[0, 5, 1], [5, 0, 3], [1, 3, 0]]))
    [2, 1]
    """
    left, at, order = list(range(1, len(table))), 0, []
    while left:
        at = min(left, key=lambda row: table[at, row])
        left.remove(at)
        order.append(at)
    return order


def tour(graph, places, dock=0):
    """Walk from a dock to these places and back, and say how far it is.

    Places that lie at the same point of an aisle are one stop. The method is ``exact`` for at most 8 stops, else the
    shortest of ``s_shape``, ``largest_gap`` and, for at most 80 stops, ``two_opt``; ``none`` without a way, in metres
    infinite.

    :param graph: :class:`aisle_graph.Graph`; ``places``: positions in its arrays; ``dock``: number of the dock
    :return: :class:`Tour`

    >>> from .aisle_graph import Layout, build, locate
    >>> layout = Layout(spacing=4, bay=3, margin=2)
    >>> hall = locate(["A", "A", "B"], [1, 2, 2], [0, 0, 0], [0, 0, 0], layout)
    >>> tour(build(hall, [(0, 1)], layout), [2, 0, 1])
    Tour(metres=22.0, order=(2, 1, 0), method='exact')
    """
    places = np.asarray(places, dtype=int)
    if not len(places):
        return Tour(0.0, (), "exact")
    lane, along = graph.lane[places], graph.along[places]
    points = np.column_stack([lane, np.round(along, 3)])
    _points, first, stop = np.unique(points, axis=0, return_index=True, return_inverse=True)
    table = graph.matrix(places[first], dock)
    stops = np.argsort(np.argsort(first))
    if not np.isfinite(table).all():
        return Tour(float("inf"), tuple(int(place) for place in places), "none")
    metres, rows, method = _best(table, lane[first], along[first], graph.crosses)
    rank = np.empty(len(rows), dtype=int)
    rank[np.array(rows) - 1] = np.arange(len(rows))
    order = np.lexsort((stops[stop.ravel()], rank[stop.ravel()]))
    return Tour(round(metres, 6), tuple(int(place) for place in places[order]), method)


def _best(table, lane, along, crosses):
    if len(lane) <= EXACT:
        return (*shortest(table), "exact")
    tried = {
        "s_shape": (s_shape(lane, along) + 1).tolist(),
        "largest_gap": (largest_gap(lane, along, crosses[0], crosses[-1]) + 1).tolist(),
    }
    if len(lane) <= IMPROVED:
        starts = [*tried.values(), nearest(table)]
        tried["two_opt"] = improve(table, min(starts, key=lambda order: length(table, order)))
    found = {name: length(table, order) for name, order in tried.items()}
    method = min(found, key=found.get)
    return found[method], tried[method], method
