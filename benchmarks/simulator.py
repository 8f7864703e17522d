"""The policy simulator: how quick it is beside a plain one, and what its replay says on real sales.

    python benchmarks/simulator.py [--items N] [--part speed|retail|all]

Speed: 1,000 products over a year of days, three scenarios (our policies, fixed minimum and maximum, 98 % service), 13
renewals of forecast and levels from the past only; beside it the day loop of one product after the other in plain
Python, run on a part and scaled up.

Retail: daily Online Retail II, its last 48 weeks; our policies at several service levels against "mean of 13 weeks x
cover", renewed on the same days, and against minimum and maximum typed once; compared at equal fill.
"""

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from benchmarks import retail  # noqa: E402
from tools import kernels  # noqa: E402

kernels.install()

from scm_kernels.planning import replay  # noqa: E402
from scm_kernels.planning.policy import PolicySettings  # noqa: E402
from scm_kernels.planning.replay import History, Levels, Supply  # noqa: E402

SEED = 5
WARM_UP = 28
RENEW_DAYS = 28
LEVELS = (0.8, 0.9, 0.95, 0.98)
COVERS = (14, 21, 28, 35, 42, 56, 70, 90, 120, 180)
SLOW_ITEMS = 20


def simulated(n, weeks=104):
    """A made-up shop: two years of days, demand rates, lead times of 40 vendors."""
    draw = np.random.default_rng(SEED)
    rate = draw.gamma(0.8, 1.2, n)
    season = 1 + 0.3 * np.sin(np.arange(weeks * 7) * 2 * np.pi / 365)
    demand = draw.poisson(rate[:, None] * season).astype(float)
    nodes = np.sort(draw.gamma(8, 2, (n, 10)), axis=1)
    return history_of(demand, retail.FIRST_MONDAY, np.zeros(n, int), draw.integers(0, 12, n)), nodes


def history_of(demand, start, known_from, group):
    return History(start, demand, np.zeros_like(demand), np.ones(demand.shape, bool), known_from, group)


class Shop:
    """History, supply and the replayed days; what the scenarios share."""

    def __init__(self, history, nodes, first):
        self.history, self.nodes, self.first = history, nodes, first
        self.demand = history.demand[:, first:]
        self.days = replay.plan_days(self.demand.shape[1], RENEW_DAYS)
        nothing = np.zeros(len(nodes))
        lead = replay.draw_leads(nodes, self.demand.shape[1], SEED)
        self.supply = Supply(nodes, lead, nothing, nothing)
        self.rate = history.demand[:, max(0, first - 91) : first].mean(1)

    def forecasts(self):
        return replay.forecasts_through_time(self.history, self.first + self.days)

    def ours(self, made, *levels):
        rows = np.arange(len(self.nodes))
        shared = replay.protections(made, rows, self.nodes, np.full(len(rows), 7.0))
        settings = [PolicySettings.of(len(rows), level, review_days=7.0) for level in levels]
        return [replay.levels_through_time(made, self.days, rows, self.nodes, one, shared) for one in settings]

    def mean_cover(self, cover):
        """Minimum and maximum: mean of the 13 weeks before each renewal x days of cover."""
        columns = []
        for day in self.first + self.days:
            mean = self.history.demand[:, max(0, day - 91) : day].mean(1)
            columns.append(np.ceil(mean * cover))
        levels = np.stack(columns, 1)
        return Levels(self.days, levels, levels)

    def typed(self, cover):
        mean = self.rate
        return Levels.fixed(np.ceil(mean * cover), np.ceil(mean * (cover + 28)))

    def run(self, levels, review=7):
        return replay.replay(self.demand, levels, self.supply, np.full(len(self.nodes), review), self.rate, WARM_UP)


def slow_day_loop(shop, levels, items):
    """The same replay for one product after the other in plain Python, with the same figures: what a script does."""
    minimum, maximum = levels.by_day(shop.demand.shape[1])
    on_hand, arriving = replay.steady_start(levels.maximum[:, 0], shop.rate, shop.supply.lead.mean(1))
    stocks = []
    for item in range(items):
        stock, coming, held, orders, rows = float(on_hand[item]), dict(enumerate(arriving[item].tolist())), 0.0, 0, []
        for day, asked in enumerate(shop.demand[item].tolist()):
            came, ordered = coming.pop(day, 0.0), 0.0
            stock += came
            position = stock + sum(coming.values())
            if day % 7 == 0 and position < minimum[item, day] - 1e-6:
                ordered = maximum[item, day] - position
                due = day + int(shop.supply.lead[item, day])
                coming[due] = coming.get(due, 0.0) + ordered
                stock += coming.pop(day, 0.0)
            served = min(asked, stock)
            if day >= WARM_UP:
                held += stock - served / 2
                orders += ordered > 0
                rows.append((stock - served, asked - served, ordered, came))
            stock -= served
        stocks.append(stock)
    return np.array(stocks)


def clock(function, *args):
    begun, worked = time.perf_counter(), time.process_time()
    result = function(*args)
    return result, np.array([time.perf_counter() - begun, time.process_time() - worked])


def speed(n):
    history, nodes = simulated(n)
    shop = Shop(history, nodes, 52 * 7 - WARM_UP)
    made, forecasting = clock(shop.forecasts)
    (ours, high), planning = clock(shop.ours, made, 0.95, 0.98)
    runs, playing = clock(lambda: [shop.run(levels) for levels in (ours, shop.typed(28), high)])
    slow, spent = clock(slow_day_loop, shop, ours, SLOW_ITEMS)
    np.testing.assert_allclose(slow, runs[0].on_hand[:SLOW_ITEMS], atol=1e-6)
    one_run = playing[1] / 3
    plain = spent[1] * n / SLOW_ITEMS
    print(f"\n### Speed: {n:,} products, {shop.demand.shape[1]} days, 3 scenarios\n")
    print("| step | s | of it computing |\n|---|---:|---:|")
    for name, seconds in (
        (f"{len(shop.days)} forecasts of all products from the past only", forecasting),
        (f"{len(shop.days)} x 2 levels", planning),
        ("day by day, 3 scenarios", playing),
        ("**all**", forecasting + planning + playing),
    ):
        print(f"| {name} | {seconds[0]:.2f} | {seconds[1]:.2f} |")
    print(
        f"\nComputing the days of one scenario: {one_run:.2f} s; in plain Python, product by product, {plain:.1f} s "
        f"({plain / one_run:.0f} times as long; same stock to the last unit on {SLOW_ITEMS} products)."
    )


def real_shop():
    sales = retail.read_sales()
    codes, weekly = retail.panel(sales)
    days = retail.WEEKS * 7
    _same, daily = retail.panel(sales, 1, retail.FIRST_MONDAY, days)
    first = 57 * 7 - WARM_UP
    rows = np.flatnonzero(retail.eligible(weekly[:, : first // 7]))
    demand = np.nan_to_num(daily[rows])
    known = np.isfinite(daily[rows]).argmax(1)
    value = sales.groupby("code")["price"].median().reindex(codes).to_numpy()[rows]
    draw = np.random.default_rng(SEED)
    vendor, mean, cv = draw.integers(0, 40, len(rows)), np.linspace(9, 30, 40), 0.35
    nodes = np.sort(draw.gamma(1 / cv**2, mean[vendor, None] * cv**2, (len(rows), 10)), axis=1)
    history = history_of(demand, retail.FIRST_MONDAY, known, np.zeros(len(rows), int))
    return Shop(history, nodes, first), value


def on_retail(sample):
    shop, value = real_shop()
    if sample and sample < len(value):
        rows = np.sort(np.random.default_rng(SEED).choice(len(value), sample, replace=False))
        history = shop.history
        part = history_of(history.demand[rows], history.start, history.known_from[rows], history.group[rows])
        shop, value = Shop(part, shop.nodes[rows], shop.first), value[rows]
    begun = time.perf_counter()
    made = shop.forecasts()
    curves = {
        "ours": [(level, shop.run(rules)) for level, rules in zip(LEVELS, shop.ours(made, *LEVELS), strict=True)],
        "mean of 13 weeks x cover": [(cover, shop.run(shop.mean_cover(cover))) for cover in COVERS],
        "minimum and maximum typed once, looked at daily": [
            (cover, shop.run(shop.typed(cover), 1)) for cover in COVERS
        ],
    }
    totals = {name: [(at, run.totals(unit_cost=value)) for at, run in runs] for name, runs in curves.items()}
    until = shop.history.start + timedelta(days=shop.history.demand.shape[1] - 1)
    print(f"\n### Real sales: {len(value):,} products, day by day to {until}\n")
    print("| asked for | fill | stock value | orders | mean of 13 x cover | ours / it | typed once | ours / it |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for level, ours in totals["ours"]:
        cells = [f"| {level:.2f} | {ours.fill_rate:.3f} | {ours.stock_value:,.0f} | {ours.orders:,} "]
        for name in list(totals)[1:]:
            needed = stock_for([one for _at, one in totals[name]], ours.fill_rate)
            words = ("not reached", "") if np.isnan(needed) else (f"{needed:,.0f}", f"{ours.stock_value / needed:.2f}")
            cells.append("| {} | {} ".format(*words))
        print("".join(cells) + "|")
    print(f"\n{time.perf_counter() - begun:.0f} s for {sum(map(len, curves.values()))} scenarios")


def stock_for(points, fill):
    """Stock value at which a rule reaches this fill, between two of its settings; NaN when none does."""
    order = np.argsort([point.fill_rate for point in points])
    x, y = (np.array([getattr(points[at], name) for at in order]) for name in ("fill_rate", "stock_value"))
    return float(np.interp(fill, x, y, left=np.nan, right=np.nan))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--items", type=int, default=1000, help="products of the speed part")
    parser.add_argument("--sample", type=int, default=0, help="products of the retail part, 0 = all")
    parser.add_argument("--part", choices=("speed", "retail", "all"), default="all")
    options = parser.parse_args()
    if options.part in ("speed", "all"):
        speed(options.items)
    if options.part in ("retail", "all"):
        if retail.data_file() is None:
            print(retail.missing_message())
        else:
            on_retail(options.sample)


if __name__ == "__main__":
    main()
