"""What a return is worth: no more than was paid, nothing below zero, each cent with a name."""

from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.aftersales.settlement import GRADES, Part, Shares, allocate, claim, pay

money = st.integers(0, 100_000).map(lambda cents: cents / 100)
share = st.floats(0, 1)


def test_policy_and_grade_multiply():
    one = claim("refund", {"A": 1, "B": 1}, 2, Shares(b=0.5), percent=0.8)
    assert (one.units, round(one.share, 9), one.refused) == (2, 0.6, 0)


def test_exchange_and_repair_grant_whole_units():
    assert claim("exchange", {"A": 1, "C": 2}, 3, Shares(c=0.0)) == claim("repair", {"A": 1, "C": 2}, 3, Shares(c=0.0))
    assert claim("exchange", {"B": 2}, 2, Shares(b=0.5)).share == 1.0


def test_keep_needs_no_inspection():
    one = claim("keep", {}, 2, Shares(), percent=0.3)
    assert (one.units, one.share) == (2.0, 0.3)


def test_discount_and_what_was_credited_before():
    """40 at 10 % discount are 36; 30 of it are left; of these 90 %: 27."""
    (paid,) = pay({1: (0.9, [Part(1, 40.0, 30.0, 0.1)])}, {}).parts
    assert (paid.discount, paid.over, paid.reduced, paid.net) == (4.0, 6.0, 3.0, 27.0)


def test_fee_spreads_over_parts_and_lines():
    lines = {1: (1.0, [Part(1, 3.0, 3.0), Part(2, 10.0, 10.0)]), 2: (1.0, [Part(3, 4.0, 4.0)])}
    account = pay(lines, {1: 5.0, 2: 9.0}, freight=10.0)
    assert [(part.fee, part.freight, part.net) for part in account.parts] == [
        (3.0, 0.0, 0.0),
        (2.0, 8.0, 0.0),
        (4.0, 0.0, 0.0),
    ]
    assert (account.fee_lost, account.freight_lost) == (5.0, 2.0)


@given(
    st.lists(st.tuples(share, money, money, share, money), min_size=1, max_size=6),
    money,
    st.sampled_from([0, 2]),
)
def test_never_below_zero_and_every_cent_is_named(rows, freight, digits):
    rows = [(s, round(g, digits), round(left, digits), d, round(f, digits)) for s, g, left, d, f in rows]
    freight = round(freight, digits)
    lines = {key: (s, [Part(key, g, left, d)]) for key, (s, g, left, d, _f) in enumerate(rows)}
    account = pay(lines, {key: row[4] for key, row in enumerate(rows)}, freight, digits)
    for part, row in zip(account.parts, rows, strict=True):
        assert part.net >= -1e-6
        assert part.net <= min(row[1], row[2]) + 1e-6
        assert min(part.discount, part.over, part.reduced, part.fee, part.freight) >= 0
    fees = sum(part.fee for part in account.parts) + account.fee_lost
    assert abs(fees - sum(row[4] for row in rows)) < 1e-6
    assert abs(sum(part.freight for part in account.parts) + account.freight_lost - freight) < 1e-6


@given(
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from([None, "a", "b"]), st.integers(1, 9)), max_size=6),
    st.lists(st.tuples(st.integers(1, 2), st.dictionaries(st.sampled_from([None, "a", "b"]), st.integers(0, 9)))),
)
def test_units_are_given_once(wanted, sources):
    wanted = [(name, *row) for name, row in enumerate(wanted)]
    sources = [(name, *row) for name, row in enumerate(sources)]
    given_out, short = allocate(wanted, sources)
    for name, key, lot, units in wanted:
        own = [row for row in given_out if row[0] == name]
        assert sum(row[3] for row in own) + short.get(name, 0) == units
        assert all(sources[row[1]][1] == key and lot in (None, row[2]) for row in own)
    for name, _key, lots in sources:
        for lot, free in lots.items():
            assert sum(row[3] for row in given_out if row[1:3] == (name, lot)) <= free


@given(st.dictionaries(st.sampled_from([*GRADES, "missing", "wrong"]), st.integers(0, 9)), share, share, st.booleans())
def test_every_unit_is_granted_or_refused(grades, b, c, is_fault):
    one = claim("refund", grades, 99, Shares(b=b, c=c), is_fault)
    assert one.units + one.refused == sum(grades.values())
    assert 0 <= one.share <= 1 + 1e-9
    if is_fault:
        assert one.units == sum(grades.get(grade, 0) for grade in GRADES)
