"""Queues, capacity, rates: against slow references and laws that always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from scm_kernels.warehouse import flow

stays = st.lists(
    st.tuples(st.floats(0, 40), st.floats(0, 20), st.booleans()),
    min_size=1,
    max_size=40,
)


def _moments(rows):
    entering = np.array([begin for begin, _stay, _open in rows])
    leaving = np.array([np.nan if is_open else begin + stay for begin, stay, is_open in rows])
    return entering, leaving


@given(stays)
def test_queue_is_what_came_and_has_not_left(rows):
    entering, leaving = _moments(rows)
    hours = 24
    came = flow.count_by_hour(entering * 3600, 0, hours)
    left = flow.count_by_hour(leaving[~np.isnan(leaving)] * 3600, 0, hours)
    path = flow.queue_path(0, came, left)
    for hour in range(hours):
        # the edge of an hour is in seconds, as the counts are
        edge = (hour + 1) * 3600
        gone = np.isnan(leaving) | (leaving * 3600 >= edge)
        assert path[hour] == np.count_nonzero((entering * 3600 < edge) & gone)


@given(stays)
def test_littles_law_holds_when_all_come_and_go_within(rows):
    entering, leaving = _moments([(begin, stay, False) for begin, stay, _open in rows])
    queue, rate, stay = flow.littles_law(entering, leaving, first=0.0, last=61.0)
    assert queue == pytest.approx(rate * stay, abs=1e-9)
    assert stay == pytest.approx(np.mean(leaving - entering), abs=1e-9)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=24), st.integers(0, 50), st.data())
def test_stage_adds_up(entering, waiting, data):
    able, leaving = waiting, []
    for came in entering:
        able += came
        leaving.append(data.draw(st.integers(0, able)))
        able -= leaving[-1]
    stage = flow.measure_stage("pick", waiting, entering, leaving, capacity=7.0)
    assert stage.queue == waiting + stage.entered - stage.left == able
    assert stage.clear_hours == pytest.approx(able / 7.0)
    assert stage.peak >= stage.queue


def test_steady_queue_waits_as_little_says():
    # each hour ten come and the ten of the hour before leave: everybody stays one hour
    stage = flow.measure_stage("pack", 10, [10] * 8, [10] * 8, capacity=10.0)
    assert stage.wait_hours == pytest.approx(1.0)
    assert stage.utilisation == pytest.approx(90 / 80)


@given(st.lists(st.integers(0, 200), max_size=200))
def test_capacity_is_between_typical_and_best(leaving):
    capacity = flow.demonstrated_capacity(leaving)
    worked = [count for count in leaving if count]
    if len(worked) < flow.MIN_HOURS:
        assert capacity == 0.0
    else:
        assert np.median(worked) - 0.01 <= capacity <= max(worked)


def test_bottleneck_is_the_longest_to_clear_not_the_longest_queue():
    quick = flow.measure_stage("pick", 0, [90], [30], capacity=60.0)
    slow = flow.measure_stage("pack", 0, [30], [10], capacity=10.0)
    unknown = flow.measure_stage("ship", 0, [500], [1], capacity=0.0)
    assert flow.bottleneck([quick, slow, unknown]) == "pack"
    assert flow.bottleneck([unknown]) == "ship"
    assert flow.bottleneck([flow.measure_stage("pick", 0, [5], [5], 5.0)]) == ""
    assert flow.bottleneck([]) == ""


@given(st.lists(st.floats(0, 24), max_size=40), st.floats(0.05, 2))
def test_active_hours_are_cut_and_never_negative(moments, gap):
    hours = flow.active_hours(moments, gap)
    assert 0.0 <= hours <= gap * len(moments) + 1e-3
    assert hours == flow.active_hours(list(reversed(moments)), gap)


@pytest.mark.parametrize(("errors", "picks"), [(0, 50), (3, 1000), (40, 41), (7, 7)])
def test_error_rate_is_wilsons(errors, picks):
    _rate, low, high = flow.error_rate(errors, picks)
    expected = proportion_confint(errors, picks, method="wilson")
    assert (low, high) == pytest.approx(expected, abs=1e-9)
