"""Zones, bands and lanes of many parcels: seconds and queries, beside a plain pandas pass over the same table.

    python benchmarks/lanes.py [--parcels N] [--keep]

Makes a database with N parcels and 5 N events (benchmarks/parcels.py), takes zone and band off them, and measures in
one Odoo process

* zone and weight band of all parcels (``scm.parcel._classify``), and once more when nothing changes
* the lanes of the three companies (``scm.lane._rebuild``): all five levels, shrinkage, reasons; and once more
* pandas: the columns of the parcels by COPY, local days, and one group per carrier, warehouse, zone and band with
  counts, late, lost, damaged, mean cost, median and 90th percentile: one level, nothing shrunk, explained or stored

and asserts that the lanes of the finest level hold the same parcels, due and late as pandas' groups. Needs what the
integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, load_adapter, measure_inside

SECONDS = 2 * 3600


def table(parts):
    """Markdown: a row per computation, and how many times as long as pandas it takes."""
    plain = next(one["seconds"] for one in parts if one["what"].startswith("pandas"))
    text = ["| what | s | computing (s) | MB | queries | times pandas |", "|---|---:|---:|---:|---:|---:|"]
    text += [
        f"| {one['what']} | {one['seconds']:.1f} | {one['cpu']:.1f} | {one['memory']:,.0f} | {one['queries']:,} | "
        f"{one['seconds'] / plain:.2f} |"
        for one in parts
    ]
    return "\n".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    result = measure_inside(
        load_adapter(), "lanes_inside", options.parcels, keep=options.keep, seconds=SECONDS
    )
    print("\n## Lanes of many parcels\n")
    print(
        f"{result['parcels']:,} parcels, {result['events']:,} events, {result['lanes']:,} lanes, of which "
        f"{result['finest']:,} of the finest level; {result['unclassified']:,} parcels without zone or band.\n"
    )
    print(table(result["parts"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
