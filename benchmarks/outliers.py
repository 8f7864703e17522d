"""Outliers found among planted ones: precision and recall by kind, and seconds for a large range.

    python benchmarks/outliers.py [--series 400] [--large 100000]

Histories: three years of weeks, gamma-Poisson counts with a yearly season by category, levels of 0.3 to 300 a week. In
half of them one week is changed: a one-off peak of 5 to 9 times the level, such a peak by one large buyer, a price cut
to 0.7 with the demand that an elasticity of -2.62 gives, or a dip while out of stock. Of each category a further week
triples (an event). The last column counts those found with the reason that was planted.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import os
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import kernels

kernels.install()

from scm_kernels.planning import outliers

WEEKS, SEED = 156, 20261125
KINDS = ("unexplained", "customer", "price", "stockout", "event")


def ranges(draw, series):
    """Quantity (n, T), categories and mean (n, T)."""
    group = np.arange(series) // 20
    phase, depth = draw.uniform(0, 1, group.max() + 1), draw.uniform(0, 0.5, group.max() + 1)
    week = np.arange(WEEKS)
    season = np.exp(depth[group][:, None] * np.sin(2 * np.pi * (week[None] / 52 + phase[group][:, None])))
    mean = np.exp(draw.uniform(np.log(0.3), np.log(300), series))[:, None] * season
    return draw.poisson(mean * draw.gamma(12.0, 1 / 12.0, mean.shape)).astype(float), group, mean


def plant(draw, quantity, group, mean):
    """Change one week of every second series; (kind, series, week) of each, and the evidence tables."""
    n = len(quantity)
    in_stock, customer, price = np.ones(quantity.shape), np.zeros(quantity.shape), np.ones(quantity.shape)
    event_week = draw.integers(20, WEEKS - 20, group.max() + 1)
    planted = []
    for row in range(0, n, 2):
        kind = KINDS[(row // 2) % (len(KINDS) - 1)]
        at = int(draw.integers(20, WEEKS - 5))
        if abs(at - event_week[group[row]]) < 2 or mean[row, at] < 2:
            continue
        usual = mean[row, at]
        if kind == "stockout":
            if usual < 15:
                continue
            in_stock[row, at], quantity[row, at] = 0.0, 0.0
        elif kind == "price":
            price[row, at] = 0.7
            quantity[row, at] = draw.poisson(usual * 0.7**outliers.ELASTICITY)
        else:
            more = usual * draw.uniform(4, 8) + 12
            quantity[row, at] += np.round(more)
            customer[row, at] = np.round(more) if kind == "customer" else 0.0
        planted.append((kind, row, at))
    for label in np.unique(group):
        rows = np.flatnonzero(group == label)
        at = event_week[label]
        quantity[rows, at] = draw.poisson(mean[rows, at] * 3.0)
        planted += [("event", int(row), int(at)) for row in rows if mean[row, at] >= 10]
    return planted, event_week, in_stock, customer, price


def evidence_of(found, quantity, expected, group, event_week, in_stock, customer, price):
    at = found.series, found.period
    event = found.period == event_week[group[found.series]]
    lift = outliers.group_lift(quantity, expected, group, found)
    never = np.zeros(len(found), bool)
    missed = outliers.missed_before(in_stock, *at)
    return outliers.Evidence(
        event, lift, never, np.full(len(found), np.nan), customer[at], price[at], in_stock[at], missed
    )


def measure(series, seed=SEED):
    """Rows (kind, planted, found, found with its reason), false alarms, weeks looked at."""
    draw = np.random.default_rng(seed)
    quantity, group, mean = ranges(draw, series)
    planted, event_week, *tables = plant(draw, quantity, group, mean)
    found, expected = outliers.detect(quantity, group, tables[0])
    reason, _share = outliers.explain(found, evidence_of(found, quantity, expected, group, event_week, *tables))
    said = {
        (int(row), int(week)): outliers.REASONS[code]
        for row, week, code in zip(found.series, found.period, reason, strict=True)
    }
    rows = []
    for kind in KINDS:
        own = [(row, week) for name, row, week in planted if name == kind]
        rows.append((kind, len(own), sum(key in said for key in own), sum(said.get(key) == kind for key in own)))
    # a large sale in the week of an event is none that was made up
    known = {(row, week) for _kind, row, week in planted}
    false = [key for key in said if key not in known and key[1] != event_week[group[key[0]]]]
    return rows, len(false), quantity.size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=int, default=400)
    parser.add_argument("--large", type=int, default=100_000)
    options = parser.parse_args()
    rows, false, weeks = measure(options.series)
    print("| planted | weeks | found | with its reason |\n|---|---|---|---|")
    for kind, count, found, right in rows:
        print(f"| {kind} | {count} | {found / max(count, 1):.1%} | {right / max(count, 1):.1%} |")
    hit = sum(row[2] for row in rows)
    print(f"\nRecall {hit / sum(row[1] for row in rows):.1%}, precision {hit / (hit + false):.1%}, "
          f"{false} false alarms in {weeks:,} weeks")  # fmt: skip
    quantity, group, _mean = ranges(np.random.default_rng(1), options.large)
    begun = time.perf_counter()
    found, _expected = outliers.detect(quantity.astype(np.float32), group)
    print(f"{options.large:,} series x {WEEKS} weeks: {time.perf_counter() - begun:.1f} s, {len(found):,} outliers")


if __name__ == "__main__":
    main()
