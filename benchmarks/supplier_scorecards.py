"""Scorecards of many suppliers: one period in one run, beside Odoo's own on-time rate of the same suppliers.

    python benchmarks/supplier_scorecards.py [--suppliers N] [--lines N] [--keep]

Makes a database with N suppliers and N purchase lines that are all promised in one month, their receipts, returns,
inspections, RFQs, price lists and buyer surveys, all by COPY, and measures in one Odoo process

* the cards of that month, and of another month with twenty suppliers (the number of queries must be the same but for
  the rows that are read and written in parts)
* Odoo's ``on_time_rate`` of the same suppliers, which is one number each

Needs what the integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, load_adapter, measure_inside


def table(parts):
    """Markdown: a row per computation, and how many times as long Odoo's takes."""
    text = ["| what | suppliers | lines | s | computing (s) | MB | queries |", "|---|---:|---:|---:|---:|---:|---:|"]
    text += [
        f"| {one['what']} | {one['suppliers']:,} | {one['lines']:,} | {one['seconds']:.1f} | {one['cpu']:.1f} | "
        f"{one['memory']:,.0f} | {one['queries']:,} |"
        for one in parts.values()
    ]
    ratio = parts["odoo"]["seconds"] / parts["cards"]["seconds"]
    work = parts["odoo"]["cpu"] / parts["cards"]["cpu"]
    words = f"Odoo's one figure takes {ratio:.2f} times as long as the cards ({work:.2f} by computing)."
    return "\n".join([*text, "", words])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suppliers", type=int, default=2000)
    parser.add_argument("--lines", type=int, default=500_000, help="purchase lines promised in the period")
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    result = measure_inside(
        load_adapter(), "supplier_scorecards_inside", options.suppliers, options.lines, keep=options.keep
    )
    print("\n## Scorecards of a period\n")
    print(f"{result['measures']:,} measures on {result['cards']:,} cards, {result['price_lists']:,} price list rows.\n")
    print(table(result["parts"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
