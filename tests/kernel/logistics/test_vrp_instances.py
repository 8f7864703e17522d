"""Routes of public instances: feasible, and close to the best known distance (CVRPLIB: cut to a tenth)."""

from pathlib import Path

import numpy as np
import pytest

from scm_kernels.logistics.vrp import Stop, Vehicle, plan

FOLDER = Path(__file__).parent / "data"
CAPACITY, VEHICLES = 200, 25


def read(name):
    """Stops, vehicles and the matrix, all in tenths."""
    rows = np.array([line.split() for line in (FOLDER / f"{name}.txt").read_text().splitlines()[9:]], int)
    stops = [Stop(n, 0, 0, weight=w, service=s * 10, early=a * 10, late=b * 10) for n, _x, _y, w, a, b, s in rows[1:]]
    vehicles = [Vehicle(k, 0, 0, 0, 0, weight=CAPACITY, late=rows[0, 5] * 10) for k in range(VEHICLES)]
    place = np.concatenate([rows[1:, 1:3], np.tile(rows[0, 1:3], (2 * VEHICLES, 1))])
    away = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    return stops, vehicles, np.floor(10 * away + 1e-9).astype(int)


@pytest.mark.parametrize(("name", "best", "percent"), [("R101", 16377, 3), ("RC101", 16198, 5)])
def test_near_the_best_known(name, best, percent):
    stops, vehicles, distance = read(name)
    made = plan(stops, vehicles, distance=distance, duration=distance, max_iterations=150)
    weight, seen = {stop.id: stop.weight for stop in stops}, []
    for tour in made.tours.values():
        seen += [visit.stop for visit in tour.visits]
        assert sum(weight[visit.stop] for visit in tour.visits) <= CAPACITY
        assert not any(visit.late for visit in tour.visits)
        assert tour.end <= vehicles[0].late
    assert sorted(seen) == sorted(weight)
    assert best <= made.distance <= best * (1 + percent / 100)
