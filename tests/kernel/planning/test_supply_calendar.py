"""Order and arrival days around shut-downs, against walking day by day."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning.supply_calendar import (
    NEVER,
    NO_DAY,
    SupplyCalendar,
    arrival_day,
    closed_spans,
    latest_order_day,
)

START = date(2026, 1, 1)


def walk(closed, no_intake, order, lead):
    """Arrival the slow way: wait for a day of intake, then cross one open day after the other."""

    def is_open(day):
        return not (0 <= day < len(closed) and closed[day])

    day = order
    while 0 <= day < len(closed) and (closed[day] or no_intake[day]):
        day += 1
    while lead > 0:
        lead -= is_open(day)
        day += 1
    return day


@st.composite
def calendars(draw):
    days = draw(st.integers(1, 40))
    flags = st.lists(st.booleans(), min_size=days, max_size=days)
    return np.array(draw(flags)), np.array(draw(flags))


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(-10, 60), st.integers(0, 50))
def test_arrival_is_what_walking_gives(tables, order, lead):
    closed, no_intake = tables
    calendar = SupplyCalendar(START, closed[None], no_intake[None])
    expected = NEVER if closed.all() else walk(closed, no_intake, order, lead)
    assert arrival_day(calendar, [0], [order], [lead])[0] == expected


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(-10, 60), st.integers(0, 30))
def test_latest_order_day_is_the_last_that_arrives_in_time(tables, need, lead):
    closed, no_intake = tables
    calendar = SupplyCalendar(START, closed[None], no_intake[None])
    latest = int(latest_order_day(calendar, [0], [need], [lead])[0])
    if closed.all():
        assert latest == NO_DAY
        return
    days = np.arange(-60, 120)
    arrivals = arrival_day(calendar, np.zeros(len(days), int), days, lead)
    in_time = arrivals <= need
    # a day without intake that also arrives in time is as late an order as the day of intake after it
    takes = np.array([not (0 <= day < len(closed) and (closed[day] or no_intake[day])) for day in days])
    assert latest == days[in_time & takes].max()


def test_pulls_forward_by_the_length_of_the_shutdown():
    closed = np.zeros((1, 120), bool)
    closed[0, 40:61] = True
    calendar = SupplyCalendar(START, closed)
    assert latest_order_day(calendar, [0, 0, 0], [39, 61, 70], [20, 20, 20]).tolist() == [19, 20, 29]
    assert latest_order_day(calendar, [0], [75], [20]).tolist() == [34]
    assert arrival_day(calendar, [0, 0], [20, 21], [20, 20]).tolist() == [40, 62]


def test_vendor_that_is_never_open_has_a_flag_and_sentinels():
    calendar = SupplyCalendar(START, np.array([[True] * 30, [False] * 30]))
    assert calendar.never_open.tolist() == [True, False]
    assert arrival_day(calendar, [0, 1], [3, 3], [5, 5]).tolist() == [NEVER, 8]
    assert latest_order_day(calendar, [0, 1], [20, 20], [5, 5]).tolist() == [NO_DAY, 15]


def test_lead_time_of_nothing_and_of_400_days():
    closed = np.zeros((1, 365), bool)
    closed[0, 10:20] = True
    calendar = SupplyCalendar(START, closed)
    assert arrival_day(calendar, [0, 0], [5, 12], [0, 0]).tolist() == [5, 20]
    assert latest_order_day(calendar, [0, 0], [5, 15], [0, 0]).tolist() == [5, 9]
    assert arrival_day(calendar, [0], [0], [400]).tolist() == [410]
    assert latest_order_day(calendar, [0], [410], [400]).tolist() == [0]
    assert latest_order_day(calendar, [0], [300], [400]).tolist() == [-110]


def test_closed_to_the_end_of_the_calendar_opens_behind_it():
    closed = np.zeros((1, 30), bool)
    closed[0, 20:] = True
    calendar = SupplyCalendar(START, closed)
    assert arrival_day(calendar, [0, 0], [18, 25], [5, 5]).tolist() == [33, 35]
    assert latest_order_day(calendar, [0], [33], [5]).tolist() == [18]


def test_no_new_orders_before_the_shutdown_but_work_goes_on():
    closed, no_intake = np.zeros((2, 1, 60), bool)
    closed[0, 30:40], no_intake[0, 20:30] = True, True
    calendar = SupplyCalendar(START, closed, no_intake)
    assert arrival_day(calendar, [0, 0, 0], [19, 20, 29], [5, 5, 5]).tolist() == [24, 45, 45]
    assert latest_order_day(calendar, [0, 0], [30, 44], [5, 5]).tolist() == [19, 19]


def test_parts_of_a_day_count_whole_and_row_minus_one_is_always_open():
    calendar = SupplyCalendar(START, np.ones((1, 9), bool))
    assert arrival_day(calendar, [-1, -1], [3, 3], [2.0, 2.1]).tolist() == [5, 6]
    empty = SupplyCalendar(START, np.zeros((0, 9), bool))
    assert latest_order_day(empty, [-1], [3], [2]).tolist() == [1]
    assert arrival_day(SupplyCalendar(START, np.zeros((1, 0), bool)), [0], [3], [2]).tolist() == [5]


def test_bad_input_says_what_is_wrong():
    calendar = SupplyCalendar(START, np.zeros((1, 9), bool))
    with pytest.raises(ValueError, match="0 days or more"):
        arrival_day(calendar, [0], [1], [-1])
    with pytest.raises(ValueError, match="0 days or more"):
        arrival_day(calendar, [0], [1], [np.nan])
    with pytest.raises(ValueError, match="row 1"):
        latest_order_day(calendar, [1], [1], [1])
    with pytest.raises(ValueError, match="table"):
        SupplyCalendar(START, np.zeros(9, bool))
    with pytest.raises(ValueError, match="shape"):
        SupplyCalendar(START, np.zeros((1, 9), bool), np.zeros((1, 8), bool))


def test_spans_of_several_vendors():
    calendar = SupplyCalendar(START, np.array([[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]))
    assert closed_spans(calendar).tolist() == [[0, 0, 0], [0, 2, 3], [2, 0, 3]]
