"""Lanes, promised days and routes by interface, with the least rights."""

import pytest
from adapter import Refused


def test_lanes_are_read_by_users_and_measured_by_managers(login):
    viewer = login("viewer")
    matrix = viewer.call("scm.lane", "get_matrix")
    assert matrix["carriers"] and matrix["zones"] and matrix["cells"]
    assert sum(carrier["cell"]["sample"] for carrier in matrix["carriers"]) == matrix["all"]["sample"]
    assert login("planner").call("scm.lane", "rebuild_now") > len(matrix["cells"])
    with pytest.raises(Refused, match="managers"):
        viewer.call("scm.lane", "rebuild_now")
    with pytest.raises(Refused):
        login("outsider").call("scm.lane", "get_matrix")


def test_an_order_says_when_it_arrives_with_each_carrier(login):
    planner = login("planner")
    names = ["Formosa Express", "Island Freight"]
    carriers = planner.call("delivery.carrier", "search", domain=[["name", "in", names]])
    [order] = planner.call(
        "sale.order", "search", domain=[["state", "=", "sale"], ["carrier_id", "in", carriers]], limit=1
    )
    rows = planner.call("sale.order", "scm_promise", [order], carrier_ids=carriers)[str(order)]
    assert [row["carrier_id"] for row in rows] == carriers
    assert all(row["date"] and row["why"]["sample"] > 0 for row in rows)


def test_routes_are_planned_by_the_warehouse(login):
    planner = login("planner")
    page = planner.call("scm.route", "get_dispatch")
    warehouse = page["warehouse_id"]
    with pytest.raises(Refused, match="Inventory"):
        login("viewer").call("scm.route", "plan_day", date=page["date"], warehouse_id=warehouse)
    day = str(int(page["date"][:4]) + 2) + "-06-15"
    made = planner.call("scm.route", "plan_day", date=day, warehouse_id=warehouse, max_seconds=1)
    assert {"routes", "unserved", "unplaced", "distance", "distance_before"} == set(made)
    seen = login("viewer").call("scm.route", "get_dispatch", date=day, warehouse_id=warehouse)
    assert len(seen["routes"]) == len(made["routes"])
    for route in seen["routes"]:
        planner.call("scm.route", "action_cancel", [route["id"]])
