"""Reconciliation against the textbook formula with dense matrices, on small random hierarchies."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning import hierarchy, reconcile
from scm_kernels.planning.datatypes import DemandPanel, Event, EventCalendar, ForecastOptions, Occurrence
from scm_kernels.planning.forecast import forecast


def random_nodes(draw, n_items):
    category = draw.integers(1, 6, n_items)
    parents = {code: (draw.integers(6, 9) if draw.random() < 0.7 else 0) for code in range(1, 6)} | {6: 9, 7: 9}
    return hierarchy.build(category, draw.integers(1, 3, n_items), parents)


def dense(members, bottom, upper, var_bottom, var_upper):
    """S (S' W^-1 S)^-1 S' W^-1 y^ of Wickramasuriya et al. (2019), the bottom rows."""
    sums = np.vstack([members.toarray(), np.eye(members.shape[1])])
    weights = np.diag(1 / np.concatenate([var_upper, var_bottom]))
    projection = np.linalg.solve(sums.T @ weights @ sums, sums.T @ weights)
    return projection, sums, projection @ np.vstack([upper, bottom])


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_sparse_solve_is_the_dense_formula(seed, n_items):
    draw = np.random.default_rng(seed)
    members = random_nodes(draw, n_items).members
    bottom = draw.uniform(5, 50, (n_items, 3))
    upper = members @ bottom * draw.uniform(0.95, 1.05, (members.shape[0], 3))
    var_bottom, var_upper = draw.uniform(0.5, 3, n_items), draw.uniform(0.5, 9, members.shape[0])
    projection, sums, expected = dense(members, bottom, upper, var_bottom, var_upper)
    found = hierarchy.reconcile(members, bottom, upper, var_bottom, var_upper)
    np.testing.assert_allclose(found, np.maximum(expected, 0), rtol=1e-8, atol=1e-8)
    # unbiased: what adds up already is left as it is
    np.testing.assert_allclose(sums @ projection @ sums, sums, atol=1e-8)
    np.testing.assert_allclose(
        hierarchy.reconcile(members, bottom, members @ bottom, var_bottom, var_upper), bottom, rtol=1e-9
    )


def test_structural_weights_of_two_items():
    # W = diag(2, 1, 1): gap of 6 is shared 3 : 1.5 : 1.5 (by hand)
    nodes = hierarchy.build(np.zeros(2), np.ones(2), {})
    members = nodes.members[:1]
    found = hierarchy.reconcile(members, np.full((2, 1), 10.0), np.array([[26.0]]), np.ones(2), np.array([2.0]))
    np.testing.assert_allclose(found.ravel(), [11.5, 11.5])


def test_a_node_without_opinion_is_left_out():
    members = hierarchy.build(np.zeros(3), np.array([1, 1, 2]), {}).members
    upper = np.full((members.shape[0], 2), np.nan)
    bottom = np.ones((3, 2))
    found = hierarchy.reconcile(members, bottom, upper, np.ones(3), np.ones(members.shape[0]))
    np.testing.assert_array_equal(found, bottom)


def test_certain_items_stay_and_nothing_falls_below_zero():
    members = hierarchy.build(np.zeros(3), np.ones(3), {}).members[:1]
    bottom = np.array([[5.0], [1.0], [1.0]])
    found = hierarchy.reconcile(members, bottom, np.array([[0.0]]), np.array([0.0, 1, 1]), np.array([1e-9]))
    np.testing.assert_allclose(found.ravel(), [5, 0, 0], atol=1e-6)


def test_build_knows_the_tree_and_its_twins():
    # 3 and 4 below 9; item 2 without a category
    nodes = hierarchy.build(np.array([3, 4, 0]), np.array([1, 1, 1]), {3: 9, 4: 9, 9: 0})
    found = {
        (str(a), int(b), int(c)): row
        for row, (a, b, c) in enumerate(zip(*(nodes.level, nodes.category, nodes.warehouse), strict=True))
    }
    assert nodes.members[found["category", 9, 0]].toarray().ravel().tolist() == [1, 1, 0]
    assert nodes.members[found["category_warehouse", 3, 1]].toarray().ravel().tolist() == [1, 0, 0]
    # one warehouse: it is the company again, and only the first of the two has a say
    assert nodes.twin[found["warehouse", 0, 1]] == found["company", 0, 0]
    assert nodes.twin[found["category", 9, 0]] == found["category", 9, 0]


def test_a_circle_of_categories_ends():
    nodes = hierarchy.build(np.array([1]), np.array([1]), {1: 2, 2: 1})
    assert sorted(nodes.category[nodes.level == "category"].tolist()) == [1, 2]


def test_add_up_in_blocks_is_a_plain_sum(monkeypatch):
    draw = np.random.default_rng(2)
    nodes = random_nodes(draw, 40)
    values = np.where(draw.random((40, 9)) < 0.3, np.nan, draw.uniform(0, 9, (40, 9)))
    whole = hierarchy.add_up(nodes.members, values)
    monkeypatch.setattr(hierarchy, "BLOCK", 7)
    np.testing.assert_allclose(hierarchy.add_up(nodes.members, values), whole)
    np.testing.assert_allclose(np.nan_to_num(whole), nodes.members.toarray() @ np.nan_to_num(values))


def test_stock_outs_are_filled_before_they_are_added():
    members = hierarchy.build(np.zeros(1), np.ones(1), {}).members
    total = hierarchy.add_up(members, np.array([[4.0, 2.0, 4.0]]), np.array([[1.0, 0.5, 1.0]]))
    np.testing.assert_allclose(total[0], [4, 4, 4], rtol=1e-6)


@pytest.fixture(scope="module")
def shaped():
    draw = np.random.default_rng(5)
    level = draw.uniform(2, 30, 60)
    panel = DemandPanel(draw.poisson(level[:, None], (60, 90)).astype(float), date(2024, 1, 1))
    options = ForecastOptions(horizon=6)
    result = forecast(panel, options)
    before = result.expected.copy()
    nodes = hierarchy.build(draw.integers(1, 4, 60), draw.integers(1, 3, 60), {1: 7, 2: 7})
    return nodes, panel, result, before, reconcile.shape(nodes, panel, result, options)


def test_all_levels_are_the_sums_of_their_items(shaped):
    nodes, _panel, result, _before, found = shaped
    np.testing.assert_allclose(found.quantity, nodes.members @ result.expected, rtol=1e-5)
    company = found.quantity[nodes.level == "company"].sum(axis=0)
    for level in ("warehouse", "category"):
        parts = found.quantity[(nodes.level == level) & (nodes.category != 7)].sum(axis=0)
        np.testing.assert_allclose(parts, company, rtol=1e-9)


def test_items_move_little_where_all_agree(shaped):
    _nodes, _panel, result, before, found = shaped
    assert found.heard.any()
    assert (result.expected >= 0).all() and (np.diff(result.quantile, axis=1) >= -1e-4).all()
    np.testing.assert_allclose(result.expected.sum(), before.sum(), rtol=0.05)


def test_small_groups_have_no_say():
    panel = DemandPanel(np.random.default_rng(1).poisson(5, (4, 80)).astype(float), date(2024, 1, 1))
    result = forecast(panel, ForecastOptions(horizon=3))
    before = result.mean * (1 + result.bias_factor[:, None]) / 2
    nodes = hierarchy.build(np.ones(4), np.ones(4), {})
    assert not reconcile.shape(nodes, panel, result).heard.any()
    np.testing.assert_allclose(result.expected, before, rtol=1e-5)


def test_events_of_items_are_seen_by_nodes_that_they_fill():
    one = Occurrence(date(2025, 1, 1), date(2025, 1, 2), series=np.array([True, False, False]))
    calendar = EventCalendar((Event("Offer", "promotion", (one,)),))
    nodes = hierarchy.build(np.array([1, 2, 2]), np.ones(3), {})
    seen = reconcile.node_calendar(nodes.members, np.array([1.0, 5, 5]), calendar, np.zeros(3))
    names = list(zip(nodes.level.tolist(), nodes.category.tolist(), strict=True))
    assert [names[row] for row in np.flatnonzero(seen.events[0].occurrences[0].series)] == [
        ("category", 1),
        ("category_warehouse", 1),
    ]


@given(st.integers(0, 1000))
def test_parts_of_a_node_add_up(seed):
    draw = np.random.default_rng(seed)
    whole, parts = draw.uniform(0, 50, 4), draw.uniform(0, 5, (3, 4)) * (draw.random((3, 4)) < 0.6)
    found = reconcile.share_out(whole, parts)
    np.testing.assert_allclose(found.sum(axis=0), whole)
    assert (found >= 0).all()


def test_regions_by_their_own_history():
    history = np.vstack([np.full(80, 30.0), np.full(80, 10.0)])
    found = reconcile.forecast_parts(np.full(4, 80.0), history, date(2024, 1, 1), "W", (0.05, 0.95))
    np.testing.assert_allclose(found.quantity, [[60.0] * 4, [20.0] * 4], rtol=1e-3)
