"""Return facts of many deliveries, rates of all cells and the cause explorer: seconds, beside pandas and Odoo's ORM.

    python benchmarks/returns.py [--lines N] [--returns N] [--keep]

Makes a database with N delivered order lines of 5,000 products (two lines, one transfer and one parcel per order, two
warehouses, 200 vendors, two years) and returns with reasons and causes, and measures in one Odoo process

* the first reading of everything (`scm.return.fact._refresh`), and the reading after a usual day
* delivered, returned and completed rates by ten dimensions and category (`_cells`); the same for each cause
* what the cause explorer asks the server for, for twelve months and for all
* pandas: one joined query by COPY, local days, one group for each of eight dimensions; no vendors, nothing completed
* Odoo: `_read_group` over moves and return lines for the three dimensions that it can tell

and asserts that our cells hold the same deliveries and returns as pandas' groups. Needs what the integration tests need
(tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lanes import table
from replenishment import NEEDED, load_adapter, measure_inside

SECONDS = 2 * 3600


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--returns", type=int, default=60_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    result = measure_inside(
        load_adapter(), "returns_inside", options.lines, options.returns, keep=options.keep, seconds=SECONDS
    )
    print("\n## Returns of many deliveries\n")
    print(
        f"{result['deliveries']:,} deliveries, {result['returns']:,} returned lines, {result['cells']:,} cells of ten "
        "dimensions by category.\n"
    )
    print(table(result["parts"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
