"""The state of a parcel is a pure function of its events: order, repetition and the clock do not matter."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.parcel_state import HAND, PROGRESS, Event, State, moment, parcel_state

NOON = datetime(2026, 3, 2, 12)


def event(status, hours, source="dhl", received=None, sub_status=None, text=None, time=None, place=None):
    time = time or NOON + timedelta(hours=hours)
    received = received or max(time, NOON + timedelta(hours=hours))
    return Event(time, received, source, status or "", text or status or "", status, sub_status, place)


#: stamps from 1970, from the future and plausible ones; heard at any time
events = st.lists(
    st.builds(
        Event,
        time=st.sampled_from([datetime(1970, 1, 1), datetime(2031, 1, 1)])
        | st.integers(0, 6).map(lambda n: NOON + timedelta(hours=n)),
        received=st.integers(0, 8).map(lambda n: NOON + timedelta(hours=n)),
        source=st.sampled_from(["dhl", "aftership", HAND]),
        raw_code=st.sampled_from(["", "A", "B"]),
        text=st.sampled_from(["", "x"]),
        status=st.sampled_from([None, *PROGRESS]),
        sub_status=st.sampled_from([None, "damaged", "lost", "returning"]),
        place=st.sampled_from([None, "Berlin"]),
    ),
    max_size=9,
)


@given(events, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_state(rows, chance):
    shuffled = [*rows, *(chance.choice(rows) for _ in range(len(rows)) if rows)]
    chance.shuffle(shuffled)
    assert parcel_state(shuffled) == parcel_state(rows)


@given(events)
def test_what_always_holds(rows):
    state = parcel_state(rows)
    assert state.status in PROGRESS
    assert (state.date_delivered is not None) == (state.status == "delivered")
    assert state.is_final or state.status != "delivered"
    assert state.attempts <= len(rows)
    assert state.ignored <= state.events <= len(rows)
    assert state.last_event_at in {moment(one) for one in rows} or not rows


@given(events)
def test_a_state_is_never_from_the_future(rows):
    state = parcel_state(rows)
    heard = max((one.received for one in rows), default=None)
    for name in ("status_at", "last_event_at", "date_first_scan", "date_delivered"):
        assert getattr(state, name) is None or getattr(state, name) <= heard


def test_no_events():
    assert parcel_state([]) == State()


@pytest.mark.parametrize(
    ("rows", "status", "ignored"),
    [
        pytest.param([event("delivered", 2), event("in_transit", 3)], "delivered", 1, id="noise"),
        pytest.param([event("delivered", 2), event("exception", 3)], "delivered", 1, id="exception after the end"),
        pytest.param([event("delivered", 2), event("returned", 3)], "returned", 0, id="returned after delivered"),
        pytest.param([event("returned", 2), event("delivered", 3)], "returned", 1, id="delivered to the sender"),
        pytest.param([event("delivered", 2), event("in_transit", 3, HAND)], "in_transit", 0, id="corrected by hand"),
        pytest.param([event("in_transit", 1), event("info_received", 2)], "in_transit", 1, id="late label"),
        pytest.param([event("out_for_delivery", 1), event("in_transit", 2)], "in_transit", 0, id="back to the hub"),
        pytest.param([event("expired", 1), event("in_transit", 2)], "in_transit", 0, id="news after expired"),
        pytest.param([event("in_transit", 1), event(None, 2)], "in_transit", 0, id="code that nobody mapped"),
        pytest.param([event("delivered", 1), event("out_for_delivery", 1)], "delivered", 0, id="one moment"),
    ],
)
def test_status(rows, status, ignored):
    random.Random(7).shuffle(rows)
    state = parcel_state(rows)
    assert (state.status, state.ignored) == (status, ignored)


def test_late_arrival_is_put_in_its_place():
    """The hub scan of Monday that is told on Thursday does not take the parcel off the doorstep."""
    late = event("in_transit", 1, received=NOON + timedelta(days=4))
    state = parcel_state([event("delivered", 24), late])
    assert (state.status, state.ignored, state.date_first_scan) == ("delivered", 0, NOON + timedelta(hours=1))


def test_1970_and_future_count_when_they_were_heard():
    heard = NOON + timedelta(hours=5)
    old = event("in_transit", 0, time=datetime(1970, 1, 1), received=heard)
    state = parcel_state([event("out_for_delivery", 3), old])
    assert (state.status, state.last_event_at, state.doubtful) == ("in_transit", heard, 1)
    ahead = event("delivered", 0, time=NOON + timedelta(days=99), received=heard)
    state = parcel_state([event("out_for_delivery", 3), ahead])
    assert (state.date_delivered, state.doubtful) == (heard, 1)


def test_two_sources_tell_of_one_delivery():
    state = parcel_state([event("delivered", 2), event("delivered", 3, "aftership")])
    assert (state.date_delivered, state.status_at) == (NOON + timedelta(hours=2), NOON + timedelta(hours=2))


def test_attempts():
    rows = [event("attempt_failed", 0), event("attempt_failed", 1, "aftership"), event("attempt_failed", 24)]
    assert parcel_state(rows).attempts == 2


def test_lost_is_found_and_damage_stays():
    lost = [event("in_transit", 1), event("exception", 2, sub_status="lost")]
    assert parcel_state(lost).is_lost and parcel_state(lost).is_final
    found = parcel_state([*lost, event("in_transit", 3)])
    assert not found.is_lost and not found.is_final
    hit = parcel_state([event("exception", 1, sub_status="damaged"), event("delivered", 2)])
    assert hit.is_damaged and hit.status == "delivered" and hit.sub_status is None


def test_on_its_way_back_is_not_the_end():
    back = [event("exception", 1, sub_status="refused"), event("returned", 2, sub_status="returning")]
    assert not parcel_state(back).is_final
    home = parcel_state([*back, event("returned", 9)])
    assert home.is_final and home.sub_status is None and home.status_at == NOON + timedelta(hours=2)
