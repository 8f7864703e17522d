"""Whose hours made a parcel late."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.stages import STAGES, stages

NOW = datetime(2026, 3, 20)


def day(number):
    return datetime(2026, 3, number)


def test_the_warehouse_made_it_late():
    norms = {"1_ready": 24, "2_handed": 4, "3_scan": 6, "4_delivered": 48}
    found = stages(day(1), day(6), day(6), day(7), day(8), None, NOW, norms, True)
    assert [(one.code, one.hours, one.is_guilty) for one in found] == [
        ("1_ready", 120, True),
        ("2_handed", 0, False),
        ("3_scan", 24, False),
        ("4_delivered", 24, False),
    ]


def test_nobody_is_guilty_of_a_parcel_in_time_or_within_the_norms():
    for ready, norms, is_late in ((day(9), {"1_ready": 1}, False), (day(2), {}, True)):
        assert not any(one.is_guilty for one in stages(day(1), ready, ready, None, None, None, NOW, norms, is_late))


def test_label_without_scan_runs_until_now_or_the_end():
    last = stages(day(1), day(2), day(3), None, None, None, NOW, {"3_scan": 10}, True)[-1]
    assert (last.code, last.is_open, last.hours, last.is_guilty) == ("3_scan", True, 17 * 24, True)
    assert stages(day(1), day(2), day(3), None, None, day(5), NOW, {}, False)[-1].hours == 48


def test_delivered_without_any_scan():
    found = stages(day(1), day(2), day(3), None, day(5), None, NOW, {}, False)
    assert [(one.code, one.hours) for one in found[2:]] == [("3_scan", 0), ("4_delivered", 48)]


moments = st.none() | st.integers(0, 400).map(lambda hours: day(1) + timedelta(hours=hours))


@given(st.tuples(moments, moments, moments, moments, moments), st.dictionaries(st.sampled_from([c for c, _ in STAGES]),
       st.none() | st.floats(0, 100)), st.booleans())
def test_what_always_holds(points, norms, is_late):
    found = stages(*points, None, NOW, norms, is_late)
    assert sum(one.is_guilty for one in found) <= int(is_late)
    assert all(one.hours >= 0 and one.excess >= 0 for one in found)
    assert sum(one.is_open for one in found) <= 1
