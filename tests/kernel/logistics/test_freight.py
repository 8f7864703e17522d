"""Expected freight, differences of invoices, claims: the identities that must hold for any input."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics import freight_check as check
from scm_kernels.logistics import freight_claim as claim
from scm_kernels.logistics import freight_rate as rate

money = st.floats(0, 1e5, allow_nan=False).map(lambda value: round(value, 2))
signed = st.floats(-1e5, 1e5, allow_nan=False).map(lambda value: round(value, 2))
maybe = st.one_of(st.just(float("nan")), money)
line = st.tuples(signed, st.booleans(), st.booleans(), st.booleans(), maybe, maybe, maybe, maybe)


def billed(lines):
    columns = list(zip(*lines, strict=True))
    return check.Billed(*(np.array(column, bool if 0 < number < 4 else float) for number, column in enumerate(columns)))


@given(st.lists(line, min_size=1, max_size=30), st.floats(0, 0.5), st.floats(0, 10))
def test_parts_add_up_to_the_difference(lines, share, floor):
    found = check.check(billed(lines), share, floor)
    np.testing.assert_allclose(found.parts.sum(axis=1), found.difference, atol=1e-6)


@given(st.lists(line, min_size=1, max_size=30), st.floats(0, 0.5), st.floats(0, 10))
def test_a_reason_is_a_part_in_the_direction_of_the_difference(lines, share, floor):
    found = check.check(billed(lines), share, floor)
    for number, over in enumerate(found.over):
        name = check.REASONS[found.reason[number]]
        if over:
            part = found.parts[number, check.PARTS.index(name)]
            assert part * found.difference[number] > 0
        else:
            assert name in ("ok", "no_price", "credit")


@given(st.lists(line, min_size=1, max_size=20))
def test_credits_and_parcels_without_a_price_are_never_held_against_the_carrier(lines):
    found = check.check(billed(lines))
    for number, (amount, is_freight, is_known, is_repeated, own, *_rest) in enumerate(lines):
        if amount < 0 or (is_freight and is_known and not is_repeated and np.isnan(own)):
            assert not found.over[number] and found.difference[number] == 0


@pytest.mark.parametrize(
    ("amount", "share", "floor", "over"),
    [(10.2, 0.02, 0.0, False), (10.21, 0.02, 0.0, True), (10.5, 0.02, 0.5, False), (9.0, 0.02, 0.5, True)],
)
def test_tolerance_is_the_larger_of_share_and_amount(amount, share, floor, over):
    yes = np.array([True])
    one = check.Billed(np.array([amount]), yes, yes, ~yes, *(np.array([10.0]),) * 3, np.array([np.nan]))
    assert check.check(one, share, floor).over.tolist() == [over]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 3)), max_size=40))
def test_repeated_as_a_slow_reference_says(rows):
    seen, expected = set(), []
    for parcel, charge in rows:
        expected.append(parcel != 0 and (parcel, charge) in seen)
        seen.add((parcel, charge))
    assert check.repeated([row[0] for row in rows], [row[1] for row in rows]).tolist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("FUEL", 1), ("Freight", 0), ("fuel surcharge freight", 1), ("燃油附加費", 1), ("", -1), ("Gate", -1)],
)
def test_words_of_a_charge(text, expected):
    assert check.charge_of(text, [["freight"], ["fuel", "fuel surcharge", "燃油"]]) == expected


rates = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(0, 2),
        st.sampled_from([0.0, 1.0, 5.0]),
        money,
        st.floats(0, 9),
        st.integers(1, 5),
        st.integers(3, 9),
    ),
    max_size=12,
)
parcels = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 3), st.sampled_from([0.0, 0.5, 1.0, 7.0]), st.integers(1, 9)),
    min_size=1,
    max_size=20,
)


@given(rates, parcels)
def test_contract_price_as_a_slow_reference_says(rows, sent):
    found = rate.contract_price(rate.Rates.of(rows), *([each[k] for each in sent] for k in range(4)))
    for price, (carrier, zone, weight, day) in zip(found, sent, strict=True):
        fitting = [
            (one[1] != 0, one[2], one[5], number)
            for number, one in enumerate(rows)
            if one[0] == carrier and one[1] in (0, zone) and weight >= one[2] and one[5] <= day <= one[6]
        ]
        if fitting:
            best = rows[max(fitting)[3]]
            assert price == pytest.approx(best[3] + best[4] * weight)
        else:
            assert np.isnan(price)


def test_price_rules_as_odoo_reads_them():
    rules = [
        ("weight", "<", 2, 5, 0, "weight"),
        ("price", ">=", 100, 0, 0.1, "price"),
        ("quantity", "==", 3, 1, 2, "quantity"),
    ]
    values = {"weight": [1, 3, 3, 3], "price": [500, 200, 10, 10], "quantity": [3, 3, 3, 4]}
    assert rate.rule_price(rules, values).tolist()[:3] == [5.0, 20.0, 7.0]
    assert np.isnan(rate.rule_price(rules, values)[3])


@given(money, st.floats(0, 100), money, money, st.floats(0, 100))
def test_a_claim_is_never_more_than_goods_and_freight(value, weight, freight, per_parcel, per_kg):
    amount = claim.goods_claim([value], [weight], [freight], [per_parcel], [per_kg])[0]
    assert freight - 1e-9 <= amount <= value + freight + 1e-9


def test_guaranteed_day_over_holidays_and_odd_weeks():
    friday = datetime.date(2026, 3, 6)
    monday = datetime.date(2026, 3, 9)
    assert claim.guaranteed_day([friday], 1, holidays=[monday]).tolist() == [datetime.date(2026, 3, 10)]
    every = (True,) * 7
    assert claim.guaranteed_day([friday], 2, every).tolist() == [datetime.date(2026, 3, 8)]
    # a carrier whose calendar has no day at all is taken for one that works from Monday to Friday
    assert claim.guaranteed_day([friday], 1, (False,) * 7).tolist() == [monday]
