"""Routes: against brute force on small cases, and by what every plan has to keep."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.logistics.vrp import Stop, Vehicle, follow, metres, plan, unit_costs

DEPOT = (25.04, 121.53)
HOUR = 3600


def van(number=1, **values):
    return Vehicle(number, *DEPOT, *DEPOT, **{"early": 9 * HOUR, "late": 18 * HOUR, **values})


def stops_of(count, seed=1, **values):
    rng = np.random.default_rng(seed)
    return [
        Stop(
            n, DEPOT[0] + rng.normal(0, 0.03), DEPOT[1] + rng.normal(0, 0.03), weight=float(rng.uniform(1, 9)), **values
        )
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_one_vehicle_takes_the_shortest_way(seed):
    stops = stops_of(6, seed)
    best = min(follow(list(order), van()).distance for order in permutations(stops))
    assert plan(stops, [van()], max_iterations=300).distance <= best * 1.001


@settings(max_examples=12)
@given(st.integers(1, 14), st.integers(0, 99), st.integers(10, 60))
def test_capacities_hours_and_nobody_twice(count, seed, capacity):
    stops, vans = stops_of(count, seed), [van(1, weight=capacity), van(2, weight=capacity, late=11 * HOUR)]
    made = plan(stops, vans, max_iterations=60)
    weight = {stop.id: stop.weight for stop in stops}
    seen = [visit.stop for tour in made.tours.values() for visit in tour.visits]
    assert sorted(seen + made.unserved) == sorted(weight)
    for vehicle in vans:
        tour = made.tours[vehicle.id]
        assert sum(weight[visit.stop] for visit in tour.visits) <= capacity + 0.01 * count
        assert tour.end <= vehicle.late
        assert all(visit.begin >= vehicle.early for visit in tour.visits)


def test_windows_are_kept():
    stops = stops_of(5)
    early = Stop(9, DEPOT[0] + 0.05, DEPOT[1], early=9 * HOUR, late=9 * HOUR + 1800)
    late = Stop(10, DEPOT[0] + 0.05, DEPOT[1], early=15 * HOUR, late=16 * HOUR)
    visits = {visit.stop: visit for visit in plan([*stops, early, late], [van()], max_iterations=200).tours[1].visits}
    assert len(visits) == 7
    assert visits[9].begin <= 9 * HOUR + 1800
    assert 15 * HOUR <= visits[10].begin <= 16 * HOUR


def test_what_nobody_can_take_is_said():
    heavy, far = Stop(1, *DEPOT, weight=900), Stop(2, 22.6, 120.3)
    made = plan([heavy, far, *[Stop(3, 25.05, 121.5)]], [van(weight=100, late=12 * HOUR)], max_iterations=50)
    assert sorted(made.unserved) == [1, 2]


def test_same_again():
    stops, vans = stops_of(30), [van(1, weight=80), van(2, weight=80), van(3, weight=80)]
    assert plan(stops, vans, max_iterations=80) == plan(stops, vans, max_iterations=80)


def test_nothing_to_do():
    assert plan([], [van()]).distance == 0
    assert plan(stops_of(2), []).unserved == [1, 2]


def test_distance_of_a_degree():
    # a degree of latitude is 111.195 km on a sphere of the mean radius (IUGG)
    assert metres([0, 1], [0, 0], detour=1)[0, 1] == pytest.approx(111_195, abs=1)


def test_follow_says_how_late():
    tour = follow([Stop(1, 25.2, 121.53, late=9 * HOUR)], van())
    assert tour.visits[0].late == tour.visits[0].arrive - 9 * HOUR > 0


@pytest.mark.parametrize("money", [0.01, 1, 800, 10_000])
def test_the_currency_changes_nothing(money):
    stops = [*stops_of(8), Stop(99, DEPOT[0] + 0.3, DEPOT[1])]
    vans = [van(n, cost_km=0.35 * money, cost_hour=25 * money) for n in (1, 2)]
    made = plan(stops, vans, max_iterations=100)
    assert made.unserved == []
    assert unit_costs(vans) == [(5, 100, 0)] * 2


def test_slow_vehicles_are_planned_slow():
    stop, slow, fast = Stop(1, DEPOT[0] + 0.2, DEPOT[1]), van(1, speed=12, late=12 * HOUR), van(2, late=12 * HOUR)
    made = plan([stop], [slow, fast], max_iterations=50)
    assert [len(made.tours[number].visits) for number in (1, 2)] == [0, 1]
    assert plan([stop], [slow], max_iterations=50).unserved == [1]
    assert made.tours[2] == follow([stop], fast)
