"""The six cases of the design's definition of on time, then properties against a slow line-by-line restatement."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.base.on_time import on_time, rates

T = 1000


def judge(lines, tolerance=0):
    """lines: (ordered, promise, [(day, quantity)], returned)"""
    receipts = [(i, day, qty) for i, line in enumerate(lines) for day, qty in line[2]]
    columns = list(zip(*receipts, strict=True)) or [[], [], []]
    ordered = [line[0] for line in lines]
    result = on_time(ordered, [line[1] for line in lines], *columns, T, tolerance, [line[3] for line in lines])
    return result, rates(result, ordered)


@pytest.mark.parametrize(
    ("lines", "on_time_rate"),
    [
        pytest.param([(10, T - 5, [(T - 5, 10)], 10)], 1.0, id="all 10 returned as defective"),
        pytest.param([(10, T - 30, [], 0)], 0.0, id="30 days overdue, nothing received"),
        pytest.param([(10, T - 30, [], 0), (10, T - 5, [(T - 6, 10)], 0)], 0.5, id="and another 10 on time"),
        pytest.param([(10, T - 20, [(T - 15, 10)], 0)], 0.0, id="5 days late, whatever date the vendor moved it to"),
        pytest.param([(10, T - 5, [(T - 5, 10)], 0), (10, T + 60, [], 0)], 1.0, id="10 more due in 60 days"),
        pytest.param([(10, T - 5, [(T - 5, 25)], 0)], 1.0, id="ordered 10, received 25"),
    ],
)
def test_the_six_cases(lines, on_time_rate):
    _result, total = judge(lines)
    assert total.on_time_quantity_rate == on_time_rate
    assert total.otif_rate == on_time_rate


def test_returned_goods_are_on_time_but_not_good():
    assert judge([(10, T - 5, [(T - 5, 10)], 10)])[1].good_rate == 0.0


def test_over_delivery_is_counted_apart():
    result, _total = judge([(10, T - 5, [(T - 5, 25)], 0)])
    assert result.over_delivery.tolist() == [15]
    assert result.on_time_qty.tolist() == [10]


def test_days_late_run_to_the_day_the_order_was_complete():
    result, _total = judge([(10, 900, [(899, 6), (905, 3), (907, 1), (950, 5)], 0), (10, 900, [(899, 6)], 0)])
    assert result.days_late.tolist() == [7, 100]
    assert result.complete.tolist() == [True, False]
    assert result.on_time_qty.tolist() == [6, 6]


def test_tolerance_forgives_but_days_late_do_not_lie():
    result, total = judge([(10, T - 10, [(T - 8, 10)], 0)], tolerance=2)
    assert total.otif_rate == 1.0
    assert result.days_late.tolist() == [2]


def test_on_the_last_day_of_grace_a_line_is_not_due_yet():
    assert not judge([(10, T - 2, [], 0)], tolerance=2)[0].due[0]
    assert judge([(10, T - 3, [], 0)], tolerance=2)[0].due[0]


def test_receipts_after_the_day_of_judgement_are_not_seen():
    result, _total = judge([(10, T + 5, [(T + 1, 10)], 0)])
    assert result.received_qty.tolist() == [0]
    assert not result.due[0]


def test_nothing_due_gives_no_rate():
    total = judge([(10, T + 5, [], 0), (0, T - 5, [], 0)])[1]
    assert (total.lines_due, total.otif_rate, total.on_time_quantity_rate, total.good_rate) == (0, None, None, None)


def test_dates_work_as_well_as_day_numbers():
    day = datetime.date(2026, 3, 2)
    result = on_time([5], [day], [0], [datetime.date(2026, 3, 4)], [5], datetime.date(2026, 4, 1))
    assert result.days_late.tolist() == [2]


def test_rounding_dust_does_not_make_a_line_short():
    assert on_time([0.3], [10], [0, 0], [9, 10], [0.1, 0.2], 20).otif[0]


def test_a_receipt_of_an_unknown_line_is_refused():
    with pytest.raises(ValueError, match="line that is not there"):
        on_time([1], [1], [1], [1], [1], 5)


def slow(q, p, receipts, tolerance):
    seen = sorted((d, r) for d, r in receipts if d <= T)
    total, completed = 0, None
    for d, r in seen:
        total += r
        if total >= q and completed is None:
            completed = d
    due = q > 0 and (p + tolerance < T or total >= q)
    punctual = min(q, sum(r for d, r in seen if d <= p + tolerance))
    late = max(0, (completed if completed is not None else T) - p) if due else None
    return due, punctual, max(0, total - q), due and punctual >= q, late


LINE = st.tuples(
    st.integers(0, 6),
    st.integers(T - 5, T + 5),
    st.lists(st.tuples(st.integers(T - 8, T + 3), st.integers(0, 4)), max_size=4),
    st.just(0),
)


@given(st.lists(LINE, min_size=1, max_size=6), st.integers(0, 3))
def test_vectorised_equals_line_by_line(lines, tolerance):
    result, _total = judge(lines, tolerance)
    late = [None if np.isnan(value) else value for value in result.days_late]
    got = list(zip(result.due, result.on_time_qty, result.over_delivery, result.otif, late, strict=True))
    assert got == [slow(q, p, receipts, tolerance) for q, p, receipts, _returned in lines]
