"""Routes of an own fleet: vehicles with capacities and hours, stops with windows and service times.

The search is PyVRP's (Wouda, Lan and Kool, PyVRP: a high-performance VRP solver package, INFORMS Journal on Computing,
2024). Distances are great circles times a detour factor, so that no address leaves the house; whoever has a road matrix
passes it in.

Units: metres, seconds after local midnight, kilograms, litres.
"""

from dataclasses import dataclass, field

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, NoImprovement

EARTH_M = 6_371_008.8
DETOUR, SPEED_KMH = 1.3, 28.0
#: PyVRP counts in whole numbers: the dearest metre or second costs this much, so ratios are right to half a percent
COST_STEPS = 100
MIDNIGHT_S = 86_400


@dataclass(frozen=True)
class Stop:
    """Somebody to call on. ``early`` and ``late``: seconds between which the service begins."""

    id: int
    latitude: float
    longitude: float
    weight: float = 0.0
    volume: float = 0.0
    service: int = 300
    early: int = 0
    late: int = MIDNIGHT_S


@dataclass(frozen=True)
class Vehicle:
    """A vehicle from where it is now (``latitude``, ``longitude``, ``early``) back to the depot by ``late``.

    Capacities of 0 mean no limit. Costs in money per kilometre and hour, of any currency; ``speed`` in km/h.
    """

    id: int
    latitude: float
    longitude: float
    end_latitude: float
    end_longitude: float
    weight: float = 0.0
    volume: float = 0.0
    stops: int = 0
    early: int = 0
    late: int = MIDNIGHT_S
    cost_km: float = 1.0
    cost_hour: float = 0.0
    cost_fixed: float = 0.0
    speed: float = SPEED_KMH


@dataclass(frozen=True)
class Visit:
    """One stop on a route: arrival, begin of the service and leaving, and metres from the place before."""

    stop: int
    arrive: int
    begin: int
    leave: int
    distance: int
    late: int = 0


@dataclass(frozen=True)
class Tour:
    """The route of a vehicle; ``distance`` and ``end`` include the way back."""

    vehicle: int
    visits: list = field(default_factory=list)
    distance: int = 0
    end: int = 0


@dataclass(frozen=True)
class Plan:
    """Tours by vehicle, and stops that no vehicle can take."""

    tours: dict
    unserved: list

    @property
    def distance(self):
        """Metres of all tours."""
        return sum(tour.distance for tour in self.tours.values())


def metres(latitude, longitude, detour=DETOUR):
    """Road distances between all places, estimated: great circle (haversine) times the detour factor, (n, n) int.

    >>> int(metres([25.0, 25.0], [121.5, 121.6], detour=1)[0, 1])
    10078
    """
    lat, lon = np.radians(np.asarray(latitude, float)), np.radians(np.asarray(longitude, float))
    across = np.sin((lat[:, None] - lat) / 2) ** 2
    along = np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.rint(2 * EARTH_M * np.arcsin(np.sqrt(np.clip(across + along, 0, 1))) * detour).astype(int)


def seconds(distance, speed_kmh=SPEED_KMH):
    """Driving times for distances in metres.

    >>> seconds(np.array([1000]), speed_kmh=36).tolist()
    [100]
    """
    return np.rint(np.asarray(distance) / (speed_kmh / 3.6)).astype(int)


def plan(stops, vehicles, distance=None, duration=None, seed=1, max_seconds=15.0, max_iterations=None):
    """Tours for the vehicles that serve all stops they can, at least cost.

    :param stops: list of :class:`Stop`; ``vehicles``: list of :class:`Vehicle`
    :param distance: (n, n) metres between the places in the order of :func:`places`; None: estimated
    :param duration: (n, n) seconds for every vehicle; None: by the speed of each
    :param max_seconds: time to search; a given ``max_iterations`` makes the result the same on every machine
    :returns: :class:`Plan`
    """
    tours = {vehicle.id: Tour(vehicle.id) for vehicle in vehicles}
    if not stops or not vehicles:
        return Plan(tours, [stop.id for stop in stops])
    distance = metres(*places(stops, vehicles)) if distance is None else distance
    durations = _durations(vehicles, distance, duration)
    model = _model(stops, vehicles, distance, durations)
    criteria = [MaxRuntime(max_seconds), NoImprovement(4000 + 40 * len(stops))]
    if max_iterations:
        criteria = [MaxIterations(max_iterations)]
    result = model.solve(MultipleCriteria(criteria), seed=seed, display=False, collect_stats=False)
    best, served = result.best, set()
    for route in best.routes() if result.is_feasible() else ():
        vehicle = vehicles[route.vehicle_type()]
        order = _clients(route)
        served.update(stops[k].id for k in order)
        start = len(stops) + 2 * route.vehicle_type()
        tours[vehicle.id] = _timed(vehicle, start, order, stops, distance, durations[vehicle.speed])
    return Plan(tours, [stop.id for stop in stops if stop.id not in served])


def follow(order, vehicle, distance=None, duration=None):
    """The tour of a vehicle that calls on stops in a given order.

    :param order: list of :class:`Stop`
    :returns: :class:`Tour`; ``late`` of a visit says by how many seconds it misses its window
    """
    distance = metres(*places(order, [vehicle])) if distance is None else distance
    duration = seconds(distance, vehicle.speed) if duration is None else duration
    return _timed(vehicle, len(order), list(range(len(order))), order, distance, duration)


def places(stops, vehicles):
    """Latitudes and longitudes: stops first, then start and end of each vehicle."""
    latitude, longitude = [stop.latitude for stop in stops], [stop.longitude for stop in stops]
    for vehicle in vehicles:
        latitude += [vehicle.latitude, vehicle.end_latitude]
        longitude += [vehicle.longitude, vehicle.end_longitude]
    return latitude, longitude


def _durations(vehicles, distance, duration=None):
    """Driving times by speed: ``{km/h: (n, n) seconds}``; given ones hold for all."""
    speeds = {vehicle.speed for vehicle in vehicles}
    return {speed: seconds(distance, speed) if duration is None else duration for speed in speeds}


def unit_costs(vehicles):
    """Whole-number costs of a metre, of a second and of setting out, in one unit for all vehicles, (n, 3).

    The unit makes the dearest metre or second cost ``COST_STEPS``: the ratios stay whatever the currency is.

    >>> unit_costs([Vehicle(1, 0, 0, 0, 0, cost_km=0.35, cost_hour=25)])
    [(5, 100, 0)]
    """
    top = max(max(vehicle.cost_km, vehicle.cost_hour / 3.6) for vehicle in vehicles) or 1.0
    scale = COST_STEPS / top
    return [
        (
            max(round(vehicle.cost_km * scale), 1),
            round(vehicle.cost_hour / 3.6 * scale),
            round(vehicle.cost_fixed * 1000 * scale),
        )
        for vehicle in vehicles
    ]


def _prize(costs, distance):
    """Worth of serving a stop: three times the dearest detour there and back, with a whole day and a vehicle more."""
    metre, second, fixed = (max(column) for column in zip(*costs, strict=True))
    return 3 * (2 * int(distance.max()) * metre + MIDNIGHT_S * second + fixed) + 1


def _model(stops, vehicles, distance, durations):
    """PyVRP's model; its clients are the stops in their order."""
    model, costs = pyvrp.Model(), unit_costs(vehicles)
    where = [model.add_location(0, 0) for _place in range(len(stops) + 2 * len(vehicles))]
    profiles = {speed: model.add_profile() for speed in durations}
    for k, (vehicle, cost) in enumerate(zip(vehicles, costs, strict=True)):
        start, end = (model.add_depot(where[len(stops) + 2 * k + part]) for part in (0, 1))
        model.add_vehicle_type(
            capacity=[
                round(vehicle.weight * 100) or 10**9,
                round(vehicle.volume * 100) or 10**9,
                vehicle.stops or 10**6,
            ],
            start_depot=start,
            end_depot=end,
            tw_early=vehicle.early,
            tw_late=max(vehicle.late, vehicle.early),
            unit_distance_cost=cost[0],
            unit_duration_cost=cost[1],
            fixed_cost=cost[2],
            profile=profiles[vehicle.speed],
        )
    prize = _prize(costs, distance)
    for k, stop in enumerate(stops):
        model.add_client(
            where[k],
            delivery=[round(stop.weight * 100), round(stop.volume * 100), 1],
            service_duration=stop.service,
            tw_early=stop.early,
            tw_late=max(stop.late, stop.early),
            required=False,
            prize=prize,
        )
    for speed, profile in profiles.items():
        for i, one in enumerate(where):
            for j, other in enumerate(where):
                model.add_edge(one, other, int(distance[i, j]), int(durations[speed][i, j]), profile)
    return model


def _clients(route):
    """Indices of the clients of one of PyVRP's routes, in their order."""
    return [activity.idx for activity in route if activity.is_client()]


def _timed(vehicle, start, order, stops, distance, duration):
    """When a vehicle is where: it leaves as soon as it may, waits for windows, and comes back."""
    now, here, total, visits = vehicle.early, start, 0, []
    for k in order:
        arrive = now + int(duration[here, k])
        begin = max(arrive, stops[k].early)
        now = begin + stops[k].service
        step = int(distance[here, k])
        visits.append(Visit(stops[k].id, arrive, begin, now, step, max(begin - stops[k].late, 0)))
        total, here = total + step, k
    if not order:
        return Tour(vehicle.id, [], 0, vehicle.early)
    return Tour(vehicle.id, visits, total + int(distance[here, start + 1]), now + int(duration[here, start + 1]))
