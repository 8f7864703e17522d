"""Intervals of a carrier's month against published values and against simple truths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics import carrier_month as kernel

counts = st.integers(0, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (score without continuity correction)
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(hits, total, low, high):
    rate, lower, upper = kernel.wilson([hits], [total])
    assert rate[0] == pytest.approx(hits / total)
    assert (round(float(lower[0]), 4), round(float(upper[0]), 4)) == (low, high)


@pytest.mark.parametrize(
    ("hits", "total", "hits_before", "total_before", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0)],
)
def test_change_as_published(hits, total, hits_before, total_before, low, high):
    found = kernel.change([hits], [total], [hits_before], [total_before])
    assert found.low[0] == pytest.approx(low, abs=1e-4)
    assert found.high[0] == pytest.approx(high, abs=1e-4)
    assert found.trend[0] == 1


@given(counts)
def test_interval_holds_the_rate_and_stays_within_bounds(pair):
    rate, low, high = kernel.wilson([pair[0]], [pair[1]])
    if not pair[1]:
        assert np.isnan([rate[0], low[0], high[0]]).all()
    else:
        assert 0 <= low[0] <= rate[0] <= high[0] <= 1


@given(counts, counts)
def test_the_other_way_round_is_the_same_change_turned(now, before):
    one = kernel.change([now[0]], [now[1]], [before[0]], [before[1]])
    other = kernel.change([before[0]], [before[1]], [now[0]], [now[1]])
    assert one.trend[0] == -other.trend[0]
    np.testing.assert_allclose(one.low, -other.high, equal_nan=True)


@given(counts)
def test_nothing_before_is_no_trend(pair):
    assert kernel.change([pair[0]], [pair[1]], [0], [0]).trend[0] == 0
