"""Load per hour: what a known day brings, and what has no history."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse import hour_load

days = st.lists(st.lists(st.integers(0, 60), min_size=24, max_size=24), min_size=1, max_size=30)


def _weekdays(count):
    return [day % 7 for day in range(count)]


@given(days)
def test_shares_of_a_day_are_one_or_none(counts):
    level, share = hour_load.profile(counts, _weekdays(len(counts)))
    expected = 1.0 if np.sum(counts) else 0.0
    assert share.sum(axis=1) == pytest.approx(np.full(7, expected))
    assert level.min() >= 0 and share.min() >= 0


@given(days, st.floats(0.5, 2))
def test_expected_day_is_level_times_scale_within_its_range(counts, scale):
    weekdays = _weekdays(len(counts))
    level, _share = hour_load.profile(counts, weekdays)
    load = hour_load.expected_load(counts, weekdays, range(7), [scale] * 7)
    assert load.mean.sum(axis=1) == pytest.approx(level * scale)
    assert (load.low <= load.high).all()
    assert (load.low <= np.ceil(load.mean)).all()


def test_range_holds_four_hours_in_five():
    rng = np.random.default_rng(5)
    past = rng.negative_binomial(5, 5 / 25, (56, 24))
    weekdays = _weekdays(56)
    assert hour_load.dispersion(past, weekdays) == pytest.approx(5.0, rel=0.15)
    load = hour_load.expected_load(past, weekdays, range(7), [1.0] * 7)
    new = rng.negative_binomial(5, 5 / 25, (200, 7, 24))
    inside = ((new >= load.low) & (new <= load.high)).mean()
    assert 0.78 <= inside <= 0.88


def test_trend_compares_like_weekdays_and_is_held():
    weekdays = _weekdays(42)
    weekly = [100 if day < 5 else 10 for day in weekdays]
    assert hour_load.trend(weekly, weekdays) == 1.0
    assert hour_load.trend([*weekly[:28], *(5 * total for total in weekly[28:])], weekdays) == 2.0
    assert hour_load.trend([*weekly[:28], *(0 for _day in range(14))], weekdays) == 0.5
    assert hour_load.trend(weekly[:20], weekdays[:20]) == 1.0


def test_few_transfers_are_no_trend():
    # one instead of none is nothing to shout about
    assert hour_load.trend([0] * 28 + [1] * 14, _weekdays(42)) < 1.3
