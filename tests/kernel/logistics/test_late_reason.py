"""Why a parcel is late: one code, and only when it is late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.late_reason import CODES, Facts, is_late, late_reason

DAY = date(2026, 11, 23)


def late(**values):
    return Facts(
        **{"today": DAY, "promised": DAY - timedelta(1), "expected": DAY, "delivered": None, "handed": None} | values
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "carrier"),
        ({"is_lost": True, "disrupted": True}, "lost"),
        ({"disrupted": True, "attempts": 1}, "disruption"),
        ({"sub_status": "customs_clearance", "attempts": 1}, "customs"),
        ({"attempts": 2}, "attempt_failed"),
        ({"handed": DAY, "ready_by": DAY - timedelta(3)}, "warehouse"),
        ({"ready_by": DAY - timedelta(3)}, "warehouse"),
        ({"last_news": DAY - timedelta(5)}, "silence"),
        ({"last_news": DAY - timedelta(5), "delivered": DAY}, "carrier"),
        ({"promised": DAY}, ""),
        ({"promised": None, "is_lost": True}, ""),
        ({"promised": DAY, "expected": DAY + timedelta(2)}, "carrier"),
    ],
)
def test_cases(values, code):
    assert late_reason(late(**values)) == code


days = st.none() | st.integers(-9, 9).map(lambda n: DAY + timedelta(n))


@given(days, days, days, days, st.booleans(), st.integers(0, 3))
def test_a_reason_if_and_only_if_late(promised, expected, delivered, handed, lost, attempts):
    facts = Facts(DAY, promised, expected, delivered, handed, is_lost=lost, attempts=attempts)
    assert (late_reason(facts) in CODES) == is_late(facts)
