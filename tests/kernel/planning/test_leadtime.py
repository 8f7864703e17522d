import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import leadtime
from scm_kernels.planning.leadtime import lead_times


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(leadtime) == (0, 2)


def test_typed_delay_stands_alone_only_when_nothing_was_measured():
    result = lead_times([], [], [], [1, 2], [1, 1], [30, np.nan], default_days=9)
    assert result.source_codes == ["typed", "default"]
    np.testing.assert_allclose(result.nodes, [[30] * leadtime.NODES, [9] * leadtime.NODES])
    assert result.missing.tolist() == [False, True]
    assert result.sd.max() < 1e-9


def test_own_receipts_win_with_their_number():
    means = []
    for own in (1, 5, 50):
        product = [7] * own + [8] * 100
        days = [20] * own + [10, 11] * 50
        result = lead_times([1] * len(days), product, days, [1], [7], [3])
        means.append(result.mean[0])
    assert 10.5 < means[0] < means[1] < means[2] < 20
    assert means[2] == pytest.approx(20, abs=1.5)
    assert result.source_codes == ["own"]
    assert (result.own_count[0], result.vendor_count[0], result.company_count) == (50, 150, 150)


def test_a_new_product_borrows_its_vendor():
    days = np.tile([18.0, 20.0, 22.0], 30)
    result = lead_times([1] * 90, np.arange(90) % 9, days, [1], [99], [2])
    assert result.source_codes == ["vendor"]
    assert result.mean[0] == pytest.approx(20, abs=1)
    assert result.own_count[0] == 0


def measured_vendors(typed_error):
    """Vendors 0 to 9 that need 10 to 55 days, whose typed delay is off by ``typed_error``; vendor 10 is new."""
    generator = np.random.default_rng(5)
    vendor = np.repeat(np.arange(10), 20)
    truth = 10 + 5 * np.arange(11)
    days = truth[vendor] * generator.gamma(100, 0.01, len(vendor))
    return vendor, days, truth, truth + typed_error


def test_well_kept_typed_delays_stand_for_a_new_vendor():
    vendor, days, _truth, typed = measured_vendors(np.tile([2, -2], 6)[:11])
    result = lead_times(vendor, vendor, days, np.arange(11), np.arange(11), typed)
    assert result.source_codes[10] == "typed"
    assert result.mean[10] == pytest.approx(typed[10], rel=0.02)
    # with the spread that the company's vendors show
    assert result.sd[10] / result.mean[10] == pytest.approx(0.1, abs=0.03)


def test_delays_that_nobody_filled_in_are_not_believed():
    vendor, days, _truth, _typed = measured_vendors(0)
    result = lead_times(vendor, vendor, days, np.arange(11), np.arange(11), 1.0)
    assert result.source_codes[10] == "company"
    assert 25 < result.mean[10] < 40
    assert not result.missing[10]


def test_shrinking_is_nearer_to_the_truth_than_either_extreme():
    generator = np.random.default_rng(3)
    n_vendors, n_products, receipts = 30, 8, 3
    truth = 20 + generator.normal(0, 6, (n_vendors, 1)) + generator.normal(0, 3, (n_vendors, n_products))
    vendor, product = (index.repeat(receipts) for index in np.divmod(np.arange(truth.size), n_products))
    days = np.maximum(0, truth.ravel().repeat(receipts) + generator.normal(0, 6, len(vendor)))
    ask_vendor, ask_product = np.divmod(np.arange(truth.size), n_products)
    result = lead_times(vendor, product, days, ask_vendor, ask_product, np.nan)
    own = days.reshape(-1, receipts).mean(1)
    of_vendor = days.reshape(n_vendors, -1).mean(1).repeat(n_products)
    error = [np.sqrt(((guess - truth.ravel()) ** 2).mean()) for guess in (result.mean, own, of_vendor)]
    assert error[0] < 0.95 * min(error[1:])


def test_negative_and_absurd_receipts_are_dropped_and_counted():
    result = lead_times([1] * 6, [1] * 6, [-1, np.nan, 4000, 10, 10, 10], [1], [1], [10])
    assert (result.dropped[0], result.own_count[0], result.company_count) == (3, 3, 3)
    assert result.mean[0] == pytest.approx(10)


def test_one_outlier_is_pulled_in():
    days = [9, 10, 11] * 5 + [300]
    result = lead_times([1] * 16, [1] * 16, days, [1], [1], [10])
    assert result.pulled_in[0] == 1
    assert result.mean[0] < 11.5


def test_two_humps_survive():
    days = [10] * 70 + [40] * 30
    result = lead_times([1] * 100, [1] * 100, days, [1], [1], [10])
    assert result.median[0] == pytest.approx(10, rel=0.1)
    assert result.p90[0] == pytest.approx(40, rel=0.1)


def test_the_mean_of_plenty_of_receipts_is_kept():
    days = np.random.default_rng(1).gamma(4, 5, 5000)
    result = lead_times([1] * 5000, [1] * 5000, days, [1], [1], [10])
    assert result.mean[0] == pytest.approx(days.mean(), rel=0.02)
    assert result.sd[0] == pytest.approx(days.std(), rel=0.06)
    assert result.p90[0] == pytest.approx(np.quantile(days, 0.9), rel=0.05)


RECEIPT = st.tuples(st.integers(1, 3), st.integers(1, 3), st.floats(-2, 400))


@settings(deadline=None)
@given(st.lists(RECEIPT, max_size=20), st.permutations(range(6)), st.sampled_from([np.nan, 0.0, 5.0, 30.0]))
def test_any_receipts_give_a_distribution_whatever_their_order(receipts, order, typed):
    columns = [np.array(column) for column in zip(*receipts, strict=True)] or [np.zeros(0)] * 3
    ask = np.array([1, 1, 2, 3, 4, 1]), np.array([1, 2, 1, 3, 1, 1])
    result = lead_times(*columns, *ask, typed)
    assert np.isfinite(result.nodes).all() and (result.nodes >= 0).all()
    assert (np.diff(result.nodes, axis=1) >= -1e-9).all()
    np.testing.assert_allclose(result.weights.sum(1), 1)
    np.testing.assert_allclose(result.nodes[5], result.nodes[0], atol=1e-9)
    assert (result.median <= result.p90).all()
    order = np.array(order)
    back = np.argsort(np.arange(len(receipts)) * 7919 % 31, kind="stable")
    again = lead_times(*(column[back] for column in columns), ask[0][order], ask[1][order], typed)
    np.testing.assert_allclose(again.nodes, result.nodes[order], rtol=1e-7, atol=1e-9)


def test_lengths_are_checked():
    with pytest.raises(ValueError, match="receipt"):
        lead_times([1], [1], [], [1], [1], [1])
    with pytest.raises(ValueError, match="pair"):
        lead_times([], [], [], [1], [1, 2], [1])
