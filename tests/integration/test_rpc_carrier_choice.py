"""Carrier choice by interface, with the least rights."""

import pytest
from adapter import Refused


def test_a_delivery_is_compared_and_decided(planner, login):
    [choice] = planner.call(
        "scm.carrier.choice", "search_read", domain=[("state", "=", "proposed"), ("picking_id", "!=", False)],
        fields=["picking_id", "suggested_id", "carrier_id"], limit=1, order="saving desc, id",
    )  # fmt: skip
    picking_id = choice["picking_id"][0]
    about = {"res_model": "stock.picking", "res_ids": [picking_id]}
    assert planner.call("scm.carrier.choice", "propose_for", **about) == [choice["id"]]
    panel = planner.call("scm.carrier.choice", "get_panel", res_model="stock.picking", res_id=picking_id)
    options = panel["choice"]["options"]
    assert [one["score"] for one in options] == sorted(one["score"] for one in options)
    for one in options:
        assert one["score"] == pytest.approx(one["price"] + one["late_cost"] + one["risk_cost"], abs=0.02)
    with pytest.raises(Refused):
        login("outsider").call("scm.carrier.choice", "apply", [choice["id"]])
    with pytest.raises(Refused, match="Say why"):
        planner.call("scm.carrier.choice", "override", [choice["id"]], carrier_id=choice["suggested_id"][0], reason="")
    assert planner.call("scm.carrier.choice", "apply", [choice["id"]]) == 1
    [picking] = planner.call("stock.picking", "read", [picking_id], fields=["carrier_id"])
    assert picking["carrier_id"] == choice["suggested_id"]
    assert planner.call(
        "scm.carrier.choice", "override", [choice["id"]], carrier_id=choice["carrier_id"][0], reason="Asked for"
    )


def test_all_open_deliveries_twice(planner, login):
    first = planner.call("scm.carrier.choice", "refresh_open")
    again = planner.call("scm.carrier.choice", "refresh_open")
    assert first["deliveries"] == again["deliveries"] > 50
    assert (again["proposed"], again["applied"]) == (first["proposed"], 0)
    with pytest.raises(Refused, match="manager"):
        login("viewer").call("scm.carrier.choice", "refresh_open")


def test_where_from_and_stock_nearby(planner, login):
    [order] = planner.call("sale.order", "search", domain=[("delivery_status", "=", "pending")], limit=1)
    assert len(planner.call("scm.ship.from", "propose_for", order_ids=[order])) <= 1
    found = planner.call("scm.ship.from", "get_regions", days=365)
    assert found["local"]["parcels"] > 0
    gains = [row["gain"] for row in found["regions"]]
    assert gains == sorted(gains, reverse=True)
    with pytest.raises(Refused):
        login("outsider").call("scm.ship.from", "get_regions")


def test_the_replay_of_the_last_quarter(planner):
    [run] = planner.call(
        "scm.carrier.replay", "search_read", domain=[("state", "=", "done")], limit=1,
        fields=["parcels", "changed", "cost_was", "cost_would", "line_ids"],
    )  # fmt: skip
    lines = planner.call("scm.carrier.replay.line", "read", run["line_ids"], fields=["parcels", "saving"])
    assert sum(line["parcels"] for line in lines) == run["parcels"] >= run["changed"] > 0
    assert sum(line["saving"] for line in lines) == pytest.approx(run["cost_was"] - run["cost_would"], rel=0.001)
