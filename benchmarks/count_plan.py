"""The count plan of a large warehouse: seconds and queries.

    python benchmarks/count_plan.py [--quants N] [--places N] [--keep]

Makes a database with N quants (100,000) in N places (20,000), five movements per quant in half a year and a year of
counts of half of the places, and measures in one Odoo process the plan of the coming ten working days, the same once
more when nothing changes, the alerts and the summary of the accuracy. Needs what the integration tests need
(tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, load_adapter, measure_inside

SECONDS = 3600
#: what the plan may take
LIMIT = 10.0


def table(parts):
    """Markdown: a row per measurement."""
    text = ["| what | s | computing (s) | MB | queries |", "|---|---:|---:|---:|---:|"]
    text += [
        f"| {one['what']} | {one['seconds']:.1f} | {one['cpu']:.1f} | {one['memory']:,.0f} | {one['queries']:,} |"
        for one in parts
    ]
    return "\n".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quants", type=int, default=100_000)
    parser.add_argument("--places", type=int, default=20_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    result = measure_inside(
        load_adapter(), "count_plan_inside", options.quants, options.places, keep=options.keep, seconds=SECONDS
    )
    first, second = result["first"], result["second"]
    print("\n## Count plan of a large warehouse\n")
    print(f"{result['quants']:,} quants in {result['places']:,} places: {first['planned']:,} counts planned, "
          f"made again {second['planned']} more and {second['kept']:,} kept.\n")  # fmt: skip
    print(table(result["parts"]))
    took = result["parts"][0]["seconds"]
    print(f"\nThe plan may take {LIMIT:.0f} s and took {took:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
