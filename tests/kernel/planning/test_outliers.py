"""Weeks that do not belong, and why."""

import importlib.util
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import outliers
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast

BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "outliers.py"


def evidence(count, **known):
    bare = {
        "event": np.zeros(count, bool), "event_lift": np.full(count, np.nan), "promotion": np.zeros(count, bool),
        "promotion_lift": np.full(count, np.nan), "customer": np.zeros(count), "price_ratio": np.full(count, np.nan),
        "in_stock": np.ones(count), "missed": np.zeros(count),
    }  # fmt: skip
    return outliers.Evidence(**bare | {name: np.full(count, value) for name, value in known.items()})


def peak(raw=60.0, expected=10.0):
    return outliers.Outliers(*(np.array([value]) for value in (0, 3, raw, expected, np.sign(raw - expected) * 9)))


def said(found, **known):
    reason, share = outliers.explain(found, evidence(len(found), **known))
    return outliers.REASONS[reason[0]], round(float(share[0]), 2)


def test_reasons_in_their_order():
    everything = {"event": True, "event_lift": 5.0, "promotion": True, "customer": 55.0, "price_ratio": 0.5}
    assert said(peak(), **everything) == ("event", 0.8)
    assert said(peak(), **everything | {"event_lift": 1.1}) == ("promotion", 1.0)
    assert said(peak(), **everything | {"event": False, "promotion_lift": 1.0}) == ("customer", 1.0)
    assert said(peak(), price_ratio=0.5) == ("price", 1.0)
    assert said(peak(25.0), missed=1.0) == ("stockout", 0.67)
    assert said(peak(0.0), in_stock=0.0) == ("stockout", 1.0)
    assert said(peak()) == ("unexplained", 0.0)


def test_what_points_the_other_way_explains_nothing():
    assert said(peak(0.0), customer=50.0)[0] == "unexplained"
    assert said(peak(), price_ratio=1.5)[0] == "unexplained"
    assert said(peak(), event=True, event_lift=0.5)[0] == "unexplained"
    assert said(peak(), event=True)[0] == "unexplained", "an event that nobody else felt"


def test_customer_must_have_taken_half_of_the_week():
    assert said(peak(), customer=29.0)[0] == "unexplained"
    assert said(peak(), customer=31.0) == ("customer", 0.62)


def test_one_peak_and_one_gap_are_found():
    row = [20.0] * 60
    row[30], row[45] = 90.0, 0.0
    found, expected = outliers.detect(np.array([row]))
    assert found.period.tolist() == [30, 45]
    assert (found.score > 0).tolist() == [True, False]
    assert expected[0] == pytest.approx(np.full(60, 20.0), rel=0.01)


def test_season_is_no_outlier():
    week = np.arange(156)
    season = np.where(week % 52 == 47, 5.0, 1.0)
    rows = np.random.default_rng(2).poisson(np.outer(np.linspace(10, 60, 30), season)).astype(float)
    weeks = outliers.detect(rows, np.zeros(30, int))[0]
    without = outliers.detect(rows)[0]
    assert len(weeks) < 0.5 * len(without)


def test_seldom_sold_items_compare_the_sizes_of_their_sales():
    row = np.zeros(156)
    row[::8] = 4.0
    row[80] = 40.0
    found, _expected = outliers.detect(np.array([row]))
    assert found.period.tolist() == [80]
    assert found.expected.tolist() == pytest.approx([4.0])


def test_weeks_without_stock_teach_nothing():
    row, share = np.full(60, 20.0), np.ones(60)
    row[20:34], share[20:34] = 0, 0
    _found, expected = outliers.detect(np.array([row]), in_stock=np.array([share]))
    assert np.nanmin(expected) == pytest.approx(20, rel=0.01)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40))
def test_unknown_short_and_empty_histories(seed, periods):
    draw = np.random.default_rng(seed)
    table = np.where(draw.random((6, periods)) < 0.3, np.nan, draw.poisson(3, (6, periods))).astype(float)
    found, expected = outliers.detect(table, np.zeros(6, int))
    assert expected.shape == table.shape
    assert np.isfinite(found.raw).all()
    assert (found.expected >= 0).all()
    assert (np.abs(found.raw - found.expected) >= outliers.LEAST_UNITS).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_the_series_is_no_matter(seed):
    draw = np.random.default_rng(seed)
    table = draw.negative_binomial(2, 0.1, (8, 60)).astype(float)
    mix = draw.permutation(8)
    first = {(int(s), int(p)) for s, p in zip(*_places(table), strict=True)}
    second = {(int(mix[s]), int(p)) for s, p in zip(*_places(table[mix]), strict=True)}
    assert first == second


def _places(table):
    found, _expected = outliers.detect(table)
    return found.series, found.period


def test_planted_cases_are_found_with_their_reason():
    spec = importlib.util.spec_from_file_location("outlier_benchmark", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    rows, false, _weeks = module.measure(240, seed=5)
    share = {kind: right / count for kind, count, _found, right in rows}
    assert min(share["unexplained"], share["customer"], share["stockout"]) >= 0.9
    found = sum(row[2] for row in rows)
    print(f"precision {found / (found + false):.3f}, recall {found / sum(row[1] for row in rows):.3f}")
    assert found / (found + false) >= 0.85


def test_kept_week_is_not_cut_by_the_engine():
    row = np.full(80, 10.0) + np.tile([0, 1, -1, 0], 20)
    row[76] = 200.0
    cut, kept = (
        forecast(DemandPanel([row], date(2024, 1, 1)), ForecastOptions(horizon=2, keep=keep))
        for keep in (None, (np.array([0]), np.array([76])))
    )
    assert cut.spikes.period.tolist() == [76]
    assert not len(kept.spikes.period)
    assert kept.mean.sum() > cut.mean.sum()
