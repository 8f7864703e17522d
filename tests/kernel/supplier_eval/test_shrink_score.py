"""Shrinkage and totals: known answers and what must hold for any input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.supplier_eval.measure import mean_of, share_of
from scm_kernels.supplier_eval.quality import returned_ppm
from scm_kernels.supplier_eval.score import points, ranks, totals
from scm_kernels.supplier_eval.shrink import LIMITS, PRIOR, shrink


def lines(good, total):
    group = np.repeat(np.arange(len(good)), total)
    hits = np.concatenate([[1.0] * g + [0.0] * (t - g) for g, t in zip(good, total, strict=True)])
    return share_of(group, len(good), hits, np.ones(len(hits)))


def test_beta_binomial_by_hand():
    # whatever the strength k: (good + m k) / (n + k)
    measure = lines([8, 30, 1], [10, 60, 1])
    found = shrink(measure, np.zeros(3, int))
    expected = (measure.numerator + found.prior * found.strength) / (measure.sample + found.strength)
    np.testing.assert_allclose(found.value, expected)
    np.testing.assert_allclose(found.credibility, measure.sample / (measure.sample + found.strength))


def test_alike_suppliers_share_what_they_know():
    # as far apart as chance makes them: the prior weighs much
    alike = shrink(lines([45, 46, 44, 45, 46, 44, 45, 45], [50] * 8), np.zeros(8, int))
    apart = shrink(lines([50, 5, 48, 10, 50, 2, 49, 20], [50] * 8), np.zeros(8, int))
    assert alike.strength[0] > 3 * apart.strength[0]


def test_one_good_line_is_not_a_perfect_supplier():
    found = shrink(lines([1, 70, 140], [1, 100, 200]), np.zeros(3, int))
    assert 0.7 < found.value[0] < 0.85
    assert found.credibility[0] < 0.35


def test_groups_do_not_mix():
    found = shrink(lines([1, 90, 1, 10], [1, 100, 1, 100]), np.array([0, 0, 1, 1]))
    assert found.prior[0] > 0.85 and found.prior[2] < 0.2


def test_nothing_measured_stays_nothing():
    found = shrink(lines([0, 5], [0, 10]), np.zeros(2, int))
    assert np.isnan(found.value[0]) and found.credibility[0] == 0.0


def test_ppm_are_shrunk_as_the_shares_they_are():
    # the same facts, once as shares and once as parts per million: as much prior, a million times the value
    received, bad, group = np.full(60, 10.0), np.tile([0.0, 0.0, 3.0, 0.0, 10.0], 12), np.repeat([0, 1, 2], [1, 9, 50])
    ppm = shrink(returned_ppm(group, 3, received, bad, np.ones(60)), np.zeros(3, int))
    share = shrink(share_of(group, 3, bad, received), np.zeros(3, int))
    np.testing.assert_allclose(ppm.strength, share.strength)
    np.testing.assert_allclose(ppm.value, 1e6 * share.value)


def test_one_fact_each_leaves_the_prior_as_it_is():
    found = shrink(mean_of(np.arange(6), 6, np.array([1.0, 9.0, 4.0, 30.0, 2.0, 6.0])), np.zeros(6, int))
    np.testing.assert_allclose(found.strength, PRIOR)


def test_strength_of_known_suppliers_is_found():
    # shares drawn from a beta distribution with m = 0.8 and k = 20, 200 suppliers with 50 lines each
    draw = np.random.default_rng(3)
    good = draw.binomial(50, draw.beta(16, 4, 200))
    found = shrink(lines(good.tolist(), [50] * 200), np.zeros(200, int))
    assert found.prior[0] == pytest.approx(0.8, abs=0.02)
    assert found.strength[0] == pytest.approx(20, rel=0.25)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 2)), min_size=1, max_size=15))
def test_between_own_and_group(rows):
    good, bad, group = (np.array(column) for column in zip(*rows, strict=True))
    measure = lines(good.tolist(), (good + bad).tolist())
    found = shrink(measure, group)
    some = measure.sample > 0
    low, high = np.minimum(measure.value, found.prior), np.maximum(measure.value, found.prior)
    assert (found.value[some] >= low[some] - 1e-9).all() and (found.value[some] <= high[some] + 1e-9).all()
    assert (found.strength >= LIMITS[0] - 1e-9).all() and (found.strength <= LIMITS[1] + 1e-9).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-5, 200)), min_size=2, max_size=60))
def test_means_lie_between_too(rows):
    group, values = (np.array(column) for column in zip(*rows, strict=True))
    measure = mean_of(group, 4, values)
    found = shrink(measure, np.zeros(4, int))
    some = measure.sample > 0
    low, high = np.minimum(measure.value, found.prior), np.maximum(measure.value, found.prior)
    assert (found.value[some] >= low[some] - 1e-6).all() and (found.value[some] <= high[some] + 1e-6).all()


def test_points_in_both_directions():
    assert points([5, 10, 15, 20], 20, 10).tolist() == [100, 100, 50, 0]
    with pytest.raises(ValueError, match="must differ"):
        points([1.0], 3.0, 3.0)


@given(st.integers(1, 6), st.integers(1, 5), st.randoms(use_true_random=False))
def test_totals(suppliers, criteria, random):
    scores = np.array([[random.choice([np.nan, random.uniform(0, 100)]) for _c in range(criteria)]
                       for _s in range(suppliers)])  # fmt: skip
    weights = np.array([random.choice([0.0, 10.0, 40.0]) for _c in range(criteria)])
    found = totals(scores, weights, np.ones((suppliers, criteria)))
    for row in range(suppliers):
        known = np.isfinite(scores[row]) & (weights > 0)
        if known.any():
            assert found.total[row] == pytest.approx(np.average(scores[row][known], weights=weights[known]))
            assert found.weight_used[row].sum() == pytest.approx(weights.sum())
            assert found.confidence[row] == pytest.approx(weights[known].sum() / weights.sum())
        else:
            assert np.isnan(found.total[row])


def test_nothing_is_never_a_hundred():
    found = totals([[np.nan, np.nan]], [50, 50], [[0, 0]])
    assert np.isnan(found.total[0]) and ranks(found.total).tolist() == [0]
