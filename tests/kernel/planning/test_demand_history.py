"""Demand as arrays: against the obvious loops, on random data."""

import struct
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import demand

WEEKDAYS = 7


def _copy_bytes(rows):
    body = b"".join(struct.pack(">hiiid", 2, 4, number, 8, value) for number, value in rows)
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + body + struct.pack(">h", -1)


@given(
    st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.floats(allow_nan=False)), max_size=20),
    st.integers(1, 40),
)
@settings(deadline=None)
def test_copy_arrives_whole_in_pieces_of_any_length(rows, piece):
    data = _copy_bytes(rows)
    reader = demand.CopyReader("i4", "f8")
    for start in range(0, len(data), piece):
        reader.write(data[start : start + piece])
    numbers, values = reader.columns()
    assert list(zip(numbers.tolist(), values.tolist(), strict=True)) == rows


def test_copy_that_breaks_off_is_an_error():
    reader = demand.CopyReader("i4", "f8")
    reader.write(_copy_bytes([(1, 2.0), (3, 4.0)])[:-10])
    with pytest.raises(ValueError, match="not complete"):
        reader.columns()


def test_copied_null_is_an_error():
    reader = demand.CopyReader("i4", "f8")
    reader.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + struct.pack(">hiiid", 2, -1, 0, 8, 1.0) + struct.pack(">h", -1))
    with pytest.raises(ValueError, match="NULL"):
        reader.columns()


intervals = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-20, 60), st.integers(0, 30), st.sampled_from([0.0, 0.5, 1.0])), max_size=8
)


@given(intervals, st.sampled_from([1, 7]))
@settings(deadline=None)
def test_stock_share_is_the_count_of_days(rows, period_days):
    periods = 42 // period_days
    expected = np.ones((3, periods * period_days))
    for series, first, length, weight in rows:
        for day in range(max(first, 0), min(first + length + 1, periods * period_days)):
            expected[series, day] -= weight
    expected = np.clip(expected.reshape(3, periods, period_days).mean(axis=2), 0, 1)
    series, first, length, weight = (
        (np.array(column) for column in zip(*rows, strict=True)) if rows else np.zeros((4, 0))
    )
    series, first, length = series.astype(int), first.astype(int), length.astype(int)
    share = demand.stock_share((3, periods), period_days, series, first, first + length, weight)
    # Overlapping intervals may take more than a day from one day; the clip is then on the period, not on the day.
    np.testing.assert_allclose(share, expected, atol=1e-6)


def _lost_slowly(sold, known_from, outs, index):
    """Day by day, from the docstring."""
    series, first, last = outs[index]
    out_days = {day for item, start, stop in outs if item == series for day in range(start, stop + 1)}
    days = len(sold[series])
    window = [*range(first - demand.WINDOW_DAYS, first), *range(last + 1, last + 1 + demand.WINDOW_DAYS)]
    window = [day for day in window if known_from[series] <= day < days and day >= 0 and day not in out_days]
    if len(window) < demand.MIN_SAMPLE:
        return None, 0.0
    mean = sum(sold[series][day] for day in window) / len(window)
    expected = 0.0
    inside = range(first, min(last, first + demand.MAX_DAYS - 1, days - 1) + 1)
    for day in inside:
        alike = [sold[series][other] for other in window if other % WEEKDAYS == day % WEEKDAYS]
        expected += (sum(alike) + demand.WEEKDAY_PRIOR * mean) / (len(alike) + demand.WEEKDAY_PRIOR)
    return expected, max(expected - sum(sold[series][day] for day in inside), 0.0)


@pytest.mark.parametrize("seed", range(8))
def test_lost_units_as_the_docstring_says(seed):
    generator = np.random.default_rng(seed)
    days = int(generator.integers(90, 400))
    sold = generator.poisson(3, (4, days)).astype(float)
    known_from = generator.integers(0, 60, 4)
    outs = []
    for series in range(4):
        day = int(generator.integers(10, 60))
        while day < days:
            last = min(day + int(generator.integers(0, 130 if seed % 2 else 20)), days - 1)
            outs.append((series, day, last))
            day = last + 2 + int(generator.integers(0, 40))
    series, first, last = (np.array(column) for column in zip(*outs, strict=True))
    found = demand.lost_units(sold, known_from, demand.StockOuts(series, first, last))
    for index in range(len(outs)):
        expected, lost = _lost_slowly(sold, known_from, outs, index)
        assert found.lost[index] == pytest.approx(lost, abs=1e-9)
        if expected is None:
            assert np.isnan(found.expected[index])
        else:
            assert found.expected[index] == pytest.approx(expected)


def test_lost_units_of_an_item_that_sells_on_saturdays_only():
    """Ten each Saturday: a stock-out over one Saturday loses more than one of the same length without."""
    start = date(2026, 1, 5)
    sold = np.array([[10.0 if (start + timedelta(days=day)).weekday() == 5 else 0.0 for day in range(140)]])
    outs = demand.StockOuts(np.array([0, 0]), np.array([70, 89]), np.array([73, 92]))
    found = demand.lost_units(sold, np.array([0]), outs)
    assert [start + timedelta(days=int(day)) for day in outs.day_from] == [date(2026, 3, 16), date(2026, 4, 4)]
    assert found.expected[1] > 1.5 * found.expected[0]


def test_no_stock_outs():
    empty = np.zeros(0, dtype=int)
    found = demand.lost_units(np.zeros((2, 30)), np.zeros(2, dtype=int), demand.StockOuts(empty, empty, empty))
    assert found.lost.shape == (0,)
