"""Signatures against published values, and that nothing but the right one passes."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.pacing import Gate, back_off_seconds, pause_minutes, refill
from scm_kernels.logistics.webhook_signature import (
    check_17track,
    check_aftership,
    check_kuaidi100,
    check_own,
    sign,
)


def test_hmac_of_the_rfc():
    """RFC 4231, test case 2: key Jefe. Ours puts the time and a point in front of the body."""
    data = b"what do ya want for nothing?"
    published = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac.new(b"Jefe", data, hashlib.sha256).hexdigest() == published
    assert sign("Jefe", 5, data) == hmac.new(b"Jefe", b"5." + data, hashlib.sha256).hexdigest()


@given(st.text(max_size=30), st.text(max_size=70), st.binary(max_size=50))
def test_nothing_else_passes_and_nothing_raises(stamp, given_signature, body):
    assert check_own("key", stamp, given_signature, body, 1700000000, 300) == "signature"
    assert not check_aftership("key", given_signature, body)
    assert not check_17track("key", given_signature, body)
    assert not check_kuaidi100("salt", given_signature, stamp)


def test_without_a_secret_nothing_passes():
    for secret in ("", None, False):
        assert check_own(secret, "5", sign("", 5, b""), b"", 5, 300) == "signature"
        assert not check_aftership(secret, "", b"")
        assert not check_17track(secret, hashlib.sha256(b"x/").hexdigest(), b"x")
        assert not check_kuaidi100(secret, hashlib.md5(b"x").hexdigest(), "x")


@given(st.integers(0, 2 * 10**9), st.integers(-4000, 4000))
def test_the_window_is_as_wide_on_both_sides(now, shift):
    seconds = max(0, now + shift)
    expected = "ok" if abs(seconds - now) <= 300 else "stale"
    assert check_own("key", str(seconds), "sha256=" + sign("key", seconds, b"{}").upper(), b"{}", now, 300) in (
        expected,
        "signature",  # the prefix is ours, the digits may be in capitals
    )
    assert check_own("key", str(seconds), sign("key", seconds, b"{}"), b"{}", now, 300) == expected


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 20))
def test_no_more_pass_in_any_minute_than_a_bucket_and_a_minute(pauses, rate):
    gate, now, passed = Gate(), 0.0, []
    for pause in pauses:
        now += pause
        if gate.passes("key", rate, now):
            passed.append(now)
    for start in passed:
        assert sum(start <= moment < start + 60 for moment in passed) <= 2 * rate


def test_the_gate_forgets_the_oldest():
    gate = Gate(size=2)
    for key in "abc":
        gate.passes(key, 1, 0.0)
    assert list(gate.buckets) == ["b", "c"]


@given(st.integers(1, 1000), st.integers(0, 100000))
def test_back_off_grows_to_its_limit_and_hears_the_server(failures, asked):
    wait = back_off_seconds(failures, asked)
    assert wait >= min(max(asked, 60), 21600) and wait <= 21600
    assert back_off_seconds(failures + 1, asked) >= wait


@given(st.integers(5, 3000), st.floats(0, 10000), st.integers(0, 50))
def test_pauses_are_between_the_setting_and_a_day(every, quiet, failures):
    assert every <= pause_minutes(every, quiet, failures) <= max(1440, every)


@given(st.floats(0, 100), st.floats(-1000, 1000), st.integers(1, 100))
def test_a_bucket_never_overflows(tokens, seconds, rate):
    assert 0 <= refill(tokens, seconds, rate) <= rate
