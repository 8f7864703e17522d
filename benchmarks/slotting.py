"""Slotting of 20,000 products in 20,500 places: seconds, memory, and how close it comes to the optimum.

    python benchmarks/slotting.py [--items N] [--sample N] [--seed N]

A hall of aisles with four levels, picks a day by a power law (few fast movers), a tenth of the products heavy (not
above the second level), one in fifty flammable (only two aisles). Three questions:

* how long it takes, and how much memory (peak of the process);
* how far it is from the optimum of the assignment problem, which scipy solves exactly on a sample of the hall, without
  and with the cut into groups of moves that can be done (the optimum knows no cut and no detour for rings);
* what Odoo's put-away does: "closest location" fills the places in the order of their names, as products come in.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import kernels

kernels.install()

from scm_kernels.warehouse.slotting import (
    Items,
    Places,
    Work,
    assign,
    cost_matrix,
    least_metres,
    metres_walked,
)
from scm_kernels.warehouse.slotting_moves import net_seconds, propose

WORK = Work(speed=1.2, handling=4.0, days=60.0)


def hall(count, rng):
    """Places of a hall, and what lies there: products took the places by the alphabet, in the order they came."""
    bays, levels = 40, 4
    number = np.arange(int(count * 1.025))
    aisle, rest = np.divmod(number, bays * levels)
    bay, level = np.divmod(rest, levels)
    x, y = aisle * 4.0, 3.0 + bay * 1.4
    # the dock stands in the middle of the front
    metres = np.abs(x - x.max() / 2) + y
    flammable = aisle >= aisle.max() - 1
    kind = np.where(flammable, 2, np.where(level >= 2, 1, 0))
    extra = np.array([2.0, 0.0, 0.0, 6.0])[level]
    places = Places(metres, extra, kind, np.ones(len(number), int), np.full(len(number), np.inf), x, y)
    heavy, burns = rng.random(count) < 0.1, rng.random(count) < 0.02
    allowed = np.ones((count, 3), dtype=bool)
    allowed[heavy, 1] = False
    allowed[burns, :2] = False
    picks = np.minimum(rng.pareto(1.15, count) * 0.4, 250.0)
    items = Items(
        place=np.arange(count),
        picks=picks,
        kg=rng.uniform(2, 60, count),
        trips=rng.integers(1, 4, count).astype(float),
        fixed=np.zeros(count, dtype=bool),
        allowed=allowed,
    )
    return items, places


def sample(items, places, count, rng):
    """A small hall drawn from the large one: places with what lies in them, and some of the empty ones."""
    empty = np.setdiff1d(np.arange(len(places.metres)), items.place)
    chosen = np.sort(rng.permutation(len(items.place))[:count])
    spare = rng.permutation(empty)[: max(count // 40, 1)]
    kept = np.concatenate([items.place[chosen], spare])
    small = Places(*(getattr(places, name)[kept] for name in Places.__dataclass_fields__))
    return (
        replace(
            items, place=np.arange(count),
            **{name: getattr(items, name)[chosen] for name in ("picks", "kg", "trips", "fixed", "allowed")},
        ),
        small,
    )  # fmt: skip


def optimum(items, places):
    """Exact layout of the sample, seconds over the horizon won, and the seconds it took."""
    began = time.perf_counter()
    number = np.arange(len(items.place))
    cost = cost_matrix(items, places, WORK, number, np.arange(len(places.metres)))
    _rows, columns = linear_sum_assignment(cost)
    return columns, won(cost, items, columns), time.perf_counter() - began


def won(cost, items, target):
    number = np.arange(len(items.place))
    # whoever lies wrong now has to move in each of them: no gain of theirs
    return (cost[number, items.place] - cost[number, target]).sum() % 1e9


def beside_the_optimum(items, places):
    """Seconds won in the sample: by the exact optimum, by our blocks, and by groups that can be done."""
    _target, best, took = optimum(items, places)
    cost = cost_matrix(items, places, WORK, np.arange(len(items.place)), np.arange(len(places.metres)))
    layout = assign(items, places, WORK, exact=100)
    blocks = won(cost, items, layout.target)
    done = propose(items, places, WORK)
    return best, blocks, net_seconds(items, places, WORK, done), took, done


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--sample", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    items, places = hall(options.items, rng)
    began, computing = time.perf_counter(), time.process_time()
    done = propose(items, places, WORK)
    seconds, computing = time.perf_counter() - began, time.process_time() - computing
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    moves = sum(len(group.items) for group in done.groups)
    print(
        f"{len(items.place):,} products in {len(places.metres):,} places:"
        f" {seconds:.1f} s ({computing:.1f} s computing), peak {peak:,.0f} MB"
    )
    print(f"  walked a day   by the alphabet {done.before / 1000:9,.0f} km   (Odoo's closest location)")
    print(f"                 as proposed     {done.after / 1000:9,.0f} km   ({1 - done.after / done.before:.0%} less)")
    print(
        f"                 at best         {least_metres(items, places) / 1000:9,.0f} km   (no rules, free moves)"
    )
    print(
        f"  {moves:,} moves in {len(done.groups):,} groups,"
        f" {sum(group.is_ring for group in done.groups):,} of them rings"
    )
    few = propose(items, places, WORK, most=200)
    print(
        f"  the best {sum(len(group.items) for group in few.groups)} moves alone:"
        f" {1 - few.after / few.before:.0%} less,"
        f" {sum(group.effort for group in few.groups) / 3600:,.0f} h of work"
    )
    small_items, small_places = sample(items, places, options.sample, rng)
    best, blocks, groups, took, small = beside_the_optimum(small_items, small_places)
    print(f"sample of {options.sample:,} products, beside the exact optimum ({took:.1f} s):")
    print(f"  hours won in {WORK.days:.0f} days, work taken off: optimum {best / 3600:,.0f},")
    print(f"    blocks {blocks / 3600:,.0f} ({blocks / best - 1:+.1%}),")
    print(f"    as groups of moves {groups / 3600:,.0f} ({groups / best - 1:+.1%})")
    exact = metres_walked(small_items, small_places, optimum(small_items, small_places)[0])
    print(f"    km a day: optimum {exact / 1000:,.1f}, ours {small.after / 1000:,.1f}, now {small.before / 1000:,.1f}")


if __name__ == "__main__":
    main()
