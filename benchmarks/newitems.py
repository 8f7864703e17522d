"""New items: a like-item beside the forecast without one, at 2 to 8 weeks of history.

    python benchmarks/newitems.py [--horizon 13]

Real: weekly Online Retail II (``retail.py``); products whose first sale falls behind the first 26 weeks, like-items by
name and price alone, as the data has no categories. Simulated: 40 categories with a season each, 12 items per
category, levels that spread within the category, five launched lately with a ramp of 4 weeks. Both treatments see the
same panel; the like-item is the best of :func:`like_item.propose`, confirmed as it stands. Errors are of the whole
horizon's sum per item: what an order for a new item needs.
WAPE = sum |forecast - actual| / sum actual; weekly WAPE the same by week. Lower is better.
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import os
import sys
from datetime import date
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import retail

from tools import kernels

kernels.install()

from scm_kernels.planning import lifecycle, like_item
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast

AGES = (2, 4, 8)
ORIGINS = tuple(range(45, 92, 3))
GROWN_WEEKS, OLD_SALES_WEEKS = 26, 13
SEED = 20261125


def real():
    """Quantity (n, T), features and groups of Online Retail II."""
    path = retail.data_file()
    raw = pd.read_csv(path, usecols=["StockCode", "Description", "Price", "InvoiceDate"], dtype=str)
    raw["code"] = raw["StockCode"].str.strip().str.upper()
    raw["Price"] = raw["Price"].astype(float)
    known = raw[raw["Price"] > 0].dropna(subset=["Description"])
    names = known.groupby("code")["Description"].agg(lambda texts: texts.mode().iat[0])
    prices = known.groupby("code")["Price"].median()
    codes, quantity = retail.weekly()
    nothing = [[] for _code in codes]
    features = like_item.features(nothing, nothing, names.reindex(codes, fill_value="").tolist(), prices.reindex(codes))
    return quantity, features, np.zeros(len(codes), int)


def simulated(draw, weeks=130, categories=40, mates=12):
    """The same for a made-up range with seasons by category and ramps of new items."""
    week = np.arange(weeks)
    quantity, category, name, price = [], [], [], []
    for number in range(categories):
        season = np.exp(0.6 * np.sin(2 * np.pi * (week / 52 + draw.uniform())))
        typical, usual = np.exp(draw.normal(2.0, 0.8)), np.exp(draw.normal(3.0, 0.8))
        for mate in range(mates):
            cost = usual * np.exp(draw.normal(0, 0.4))
            level = typical * (cost / usual) ** -0.8 * np.exp(draw.normal(0, 0.5))
            launch = int(draw.integers(40, weeks - 20)) if mate < 5 else 0
            share = lifecycle.ramp_share(week - launch, 4.0)
            mean = level * season * share
            row = draw.poisson(mean * draw.gamma(4.0, 0.25, weeks)).astype(float)
            row[:launch] = np.nan
            quantity.append(row)
            category.append([number])
            name.append(f"Line {number} item {mate}")
            price.append(cost)
    features = like_item.features(category, [[] for _row in name], name, np.array(price))
    return np.array(quantity), features, np.array([labels[0] for labels in category])


def first_weeks(quantity):
    known = np.isfinite(quantity)
    return np.where(known.any(axis=1), known.argmax(axis=1), quantity.shape[1])


def shaped(result, history, features, group, new, grown, ramp_weeks):
    """Forecast with the best like-item of each new row."""
    like, _score, _terms = like_item.propose(features, new, grown, top=1)
    like = like[:, 0]
    level = result.mean.mean(axis=1)
    slope = lifecycle.price_slope(level[grown], features.price[grown], group[grown])
    typical = lifecycle.typical_level(level[grown], group[grown], group[new])
    prior = lifecycle.prior_scale(features.price[new], features.price[like], level[like], typical, slope)
    age = first_weeks(history)[new]
    periods, horizon = history.shape[1], result.mean.shape[1]
    since = np.arange(periods + horizon)[None] - age[:, None]
    share = lifecycle.ramp_share(since, ramp_weeks)
    items = lifecycle.NewItems(new, like, prior, np.zeros(len(new), bool), share[:, :periods], share[:, periods:])
    return lifecycle.borrow(result, items, *lifecycle.posterior_scale(items, history, level))


def score(quantity, features, group, horizon, ramp_weeks):
    """Per age: rows of (sum actual, abs errors of sums and of weeks per treatment)."""
    rows = {age: [] for age in AGES}
    first = first_weeks(quantity)
    origins = [origin for origin in ORIGINS if origin + horizon <= quantity.shape[1]]
    for origin in origins:
        history, actual = quantity[:, :origin], quantity[:, origin : origin + horizon]
        age = origin - first
        new = np.flatnonzero((age > 0) & (age <= max(AGES)) & (first > GROWN_WEEKS))
        sold = np.nansum(history[:, -OLD_SALES_WEEKS:], axis=1) > 0
        grown = np.flatnonzero((age >= GROWN_WEEKS) & sold)
        if not len(new):
            continue
        result = forecast(DemandPanel(history, date(2020, 1, 6), group=group), ForecastOptions(horizon=horizon))
        with_like = shaped(result, history, features, group, new, grown, ramp_weeks)
        came = np.nan_to_num(actual[new])
        means = (result.mean[new], with_like.mean[new])
        covered = [(came <= one.quantile[new, 3]).mean(axis=1) for one in (result, with_like)]
        for limit, before in zip(AGES, (0, *AGES), strict=False):
            chosen = (age[new] > before) & (age[new] <= limit)
            for place in np.flatnonzero(chosen):
                totals = [abs(mean[place].sum() - came[place].sum()) for mean in means]
                weekly = [np.abs(mean[place] - came[place]).sum() for mean in means]
                biases = [mean[place].sum() - came[place].sum() for mean in means]
                rows[limit].append((came[place].sum(), *totals, *weekly, *biases, *(c[place] for c in covered)))
    return rows


def show(title, rows):
    print(f"\n{title}\n")
    print("| weeks of history | items | WAPE of sum now | with like-item | weekly WAPE now | with like-item "
          "| bias now | with like-item | within 95 % now | with like-item |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for limit, before in zip(AGES, (0, *AGES), strict=False):
        table = np.array(rows[limit])
        total = table[:, 0].sum()
        figures = [f"{table[:, column].sum() / total:.3f}" for column in range(1, 7)]
        covered = [f"{table[:, column].mean():.3f}" for column in (7, 8)]
        print(f"| {before + 1} to {limit} | {len(table)} | {' | '.join(figures)} | {' | '.join(covered)} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--horizon", type=int, default=13)
    horizon = parser.parse_args().horizon
    if retail.data_file() is None:
        print(retail.missing_message())
    else:
        show("Online Retail II", score(*real(), horizon, 0.0))
    show("Simulated ranges", score(*simulated(np.random.default_rng(SEED)), horizon, 4.0))


if __name__ == "__main__":
    main()
