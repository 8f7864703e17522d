"""Replenishment in Odoo itself beside ours, in one run and on one database: seconds and queries.

    python benchmarks/replenishment.py [--rules N] [--rows N]

Makes a database with N products, two years of their sales, stock, vendors and reordering rules, and measures in it

* opening the list from which a planner orders: Odoo's replenishment page, our planning list
* the nightly work: Odoo's scheduler over all rules (stock below the minimum becomes a quotation), beside our nightly
  job (demand, classes, forecast of 26 weeks, new levels, alerts) and ordering what it proposes by the same procurement
* our planning list with 20,000 rows

Needs what the integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import importlib.util
import os
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("SCM_ODOO_CMD", "SCM_ODOO_CONFIG")


def load_adapter():
    path = ROOT / "tests" / "integration" / "adapter.py"
    spec = importlib.util.spec_from_file_location("integration_adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fresh_database(adapter):
    """A database with the addons and no data: a copy of the tests' one, else installed here."""
    empty = os.environ.get("SCM_EMPTY_DB")
    if empty and adapter.query("postgres", "SELECT 1 FROM pg_database WHERE datname = %s", [empty]):
        return adapter.clone(empty)
    name = f"scm_bench_{uuid.uuid4().hex[:8]}"
    adapter.query("postgres", f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    adapter.odoo(
        "-c",
        os.environ["SCM_ODOO_CONFIG"],
        "-d",
        name,
        "-i",
        "scm_planning",
        "--stop-after-init",
        "--no-http",
        "--log-level=error",
    )
    return name


def measure_inside(adapter, module, *arguments, keep=False, seconds=3600):
    """What ``measure(env, *arguments)`` of a module of this folder returns, in one Odoo process on a fresh database."""
    database = fresh_database(adapter)
    print(f"  database {database}", file=sys.stderr, flush=True)
    try:
        return adapter.shell(
            database,
            f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks import {module} as inside
result = inside.measure(env, *{arguments!r})
""",
            seconds=seconds,
        )
    finally:
        if not keep:
            adapter.drop(database)


def table(lines):
    """Markdown: what, of how many, Odoo's and our seconds and queries, and how many times as quick ours is."""
    text = [
        "| what | of | Odoo 19 (s) | ours (s) | times as quick | queries Odoo | queries ours |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for line in lines:
        odoo, ours = line.get("odoo"), line.get("ours")
        ratio = f"{odoo['seconds'] / max(ours['seconds'], 1e-3):.1f}" if odoo and ours else ""
        text.append(
            f"| {line['what']} | {line['of']:,} | {_figure(odoo, 'seconds', '.2f')} | "
            f"{_figure(ours, 'seconds', '.2f')} | {ratio} | {_figure(odoo, 'queries', ',d')} | "
            f"{_figure(ours, 'queries', ',d')} |"
        )
    return "\n".join(text)


def _figure(part, name, form):
    return format(part[name], form) if part else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=5000, help="products, each with a reordering rule")
    parser.add_argument("--rows", type=int, default=20000, help="rows of the large planning list")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    result = measure_inside(load_adapter(), "replenishment_inside", options.rules, options.rows)
    print("\n## Replenishment: Odoo 19 beside ours\n")
    print(f"{result['products']:,} products, {result['order_lines']:,} order lines of two years, one warehouse.\n")
    print(table(result["lines"]))
    print("\n" + "\n".join(f"- {note}" for note in result["notes"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
