"""Stock and service on real sales: our policy beside three rules that shops use, in one replay.

    python benchmarks/stock.py [--sample N] [--refresh WEEKS]

Weekly Online Retail II from week 57 on; levels are renewed every few weeks from the past only; weekly review, demand
that finds no stock is lost, the first eight weeks are not counted. Each rule is run over a range of its own setting
(service level, z, weeks of cover), so that rules are compared at equal stock value and at equal fill rate, not at
settings that happen to differ. Lead times are simulated, since the data have none:

* exact: 14 days for every order, as typed
* varying: 40 vendors that need 9 to 30 days with a coefficient of variation of .35, while 14 days are typed; ours has
  measured 25 receipts of each vendor, the other rules believe what is typed
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from benchmarks import retail  # noqa: E402
from tools import kernels  # noqa: E402

kernels.install()

from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions  # noqa: E402
from scm_kernels.planning.forecast import forecast  # noqa: E402
from scm_kernels.planning.leadtime import NODES, lead_times  # noqa: E402
from scm_kernels.planning.policy import PolicySettings, forecast_spread, plan  # noqa: E402
from scm_kernels.planning.simulate import draw_lead_periods, simulate  # noqa: E402

START = 57
WARM_UP = 8
TYPED_DAYS = 14.0
REVIEW_DAYS = 7.0
SEED = 20
LEVELS = (0.8, 0.9, 0.95, 0.98)
FILL_LEVELS = (0.5, 0.65, 0.8, 0.9, 0.95, 0.98)
Z_VALUES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)
COVER_WEEKS = (3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 30, 40)
#: the settings at which rules are compared: ours asked for these levels
COMPARED_LEVELS = (0.9, 0.95, 0.98)


@dataclass(frozen=True)
class Case:
    """The items, their demand, and how long orders take."""

    history: np.ndarray
    future: np.ndarray
    unit_value: np.ndarray
    nodes: np.ndarray
    lead: np.ndarray

    @property
    def n(self):
        return len(self.history)


@dataclass(frozen=True)
class Point:
    """One rule at one setting."""

    setting: float
    stock_value: float
    fill: float
    ready: float
    cycle: float
    orders: int


def load(sample):
    """Demand until START, from START on, and the value of a unit, of the eligible items."""
    sales = retail.read_sales()
    codes, quantity = retail.panel(sales)
    value = sales.groupby("code")["price"].median().reindex(codes).to_numpy()
    rows = np.flatnonzero(retail.eligible(quantity[:, :START]))
    if sample and sample < len(rows):
        rows = np.sort(np.random.default_rng(SEED).choice(rows, sample, replace=False))
    return quantity[rows], value[rows]


def exact_leads(quantity, value):
    n, weeks = len(quantity), quantity.shape[1] - START
    nodes = np.full((n, NODES), TYPED_DAYS)
    return Case(quantity[:, :START], quantity[:, START:], value, nodes, np.full((n, weeks), round(TYPED_DAYS / 7)))


def varying_leads(quantity, value):
    n, weeks = len(quantity), quantity.shape[1] - START
    generator = np.random.default_rng(SEED)
    vendor = generator.integers(0, 40, n)
    mean, cv = np.linspace(9, 30, 40), 0.35
    receipts = np.repeat(np.arange(40), 25)
    measured = generator.gamma(1 / cv**2, mean[receipts] * cv**2)
    items = np.arange(n)
    nodes = lead_times(receipts, generator.integers(0, n, len(receipts)), measured, vendor, items, TYPED_DAYS).nodes
    truth = generator.gamma(1 / cv**2, mean[vendor, None] * cv**2, (n, 400))
    lead = draw_lead_periods(truth, 7, weeks, SEED + 1)
    return Case(quantity[:, :START], quantity[:, START:], value, nodes, lead)


def forecasts(case, refresh):
    """Forecasts made at each renewal, from the past only: [(week, result)]."""
    whole = np.concatenate([case.history, case.future], axis=1)
    made = []
    for week in range(0, case.future.shape[1], refresh):
        panel = DemandPanel(whole[:, : START + week], retail.FIRST_MONDAY)
        made.append((week, forecast(panel, ForecastOptions(horizon=13))))
    return made


def spread_over_weeks(columns, weeks, refresh):
    return np.repeat(np.stack(columns, 1), refresh, axis=1)[:, :weeks]


def ours(case, made, refresh, level, fill):
    settings = PolicySettings.of(case.n, level, fill=fill, review_days=REVIEW_DAYS)
    levels = [plan(forecast_spread(result, 7), case.nodes, settings).maximum for _week, result in made]
    columns = spread_over_weeks(levels, case.future.shape[1], refresh)
    return columns, columns


def mean_and_sd(case, refresh, window):
    """Plain mean and sd of the last weeks at each renewal."""
    whole = np.nan_to_num(np.concatenate([case.history, case.future], axis=1))
    for week in range(0, case.future.shape[1], refresh):
        recent = whole[:, START + week - window : START + week]
        yield recent.mean(1), recent.std(1, ddof=1)


def mean_z_sigma(case, refresh, z):
    weeks = (TYPED_DAYS + REVIEW_DAYS) / 7
    levels = [np.ceil(m * weeks + z * sd * np.sqrt(weeks)) for m, sd in mean_and_sd(case, refresh, 26)]
    columns = spread_over_weeks(levels, case.future.shape[1], refresh)
    return columns, columns


def fixed_cover(case, refresh, weeks):
    levels = [np.ceil(m * weeks) for m, _sd in mean_and_sd(case, refresh, 13)]
    columns = spread_over_weeks(levels, case.future.shape[1], refresh)
    return columns, columns


def typed_once(case, _refresh, weeks):
    """Minimum and maximum as a buyer types them once: so many weeks of the mean of 26, and four more."""
    mean = np.nan_to_num(case.history[:, -26:]).mean(1)
    shape = case.future.shape
    return tuple(np.broadcast_to(np.ceil(mean * cover)[:, None], shape) for cover in (weeks, weeks + 4))


def run(case, levels, setting):
    minimum, maximum = levels
    result = simulate(case.future, minimum, maximum, case.lead, warm_up=WARM_UP)
    totals = result.totals(unit_cost=case.unit_value)
    return Point(setting, totals.stock_value, totals.fill_rate, totals.ready_rate, totals.cycle_service, totals.orders)


def curves(case, made, refresh):
    """Each rule's points over its range of settings."""
    return {
        "ours, cycle service": [run(case, ours(case, made, refresh, x, False), x) for x in LEVELS],
        "ours, fill rate": [run(case, ours(case, made, refresh, x, True), x) for x in FILL_LEVELS],
        "mean + z sigma, typed lead time": [run(case, mean_z_sigma(case, refresh, z), z) for z in Z_VALUES],
        "mean of 13 weeks x fixed cover": [run(case, fixed_cover(case, refresh, x), x) for x in COVER_WEEKS],
        "min/max typed once": [run(case, typed_once(case, refresh, x), x) for x in COVER_WEEKS],
    }


def at(points, wanted, of, by):
    """Figure ``of`` where figure ``by`` has the wanted value, between two settings; NaN outside the range."""
    x = np.array([getattr(point, by) for point in points])
    y = np.array([getattr(point, of) for point in points])
    order = np.argsort(x)
    return float(np.interp(wanted, x[order], y[order], left=np.nan, right=np.nan))


def show(title, table):
    print(f"\n### {title}\n")
    print(
        "| rule | fill, weeks in full at our stock value | value for our fill | ours / it | for our weeks | ours / it |"
    )
    print("|---|---|---|---|---|---|")
    own = table["ours, cycle service"]
    for level in COMPARED_LEVELS:
        ref = next(point for point in own if point.setting == level)
        print(
            f"| **ours, cycle service {level:.2f}** | {ref.fill:.3f}, {ref.ready:.3f} | {ref.stock_value:,.0f} | | | |"
        )
        for name in list(table)[1:]:
            points = table[name]
            fill, ready = (at(points, ref.stock_value, figure, "stock_value") for figure in ("fill", "ready"))
            same_fill, same_ready = (at(points, getattr(ref, by), "stock_value", by) for by in ("fill", "ready"))
            print(
                f"| {name} | {number(fill)}, {number(ready)} | {number(same_fill, ',.0f')} "
                f"| {number(ref.stock_value / same_fill, '.2f')} | {number(same_ready, ',.0f')} "
                f"| {number(ref.stock_value / same_ready, '.2f')} |"
            )


def number(value, form=".3f"):
    """A rule may not reach what ours reaches with any of its settings."""
    return "not reached" if np.isnan(value) else format(value, form)


def show_asked(table):
    print("\n| ours, target | asked | cycles without stock-out | weeks served in full | fill | stock value |")
    print("|---|---|---|---|---|---|")
    for name in ("ours, cycle service", "ours, fill rate"):
        for point in table[name]:
            print(
                f"| {name[6:]} | {point.setting:.2f} | {point.cycle:.3f} | {point.ready:.3f} | {point.fill:.3f} "
                f"| {point.stock_value:,.0f} |"
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sample", type=int, default=0, help="items, 0 = all")
    parser.add_argument("--refresh", type=int, default=4, help="weeks between two renewals of the levels")
    options = parser.parse_args()
    if retail.data_file() is None:
        print(retail.missing_message())
        return
    begun = time.perf_counter()
    quantity, value = load(options.sample)
    cases = {"Lead time as typed": exact_leads(quantity, value), "Lead times vary": varying_leads(quantity, value)}
    made = forecasts(cases["Lead time as typed"], options.refresh)
    until = retail.FIRST_MONDAY + timedelta(weeks=quantity.shape[1])
    print(
        f"{len(quantity)} items, weeks {START} to {quantity.shape[1]} (until {until}), renewed every {options.refresh}"
    )
    for title, case in cases.items():
        table = curves(case, made, options.refresh)
        show(title, table)
        show_asked(table)
    print(f"\n{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
