"""The decision table says what a plain loop over rows and items says."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.aftersales.policy import CONDITIONS, Facts, Row, decide, fee, shadowed

IDS = st.frozensets(st.integers(1, 4), max_size=3)
ROWS = st.lists(
    st.builds(
        Row,
        key=st.integers(1, 99),
        days_basis=st.sampled_from(["delivery", "order"]),
        days_from=st.integers(0, 6),
        days_to=st.none() | st.integers(6, 12),
        categories=IDS,
        tags=IDS,
        reasons=IDS,
        value_of=st.sampled_from(["line", "return"]),
        value_from=st.sampled_from([0.0, 10.0]),
        value_to=st.none() | st.sampled_from([20.0, 50.0]),
        conditions=st.frozensets(st.sampled_from(["unopened", "opened", "used"])),
        classes=IDS,
        countries=IDS,
        final_sale=st.sampled_from([None, True, False]),
    ),
    max_size=6,
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "days_delivery": st.none() | st.integers(0, 14),
            "days_order": st.none() | st.integers(0, 14),
            "categories": IDS.map(tuple),
            "tags": IDS.map(tuple),
            "reasons": IDS.map(tuple),
            "value_line": st.floats(0, 60),
            "value_return": st.floats(0, 60),
            "conditions": st.sampled_from(["", "unopened", "opened", "used"]),
            "classes": st.integers(0, 4),
            "countries": st.integers(0, 4),
            "final_sale": st.booleans(),
        }
    ),
    max_size=5,
)


def _slow(row, item):
    """What does not hold, said as a clerk would."""
    days = item["days_delivery"] if row.days_basis == "delivery" else item["days_order"]
    value = item["value_line"] if row.value_of == "line" else item["value_return"]
    bad = []
    if (row.days_from > 0 or row.days_to is not None) and (
        days is None or days < row.days_from or (row.days_to is not None and days > row.days_to)
    ):
        bad.append("days")
    if value < row.value_from or (row.value_to is not None and value >= row.value_to):
        bad.append("value")
    if row.final_sale is not None and row.final_sale != item["final_sale"]:
        bad.append("final_sale")
    for name, wanted, have in (
        ("category", row.categories, item["categories"]),
        ("tag", row.tags, item["tags"]),
        ("reason", row.reasons, item["reasons"]),
        ("condition", row.conditions, [item["conditions"]]),
        ("class", row.classes, [item["classes"]]),
        ("country", row.countries, [item["countries"]]),
    ):
        if wanted and not any(one in wanted for one in have):
            bad.append(name)
    return bad


@given(ROWS, ITEMS)
def test_equals_a_plain_loop(rows, items):
    decision = decide(rows, Facts.of(items))
    for place, item in enumerate(items):
        failed = [_slow(row, item) for row in rows]
        first = next((number for number, bad in enumerate(failed) if not bad), -1)
        assert decision.first[place] == first
        for number, bad in decision.earlier(place):
            assert sorted(bad) == sorted(failed[number])


@given(ROWS, ITEMS)
def test_a_shadowed_row_never_decides(rows, items):
    decision = decide(rows, Facts.of(items))
    never = {number for number, _cover in shadowed(rows)}
    assert never.isdisjoint(decision.first.tolist())


def test_last_day_counts_and_upper_value_does_not():
    rows = [Row(1, days_to=7, value_to=100.0)]
    facts = Facts.of([{"days_delivery": day, "value_line": value} for day, value in ((7, 99.99), (8, 1), (7, 100))])
    assert decide(rows, facts).first.tolist() == [0, -1, -1]


def test_what_is_not_known_fails_rows_that_ask():
    rows = [Row(1, days_to=7), Row(2, conditions=frozenset({"unopened"})), Row(3, countries=frozenset({1})), Row(4)]
    decision = decide(rows, Facts.of([{}]))
    assert decision.first.tolist() == [3]
    assert [bad for _row, bad in decision.earlier(0)] == [["days"], ["condition"], ["country"]]


def test_nothing_to_decide():
    assert decide([], Facts.of([{"days_delivery": 1}])).first.tolist() == [-1]
    assert decide([Row(1)], Facts.of([])).failed.shape == (len(CONDITIONS), 1, 0)


@given(st.floats(0, 1e6), st.floats(0, 100), st.floats(0, 1e6), st.floats(0, 100))
def test_a_fee_never_exceeds_what_is_paid_back(value, percent, fixed, refund):
    kept = fee(value, percent, fixed, refund)
    assert 0 <= kept <= value * refund / 100 and not math.isnan(kept)


def test_a_hundred_thousand_items():
    rng = np.random.default_rng(1)
    items = [{"days_delivery": int(day), "categories": (1, int(day) % 9)} for day in rng.integers(0, 40, 100_000)]
    rows = [Row(number, days_to=number, categories=frozenset({number})) for number in range(1, 30)]
    first = decide(rows, Facts.of(items)).first
    assert first.shape == (100_000,) and (first == -1).any()
