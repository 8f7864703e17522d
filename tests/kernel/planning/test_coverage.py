import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import coverage as module
from scm_kernels.planning.coverage import (
    Arrivals,
    coverage,
    days_of_cover,
    dead_units,
    excess_units,
    late_arrivals,
)

DAYS = 400


def test_examples_in_the_docstrings_hold():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def one(on_hand, weekly, arrivals=(), lead=14, **values):
    columns = zip(*[(0, *arrival) for arrival in arrivals], strict=True)
    return coverage([on_hand], [weekly], 7, Arrivals.of(*columns), [lead], **values)


def test_stock_that_outlasts_the_lead_time_can_be_saved():
    result = one(20, [7] * 8)
    assert (result.run_out_day[0], result.too_late[0], result.unmet[0]) == (20, False, 0)


def test_a_late_receipt_does_not_save_and_the_units_are_counted():
    result = one(5, [7] * 8, [(10, 100)])
    assert (result.run_out_day[0], result.too_late[0], result.unmet[0]) == (5, True, 5)
    assert result.cover_days_incoming[0] == 105


def test_a_receipt_in_time_does():
    result = one(5, [7] * 8, [(5, 100)])
    assert (result.run_out_day[0], result.too_late[0], result.cover_days[0]) == (105, False, 5)


def test_promised_units_are_gone():
    result = one(5, [7] * 8, promised=8)
    assert result.short_now[0] and result.run_out_day[0] == 0 and result.unmet[0] == 17


def test_without_demand_stock_lasts_for_ever():
    result = one(0, [0, 0])
    assert (result.run_out_day[0], result.cover_days[0], result.too_late[0]) == (np.inf, np.inf, False)


def test_a_receipt_that_is_overdue_counts_as_coming_today():
    assert one(0, [7] * 4, [(-3, 14)]).run_out_day[0] == 14


def test_arrivals_are_late_by_the_days_without_stock():
    late = late_arrivals([10, 50], [[7] * 9, [0] * 9], 7, Arrivals.of([0, 0, 0, 1], [40, 12, 12, 99], [5, 3, 4, 1]))
    # 10 last until day 10; 7 more arrive on day 12 for the backlog and last until day 17
    assert late.tolist() == [23, 2, 2, 0]
    assert late_arrivals([1], [[7]], 7, Arrivals.of()).shape == (0,)


def test_excess_leaves_the_horizon_and_the_policy():
    assert excess_units([100, 10], [[7, 14], [7, 14]], 7, [14, 14], [9, 9]).tolist() == [70, 0]
    # past the horizon the mean goes on
    assert excess_units([100], [[7, 14]], 7, 28, [0]).tolist() == [58]


def test_dead_needs_both_silence_and_no_forecast():
    units = dead_units([4, 4, 4, -2], [366, 366, 10, 400], [[0], [1], [0], [0]])
    assert units.tolist() == [4, 0, 0, 0]


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="arrival"):
        Arrivals.of([1], [1], [])
    with pytest.raises(ValueError, match="rows"):
        coverage([1, 2], [[1]], 7, Arrivals.of(), [1, 1])
    with pytest.raises(ValueError, match="at least one period"):
        days_of_cover([1], np.zeros((1, 0)), 7)


def day_by_day(on_hand, weekly, arrivals, lead):
    """First day of unmet demand and units unmet before the order day, the slow and obvious way."""
    rates = [weekly[t // 7] / 7 if t < 7 * len(weekly) else sum(weekly) / len(weekly) / 7 for t in range(DAYS)]
    stock, run_out, unmet = on_hand, None, 0.0
    for day, rate in enumerate(rates):
        stock += sum(quantity for when, quantity in arrivals if when == day)
        met = min(rate, max(stock, 0.0))
        stock -= rate
        if met < rate - 1e-6:
            run_out = day if run_out is None else run_out
            if day < lead:
                unmet += rate - met
    return run_out, unmet


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.lists(st.integers(0, 20), min_size=3, max_size=3),
            st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=4),
            st.integers(0, 40),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_all_items_at_once_equals_day_by_day(items):
    flat = [(index, *arrival) for index, item in enumerate(items) for arrival in item[2]]
    arrivals = Arrivals.of(*(zip(*flat, strict=True) if flat else ()))
    result = coverage([item[0] for item in items], [item[1] for item in items], 7, arrivals, [i[3] for i in items])
    for index, item in enumerate(items):
        run_out, unmet = day_by_day(*item)
        if run_out is None:
            assert result.run_out_day[index] >= DAYS - 1
        else:
            assert np.floor(result.run_out_day[index] + 1e-6) == run_out
        assert result.unmet[index] == pytest.approx(unmet, abs=1e-4)
        assert result.too_late[index] == (result.run_out_day[index] < item[3])
