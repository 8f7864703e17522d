"""Weeks around a feast that moves: ours beside what a user can pick today, on a simulated shop (``lunar_data.py``).

    python benchmarks/lunar.py [--items 10]

Four categories, four years of history, forecast six weeks before Lunar New Year of 2024, 2025 and 2026 (10 February,
29 January, 17 February). Scored are the weeks (days) from 28 days before the feast to 21 days behind it only. Ours gets
the dates of the feast, as Odoo's calendar has them; it is not told the profile. Lower is better.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import os
import sys
import time
import warnings
from datetime import timedelta
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lunar_data as world

from tools import kernels

kernels.install()

from scm_kernels.planning import backtest
from scm_kernels.planning.datatypes import DemandPanel, Event, EventCalendar, ForecastOptions, Occurrence
from scm_kernels.planning.forecast import forecast

YEARS = (2024, 2025, 2026)
HISTORY_WEEKS = 208
HORIZON = {7: 10, 1: 70}
SEASON = {7: 52, 1: 364}
FREQ = {7: "W", 1: "D"}


def calendar():
    """What ``scm.event`` ships for Lunar New Year, with the dates of all years."""
    spans = tuple(Occurrence(day, day + timedelta(days=world.FEAST_DAYS - 1)) for day in world.FEASTS)
    return EventCalendar(
        (Event("Lunar New Year", "feast", spans, lead_days=world.LEAD_DAYS, after_days=world.AFTER_DAYS),)
    )


def cut(shop, feast, period_days):
    """(history, actual, first day of the history, mask of the scored periods) of one origin."""
    origin = world.origin_of(feast, period_days)
    first = origin - timedelta(weeks=HISTORY_WEEKS)
    first_day, split = (first - shop.start).days, (origin - shop.start).days
    horizon = HORIZON[period_days]
    history = shop.demand[:, max(first_day, 0) : split]
    actual = shop.demand[:, split : split + horizon * period_days]
    if period_days == 7:
        history, actual = world.weekly(history), world.weekly(actual)
    opens = np.arange(horizon) * period_days + (origin - feast).days
    scored = (opens + period_days > -28) & (opens <= 21)
    return history, actual, max(first, shop.start), scored


def ours(history, shop, start, period_days, events=True):
    panel = DemandPanel(history, start, FREQ[period_days], shop.category)
    options = ForecastOptions(horizon=HORIZON[period_days], levels=(0.5, 0.95))
    return forecast(panel, options, calendar() if events else None).expected


def holt_winters(history, shop, start, period_days):
    """statsmodels: additive damped trend, multiplicative season where no period is 0; by day the season is the week."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    horizon, season = HORIZON[period_days], 52 if period_days == 7 else 7
    out = np.empty((len(history), horizon))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row, values in enumerate(history):
            kind = "mul" if (values > 0).all() else "add"
            model = ExponentialSmoothing(
                values, trend="add", damped_trend=True, seasonal=kind, seasonal_periods=season
            )
            out[row] = model.fit().forecast(horizon)
    return np.maximum(np.nan_to_num(out), 0)


def seasonal_naive(history, shop, start, period_days):
    return backtest.seasonal_naive_forecast(history, HORIZON[period_days], SEASON[period_days])


def without_events(history, shop, start, period_days):
    return ours(history, shop, start, period_days, events=False)


METHODS = {
    "**ours, with the feast's dates**": ours,
    "ours without the calendar": without_events,
    "Holt-Winters (statsmodels)": holt_winters,
    "seasonal naive": seasonal_naive,
}


def score(actual, forecast_, scored, category):
    """(absolute error, error, demand, absolute error of category totals) over the scored periods."""
    error = (forecast_ - actual)[:, scored]
    totals = np.array([error[category == number].sum(axis=0) for number in np.unique(category)])
    return np.array([np.abs(error).sum(), error.sum(), actual[:, scored].sum(), np.abs(totals).sum()])


def table(shop, period_days):
    """{method: (per year {year: WAPE of items}, sums over the years, seconds)}."""
    rows = {}
    for name, method in METHODS.items():
        begun, sums, by_year = time.perf_counter(), np.zeros(4), {}
        for year in YEARS:
            feast = next(day for day in world.FEASTS if day.year == year)
            history, actual, start, scored = cut(shop, feast, period_days)
            found = score(actual, method(history, shop, start, period_days), scored, shop.category)
            by_year[year] = found[0] / found[2]
            sums += found
        rows[name] = by_year, sums, time.perf_counter() - begun
    return rows


def show(title, rows):
    print(f"\n### {title}\n")
    print(f"| method | {' | '.join(f'WAPE {year}' for year in YEARS)} | WAPE | bias | WAPE of category totals | s |")
    print("|---" * (len(YEARS) + 5) + "|")
    for name, (by_year, (absolute, error, demand, total), seconds) in rows.items():
        years = " | ".join(f"{by_year[year]:.3f}" for year in YEARS)
        figures = f"{absolute / demand:.3f} | {error / demand:+.3f} | {total / demand:.3f}"
        print(f"| {name} | {years} | {figures} | {seconds:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=10, help="items per category")
    options = parser.parse_args()
    shop = world.simulate(options.items)
    show(f"Weeks around Lunar New Year, {len(shop.demand)} items, by week", table(shop, 7))
    show(f"Days around Lunar New Year, {len(shop.demand)} items, by day", table(shop, 1))


if __name__ == "__main__":
    main()
