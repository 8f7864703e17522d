"""Clocks against a reference that walks minute by minute, and what must hold for all of them."""

from datetime import date, datetime, timedelta

import pytz
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.aftersales_helpdesk.sla_clock import HOUR, Hours, open_spans, read_clock, subtract, union

MONDAY = datetime(2026, 11, 23)
MINUTE = timedelta(minutes=1)
OFFICE = [(day, None, *part) for day in range(5) for part in ((9.0, 12.0), (13.0, 17.0))]


def moment(minutes):
    return MONDAY + minutes * MINUTE


def in_zone(name):
    zone = pytz.timezone(name)
    return lambda local: zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)


def walk(spans, start, allowed, now, stopped, pauses):
    """Slow and obvious: each minute counts if it is worked and not paused. Minutes used, minute of the deadline."""
    until, used, deadline, at = min(stopped or now, now), 0, None, start
    if allowed == 0:
        deadline = start
    while at < until:
        if any(a <= at < b for a, b in spans) and not any(a <= at and (b is None or at < b) for a, b in pauses):
            used += 1
            if used * 60 == allowed and deadline is None:
                deadline = at + MINUTE
        at += MINUTE
    return used, deadline


pieces = st.lists(st.integers(0, 600), min_size=0, max_size=8, unique=True).map(sorted)


def pairs(cuts):
    return [(moment(a), moment(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@given(pieces, pieces, st.integers(0, 400), st.integers(0, 300), st.integers(0, 300), st.booleans(), st.booleans())
def test_as_if_counted_minute_by_minute(work, breaks, begin, length, allowed, is_open, is_stopped):
    spans, pauses, start = union(pairs(work)), pairs(breaks), moment(begin)
    pauses = [(max(a, start), b) for a, b in pauses if b > start]
    now = start + length * MINUTE
    pauses = [(a, min(b, now)) for a, b in pauses if a < now]
    if is_open and pauses:
        pauses[-1] = (pauses[-1][0], None)
    stopped = now if is_stopped else None
    seconds = allowed * 60
    reading = read_clock(Hours(spans), start, seconds, now, stopped, pauses)
    used, deadline = walk(spans, start, seconds, now, stopped, pauses)
    assert reading.elapsed == used * 60
    assert (reading.state == "breached") == (used > allowed)
    if deadline:
        assert reading.deadline == deadline
    elif reading.deadline:
        assert reading.deadline >= now or reading.deadline == start
    if is_stopped and used <= allowed:
        assert reading.state == "met"
    if is_open and pauses and not is_stopped and used <= allowed:
        assert reading.state == "paused"


@given(pieces, pieces)
def test_subtract_leaves_what_is_only_in_the_first(first, second):
    left, right = union(pairs(first)), union(pairs(second))
    found = subtract(left, right)
    assert found == union(found)
    for minute in range(0, 600, 7):
        in_found, in_left, in_right = (
            any(a <= moment(minute) < b for a, b in spans) for spans in (found, left, right)
        )
        assert in_found == (in_left and not in_right)


def test_evening_to_morning_over_a_week_end_and_a_holiday():
    holiday = (datetime(2026, 11, 30), datetime(2026, 12, 1))
    spans = open_spans(OFFICE, [holiday], date(2026, 11, 23), date(2026, 12, 10), lambda local: local)
    friday = datetime(2026, 11, 27, 16, 30)
    assert Hours(spans).after(friday, 2 * HOUR) == datetime(2026, 12, 1, 10, 30)
    assert Hours(spans).between(friday, datetime(2026, 12, 1, 14)) == (0.5 + 4) * HOUR


def test_the_night_in_which_clocks_change():
    # Berlin, 25 October 2026: the night has 25 hours, so 22:00 to 06:00 is nine hours of work
    night = [(5, None, 22.0, 24.0), (6, None, 0.0, 6.0)]
    spans = open_spans(night, [], date(2026, 10, 24), date(2026, 10, 25), in_zone("Europe/Berlin"))
    assert len(spans) == 1
    assert Hours(spans).between(*spans[0]) == 9 * HOUR
    spring = open_spans([(6, None, 0.0, 6.0)], [], date(2026, 3, 29), date(2026, 3, 29), in_zone("Europe/Berlin"))
    assert Hours(spring).between(*spring[0]) == 5 * HOUR


def test_two_weeks_take_turns():
    spans = open_spans([(0, 0, 9.0, 10.0), (0, 1, 9.0, 12.0)], [], date(2026, 11, 23), date(2026, 12, 7), lambda at: at)
    assert [(end - start).total_seconds() / HOUR for start, end in spans] == [1.0, 3.0, 1.0]


def test_a_calendar_without_hours_has_no_deadline():
    reading = read_clock(Hours([]), MONDAY, HOUR, MONDAY + timedelta(days=9))
    assert (reading.deadline, reading.elapsed, reading.state) == (None, 0.0, "running")


def test_pause_after_the_breach_changes_nothing():
    late = MONDAY + timedelta(hours=3)
    reading = read_clock(Hours(), MONDAY, HOUR, late, pauses=[(MONDAY + timedelta(hours=2), None)])
    assert (reading.deadline, reading.state) == (MONDAY + timedelta(hours=1), "breached")


def test_warning_comes_at_its_share():
    at = lambda minutes: read_clock(Hours(), MONDAY, HOUR, moment(minutes), warn_share=0.75).state  # noqa: E731
    assert [at(44), at(45), at(60), at(61)] == ["running", "warned", "warned", "breached"]
