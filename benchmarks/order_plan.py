"""Time and memory of the order plan's kernel: python benchmarks/order_plan.py [products] [weeks].

Two warehouses per product, random but repeatable demand, stock, lead times, least lots and price breaks; a third of the
second warehouses are supplied by the first.
"""

import resource
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tools import kernels

kernels.install()
from scm_kernels.planning.order_plan import plan  # noqa: E402
from scm_kernels.planning.plan_types import Flow, PlanFlows, PlanItems, PlanOptions  # noqa: E402
from scm_kernels.planning.supply_calendar import SupplyCalendar  # noqa: E402


def company(products, seed=7):
    draw = np.random.default_rng(seed)
    n = 2 * products
    rate = np.repeat(draw.lognormal(1.5, 1.2, products), 2) * draw.uniform(0.3, 1.7, n)
    second = np.arange(n) % 2 == 1
    source = np.where(second & (draw.random(n) < 1 / 3), np.arange(n) - 1, -1)
    price = np.repeat(draw.lognormal(2.5, 1.0, n)[:, None], 2, axis=1) * np.array([1.0, 0.95])
    items = PlanItems(
        product=np.repeat(np.arange(products), 2), opening=np.round(rate * draw.uniform(0, 12, n)),
        safety=np.round(rate * 1.5), step=np.ones(n), gone_days=np.zeros(n, int),
        forecast=rate[:, None] * draw.uniform(0.7, 1.3, (n, 26)), can_order=np.ones(n, bool), source=source,
        lead_days=draw.choice([7.0, 21.0, 45.0, 90.0], n),
        calendar_row=np.where(source < 0, draw.integers(-1, 50, n), -1), lot_weeks=draw.integers(1, 9, n),
        most_weeks=draw.choice([np.inf, 20.0], n), moq=np.round(rate * draw.integers(0, 4, n)),
        multiple=draw.choice([0.0, 6.0, 12.0], n), rate=np.full(n, 0.2),
        break_quantity=np.stack([np.ones(n), np.round(rate * 10) + 1], axis=1), break_price=price,
    )  # fmt: skip
    open_orders = draw.integers(0, n, n)
    flows = PlanFlows(
        receipts=Flow(open_orders, draw.integers(1, 60, n), np.round(rate[open_orders] * 4)),
        orders=Flow(open_orders, draw.integers(0, 30, n), np.round(rate[open_orders])),
    )
    closed = np.zeros((50, 7 * 120), bool)
    closed[:, 70:91] = True
    return items, flows, SupplyCalendar(date(2026, 11, 23), closed)


def main(products=50000, weeks=52):
    items, flows, calendar = company(products)
    start = time.perf_counter()
    result = plan(items, flows, calendar, PlanOptions(weeks=weeks))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{products:,} products x 2 warehouses x {weeks} weeks: {seconds:.1f} s, peak memory {peak:,.0f} MB, "
        f"{len(result.orders.item):,} orders"
    )


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:3]))
