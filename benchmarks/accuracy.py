"""Forecast accuracy side by side: ours and what a user can pick today, same series, same origins, one run.

    python benchmarks/accuracy.py [--sample 300] [--horizon 8]

Data: weekly Online Retail II (``retail.py``).  Table 1: all eligible series, methods that are fast enough.  Table 2: a
sample, with the slow methods too.  Table 3: simulated smooth series without season, where AutoETS is at home.
Lower is better.  RMSSE and MASE are scaled by the naive step of the history, WAPE, bias and QL95 by units sold.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import os
import sys
import time
import warnings
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# fits of one short series gain nothing from threads and lose much where processes share the cores
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import frepple_rules
import retail

from tools import kernels

kernels.install()

from scm_kernels.planning import accuracy, backtest, methods
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast

ORIGINS = {8: (65, 73, 81, 89, 97), 13: (66, 79, 92)}
LEVEL = 0.95
SEED = 20261123


@dataclass
class Case:
    """One origin: histories of the scored series, what came, and the whole population that engines may pool over."""

    history: np.ndarray
    actual: np.ndarray
    start: date
    season: int
    population: np.ndarray
    rows: np.ndarray


class Engine:
    """Our engine; the mean item by item, and the same corrected for totals per group."""

    def __init__(self):
        self.cache = {}

    def result(self, case):
        key = id(case)
        if key not in self.cache:
            options = ForecastOptions(horizon=case.actual.shape[1], levels=(0.5, LEVEL))
            self.cache[key] = forecast(DemandPanel(case.population, case.start), options)
        return self.cache[key]

    def mean(self, case):
        result = self.result(case)
        return result.mean[case.rows], result.quantile[case.rows, 1]

    def expected(self, case):
        result = self.result(case)
        return result.expected[case.rows], result.quantile[case.rows, 1]


def plain(function):
    """A method of ours or a yardstick that gives points only."""

    def run(case):
        return function(case.history, case.actual.shape[1], case.season), None

    return run


def seasonal_naive(case):
    return backtest.seasonal_naive_forecast(case.history, case.actual.shape[1], case.season), None


def statsforecast_model(name, quantile=False, **options):
    """A model of statsforecast, run series by series."""

    def run(case):
        from statsforecast import models

        horizon = case.actual.shape[1]
        mean = np.zeros(case.actual.shape)
        upper = np.zeros(case.actual.shape) if quantile else None
        for row, values in enumerate(case.history):
            series = values[np.isfinite(values)]
            model = getattr(models, name)(**options)
            extra = {"level": [100 * (2 * LEVEL - 1)]} if quantile else {}
            answer = model.forecast(y=series, h=horizon, **extra)
            mean[row] = answer["mean"]
            if quantile:
                upper[row] = next(answer[key] for key in answer if key.startswith("hi-"))
        return np.maximum(mean, 0), None if upper is None else np.maximum(upper, 0)

    return run


def statsmodels_ets(case):
    """Best of A,N,N and A,Ad,N by AICc, with its own prediction interval."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    horizon = case.actual.shape[1]
    mean, upper = np.zeros(case.actual.shape), np.zeros(case.actual.shape)
    for row, values in enumerate(case.history):
        series = pd.Series(values[np.isfinite(values)])
        fits = [ETSModel(series, error="add").fit(disp=False)]
        fits.append(ETSModel(series, error="add", trend="add", damped_trend=True).fit(disp=False))
        best = min(fits, key=lambda fitted: fitted.aicc)
        frame = best.get_prediction(len(series), len(series) + horizon - 1).summary_frame(alpha=2 * (1 - LEVEL))
        mean[row], upper[row] = frame["mean"], frame["pi_upper"]
    return np.maximum(mean, 0), np.maximum(upper, 0)


def fast_methods():
    engine = Engine()
    return {
        "**ours, item by item**": engine.mean,
        "**ours, corrected for totals**": engine.expected,
        "mean of 13 weeks": plain(methods.mean13),
        "naive": plain(methods.naive),
        "seasonal naive": seasonal_naive,
        "TSB": statsforecast_model("TSB", alpha_d=0.1, alpha_p=0.1),
        "IMAPA": statsforecast_model("IMAPA"),
        "Croston-SBA": statsforecast_model("CrostonSBA"),
    }


def slow_methods():
    return {
        "frePPLe's rule set": plain(frepple_rules.forecast),
        "statsforecast AutoETS": statsforecast_model("AutoETS", quantile=True, season_length=1),
        "statsmodels ETS": statsmodels_ets,
    }


def retail_cases(quantity, horizon, sample=None):
    """Cases of all origins; ``sample`` series per origin, drawn once by a fixed seed."""
    random = np.random.default_rng(SEED)
    cases = []
    for origin in ORIGINS[horizon]:
        history = quantity[:, :origin]
        eligible = np.flatnonzero(retail.eligible(history))
        population, actual = history[eligible], quantity[eligible, origin : origin + horizon]
        rows = np.arange(len(eligible))
        if sample and sample < len(rows):
            rows = np.sort(random.choice(rows, sample, replace=False))
        cases.append(Case(population[rows], actual[rows], retail.FIRST_MONDAY, 52, population, rows))
    return cases


def smooth_cases(count=150, periods=156, horizon=13):
    """Local level with damped drift and mild noise: what exponential smoothing was made for."""
    random = np.random.default_rng(SEED)
    kind = np.arange(count) % 3
    level_sd = np.choose(kind, [0.005, 0.03, 0.06])[:, None]
    drift = np.choose(kind, [0.0, 0.001, 0.002])[:, None] * random.choice([-1, 1], (count, 1))
    walk = np.cumsum(drift + level_sd * random.standard_normal((count, periods + horizon)), axis=1)
    base = random.uniform(200, 5000, (count, 1)) * np.exp(walk)
    quantity = np.maximum(base * (1 + 0.06 * random.standard_normal(base.shape)), 0)
    history = quantity[:, :periods]
    return [Case(history, quantity[:, periods:], date(2023, 1, 2), 52, history, np.arange(count))]


def score(cases, run):
    """All measures of one method over all cases."""
    rmsse, mase, forecasts, actuals, upper, worse = [], [], [], [], [], []
    for case in cases:
        mean, quantile = run(case)
        rmsse.append(accuracy.rmsse(mean, case.actual, case.history))
        mase.append(accuracy.mase(mean, case.actual, case.history))
        naive = methods.naive(case.history, case.actual.shape[1])
        worse.append(accuracy.worse_than(mean, naive, case.actual))
        forecasts.append(mean)
        actuals.append(case.actual)
        upper.append(quantile)
    mean, actual = np.concatenate(forecasts), np.concatenate(actuals)
    row = [np.nanmean(np.concatenate(rmsse)), np.nanmean(np.concatenate(mase)), accuracy.wape(mean, actual)]
    row.append(accuracy.bias(mean, actual))
    if upper[0] is None:
        row += [None, None]
    else:
        quantile = np.concatenate(upper)
        row += [accuracy.quantile_loss(quantile, actual, LEVEL), accuracy.coverage(quantile, actual)]
    return [*row, np.mean(worse)]


def table(title, cases, runs):
    series = sum(len(case.history) for case in cases)
    print(f"\n### {title} ({series:,} series-origins)\n")
    print("| method | RMSSE | MASE | WAPE | bias | QL95 | cover .95 | worse than naive | s |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for name, run in runs.items():
        began = time.perf_counter()
        rmsse, mase, wape, bias, loss, cover, worse = score(cases, run)
        tail = "| |" if loss is None else f"{loss:.3f} | {cover:.3f} |"
        seconds = time.perf_counter() - began
        print(
            f"| {name} | {rmsse:.3f} | {mase:.3f} | {wape:.3f} | {bias:+.3f} | {tail} {worse:.0%} | {seconds:.1f} |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sample", type=int, default=300, help="series per origin for the slow methods")
    parser.add_argument("--horizon", type=int, choices=sorted(ORIGINS), help="one horizon only")
    parser.add_argument("--quick", action="store_true", help="sample for all tables, no slow methods")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print("## Forecast accuracy")
    if retail.data_file() is None:
        print(retail.missing_message())
    else:
        _codes, quantity = retail.weekly()
        for horizon in [arguments.horizon] if arguments.horizon else sorted(ORIGINS):
            title = f"Online Retail II by week, {horizon} weeks ahead"
            limit = arguments.sample if arguments.quick else None
            table(title, retail_cases(quantity, horizon, limit), fast_methods())
            if not arguments.quick:
                cases = retail_cases(quantity, horizon, arguments.sample)
                table(f"{title}, sample", cases, fast_methods() | slow_methods())
    table("Simulated smooth series, 13 weeks ahead", smooth_cases(), smooth_methods(arguments.quick))


def smooth_methods(quick):
    runs = fast_methods() | ({} if quick else slow_methods())
    return {name: run for name, run in runs.items() if name not in ("TSB", "IMAPA", "Croston-SBA", "seasonal naive")}


if __name__ == "__main__":
    main()
