"""Carrier choice against enumeration, and what must hold for any input."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics import carrier_choice, carrier_rule, nearby, price_rules, ship_from


def total(chosen, scores):
    return sum(scores[pair] for pair in chosen if pair >= 0)


def by_enumeration(parcels, scores, count, limits):
    """Fewest parcels over limits, then least total: all combinations tried."""
    per_parcel = [[pair for pair, parcel in enumerate(parcels) if parcel == number] for number in range(count)]
    best = None
    for chosen in itertools.product(*per_parcel):
        over = sum(max(len(set(chosen) & set(pairs)) - most, 0) for pairs, most in limits)
        key = (over, round(total(chosen, scores), 6))
        best = key if best is None else min(best, key)
    return best


@given(
    st.integers(1, 5).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.integers(1, 50), min_size=3 * count, max_size=3 * count),
            st.lists(st.integers(0, 4), min_size=4, max_size=4),
        )
    )
)
def test_assignment_is_the_optimum(case):
    count, scores, most = case
    parcels = [number for number in range(count) for _carrier in range(3)]
    of = [[3 * number + carrier for number in range(count)] for carrier in range(3)]
    # carrier 0 has a day within its month: nested limits
    limits = [(of[0][: max(count // 2, 1)], most[3]), *((of[carrier], most[carrier]) for carrier in range(3))]
    found = carrier_choice.assign(parcels, scores, count, limits)
    assert sorted(parcels[pair] for pair in found.pair) == list(range(count))
    over = sum(max(len(set(found.pair) & set(pairs)) - bound, 0) for pairs, bound in limits)
    assert (over, total(found.pair, scores)) == pytest.approx(by_enumeration(parcels, scores, count, limits))
    assert over == found.over.sum()


def test_limits_that_do_not_bind_change_nothing():
    rng = np.random.default_rng(7)
    parcels, scores = np.repeat(np.arange(50), 4), rng.uniform(1, 20, 200)
    free = carrier_choice.assign(parcels, scores, 50)
    loose = carrier_choice.assign(parcels, scores, 50, [(np.arange(0, 200, 4), 50)])
    assert free.pair.tolist() == loose.pair.tolist()
    assert not loose.moved.any()


def test_a_parcel_without_carrier_gets_none():
    found = carrier_choice.assign([0, 2], [5.0, 5.0], 3, [([0, 1], 1)])
    assert found.pair.tolist()[1] == -1
    assert found.over.tolist() == [1.0]


def test_ten_thousand_parcels_under_limits():
    rng = np.random.default_rng(1)
    count = 10_000
    parcels, scores = np.repeat(np.arange(count), 5), rng.uniform(3, 12, 5 * count)
    limits = [(np.arange(carrier, 5 * count, 5), 2_100) for carrier in range(5)]
    scores[::5] -= 4
    found = carrier_choice.assign(parcels, scores, count, limits)
    assert found.over.sum() == 0
    assert found.moved.sum() > 1_000


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(-3, 15))
def test_late_terms_are_probabilities(weights, days_left):
    pmf = np.array(weights) + 1e-3
    pmf /= pmf.sum()
    p_late, days = carrier_choice.late_terms(pmf, days_left)
    assert -1e-9 <= p_late <= 1 + 1e-9
    assert days >= p_late - 1e-9  # who is late is late by a day at least
    assert carrier_choice.late_terms(pmf, days_left + 1)[0] <= p_late + 1e-9


def test_expected_cost_by_hand():
    cost = carrier_choice.expected_cost(
        price=np.array([4.0, 7.0]), p_late=[0.5, 0.1], days_late=[1.0, 0.1], p_loss=[0.02, 2.0], value=100.0,
        cost_late=10.0, cost_late_day=1.0,
    )  # fmt: skip
    assert cost.late.tolist() == [6.0, 1.1]
    assert cost.risk.tolist() == [2.0, 100.0]  # a probability is never above 1
    assert cost.total.tolist() == [12.0, 108.1]


def slow_price(rules, fact):
    for variable, operator, bound, base, per_unit, factor in rules:
        if eval(f"{fact[variable]} {operator} {bound}"):  # as Odoo does it
            return base + per_unit * fact[factor]
    return None


RULES = st.lists(
    st.tuples(
        st.sampled_from(["weight", "price"]), st.sampled_from(["==", "<=", "<", ">=", ">"]), st.integers(0, 20),
        st.integers(0, 9), st.integers(0, 3), st.sampled_from(["weight", "price"]),
    ),
    max_size=4,
)  # fmt: skip


@given(RULES, st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=6))
def test_prices_as_odoo_makes_them(rules, shipments):
    facts = {"weight": [weight for weight, _price in shipments], "price": [price for _weight, price in shipments]}
    for number, found in enumerate(price_rules.price(rules, facts)):
        expected = slow_price(rules, {name: values[number] for name, values in facts.items()})
        assert np.isnan(found) if expected is None else found == expected


def test_first_rule_that_fits():
    rules = [
        carrier_rule.Rule(1, categories=frozenset({5}), classes=frozenset({1})),
        carrier_rule.Rule(2, zones=frozenset({9}), weight_from=2.0, weight_to=10.0),
    ]
    assert carrier_rule.first_match(rules, {4, 5}, 1, 9, 3.0) == 1
    assert carrier_rule.first_match(rules, {4, 5}, 2, 9, 3.0) == 2
    assert carrier_rule.first_match(rules, {5}, False, 9, 10.0) is False


QUANTITIES = st.dictionaries(st.sampled_from("xyz"), st.integers(1, 9), min_size=1)
STOCK = st.dictionaries(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), st.integers(0, 9))


@given(QUANTITIES, STOCK)
def test_a_plan_ships_what_there_is_and_no_more(needs, stock):
    plan = ship_from.cover("A", needs, stock, ["B", "C"])
    missing = dict(plan.missing)
    for line, quantity in needs.items():
        shipped = sum(dict(lines).get(line, 0) for _warehouse, lines in plan.parts)
        assert shipped + missing.get(line, 0) == quantity
        assert shipped == min(quantity, sum(stock.get((warehouse, line), 0) for warehouse in "ABC"))
    for warehouse, lines in plan.parts:
        assert all(quantity <= stock[warehouse, line] for line, quantity in lines)


def test_a_warehouse_with_all_of_the_rest_goes_first():
    stock = {("A", "x"): 1, ("B", "y"): 1, ("C", "y"): 2, ("C", "z"): 1}
    plan = ship_from.cover("A", {"x": 1, "y": 1, "z": 1}, stock, ["B", "C"])
    assert [warehouse for warehouse, _lines in plan.parts] == ["A", "C"]


def test_a_dear_warehouse_with_all_beats_a_split():
    whole = ship_from.cover("A", {"x": 1, "y": 1}, {("A", "x"): 1, ("A", "y"): 1, ("B", "x"): 1}, ["B"])
    split = ship_from.cover("B", {"x": 1, "y": 1}, {("A", "x"): 1, ("A", "y"): 1, ("B", "x"): 1}, ["A"])
    costs = {"A": 7.0, "B": 4.0}
    costs = {plan.main: ship_from.plan_cost(plan, costs, split_cost=1.0) for plan in (whole, split)}
    assert costs == {"A": 7.0, "B": 12.0}
    parcels = {plan.main: plan.parcels for plan in (whole, split)}
    assert ship_from.choose(costs, parcels, present="B") == "A"
    assert ship_from.choose({"A": 7.0, "B": 7.0}, parcels, present="B") == "B"


def test_a_zone_is_the_sum_of_its_warehouses():
    local = {"cost": 5.0, "late": 0.1, "transit": 1.0}
    same = {"zone": 1, "warehouse": 1, "parcels": 10} | local
    dear = same | {"warehouse": 2, "parcels": 30, "cost": 6.0, "transit": 3.0}
    unknown = same | {"warehouse": 3, "cost": 99.0}
    [row] = nearby.gains([same, dear, unknown], {1: local, 2: local}, 10.0, 365)
    assert (row["gain"], row["parcels"], row["days"]) == (30.0, 40, 1.5)
