"""Measures against a slow loop over suppliers, and cases worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.supplier_eval import cooperation, delivery, price, quality, response
from scm_kernels.supplier_eval.working_hours import working_hours

SUPPLIERS = 4
line = st.tuples(
    st.integers(0, SUPPLIERS - 1), st.booleans(), st.floats(1, 500), st.floats(0, 1.5), st.floats(0, 60),
    st.floats(-3, 90),
)  # fmt: skip


def columns(rows):
    group, due, ordered, share, late, lead = (np.array(column) for column in zip(*rows, strict=True))
    return group, due, ordered, ordered * share, late, lead


@given(st.lists(line, min_size=1, max_size=60))
def test_delivery_equals_the_slow_reference(rows):
    group, due, ordered, on_time, late, lead = columns(rows)
    otif = due & (on_time >= ordered)
    found = {
        "otif": delivery.otif_line(group, SUPPLIERS, due, otif),
        "quantity": delivery.otif_quantity(group, SUPPLIERS, due, ordered, on_time),
        "late": delivery.days_late_mean(group, SUPPLIERS, due, late),
        "p90": delivery.days_late_p90(group, SUPPLIERS, due, late),
        "median": delivery.lead_time_median(group, SUPPLIERS, lead),
        "spread": delivery.lead_time_spread(group, SUPPLIERS, lead),
    }
    for supplier in range(SUPPLIERS):
        mine = (group == supplier) & due
        assert found["otif"].sample[supplier] == mine.sum()
        if mine.any():
            expected = {
                "otif": otif[mine].mean(),
                "quantity": np.minimum(on_time[mine] / ordered[mine], 1).mean(),
                "late": late[mine].mean(),
                "p90": np.quantile(late[mine], 0.9),
            }
            for name, value in expected.items():
                assert found[name].value[supplier] == pytest.approx(value)
        else:
            assert np.isnan(found["otif"].value[supplier])
        times = lead[(group == supplier) & (lead >= 0)]
        assert found["median"].sample[supplier] == len(times)
        if len(times):
            assert found["median"].value[supplier] == pytest.approx(np.median(times))
        if len(times) > 1:
            assert found["spread"].value[supplier] == pytest.approx(np.std(times, ddof=1), abs=1e-6)


def test_notice_of_delay():
    # ten days late, told four days before; five late, told when overdue; six late, nothing said; one punctual
    found = delivery.delay_notice(
        [0] * 4, 1, [True] * 4, [10.0, 5.0, 6.0, 0.0], [4.0, -2.0, np.nan, np.nan]
    )
    assert found.value.tolist() == pytest.approx([4 / 3])
    assert found.sample.tolist() == [3]


def test_fill_rate_does_not_count_more_than_ordered():
    assert delivery.fill_rate([0, 0], 1, [True, True], [10, 10], [30, 0]).value.tolist() == [0.5]


def test_ppm_weighs_by_value():
    # 1 of 10 of a thing worth 90 and none of 1,000 screws worth 0.1: 90 of 1,000 of value
    found = quality.returned_ppm([0, 0], 1, [10, 1000], [1, 0], [90, 0.1])
    assert found.value.tolist() == pytest.approx([90_000])
    assert quality.rejected_ppm([0], 1, [0.0], [4.0], [0.0]).value.tolist() == [1_000_000]


def test_response():
    assert response.acknowledged_share([0, 0, 1], 2, [True, False, True]).value.tolist() == [0.5, 1.0]
    assert response.rfq_hours([0, 0], 1, [2.0, 40.0]).value.tolist() == [21.0]
    assert np.isnan(response.acknowledgement_hours([0], 1, [np.nan]).value[0])
    assert response.actions_in_time([0, 0], 1, [True, False]).value.tolist() == [0.5]


def test_cooperation():
    assert cooperation.buyer_survey([0, 0], 1, [50.0, 100.0], [1, 1]).value.tolist() == [75.0]
    assert cooperation.rush_accepted([0, 0, 0], 2, [True, True, False]).value.tolist()[0] == pytest.approx(2 / 3)


def test_price_weighs_by_money():
    # 100 units at 11 against 10, one unit at 500 against 1,000
    found = price.price_variance([0, 0], 1, [100, 1], [11.0, 500.0], [10.0, 1000.0])
    assert found.value.tolist() == pytest.approx([(100 - 500) / 2000])
    nothing = price.price_variance([0], 1, [5], [3.0], [0.0])
    assert np.isnan(nothing.value[0]) and nothing.sample.tolist() == [0]


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), max_size=20))
def test_working_hours_equal_a_sum_over_minutes(pairs):
    opened, closed = [24.0 * day + 9 for day in range(10)], [24.0 * day + 17 for day in range(10)]
    start, end = ([pair[index] for pair in pairs] for index in (0, 1))
    found = working_hours(start, end, opened, closed)
    for row, (first, last) in enumerate(pairs):
        overlap = sum(max(0.0, min(last, b) - max(first, a)) for a, b in zip(opened, closed, strict=True))
        assert found[row] == pytest.approx(overlap, abs=1e-6)


def test_a_night_and_a_weekend_are_no_working_time():
    # Friday 16:00 to Monday 10:00, open 9 to 17: one hour on Friday, one on Monday
    opened, closed = [9.0, 24 * 3 + 9], [17.0, 24 * 3 + 17]
    assert working_hours([16.0], [24 * 3 + 10], opened, closed).tolist() == [2.0]
    assert working_hours([20.0], [30.0], [], []).tolist() == [0.0]
