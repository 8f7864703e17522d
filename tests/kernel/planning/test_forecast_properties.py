"""What must hold for any input."""

import itertools
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast
from scm_kernels.planning.intervals import lead_time_demand

MONDAY = date(2023, 1, 2)
OPTIONS = ForecastOptions(horizon=4, levels=(0.5, 0.9, 0.95))

amounts = st.one_of(st.just(0.0), st.just(float("nan")), st.floats(0.015625, 1000.0, width=32))
panels = hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 90)), elements=amounts)
quick = settings(max_examples=25, deadline=None, derandomize=True)


def run(quantity, **changes):
    return forecast(DemandPanel(quantity, MONDAY, **changes), OPTIONS)


@quick
@given(panels)
def test_finite_not_negative_and_quantiles_in_order(quantity):
    result = run(quantity)
    for values in (result.mean, result.quantile, result.sigma, result.expected):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert (np.diff(result.quantile, axis=1) >= 0).all()
    total = result.weights.sum(axis=1)
    assert (np.isclose(total, 1, atol=1e-3) | (result.pattern == "no_history")).all()


@quick
@given(panels, st.sampled_from([2.0**-10, 8.0, 2.0**20]))
def test_scale_equivariance(quantity, scale):
    plain, scaled = run(quantity), run(quantity * scale)
    np.testing.assert_allclose(scaled.mean, plain.mean * scale, rtol=2e-3, atol=1e-4 * scale)
    np.testing.assert_allclose(scaled.quantile, plain.quantile * scale, rtol=5e-3, atol=1e-3 * scale)
    assert scaled.pattern.tolist() == plain.pattern.tolist()


@quick
@given(panels, st.randoms(use_true_random=False))
def test_order_of_series_is_no_matter(quantity, random):
    order = list(range(len(quantity)))
    random.shuffle(order)
    plain, shuffled = run(quantity), run(quantity[order])
    np.testing.assert_allclose(shuffled.mean, plain.mean[order], rtol=2e-3, atol=1e-3)
    np.testing.assert_allclose(shuffled.quantile, plain.quantile[order], rtol=5e-3, atol=1e-2)


@quick
@given(panels)
def test_same_input_same_numbers(quantity):
    first, second = run(quantity), run(quantity)
    for name in ("mean", "quantile", "sigma", "weights", "bias_factor"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@quick
@given(panels, st.floats(0.1, 12.0))
def test_lead_time_quantile_grows_with_level(quantity, periods):
    result = run(quantity)
    levels = (0.3, 0.6, 0.9, 0.95, 0.99)
    quantiles = [lead_time_demand(result, periods, level)[2] for level in levels]
    for low, high in itertools.pairwise(quantiles):
        assert (high >= low - 1e-6 * (1 + low)).all()


@quick
@given(panels, st.floats(0.1, 6.0), st.floats(1.01, 3.0))
def test_mean_over_lead_time_grows_with_it(quantity, periods, longer):
    result = run(quantity)
    short = lead_time_demand(result, periods, 0.9)[0]
    assert (lead_time_demand(result, periods * longer, 0.9)[0] >= short - 1e-6 * (1 + short)).all()


def shop(n_series=400, periods=120, seed=7):
    random = np.random.default_rng(seed)
    mean = random.lognormal(0.5, 1.2, (n_series, 1))
    return random.poisson(mean * random.gamma(2, 0.5, (n_series, periods))).astype(float)


def test_one_more_series_hardly_moves_the_others():
    quantity = shop()
    plain, more = run(quantity), run(np.vstack([quantity, quantity[:1] * 100]))
    difference = np.abs(more.mean[:400] - plain.mean) / np.maximum(plain.mean, 0.1)
    assert difference.max() < 0.05


def test_blocks_and_sample_do_not_show():
    """More series than one block and than the sample: each copy gets the same numbers."""
    quantity = np.tile(shop(700, 80), (4, 1))
    result = run(quantity)
    first = result.mean[:700]
    for copy in range(1, 4):
        np.testing.assert_allclose(result.mean[copy * 700 : (copy + 1) * 700], first, rtol=2e-3, atol=1e-4)


def test_missing_start_is_not_zero_demand():
    """NaN before the first sale must not pull the level down, zeros do."""
    sold = np.full(40, 10.0) + np.tile([1.0, -1.0], 20)
    unknown = np.concatenate([np.full(40, np.nan), sold])
    zeros = np.concatenate([np.zeros(40), sold])
    result = run(np.vstack([unknown, zeros]))
    assert abs(result.mean[0, 0] - 10) < 0.6
    assert result.adi.tolist() == [1.0, 2.0]


def test_float32_and_float64_agree():
    quantity = shop(50, 100)
    wide, narrow = run(quantity), run(quantity.astype(np.float32))
    np.testing.assert_allclose(narrow.mean, wide.mean, rtol=2e-3, atol=1e-3)
