"""Tests of cells: against slow obvious references, and what the search does to simulated companies."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scm_kernels.aftersales import cause_cells, cause_explain, cause_test, rates, return_effect

PLACE = Path(__file__).resolve().parents[3] / "benchmarks" / "return_findings.py"


@pytest.fixture(scope="module")
def simulation():
    spec = importlib.util.spec_from_file_location("return_findings", PLACE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_one_group_is_the_exact_binomial_test():
    found = cause_test.evidence([0, 1], [0, 0], [60, 340], [24, 10])
    reference = stats.binomtest(24, 34, 60 / 400, alternative="greater")
    assert found.p[0] == pytest.approx(reference.pvalue)
    low, high = stats.binomtest(24, 60).proportion_ci(0.95, "exact")
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))
    assert found.group_rate[0] == pytest.approx(10 / 340)
    assert found.factor[0] == pytest.approx(0.4 / (10 / 340))
    # the factor's lower limit, as odds of the returns' share
    share = stats.binomtest(24, 34).proportion_ci(0.95, "exact").low
    assert found.factor_low[0] == pytest.approx(share / (1 - share) / (60 / 340))


def test_several_groups_are_on_the_safe_side():
    """The tail of the sum of two binomials, by adding up all its cases, is not above the p of the test."""
    groups, exposure, returned = [0, 1, 0, 1], [30, 80, 270, 120], [9, 12, 21, 18]
    found = cause_test.evidence([0, 0, 1, 1], groups, exposure, returned)
    one = stats.binom.pmf(np.arange(31), 30, 30 / 300)
    two = stats.binom.pmf(np.arange(31), 30, 80 / 200)
    exact = np.convolve(one, two)[21:].sum()
    assert exact <= found.p[0] < 2 * exact


def test_what_fills_a_group_has_no_rest_there():
    found = cause_test.evidence([0, 0, 1], [0, 1, 1], [90, 10, 40], [30, 1, 4])
    assert (found.exposure[0], found.returned[0], found.group_rate[0]) == (10, 1, 0.1)
    alone = cause_test.evidence([0], [0], [100], [50])
    assert np.isnan(alone.p[0])


def test_q_values_as_scipy_has_them():
    p = np.random.default_rng(5).random(200) ** 2
    assert rates.benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p))
    with_gaps = np.insert(p, 3, np.nan)
    assert rates.benjamini_hochberg(with_gaps)[~np.isnan(with_gaps)] == pytest.approx(
        stats.false_discovery_control(p)
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1.0, 3.0))
def test_more_returns_speak_more_clearly_and_bunches_less(seed, design):
    random = np.random.default_rng(seed)
    exposure = random.integers(20, 200, 6).astype(float)
    returned = np.floor(exposure * random.uniform(0.02, 0.3, 6))
    cell, group = np.arange(6), np.array([0, 0, 0, 1, 1, 1])
    found = cause_test.evidence(cell, group, exposure, returned)
    assert ((found.p > 0) & (found.p <= 1)).all()
    assert found.returned.sum() == returned.sum()
    more = returned + np.eye(6)[0]
    assert cause_test.evidence(cell, group, exposure, more).p[0] <= found.p[0]
    if found.p[0] < 0.2:
        bunched = cause_test.evidence(cell, group, exposure, returned, design)
        assert bunched.p[0] >= found.p[0] * 0.999


def test_lenses_see_only_their_owner():
    rows = [("lot", (1,), 7, None, 100, 100.0, 10, 5.0), ("lot", (1,), 7, "supplier", 100, 100.0, 9, 4.0),
            ("lot", (2,), 7, None, 100, 100.0, 10, 5.0), ("lot", (2,), 7, "customer", 100, 100.0, 10, 5.0)]  # fmt: skip
    names = ("dimension", "key", "group", "what", "lines", "mature_lines", "returned_lines", "cost")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    found = cause_cells.search({name: np.array(values, object) if name in ("key", "what") else values
                                for name, values in _objects(columns).items()})  # fmt: skip
    tests = dict(zip(zip(found.key, found.lens, strict=True), found.evidence.returned.tolist(), strict=True))
    assert tests == {((1,), "all"): 10, ((2,), "all"): 10, ((1,), "supplier"): 9, ((2,), "supplier"): 0}
    places = cause_cells.chosen(found, np.full(4, 9))
    assert [(found.key[place], found.lens[place]) for place in places] == [((1,), "supplier")]
    assert cause_cells.search({name: np.array([], object) for name in names}).tested == 0


def _objects(columns):
    keys = np.empty(len(columns["key"]), object)
    keys[:] = columns["key"]
    return {**columns, "key": keys}


def test_the_most_specific_of_nested_cells_is_kept_and_two_faults_are_two():
    """Supplier (0) > product (1) > bad lot (2); a bad lane (3) across all of them."""
    member = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [1, 1, 0, 1]], bool)
    exposure = np.array([100.0, 200, 400, 3000, 400, 20])
    hits = np.array([35.0, 10, 20, 150, 80, 4])
    table = cause_explain.Deliveries(
        np.zeros(6, int),
        exposure,
        np.stack([hits] * 4, 1),
        member,
        np.ones_like(member),
        np.ones(4),
        np.array([3, 2, 1, 0]),
    )
    kept, by = cause_explain.explain(table, 1e-4)
    assert sorted(kept) == [2, 3]
    assert by.tolist() == [2, 2, 2, 3]


def test_net_effect_is_the_hybrid_interval():
    found = return_effect.net_effect((-0.05, -0.09, -0.02), (0.01, -0.01, 0.04))
    assert found.effect == pytest.approx(-0.06)
    assert found.low == pytest.approx(-0.06 - np.hypot(0.04, 0.03))
    assert found.high == pytest.approx(-0.06 + np.hypot(0.03, 0.02))


def test_quiet_companies_are_left_in_peace(simulation):
    """Of 200 companies 1.5 % had a false finding (docs/aftersales/findings.md): 2 of 10 would be rare."""
    rates = simulation.trial(None, 10, seed=7, orders=1500, products=30)
    assert rates["any"] <= 1 / 10


def test_what_is_planted_is_found(simulation):
    rates = [simulation.trial(plant, 2, seed=11)["planted"] for plant in simulation.PLANTS]
    assert np.mean(rates) >= 0.5
