"""Which product lies where, so that least is walked, when each move costs work too.

Over a horizon of ``days`` an item i in the place j costs

    seconds(i, j) = days * picks_i * (2 * metres_j + extra_j) / speed  +  effort(i, j) if j is not its place now

(picks a day; metres from the place to the dock; extra: metres that a pick at this height is worth). The cheapest
assignment of items to places is the linear assignment problem (Kuhn 1955; solved by scipy after Crouse 2016). In its
optimum each chain or ring of moves earns its own work back within the horizon: else undoing it would be cheaper.

Up to ``EXACT`` places it is solved as it stands. Beyond, the places are cut into blocks that are each a small picture
of the whole warehouse (near ones, far ones), and each block is solved exactly with what lies in it; a few rounds with
other blocks come close to the optimum (very large-scale neighbourhoods: Ahuja, Ergun, Orlin, Punnen 2002). No round
makes it worse, and leaving all as it is, is always allowed.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

#: so many slots at most are solved as one problem
EXACT = 500
BLOCK = 300
ROUNDS = 14
#: a round that gains less than this share of the second one is the last
ENOUGH = 0.03
#: seconds that lying where it may not lie is worth: more than any walk
BREACH_SECONDS = 1e9


@dataclass(frozen=True)
class Places:
    """Arrays with one entry per place.

    metres: way to the dock, m. extra: metres added to each pick by the height. kind: number of the set of rules that
    holds there (column of ``Items.allowed``). slots: products that it holds at most. max_kg: weight that it bears.
    x, y: where it is, m (NaN: unknown).
    """

    metres: np.ndarray
    extra: np.ndarray
    kind: np.ndarray
    slots: np.ndarray
    max_kg: np.ndarray
    x: np.ndarray
    y: np.ndarray

    @property
    def way(self):
        """Metres that one pick costs, there and back, with what its height is worth."""
        return 2.0 * self.metres + self.extra


@dataclass(frozen=True)
class Items:
    """Arrays with one entry per item: what lies of one product in one place.

    place: index of the place now. picks: a day. kg: weight of all that lies there. trips: to carry it elsewhere.
    fixed: must stay. allowed: boolean, items x kinds of places.
    """

    place: np.ndarray
    picks: np.ndarray
    kg: np.ndarray
    trips: np.ndarray
    fixed: np.ndarray
    allowed: np.ndarray


@dataclass(frozen=True)
class Work:
    """What work costs: ``speed`` m/s, ``handling`` minutes per trip, ``days`` within which a move has to pay."""

    speed: float = 1.2
    handling: float = 4.0
    days: float = 60.0


@dataclass
class Layout:
    """``target``: the place of each item; ``slot``: its slot; ``home``: its slot before; ``place_of``: of each slot."""

    target: np.ndarray
    slot: np.ndarray
    home: np.ndarray
    place_of: np.ndarray
    rounds: int = 0
    seconds: list = field(default_factory=list)


def metres_walked(items, places, target=None):
    """Metres a day: sum of picks x 2 x metres, without what the height is worth.

    >>> places = Places(*(np.array(a) for a in ([5., 50.], [0., 0.], [0, 0], [1, 1], [9., 9.], [0., 0.], [0., 0.])))
    >>> items = Items(np.array([1]), np.array([8.0]), np.ones(1), np.ones(1), np.zeros(1, bool), np.ones((1, 1), bool))
    >>> float(metres_walked(items, places)), float(metres_walked(items, places, np.array([0])))
    (800.0, 80.0)
    """
    where = items.place if target is None else target
    return (items.picks * 2.0 * places.metres[where]).sum()


def least_metres(items, places):
    """Metres a day if every item could lie anywhere and moves cost nothing (rearrangement inequality): a bound.

    >>> from types import SimpleNamespace as N
    >>> places = N(metres=np.array([30.0, 5.0, 10.0]), slots=np.ones(3, int))
    >>> float(least_metres(N(picks=np.array([1.0, 10.0])), places))
    120.0
    """
    ways = np.sort(np.repeat(places.metres, places.slots))[: len(items.picks)]
    picks = np.sort(items.picks)[::-1][: len(ways)]
    return (picks * 2.0 * ways).sum()


def walk_between(places, start, end):
    """Metres from place to place along the aisles: |dx| + |dy|, or past the dock where no coordinates are known."""
    direct = np.abs(places.x[start] - places.x[end]) + np.abs(places.y[start] - places.y[end])
    return np.where(np.isfinite(direct), direct, places.metres[start] + places.metres[end])


def effort_seconds(items, places, work, item, end, start=None):
    """Seconds of work to carry an item from its place (or ``start``) to ``end``: each trip is handled and walked.

    >>> from types import SimpleNamespace as N
    >>> places = N(x=np.array([0.0, 12.0]), y=np.zeros(2), metres=np.ones(2))
    >>> items = N(place=np.array([0]), trips=np.array([2.0]))
    >>> float(effort_seconds(items, places, Work(speed=1.2, handling=4.0), 0, 1))
    520.0
    """
    start = items.place[item] if start is None else start
    return items.trips[item] * (60.0 * work.handling + 2.0 * walk_between(places, start, end) / work.speed)


def pick_seconds(items, places, work, item, end):
    """Seconds that the picks of an item cost over the horizon when it lies in ``end``."""
    return work.days * items.picks[item] * places.way[end] / work.speed


def may_lie(items, places, item, end):
    """Whether the rules and the weight let the item lie there (weights of neighbours aside)."""
    return items.allowed[item, places.kind[end]] & (items.kg[item] <= places.max_kg[end] + 1e-9)


def cost_matrix(items, places, work, rows, columns):
    """Seconds over the horizon of the items ``rows`` in the places ``columns``; infinite where it may not lie.

    Staying is always possible; what may not lie where it lies pays for that.
    """
    item, end = np.asarray(rows)[:, None], np.asarray(columns)[None, :]
    stays = items.place[item] == end
    allowed = may_lie(items, places, item, end)
    cost = pick_seconds(items, places, work, item, end)
    cost = cost + np.where(stays, 0.0, effort_seconds(items, places, work, item, end))
    return np.where(allowed, cost, np.where(stays, cost + BREACH_SECONDS, np.inf))


def assign(items, places, work, seed=0, rounds=ROUNDS, exact=EXACT):
    """The cheapest place of each item over the horizon: exact up to ``exact`` slots, else by rounds of blocks.

    Places must have as many slots as items lie in them now, at least.

    >>> a = np.array
    >>> places = Places(a([50., 5.]), np.zeros(2), a([0, 0]), a([1, 1]), a([9., 9.]), a([0., 45.]), np.zeros(2))
    >>> ask = lambda picks: assign(
    ...     Items(a([0]), a([picks]), np.ones(1), np.ones(1), a([False]), np.ones((1, 1), bool)), places, Work())
    >>> ask(8.0).target.tolist(), ask(0.01).target.tolist()
    ([1], [0])
    """
    layout = _as_it_is(items, places)
    # places of fixed items are out of the game
    free = np.ones(len(layout.place_of), bool)
    free[layout.home[items.fixed]] = False
    slots = np.flatnonzero(free)
    occupant = np.full(len(layout.place_of), -1)
    occupant[layout.home] = np.arange(len(items.place))
    if len(slots) <= exact:
        _solve(items, places, work, layout, occupant, slots)
        layout.rounds = 1
    else:
        _rounds(items, places, work, layout, occupant, slots, np.random.default_rng(seed), rounds)
    layout.target = layout.place_of[layout.slot]
    return layout


def _as_it_is(items, places):
    place_of = np.repeat(np.arange(len(places.slots)), places.slots)
    first = np.concatenate([[0], np.cumsum(places.slots)])[:-1]
    order = np.argsort(items.place, kind="stable")
    sorted_places = items.place[order]
    starts = np.searchsorted(sorted_places, sorted_places, side="left")
    home = np.empty(len(items.place), dtype=int)
    home[order] = first[sorted_places] + np.arange(len(order)) - starts
    return Layout(items.place.copy(), home.copy(), home, place_of)


def _rounds(items, places, work, layout, occupant, slots, rng, rounds):
    """Blocks that each run through the whole range of ways; every second round within one kind of place."""
    way = places.way[layout.place_of]
    kind = places.kind[layout.place_of]
    several = len(np.unique(kind[slots])) > 1
    for number in range(rounds):
        noise = rng.random(len(slots))
        keys = (noise, way[slots], kind[slots]) if several and number % 2 else (noise, way[slots])
        ranked = slots[np.lexsort(keys)]
        count = -(-len(ranked) // BLOCK)
        if number % 2 == 0 or not several:
            # deal the ranked slots like cards, in another order each time
            deal = np.concatenate([rng.permutation(count) for _ in range(-(-len(ranked) // count))])[: len(ranked)]
        else:
            deal = _deal_within(kind[ranked], rng)
        saved = 0.0
        for block in range(deal.max() + 1):
            saved += _solve(items, places, work, layout, occupant, ranked[deal == block])
        layout.rounds += 1
        layout.seconds.append(saved)
        if number > 3 and max(layout.seconds[-2:]) <= ENOUGH * layout.seconds[1]:
            break


def _deal_within(kinds, rng):
    """Number of the block of each slot; slots come ranked by way within their kind."""
    deal, base = np.empty(len(kinds), dtype=int), 0
    for start, end in zip(*_runs(kinds), strict=True):
        size = end - start
        count = -(-size // BLOCK)
        cards = np.concatenate([rng.permutation(count) for _ in range(-(-size // count))])[:size]
        deal[start:end] = base + cards
        base += count
    return deal


def _runs(values):
    """Starts and ends of runs of equal values.

    >>> [run.tolist() for run in _runs(np.array([1, 1, 2, 5, 5]))]
    [[0, 2, 3], [2, 3, 5]]
    """
    cuts = np.flatnonzero(np.diff(values)) + 1
    return np.concatenate([[0], cuts]), np.concatenate([cuts, [len(values)]])


def _solve(items, places, work, layout, occupant, slots):
    """Solve the assignment of these slots and of what is in them now; returns the seconds gained."""
    rows = occupant[slots]
    rows = rows[rows >= 0]
    if not len(rows):
        return 0.0
    cost = cost_matrix(items, places, work, rows, layout.place_of[slots])
    column = {slot: number for number, slot in enumerate(slots.tolist())}
    now = np.array([column[slot] for slot in layout.slot[rows].tolist()])
    number = np.arange(len(rows))
    # an item may lie, for the time being, where it came in an earlier round
    before = cost[number, now].sum()
    _row, chosen = linear_sum_assignment(cost)
    gained = before - cost[number, chosen].sum()
    if gained <= 1e-6:
        return 0.0
    occupant[slots] = -1
    layout.slot[rows] = slots[chosen]
    occupant[slots[chosen]] = rows
    return gained
