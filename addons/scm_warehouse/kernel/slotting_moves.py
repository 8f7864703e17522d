"""From a better layout to work that a person can do: groups of moves, in an order in which each place is free in time.

Items that follow each other (one enters the place that the next one leaves) form a chain, which ends in an empty
place, or a ring, which needs a free place for a while. Both are done as a whole or not at all. Long ones are cut: two
items of one group exchange their targets, which splits the group (as in subtour arguments for the travelling salesman),
where that costs least. A group is kept when it pays its work back in time, or when it ends a breach of a rule.
"""

from dataclasses import dataclass

import numpy as np

from .slotting import Work, assign, effort_seconds, may_lie, metres_walked, pick_seconds, walk_between

#: how far apart in rank two places may be that exchange their items when a group is cut
NEAR = (1, 2, 3, 5)


@dataclass(frozen=True)
class Group:
    """Items in the order in which they move. ``buffer``: place where the first waits while a ring turns, -1 none.

    ``saves``: seconds of picking a day; ``effort``: seconds of work once; ``mends``: it ends a breach of a rule.
    """

    items: tuple
    is_ring: bool
    buffer: int
    saves: float
    effort: float
    mends: bool

    @property
    def pays_back(self):
        """Days after which the work is earned; infinite when never.

        >>> Group((0,), False, -1, saves=60.0, effort=600.0, mends=False).pays_back
        10.0
        """
        return self.effort / self.saves if self.saves > 0 else float("inf")


@dataclass(frozen=True)
class Proposal:
    """``target``: place of each item after all groups; metres a day before, after, and at best if work cost nothing."""

    groups: list
    target: np.ndarray
    before: float
    after: float
    kept_out: int


def propose(items, places, work: Work, longest=8, most=0, seed=0):
    """Moves that pay: the layout of :func:`assign`, cut into groups of at most about ``longest`` items.

    :param most: so many moves at most, those that earn most for their work; 0: all that pay
    """
    layout = assign(items, places, work, seed)
    chains = chains_of(layout, items, places)
    slot = cut_long(layout, chains, items, places, work, longest)
    layout.slot, layout.target = slot, layout.place_of[slot]
    groups = judge(layout, chains_of(layout, items, places), items, places, work)
    paying = [group for group in groups if group.mends or group.pays_back <= work.days]
    paying = bearable(choose(paying, 0), layout.target, items, places)
    chosen = choose(paying, most)
    target = items.place.copy()
    moved = [item for group in chosen for item in group.items]
    target[moved] = layout.target[moved]
    return Proposal(
        chosen, target, metres_walked(items, places), metres_walked(items, places, target), len(paying) - len(chosen)
    )


def settle(layout, places_before):
    """The same layout with slots exchanged within places: who stays keeps his slot, who comes takes an empty one first.

    :param places_before: place of each item before
    :return: slot of each item
    """
    target, place_of = layout.target, layout.place_of
    stays = target == places_before
    slot = np.where(stays, layout.home, -1)
    taken = np.zeros(len(place_of), dtype=bool)
    taken[layout.home[stays]] = True
    left = np.zeros(len(place_of), dtype=bool)
    left[layout.home[~stays]] = True
    open_slots = np.flatnonzero(~taken)
    open_slots = open_slots[np.lexsort((open_slots, left[open_slots], place_of[open_slots]))]
    coming = np.flatnonzero(~stays)
    coming = coming[np.argsort(target[coming], kind="stable")]
    begin = np.searchsorted(place_of[open_slots], target[coming], side="left")
    rank = np.arange(len(coming)) - np.searchsorted(target[coming], target[coming], side="left")
    slot[coming] = open_slots[begin + rank]
    return slot


def chains_of(layout, items, places):
    """Lists of items that follow each other: ``(members, is_ring)``; each enters the slot that the next one leaves.

    Slots of one place are exchanged first so that who stays in a place stays in his slot.
    """
    layout.target = layout.place_of[layout.slot]
    layout.slot = settle(layout, items.place)
    moving = layout.slot != layout.home
    leaver = np.full(len(layout.place_of), -1)
    leaver[layout.home[moving]] = np.flatnonzero(moving)
    following = np.where(moving, leaver[layout.slot], -1)
    entered = np.zeros(len(moving), dtype=bool)
    entered[following[following >= 0]] = True
    done, found = np.zeros(len(moving), dtype=bool), []
    # chains begin with an item whose slot nobody enters; what is left are rings
    for starts, is_ring in ((np.flatnonzero(moving & ~entered), False), (np.flatnonzero(moving & entered), True)):
        for start in starts.tolist():
            members = []
            while start >= 0 and not done[start]:
                done[start] = True
                members.append(start)
                start = int(following[start])
            if members:
                found.append((members, is_ring))
    return found


def cut_long(layout, chains, items, places, work, longest):
    """Slots of all items after long groups are cut where an exchange of two targets costs least."""
    slot = layout.slot.copy()
    todo = [members for members, _is_ring in chains if len(members) > longest]
    while todo:
        members = todo.pop()
        cut = _best_cut(np.array(members), slot, layout.place_of, items, places, work)
        if not cut:
            continue
        first, last = cut
        one, other = members[first], members[last]
        slot[one], slot[other] = slot[other], slot[one]
        pieces = (members[first + 1 : last + 1], members[: first + 1] + members[last + 1 :])
        todo += [piece for piece in pieces if len(piece) > longest]
    return slot


def _best_cut(members, slot, place_of, items, places, work):
    """Positions of the two members whose exchange of targets is cheapest, or None. Both pieces have two members."""
    size = len(members)
    ends = place_of[slot[members]]
    ranked = np.lexsort((places.way[ends], places.kind[ends]))
    one, other = (
        np.concatenate(side) for side in zip(*((ranked[:-k], ranked[k:]) for k in NEAR if k < size), strict=True)
    )
    first, last = np.minimum(one, other), np.maximum(one, other)
    # large ones are halved roughly, which keeps the work small
    least = max(2, size // 8)
    inner = last - first
    wide = (inner >= least) & (size - inner >= least)
    if not wide.any():
        wide = (inner >= 2) & (size - inner >= 1)
    first, last = first[wide], last[wide]
    one, other = members[first], members[last]

    def cost(item, end):
        stays = items.place[item] == end
        seconds = pick_seconds(items, places, work, item, end)
        seconds = seconds + np.where(stays, 0.0, effort_seconds(items, places, work, item, end))
        return np.where(may_lie(items, places, item, end), seconds, np.inf)

    before = cost(one, ends[first]) + cost(other, ends[last])
    after = cost(one, ends[last]) + cost(other, ends[first])
    dearer = np.where(np.isfinite(after), after - before, np.inf)
    if not len(dearer) or not np.isfinite(dearer).any():
        return None
    best = int(np.argmin(dearer))
    return int(first[best]), int(last[best])


def judge(layout, chains, items, places, work):
    """Groups with what they save and cost, in the order in which their items have to move."""
    spare = _spare_places(layout)
    lies_wrong = ~may_lie(items, places, np.arange(len(items.place)), items.place)
    groups = []
    for members, is_ring in chains:
        item = np.array(members)
        end = layout.target[item]
        saves = (items.picks[item] * (places.way[items.place[item]] - places.way[end]) / work.speed).sum()
        effort = effort_seconds(items, places, work, item, end)
        buffer = -1
        order = members[::-1]
        if is_ring:
            turn, buffer, extra = _turn(item, end, effort, spare, items, places, work)
            # the one that waits goes out first and in last
            order = [members[turn], *(members[turn - 1 - step] for step in range(len(members) - 1))]
            effort = effort + np.where(np.arange(len(item)) == turn, extra, 0.0)
        groups.append(
            Group(tuple(order), is_ring, buffer, float(saves), float(effort.sum()), bool(lies_wrong[item].any()))
        )
    return groups


def _spare_places(layout):
    """Count of slots of each place that nobody uses, before or after."""
    used = np.zeros(len(layout.place_of), dtype=bool)
    used[layout.home] = True
    used[layout.slot] = True
    return np.bincount(layout.place_of[~used], minlength=layout.place_of.max() + 1)


def _turn(item, end, effort, spare, items, places, work):
    """Who of a ring waits, where, and the seconds more that it costs: the one that is carried with least work."""
    turn = int(np.argmin(effort))
    who, start = item[turn], items.place[item[turn]]
    around = np.flatnonzero(spare > 0)
    around = around[may_lie(items, places, np.full(len(around), who), around)]
    if not len(around):
        return turn, -1, items.trips[who] * 60.0 * work.handling
    walk = walk_between(places, start, around) + walk_between(places, around, end[turn])
    buffer = int(around[np.argmin(walk)])
    spare[buffer] -= 1
    both = effort_seconds(items, places, work, who, buffer) + effort_seconds(
        items, places, work, who, end[turn], start=buffer
    )
    return turn, buffer, float(both - effort[turn])


def bearable(groups, target, items, places):
    """Groups without those that could overload a place that holds several products, whatever others are done.

    A place bears what lies there and all that groups add; what groups take away is not counted on. A place that was
    too full before may stay so.
    """
    load = np.bincount(items.place, items.kg, len(places.metres))
    most = np.maximum(places.max_kg, load) + 1e-6
    kept = []
    for group in groups:
        item = np.array(group.items)
        touched, number = np.unique(np.concatenate([items.place[item], target[item]]), return_inverse=True)
        added = np.bincount(number, np.concatenate([-items.kg[item], items.kg[item]])).clip(min=0.0)
        if (load[touched] + added <= most[touched]).all():
            load[touched] += added
            kept.append(group)
    return kept


def choose(groups, most):
    """Best first: breaches, then what pays back soonest; at most ``most`` moves (0: all).

    >>> one, two = (Group((i,), False, -1, saves, 100.0, False) for i, saves in ((0, 1.0), (1, 9.0)))
    >>> [group.items for group in choose([one, two], most=1)]
    [(1,)]
    """
    chosen, count = [], 0
    for group in sorted(groups, key=lambda group: (not group.mends, group.pays_back, group.items)):
        if not most or count + len(group.items) <= most:
            chosen.append(group)
            count += len(group.items)
    return chosen


def net_seconds(items, places, work, proposal):
    """Seconds won over the horizon by a proposal, its work taken off.

    >>> from types import SimpleNamespace as N
    >>> net_seconds(None, None, Work(days=10), N(groups=[Group((0,), False, -1, 60.0, 500.0, False)]))
    100.0
    """
    return sum(work.days * group.saves - group.effort for group in proposal.groups)
