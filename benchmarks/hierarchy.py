"""Forecasts of all levels that add up: accuracy by level before and after reconciliation, one run.

    python benchmarks/hierarchy.py

Data: weekly Online Retail II (``retail.py``), split into two markets that stand for warehouses (United Kingdom, all
others).  Its products bear no categories: the first three and the first two figures of the stock code stand for them.
WAPE and bias by units sold, summed over nodes and origins; lower is better, a bias near 0 is good.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import retail

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import kernels

kernels.install()

from scm_kernels.planning import hierarchy, reconcile  # noqa: E402
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions  # noqa: E402
from scm_kernels.planning.forecast import forecast  # noqa: E402

ORIGINS = {8: (65, 73, 81, 89, 97), 13: (66, 79, 92)}
LEVELS = ("company", "warehouse", "category", "category_warehouse", "item")
HOME = "United Kingdom"


def read_panel():
    """Category (n,), market 1 or 2 (n,), weekly quantity (n, 105) of product x market."""
    sales = retail.read_sales()
    country = pd.read_csv(retail.data_file(), usecols=["Country"]).loc[sales.index, "Country"]
    market = np.where(country == HOME, "1", "2")
    codes, quantity = retail.panel(sales.assign(code=sales["code"] + "|" + market))
    parts = [code.split("|") for code in codes]
    return np.array([int(code[:3]) for code, _market in parts]), np.array([int(one) for _code, one in parts]), quantity


def forecasts(category, market, history, horizon):
    """Nodes, and dict name -> (item forecasts or None, node forecasts)."""
    parents = {int(code): 1000 + int(code) // 10 for code in np.unique(category)}
    nodes = hierarchy.build(category, market, parents)
    group = np.unique(category // 10, return_inverse=True)[1]
    options = ForecastOptions(horizon=horizon)
    panel = DemandPanel(history, retail.FIRST_MONDAY, group=group)
    result = forecast(panel, options)
    plain, corrected = result.mean.copy(), result.expected.copy()
    found = reconcile.shape(nodes, panel, result, options)
    rows = {"sum of items, item by item": plain, "sum of items, corrected for totals": corrected}
    rows["**reconciled**"] = result.expected
    named = {name: (items, nodes.members @ items) for name, items in rows.items()}
    return nodes, {"each level by itself (does not add up)": (None, found.base), **named}


def add_origin(sums, category, market, quantity, origin, horizon):
    history = quantity[:, :origin]
    used = retail.eligible(history)
    actual = np.nan_to_num(quantity[used, origin : origin + horizon])
    nodes, named = forecasts(category[used], market[used], history[used], horizon)
    came = nodes.members @ actual
    for name, (items, above) in named.items():
        for level in LEVELS:
            if level == "item" and items is None:
                continue
            at = nodes.level == level
            said, true = (items, actual) if level == "item" else (above[at], came[at])
            sums.setdefault((name, level), np.zeros(3))
            sums[name, level] += np.abs(said - true).sum(), (said - true).sum(), true.sum()


def table(horizon, panel):
    sums = {}
    for origin in ORIGINS[horizon]:
        add_origin(sums, *panel, origin, horizon)
    print(f"\n### {horizon} weeks ahead: WAPE by level (bias)\n")
    print(f"| forecast | {' | '.join(level.replace('_', ' x ') for level in LEVELS)} |")
    print(f"|---|{'---|' * len(LEVELS)}")
    for name in dict.fromkeys(name for name, _level in sums):
        cells = [sums.get((name, level)) for level in LEVELS]
        texts = ["" if cell is None else f"{cell[0] / cell[2]:.3f} ({cell[1] / cell[2]:+.3f})" for cell in cells]
        print(f"| {name} | {' | '.join(texts)} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--horizon", type=int, choices=sorted(ORIGINS), help="one horizon only")
    arguments = parser.parse_args()
    print("## Forecasts that add up")
    if retail.data_file() is None:
        print(retail.missing_message())
        return
    panel = read_panel()
    for horizon in [arguments.horizon] if arguments.horizon else sorted(ORIGINS):
        table(horizon, panel)


if __name__ == "__main__":
    main()
