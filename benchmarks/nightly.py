"""Nights of a large company: seconds and peak memory of each step of the nightly job.

    python benchmarks/nightly.py [--products N] [--simulate] [--keep]

Makes a database with N products in two warehouses, three years (156 weeks) of their sales, receipts, vendors and
reordering rules, all by COPY, and measures in it, each in an Odoo process of its own,

* the first night, which reads all history
* the weekly night, which forecasts again
* a usual night after a day on which one product in fifty was ordered: only what changed, beside the same with
  everything refreshed
* with --simulate, instead of the usual nights, a policy simulation of the last two years

Needs what the integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, ROOT, fresh_database, load_adapter

HOUR = 3600


def inside(adapter, database, expression):
    return adapter.shell(
        database,
        f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks import nightly_inside as inside
result = inside.{expression}
""",
        seconds=3 * HOUR,
    )


def measure(adapter, products, keep, simulate=False):
    database = fresh_database(adapter)
    print(f"  database {database}", file=sys.stderr, flush=True)
    try:
        size = inside(adapter, database, f"build(env, {products})")
        nights = {"first night": inside(adapter, database, "night(env, 'forecast')")}
        nights["weekly forecast"] = inside(adapter, database, "night(env, 'forecast')")
        if simulate:
            return size, nights, inside(adapter, database, f"simulate(env, {min(2 * products, 10_000)}, 728)")
        # four products per order
        inside(adapter, database, f"change(env, {max(products // 200, 1)})")
        nights["usual night"] = inside(adapter, database, "night(env, 'refresh')")
        nights["usual night, all refreshed"] = inside(adapter, database, "night(env, 'refresh', whole=True)")
        return size, nights, None
    finally:
        if not keep:
            adapter.drop(database)


def table(nights):
    """Markdown: a row per step, seconds and peak MB per night."""
    steps = list(dict.fromkeys(step for night in nights.values() for step in night))
    text = [
        "| step | " + " | ".join(f"{name} (s) | computing (s) | MB" for name in nights) + " |",
        "|---|" + "---:|---:|---:|" * len(nights),
    ]
    for step in steps:
        cells = [_cells(night.get(step)) for night in nights.values()]
        text.append(f"| {step} | " + " | ".join(cells) + " |")
    totals = [
        f"**{sum(one['seconds'] for one in night.values()):.0f}** | "
        f"**{sum(one['cpu'] for one in night.values()):.0f}** | "
        f"**{max(one['memory'] for one in night.values()):,.0f}**"
        for night in nights.values()
    ]
    return "\n".join([*text, "| **total, most** | " + " | ".join(totals) + " |"])


def _cells(one):
    return f"{one['seconds']:.1f} | {one['cpu']:.1f} | {one['memory']:,.0f}" if one else " | | "


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=5000, help="products, each in two warehouses")
    parser.add_argument("--simulate", action="store_true", help="the policy simulator instead of the usual nights")
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    size, nights, replayed = measure(load_adapter(), options.products, options.keep, options.simulate)
    print("\n## Nights of a large company\n")
    print(f"{options.products:,} products, two warehouses, 156 weeks, {size['order_lines']:,} order lines.\n")
    print(table(nights))
    if replayed:
        print(
            f"\nSimulation of two years, {replayed['items']:,} products and warehouses, three scenarios: "
            f"{replayed['seconds']:.1f} s, computing {replayed['cpu']:.1f} s, {replayed['memory']:,.0f} MB."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
