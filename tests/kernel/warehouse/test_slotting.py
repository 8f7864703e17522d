"""Places for products: against all possible layouts on small cases, against the assignment optimum on larger ones."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from scm_kernels.warehouse import slotting as s
from scm_kernels.warehouse import slotting_moves as m


def hall(rng, items, places, slots=1, kinds=3, breach=0.0):
    """A hall whose kind 2 takes no heavy goods; ``breach``: share of the items that lie there although heavy."""
    x, y = rng.integers(0, 20, places) * 4.0, rng.integers(0, 12, places) * 2.0
    kind = np.sort(rng.integers(0, kinds, places))
    heavy = rng.random(items) < 0.25
    allowed = np.ones((items, kinds), dtype=bool)
    allowed[heavy, kinds - 1] = False
    open_slots = np.repeat(np.arange(places), slots)
    place = rng.permutation(open_slots)[:items]
    wrong = ~allowed[np.arange(items), kind[place]] & (rng.random(items) >= breach)
    allowed[wrong] = True
    hold = s.Places(
        x + y + 2.0, np.where(kind == 0, 2.0, 0.0), kind, np.full(places, slots), np.full(places, 60.0), x, y
    )
    goods = s.Items(
        place, rng.pareto(1.2, items) * 2.0, rng.uniform(1, 25, items), np.ones(items), np.zeros(items, bool), allowed
    )
    return goods, hold


def seconds(items, places, work, target):
    """What a layout costs over the horizon, one item after the other."""
    total = 0.0
    for i, end in enumerate(target):
        here = items.place[i]
        if not items.allowed[i, places.kind[end]] or items.kg[i] > places.max_kg[end]:
            if end != here:
                return np.inf
            total += s.BREACH_SECONDS
        total += work.days * items.picks[i] * (2 * places.metres[end] + places.extra[end]) / work.speed
        if end != here:
            walk = abs(places.x[end] - places.x[here]) + abs(places.y[end] - places.y[here])
            total += items.trips[i] * (60 * work.handling + 2 * walk / work.speed)
    return total


@given(st.integers(0, 10_000))
def test_small_halls_are_solved_exactly(seed):
    rng = np.random.default_rng(seed)
    items, places = hall(rng, items=4, places=6, breach=0.5)
    work = s.Work(days=20.0)
    best = min(seconds(items, places, work, target) for target in permutations(range(6), 4))
    found = seconds(items, places, work, s.assign(items, places, work).target)
    assert np.isclose(found, best, rtol=1e-12)


def test_blocks_come_close_to_the_optimum():
    """At most two per cent of what can be won at all is left by the blocks."""
    rng = np.random.default_rng(11)
    items, places = hall(rng, items=700, places=760)
    work = s.Work(days=60.0)
    cost = s.cost_matrix(items, places, work, np.arange(700), np.arange(760))
    best = cost[linear_sum_assignment(cost)].sum()
    now = seconds(items, places, work, items.place)
    found = s.assign(items, places, work, exact=100)
    assert found.rounds > 2
    assert (seconds(items, places, work, found.target) - best) / (now - best) < 0.02


@given(st.integers(0, 10_000), st.integers(1, 3), st.sampled_from([0, 5]))
def test_what_is_proposed_can_be_done(seed, slots, most):
    rng = np.random.default_rng(seed)
    items, places = hall(rng, items=30, places=40 // slots + 4, slots=slots, breach=0.3)
    fixed = rng.random(30) < 0.1
    items = s.Items(items.place, items.picks, items.kg, items.trips, fixed, items.allowed)
    work = s.Work(days=30.0)
    proposal = m.propose(items, places, work, longest=5, most=most)
    moved = [item for group in proposal.groups for item in group.items]
    assert len(moved) == len(set(moved)) and not fixed[moved].any()
    assert not most or len(moved) <= most
    assert proposal.after == s.metres_walked(items, places, proposal.target)
    before = np.bincount(items.place, items.kg, len(places.metres))
    assert (np.bincount(proposal.target, minlength=len(places.metres)) <= places.slots).all()
    for group in proposal.groups:
        follow_moves(group, items, places, proposal.target)
        assert group.mends or group.effort <= work.days * group.saves + 1e-6
    after = np.bincount(proposal.target, items.kg, len(places.metres))
    assert (after <= np.maximum(before, places.max_kg) + 1e-6).all()


def follow_moves(group, items, places, target):
    """Walk through the moves of a group: no place ever holds more products than it has slots."""
    count = np.bincount(items.place, minlength=len(places.metres))
    waiting = None
    for step, item in enumerate(group.items):
        count[items.place[item]] -= 1
        end = target[item]
        assert items.allowed[item, places.kind[end]] and items.kg[item] <= places.max_kg[end]
        if group.is_ring and step == 0:
            waiting = item
            if group.buffer >= 0:
                count[group.buffer] += 1
                assert count[group.buffer] <= places.slots[group.buffer]
            continue
        count[end] += 1
        assert count[end] <= places.slots[end]
    if waiting is not None:
        count[target[waiting]] += 1
        if group.buffer >= 0:
            count[group.buffer] -= 1
    assert (count <= places.slots).all()


def test_nothing_moves_without_picks_or_when_work_is_too_dear():
    rng = np.random.default_rng(3)
    items, places = hall(rng, items=20, places=25)
    idle = s.Items(items.place, np.zeros(20), items.kg, items.trips, items.fixed, np.ones_like(items.allowed))
    assert not m.propose(idle, places, s.Work()).groups
    free = s.Items(items.place, items.picks, items.kg, items.trips, items.fixed, np.ones_like(items.allowed))
    assert m.propose(free, places, s.Work()).groups
    assert not m.propose(free, places, s.Work(handling=1e7)).groups


def test_proposals_are_done_once():
    """What lies as proposed gives nothing more to propose, unless new moves became cheaper than the old ones."""
    rng = np.random.default_rng(5)
    items, places = hall(rng, items=200, places=230)
    first = m.propose(items, places, s.Work(days=40.0))
    settled = s.Items(first.target, items.picks, items.kg, items.trips, items.fixed, items.allowed)
    second = m.propose(settled, places, s.Work(days=40.0))
    won = m.net_seconds(items, places, s.Work(days=40.0), first)
    again = m.net_seconds(settled, places, s.Work(days=40.0), second)
    assert again < 0.12 * won


def test_a_breach_ends_even_if_nothing_is_saved():
    """A heavy product at the top comes down; its picks are too few to pay for the work."""
    places = s.Places(
        np.array([5.0, 5.0]),
        np.zeros(2),
        np.array([0, 1]),
        np.ones(2, int),
        np.full(2, np.inf),
        np.zeros(2),
        np.zeros(2),
    )
    items = s.Items(
        np.array([1]), np.array([0.01]), np.array([30.0]), np.ones(1), np.zeros(1, bool), np.array([[True, False]])
    )
    [group] = m.propose(items, places, s.Work()).groups
    assert group.mends and group.saves == 0.0 and group.pays_back == float("inf")


def test_places_without_coordinates_are_walked_past_the_dock():
    nowhere = np.full(2, np.nan)
    places = s.Places(
        np.array([30.0, 10.0]), np.zeros(2), np.zeros(2, int), np.ones(2, int), np.ones(2), nowhere, nowhere
    )
    assert s.walk_between(places, 0, 1) == 40.0


def test_long_chains_are_cut():
    rng = np.random.default_rng(8)
    items, places = hall(rng, items=300, places=301)
    work = s.Work(days=200.0, handling=0.5)
    layout = s.assign(items, places, work)
    whole = m.chains_of(layout, items, places)
    assert max(len(members) for members, _ring in whole) > 20
    proposal = m.propose(items, places, work, longest=8)
    assert max(len(group.items) for group in proposal.groups) <= 12
    uncut = m.net_seconds(None, None, work, m.propose(items, places, work, longest=10**6))
    assert m.net_seconds(None, None, work, proposal) > 0.9 * uncut


@given(st.lists(st.tuples(st.integers(20, 400), st.integers(20, 400)), min_size=1, max_size=20), st.integers(0, 99))
def test_pairs_by_chance_are_not_clear(counts, seed):
    """Under chance few pairs are below one per cent; a pair that is always together is."""
    from scm_kernels.warehouse.pairs import doubts, lifts

    rng = np.random.default_rng(seed)
    orders = 4000
    one, other = (np.array(side) for side in zip(*counts, strict=True))
    together = rng.poisson(one * other / orders)
    assert (doubts(orders, one, other, together) <= 0.01).sum() <= 1
    both = np.append(together, 100)
    assert doubts(orders, np.append(one, 100), np.append(other, 100), both)[-1] < 1e-6
    assert lifts(orders, [100], [100], [100])[0] == 40.0
