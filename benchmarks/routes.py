"""Routes of the own fleet: 100 stops beside simple orders, and public instances beside their best known values.

    python benchmarks/routes.py [--instances FOLDER] [--seconds N]

100 stops, 5 vehicles: two-hour windows for a third, capacities with a fifth to spare; the order as listed and the
nearest neighbour fill one vehicle after the other by weight and do not look at windows (late stops are counted).
Instances are read from FOLDER where they are, because nobody says under which licence they may be passed on: R101.txt,
RC101.txt and C101.txt of Solomon (1987) from the SINTEF page, X-n101-k25.vrp (Uchoa et al., 2017) from CVRPLIB. Best
known: CVRPLIB, distance alone, cut to a tenth (Solomon) or rounded (X). SINTEF's values put fewer vehicles first and
are not comparable.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import kernels

kernels.install()

from scm_kernels.logistics.vrp import Stop, Vehicle, follow, metres, places, plan

BEST = {"C101": 827.3, "R101": 1637.7, "RC101": 1619.8, "X-n101-k25": 27591}
HERE, HOUR, SEED = (25.04, 121.53), 3600, 5


def day(count=100, vans=5):
    rng = np.random.default_rng(SEED)
    weight, early = rng.uniform(1, 9, count), rng.integers(9, 16, count) * HOUR
    narrow = rng.random(count) < 1 / 3
    stops = [
        Stop(
            k, HERE[0] + rng.normal(0, 0.04), HERE[1] + rng.normal(0, 0.04), weight=float(weight[k]), service=180,
            **({"early": int(early[k]), "late": int(early[k] + 2 * HOUR)} if narrow[k] else {}),
        )
        for k in range(count)
    ]  # fmt: skip
    room = float(weight.sum() / vans * 1.2)
    return stops, [Vehicle(k, *HERE, *HERE, weight=room, early=9 * HOUR, late=18 * HOUR) for k in range(vans)]


def filled(order, vehicles):
    """Each vehicle takes the next stops of an order until it is full."""
    tours, left = [], list(order)
    for vehicle in vehicles:
        mine, load = [], 0.0
        while left and load + left[0].weight <= vehicle.weight:
            load += left[0].weight
            mine.append(left.pop(0))
        tours.append(follow(mine, vehicle))
    return tours, len(left)


def nearest(stops, vehicle):
    away, left, here, order = metres(*places(stops, [vehicle])), set(range(len(stops))), len(stops), []
    while left:
        here = min(left, key=lambda k: away[here, k])
        left.remove(here)
        order.append(stops[here])
    return order


def fleet(seconds):
    stops, vehicles = day()
    print("| 100 stops, 5 vehicles | s | km | late | not served |\n|---|---:|---:|---:|---:|")
    for what in ("order as listed", "nearest neighbour", "ours"):
        began = time.monotonic()
        if what == "ours":
            made = plan(stops, vehicles, max_seconds=seconds)
            tours, left = list(made.tours.values()), len(made.unserved)
        else:
            tours, left = filled(stops if what == "order as listed" else nearest(stops, vehicles[0]), vehicles)
        took, late = time.monotonic() - began, sum(visit.late > 0 for tour in tours for visit in tour.visits)
        print(f"| {what} | {took:.2f} | {sum(tour.distance for tour in tours) / 1000:.1f} | {late} | {left} |")


def read(path):
    """Rows of number, x, y, demand, early, late, service (the depot first), capacity, tenths."""
    lines = path.read_text().split("\n")
    if path.suffix == ".txt":
        rows = [list(map(int, line.split())) for line in lines if len(line.split()) == 7 and line.split()[0].isdigit()]
        return np.array(rows), 200, True
    at, to = lines.index("NODE_COORD_SECTION"), lines.index("DEMAND_SECTION")
    where = [list(map(int, line.split())) for line in lines[at + 1 : to]]
    need = [int(line.split()[1]) for line in lines[to + 1 : to + 1 + len(where)]]
    capacity = next(int(line.split(":")[1]) for line in lines if line.startswith("CAPACITY"))
    return np.array([[*place, w, 0, 10**6, 0] for place, w in zip(where, need, strict=True)]), capacity, False


def instance(path, seconds, vans=30):
    rows, capacity, tenths = read(path)
    unit = 10 if tenths else 1
    stops = [
        Stop(n, 0, 0, weight=w, service=s * unit, early=a * unit, late=b * unit) for n, _, _, w, a, b, s in rows[1:]
    ]
    vehicles = [Vehicle(k, 0, 0, 0, 0, weight=capacity, late=rows[0, 5] * unit) for k in range(vans)]
    place = np.concatenate([rows[1:, 1:3], np.tile(rows[0, 1:3], (2 * vans, 1))])
    away = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    distance = np.floor(10 * away + 1e-9).astype(int) if tenths else np.rint(away).astype(int)
    began = time.monotonic()
    made = plan(stops, vehicles, distance, distance if tenths else distance * 0, max_seconds=seconds)
    took, used = time.monotonic() - began, sum(bool(tour.visits) for tour in made.tours.values())
    best, value = BEST[path.stem], made.distance / unit
    gap = f"{100 * (value / best - 1):.2f} %" if not made.unserved else "not all served"
    print(f"| {path.stem} | {took:.1f} | {used} | {value:,.1f} | {best:,.1f} | {gap} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=Path, help="folder with instances")
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    print("\n## Routes of the own fleet\n")
    fleet(options.seconds)
    print("\n| instance | s | vehicles | distance | best known | gap |\n|---|---:|---:|---:|---:|---:|")
    for folder in filter(None, (options.instances,)):
        for path in sorted(folder.iterdir()):
            if path.stem in BEST:
                instance(path, options.seconds)


if __name__ == "__main__":
    main()
