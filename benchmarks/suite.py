"""The whole suite on a large company: the night of everything, every page, and how both grow.

    python benchmarks/suite.py [--size S] [--growth] [--pages TEXT] [--keep]

Makes a database with 50,000 products in two warehouses, a million orders of two lines in two years, half a million
parcels with events, receipts and returns (benchmarks/suite_data.py), all by COPY, and measures, each part in an Odoo
process of its own,

* the first night, which reads all history, and a usual night after a day's changes: every scheduled action of the
  suite, planning by its steps: seconds on the clock, seconds of computing (of Odoo and of its database connection, one
  core each), peak memory and statements
* every page: what the suite's menus open and what its own pages ask, first call and later calls, statements
* with --growth the same at half the size before, and how many times as long each step takes when the company doubles

--size scales the company (0.1 is a quick look). One database at a time, dropped at the end; the whole one needs
15 GB. Needs what the integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, ROOT, fresh_database, load_adapter

HOURS = 8 * 3600
#: a page is slow above so many seconds; a step grows too fast above so many times
SLOW_PAGE, STEEP = 1.0, 2.3
#: steps below are too short to say how they grow
SHORT_SECONDS = 2.0


def inside(adapter, database, expression):
    return adapter.shell(
        database,
        f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks import suite_data as data, suite_inside as inside
result = {expression}
""",
        seconds=HOURS,
    )


def measure(adapter, size, keep=False, only=""):
    """Counts, nights and pages of a company of that size."""
    database = fresh_database(adapter)
    print(f"  database {database}, size {size:g}", file=sys.stderr, flush=True)
    try:
        found = {"size": size, "counts": inside(adapter, database, f"data.build(env, {size})")}
        found["first"] = inside(adapter, database, "inside.night(env, 'forecast')")
        inside(adapter, database, f"inside.change(env, {size})")
        found["usual"] = inside(adapter, database, "inside.night(env, 'refresh')")
        found["pages"] = inside(adapter, database, f"inside.pages(env, {only!r})")
        return found
    finally:
        if not keep:
            adapter.drop(database)


def night_table(rows, half=()):
    """Markdown of a night; with the same night of half the company also how each step grew."""
    before = {row["what"]: row for row in half}
    head = "| step | clock (s) | computing (s) | MB | statements |" + (" half: computing (s) | times |" if half else "")
    text = [head, "|---|" + "---:|" * (6 if half else 4)]
    for row in sorted(rows, key=lambda row: -row["cpu"]):
        cells = f"| {row['what']} | {row['seconds']:.1f} | {row['cpu']:.1f} | {row['memory']:,.0f} | "
        text.append(cells + f"{row.get('queries', 0):,} |" + (_growth(row, before) if half else ""))
    total = {name: sum(row[name] for row in rows) for name in ("seconds", "cpu")}
    most = max(row["memory"] for row in rows)
    text.append(f"| **all, most** | **{total['seconds']:.0f}** | **{total['cpu']:.0f}** | **{most:,.0f}** | |")
    return "\n".join(text)


def _growth(row, before):
    other = before.get(row["what"])
    if not other:
        return " | |"
    if row["cpu"] < SHORT_SECONDS or not other["cpu"]:
        return f" {other['cpu']:.1f} | |"
    times = row["cpu"] / other["cpu"]
    return f" {other['cpu']:.1f} | {'**' if times > STEEP else ''}{times:.1f}{'**' if times > STEEP else ''} |"


def page_table(rows, most=25):
    """Markdown of the slowest pages, and how many are slower than a second."""
    text = ["| page | first (s) | later (s) | computing (s) | statements |", "|---|---:|---:|---:|---:|"]
    text += [
        f"| {row['what']} | {row['first']:.2f} | {row['warm']:.2f} | {row['cpu']:.2f} | {row['queries']} |"
        for row in rows[:most]
    ]
    slow = sum(row["warm"] > SLOW_PAGE for row in rows)
    failed = [f"{row['what']}: {row['failed']}" for row in rows if row["failed"]]
    text.append(f"\n{len(rows)} pages, {slow} of them slower than {SLOW_PAGE:g} s.")
    return "\n".join([*text, *failed])


def report(found, half=None):
    counts = found["counts"]
    print(f"\n## The suite, size {found['size']:g}\n")
    print(
        ", ".join(f"{count:,} {name}" for name, count in counts.items() if name != "bytes")
        + f"; {counts['bytes'] / 2**30:.1f} GB before the first night.\n"
    )
    for title in ("first", "usual"):
        print(f"### A {title} night\n")
        print(night_table(found[title], half[title] if half else ()) + "\n")
    print("### Pages\n")
    print(page_table(found["pages"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1.0, help="of the company; 1: 50,000 products")
    parser.add_argument("--growth", action="store_true", help="half the size too, and how each step grows")
    parser.add_argument("--pages", default="", help="only pages with this in their name")
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    adapter = load_adapter()
    half = measure(adapter, options.size / 2, only=options.pages) if options.growth else None
    report(measure(adapter, options.size, options.keep, options.pages), half)
    return 0


if __name__ == "__main__":
    sys.exit(main())
