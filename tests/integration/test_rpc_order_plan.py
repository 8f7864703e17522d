"""The order plan by interface, over XML-RPC and JSON-2; the examples of docs/integration.md are these calls."""

import pytest
from adapter import Refused

PLAN = "scm.order.plan"


@pytest.fixture(scope="module", autouse=True)
def planned(planner):
    assert planner.call(PLAN, "plan_again") > 400


def test_read_the_plan(login):
    viewer = login("viewer")
    grid = viewer.call(PLAN, "get_grid", filters={"status": "exception"}, offset=0, limit=20)
    assert grid["total"] >= len(grid["rows"]) > 5
    row = grid["rows"][0]
    assert len(row["closing"]) == len(grid["weeks"]) == len(row["terms"]["forecast"])
    inflow = sum(row["terms"][name][0] for name in ("receipts", "draft", "planned", "transfer_in"))
    outflow = sum(row["terms"][name][0] for name in ("orders", "other_out", "forecast", "transfer_out", "dependent"))
    assert row["closing"][0] == pytest.approx(row["opening"] + inflow - outflow, abs=0.01)
    totals = viewer.call(PLAN, "get_totals", filters={"abc": "A"})
    assert len(totals["stock"]) == len(grid["weeks"])
    assert viewer.call(PLAN, "get_filters")["vendors"]
    labels = viewer.call("scm.why", "labels")
    cell = viewer.call(PLAN, "get_cell", item_id=row["id"], week=2)
    assert [term["code"] for term in cell["why"]["terms"] if term["code"] not in labels] == []


def test_set_a_week_and_take_it_back(planner):
    grid = planner.call(PLAN, "get_grid", filters={"supply": "buy"}, limit=1)
    item, last = grid["rows"][0]["id"], len(grid["weeks"]) - 1
    rows = planner.call(PLAN, "set_planned", item_id=item, week=last, quantity=77, reason="Container")
    [row] = [row for row in rows if row["id"] == item]
    orders = [order for order in row["orders"] if order["week"] == last and order["state"] != "cancelled"]
    # the plan keeps what was typed and proposes what is still needed beside it
    assert row["terms"]["planned"][last] == pytest.approx(sum(order["quantity"] for order in orders), abs=0.01)
    [order] = [order for order in orders if order["state"] == "firm"]
    assert order["quantity"] == 77
    assert planner.call("scm.planned.order", "change", [order["id"]], quantity=88, reason="More") is True
    [read] = planner.call("scm.planned.order", "read", [order["id"]], fields=["quantity", "state", "quantity_before"])
    assert (read["quantity"], read["state"], read["quantity_before"]) == (88, "firm", 77)
    assert planner.call("scm.planned.order", "reopen", [order["id"]]) == 1


def test_who_may_not(login):
    item = login("viewer").call(PLAN, "get_grid", limit=1)["rows"][0]["id"]
    for name, method, named in (
        ("viewer", "set_planned", {"item_id": item, "week": 3, "quantity": 5}),
        ("viewer", "plan_again", {}),
        ("outsider", "get_grid", {}),
        ("outsider", "get_totals", {}),
    ):
        with pytest.raises(Refused):
            login(name).call(PLAN, method, **named)


def test_bad_input(planner):
    item = planner.call(PLAN, "get_grid", limit=1)["rows"][0]["id"]
    for named in (
        {"item_id": item, "week": 99, "quantity": 5},
        {"item_id": item, "week": 3, "quantity": -5},
        {"item_id": item, "week": 3, "quantity": "many"},
        {"item_id": 10**8, "week": 3, "quantity": 5},
    ):
        with pytest.raises(Refused):
            planner.call(PLAN, "set_planned", **named)
    with pytest.raises(Refused):
        planner.call(PLAN, "get_grid", filters={"colour": "red"})
