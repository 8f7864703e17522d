"""Value of improvements: money of a year, spread over months, each day of a scope once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.analytics.value_realised import YEAR, Claim, months_of, spread, subtract, value_of_year

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
CLAIMS = st.lists(
    st.tuples(st.frozensets(st.sampled_from("abc"), min_size=1), DAYS, st.floats(-1e6, 1e6)), max_size=6
).map(lambda rows: [Claim(number, *row) for number, row in enumerate(rows)])


def _slow_days(claims):
    """Day by day: who counts it first."""
    taken, counted = set(), {}
    for claim in sorted(claims, key=lambda one: (one.start, one.number)):
        own = [claim.start + timedelta(days=number) for number in range(YEAR)]
        counted[claim.number] = sum(not any((key, day) in taken for key in claim.keys) for day in own)
        taken |= {(key, day) for key in claim.keys for day in own}
    return counted


@given(CLAIMS)
def test_each_day_of_a_key_counts_once(claims):
    found = dict.fromkeys((claim.number for claim in claims), 0)
    for number, _month, days, _money in spread(claims):
        found[number] += days
    assert found == _slow_days(claims)


@given(CLAIMS, st.randoms())
def test_the_order_of_the_claims_does_not_matter(claims, random):
    mixed = list(claims)
    random.shuffle(mixed)
    assert sorted(spread(mixed)) == sorted(spread(claims))


@given(DAYS, st.floats(1, 1e6))
def test_a_year_is_worth_its_value(start, value):
    rows = spread([Claim(1, frozenset({"a"}), start, value)])
    assert sum(money for *_row, money in rows) == pytest.approx(value)
    assert sum(days for _number, _month, days, _money in rows) == YEAR
    assert all(month.day == 1 for _number, month, _days, _money in rows)


@given(DAYS, st.integers(0, 800))
def test_months_are_in_order_and_complete(start, days):
    months = months_of(start, days)
    assert sum(count for _month, count in months) == days
    assert [month for month, _count in months] == sorted({month for month, _count in months})


@given(st.integers(0, 30), st.integers(1, 30), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5))
def test_what_is_taken_is_gone(start, length, taken):
    taken = [(first, first + count) for first, count in taken]
    left = {day for first, last in subtract((start, start + length), taken) for day in range(first, last)}
    gone = {day for first, last in taken for day in range(first, last)}
    assert left == set(range(start, start + length)) - gone


def test_less_is_better_turns_the_sign():
    assert value_of_year(-0.02, -0.03, -0.01, -1, 1000, 10) == (200.0, 100.0, 300.0)
    assert value_of_year(0.02, 0.01, 0.03, 1, 1000, 10) == (200.0, 100.0, 300.0)
    assert value_of_year(0.02, -0.01, 0.05, -1, 1000, 10) == (-200.0, -500.0, 100.0)
