import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scm_kernels.base import effect
from scm_kernels.base.effect import Level, change_of_means, change_of_rates, effective_size, judge, level, measure


def singles(hits, size):
    return level([1] * hits + [0] * (size - hits), [1] * size)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10; second less first
        ((48, 80), (56, 70), (0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.1705, 0.8090)),
        ((2, 7), (6, 7), (0.0582, 0.8062)),
        ((0, 29), (5, 56), (-0.0381, 0.1926)),
    ],
)
def test_rates_as_published(first, second, expected):
    levels = singles(*first), singles(*second)
    if 0 in first:
        # at 0 the clusters themselves are the size
        assert effective_size(levels[0]) == first[1]
    assert change_of_rates(*levels) == pytest.approx(expected, abs=6e-5)


def test_means_as_scipy():
    rng = np.random.default_rng(3)
    before, after = rng.gamma(2, 3, 23), rng.gamma(2, 2, 31)
    ours = change_of_means(level(before, np.ones(23)), level(after, np.ones(31)))
    theirs = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert ours == pytest.approx((theirs.low, theirs.high))


def test_lines_of_one_order_are_not_independent():
    rng = np.random.default_rng(5)
    orders = rng.random(40) < 0.6
    # each order has ten lines that share its fate: 400 lines are worth 40
    together = level(orders * 10.0, np.full(40, 10.0))
    assert effective_size(together) == pytest.approx(40, rel=0.05)
    alone = level(rng.random(400) < 0.6, np.ones(400))
    assert effective_size(alone) == pytest.approx(400)


def test_coverage_of_the_interval():
    """Of 400 pairs of samples with no true change, about 95 % have zero in their interval, clusters and all."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        levels = []
        for _side in range(2):
            rates = rng.beta(8, 2, 30)
            sizes = rng.integers(1, 9, 30)
            levels.append(level(rng.binomial(sizes, rates), sizes))
        low, high = change_of_rates(*levels)
        held += low <= 0 <= high
    assert 0.92 <= held / 400 <= 0.985


def test_too_few_orders_say_nothing():
    found = measure(([1, 0, 0, 0], [1] * 4), ([1] * 30, [1] * 30), "rate", 1, 0.05)
    assert found.verdict == effect.NOT_ENOUGH
    assert np.isnan(found.low)
    assert found.effect == pytest.approx(0.75)
    assert measure(([], []), ([], []), "mean", -1, 1.0).verdict == effect.NOT_ENOUGH


def test_nothing_due_is_left_out():
    assert level([1, 0, 5], [1, 0, 0]) == Level(1.0, pytest.approx(np.nan, nan_ok=True), 1, 1.0)


def test_equal_days_have_no_spread():
    found = measure(([5] * 6, [1] * 6), ([2] * 6, [1] * 6), "mean", -1, 1.0)
    assert (found.effect, found.low, found.high, found.verdict) == (-3.0, -3.0, -3.0, effect.WORKED)


@given(st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 0.5), st.sampled_from([1, -1]), st.floats(0.001, 0.5))
def test_verdict_is_the_same_for_both_directions(change, below, above, better, smallest):
    low, high = change - below, change + above
    assert judge(change, low, high, better, smallest) == judge(-change, -high, -low, -better, smallest)
    if better * change <= 0:
        assert judge(change, low, high, better, smallest) != effect.WORKED
