"""When customers are told."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.customer_message import held_back, is_quiet, kind_of_change, send_at, slip_kind

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(microsecond=0))
hours = st.sampled_from([0, 7.5, 8, 12, 21, 21.5, 23])


@given(moments, hours, hours)
def test_first_moment_that_is_not_quiet(local, quiet_from, quiet_to):
    sent = send_at(local, quiet_from, quiet_to)
    hour = sent.hour + sent.minute / 60 + sent.second / 3600
    assert not is_quiet(hour, quiet_from, quiet_to)
    assert timedelta(0) <= sent - local <= timedelta(days=1)
    if sent > local:
        before = sent - timedelta(seconds=1)
        assert is_quiet(before.hour + before.minute / 60 + before.second / 3600, quiet_from, quiet_to)


@given(moments, hours, hours)
def test_asking_again_changes_nothing(local, quiet_from, quiet_to):
    sent = send_at(local, quiet_from, quiet_to)
    assert send_at(sent, quiet_from, quiet_to) == sent


@pytest.mark.parametrize(
    ("known", "new", "told", "kind"),
    [(2, 4, False, "delayed"), (2, 3, False, None), (4, 2, False, None), (4, 2, True, "earlier"), (3, 2, True, None)],
)
def test_slip(known, new, told, kind):
    assert slip_kind(date(2026, 3, known), date(2026, 3, new), 2, told) == kind


def test_changes_of_status():
    assert kind_of_change("info_received", "in_transit") == "dispatched"
    assert kind_of_change("in_transit", "in_transit") is None
    assert kind_of_change("out_for_delivery", "attempt_failed") == "attempt_failed"
    assert kind_of_change("in_transit", "exception") is None
    assert kind_of_change("attempt_failed", "available_for_pickup") == "pickup"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("delivered", "all", True, False, False), None),
        (("delivered", "all", True, False, True), None),
        (("delayed", "all", True, False, True), "person"),
        (("delayed", "none", True, False, False), "consent"),
        (("dispatched", "important", True, False, False), "consent"),
        (("delayed", "all", False, False, False), "address"),
        (("delayed", "all", True, True, False), "blacklist"),
    ],
)
def test_held_back(arguments, reason):
    assert held_back(*arguments) == reason
