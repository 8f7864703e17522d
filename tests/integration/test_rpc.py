"""The main job by interface: whatever the screens do, an integrator does over XML-RPC and JSON-2.

The examples of docs/integration.md are these calls.
"""

from datetime import date, timedelta

import pytest
from adapter import Refused


def proposals(client, domain, limit=3, order="order_value desc, id"):
    fields = [
        "product_id",
        "warehouse_id",
        "orderpoint_id",
        "min_current",
        "max_current",
        "min_proposed",
        "max_proposed",
        "qty_to_order",
        "order_value",
        "state",
        "why",
        "vendor_id",
        "supply",
    ]
    return client.call("scm.policy.proposal", "search_read", domain=domain, fields=fields, limit=limit, order=order)


def test_refresh_demand(planner):
    assert planner.call("scm.demand.day", "refresh_demand") is True
    [total] = planner.call("scm.demand.day", "formatted_read_group", domain=[], groupby=[], aggregates=["quantity:sum"])
    sold = planner.call(
        "sale.report",
        "formatted_read_group",
        domain=[("state", "=", "sale"), ("line_invoice_status", "!=", False)],
        groupby=[],
        aggregates=["product_uom_qty:sum"],
    )
    assert total["quantity:sum"] == pytest.approx(sold[0]["product_uom_qty:sum"])


def test_run_and_read_its_figures(planner):
    run_id = planner.call("scm.forecast.run", "run_now", wait=True)
    [run] = planner.call(
        "scm.forecast.run",
        "read",
        [run_id],
        fields=["state", "message", "current", "item_count", "error_count", "wape", "wape_moving_average", "bias"],
    )
    assert (run["state"], run["current"], run["error_count"]) == ("done", True, 0), run["message"]
    assert run["item_count"] > 400
    assert 0 < run["wape"] < run["wape_moving_average"]
    assert abs(run["bias"]) < 0.05


def test_read_forecast_chart(planner):
    chart = planner.call("scm.forecast.chart", "get_forecast_chart")
    assert chart["history"] and chart["events"]
    assert len(chart["forecast"]) == chart["run"]["horizon"]
    for line in chart["forecast"]:
        assert 0 <= line["q05"] <= line["q50"] <= line["q80"] <= line["q95"]
    same = planner.call(
        "scm.forecast.chart",
        "get_forecast_chart",
        product_id=chart["product"]["id"],
        warehouse_id=chart["warehouse"]["id"],
    )
    assert same == chart


def test_override_needs_a_reason_and_is_kept(planner):
    chart = planner.call("scm.forecast.chart", "get_forecast_chart")
    key = {"product_id": chart["product"]["id"], "warehouse_id": chart["warehouse"]["id"]}
    day = chart["forecast"][2]["date"]
    with pytest.raises(Refused) as refused:
        planner.call("scm.forecast", "override", **key, quantities={day: 77}, reason="")
    assert refused.value.status == 422
    assert planner.call("scm.forecast", "override", **key, quantities={day: 77}, reason="Television show") is True
    line = planner.call("scm.forecast.chart", "get_forecast_chart", **key)["forecast"][2]
    assert (line["override"], line["reason"]) == (77, "Television show")
    assert planner.call("scm.forecast", "override", **key, quantities={day: None}, reason="Cancelled") is True


def test_why_can_be_read_in_words(planner):
    labels = planner.call("scm.why", "labels")
    for proposal in proposals(planner, [("state", "=", "proposed")], limit=40):
        why = proposal["why"]
        codes = [why["method"], *(term["code"] for term in why["terms"])]
        assert [code for code in codes if code not in labels] == []
        assert why["value"] in (proposal["min_proposed"], proposal["max_proposed"], proposal["qty_to_order"])


def test_apply_and_undo(planner):
    chosen = proposals(planner, [("state", "=", "proposed"), ("orderpoint_id", "!=", False)])
    chosen += proposals(planner, [("state", "=", "proposed"), ("orderpoint_id", "=", False)], limit=2)
    ids = [row["id"] for row in chosen]
    result = planner.call("scm.policy.proposal", "apply_proposals", ids)
    assert (result["applied"], result["skipped"]) == (5, 0)
    for row in planner.call(
        "scm.policy.proposal", "read", ids, fields=["orderpoint_id", "min_proposed", "max_proposed"]
    ):
        [rule] = planner.call(
            "stock.warehouse.orderpoint",
            "read",
            [row["orderpoint_id"][0]],
            fields=["product_min_qty", "product_max_qty"],
        )
        assert (rule["product_min_qty"], rule["product_max_qty"]) == (row["min_proposed"], row["max_proposed"])
    assert planner.call("scm.policy.proposal", "undo", ids) == 5
    for row in chosen:
        if row["orderpoint_id"]:
            [rule] = planner.call(
                "stock.warehouse.orderpoint",
                "read",
                [row["orderpoint_id"][0]],
                fields=["product_min_qty", "product_max_qty"],
            )
            assert (rule["product_min_qty"], rule["product_max_qty"]) == (row["min_current"], row["max_current"])
    states = {row["state"] for row in planner.call("scm.policy.proposal", "read", ids, fields=["state"])}
    assert states == {"proposed"}


def test_replenish_orders_once(planner):
    chosen = proposals(planner, [("qty_to_order", ">", 0), ("state", "!=", "blocked"), ("vendor_id", "!=", False)])
    assert len(chosen) == 3
    ids = [row["id"] for row in chosen]
    result = planner.call("scm.policy.proposal", "replenish", ids)
    assert (result["ordered"], result["failed"]) == (3, [])
    lines = planner.call(
        "purchase.order.line",
        "search_read",
        domain=[("order_id", "in", result["purchase_order_ids"])],
        fields=["product_id", "product_uom_qty", "order_id"],
    )
    for row in chosen:
        ordered = sum(line["product_uom_qty"] for line in lines if line["product_id"][0] == row["product_id"][0])
        assert ordered >= row["qty_to_order"]
    again = planner.call("scm.policy.proposal", "replenish", ids)
    assert (again["ordered"], again["purchase_order_ids"]) == (0, [])


def test_second_vendor_takes_over(login, planner):
    """Price lists decide who is asked: what is first there after a change is the vendor of the proposal."""
    candidates = proposals(planner, [("vendor_id", "!=", False), ("state", "!=", "blocked")], limit=200)
    for row in candidates:
        [product] = planner.call("product.product", "read", [row["product_id"][0]], fields=["seller_ids"])
        if len(product["seller_ids"]) == 2:
            break
    sellers = planner.call("product.supplierinfo", "read", product["seller_ids"], fields=["sequence", "partner_id"])
    other = next(seller for seller in sellers if seller["partner_id"][0] != row["vendor_id"][0])
    buyer = login("buyer")  # price lists are the buyer's
    buyer.call("product.supplierinfo", "write", [other["id"]], vals={"sequence": 0})
    assert planner.call("scm.policy.proposal", "action_refresh", [row["id"]]) is True
    [after] = planner.call("scm.policy.proposal", "read", [row["id"]], fields=["vendor_id"])
    assert after["vendor_id"] == other["partner_id"]
    buyer.call("product.supplierinfo", "write", [other["id"]], vals={"sequence": other["sequence"]})
    planner.call("scm.policy.proposal", "action_refresh", [row["id"]])


def test_snooze_an_alert_and_wake_it(planner):
    [alert] = planner.call(
        "scm.alert",
        "search_read",
        domain=[("state", "=", "open")],
        fields=["name", "type_id", "severity", "money_at_stake", "why"],
        limit=1,
    )
    until = (date.today() + timedelta(days=9)).isoformat()
    with pytest.raises(Refused) as refused:
        planner.call("scm.alert", "action_snooze", [alert["id"]], until=until, reason=" ")
    assert refused.value.status == 422
    planner.call("scm.alert", "action_snooze", [alert["id"]], until=until, reason="Truck is at the border")
    [row] = planner.call("scm.alert", "read", [alert["id"]], fields=["state", "snooze_until", "snooze_reason"])
    assert (row["state"], row["snooze_until"], row["snooze_reason"]) == ("snoozed", until, "Truck is at the border")
    planner.call("scm.forecast.run", "run_now", kind="refresh", wait=True)
    assert planner.call("scm.alert", "read", [alert["id"]], fields=["state"])[0]["state"] == "snoozed"
    planner.call("scm.alert", "action_wake", [alert["id"]])
    assert planner.call("scm.alert", "read", [alert["id"]], fields=["state"])[0]["state"] == "open"


def test_overview(planner):
    overview = planner.call("scm.overview", "get_overview")
    assert {"cards", "alerts", "runs"} <= overview.keys()
    assert overview["cards"]


@pytest.mark.parametrize(
    ("model", "method", "named"),
    [
        ("scm.policy.proposal", "apply_proposals", {}),
        ("scm.policy.proposal", "reject", {}),
        ("scm.policy.proposal", "undo", {}),
        ("scm.policy.proposal", "replenish", {}),
        ("scm.demand.day", "refresh_demand", None),
        ("scm.forecast.run", "run_now", None),
    ],
)
def test_a_viewer_reads_and_changes_nothing(login, model, method, named):
    viewer = login("viewer")
    rows = proposals(viewer, [("state", "=", "proposed")])
    assert rows, "a supply-chain user sees the plan"
    with pytest.raises(Refused) as refused:
        viewer.call(model, method, None if named is None else [rows[0]["id"]])
    assert refused.value.status == 403
    assert "manager" in refused.value.message
    assert proposals(viewer, [("id", "=", rows[0]["id"])]) == rows[:1]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        ("scm.policy.proposal", {"min_proposed": 1}),
        ("scm.demand.day", {"quantity": 1}),
        ("scm.forecast.line", {"quantity": 1}),
        ("scm.alert", {"state": "resolved"}),
        ("scm.purchase.promise", {"requested_by": "us"}),
    ],
)
def test_nobody_writes_figures_by_hand(planner, model, values):
    ids = planner.call(model, "search", domain=[], limit=1)
    assert ids
    with pytest.raises(Refused) as refused:
        planner.call(model, "write", ids, vals=values)
    assert refused.value.status in (403, 422)


@pytest.mark.parametrize(
    "model", ["scm.policy.proposal", "scm.demand.day", "scm.forecast", "scm.alert", "scm.receipt.fact"]
)
def test_an_outsider_sees_nothing(login, model):
    with pytest.raises(Refused) as refused:
        login("outsider").call(model, "search_read", domain=[], fields=["id"], limit=1)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("scm.policy.proposal", "_refresh"),
        ("scm.alert", "_sync"),
        ("scm.demand.day", "_panel"),
        ("scm.forecast.run", "_start"),
        ("scm.product.class", "_refresh"),
        ("scm.receipt.fact", "_lead_times"),
    ],
)
def test_private_methods_are_closed(planner, model, method):
    with pytest.raises(Refused) as refused:
        planner.call(model, method)
    assert refused.value.status in (403, 500)
    assert "rivate" in refused.value.message or "cannot be called remotely" in refused.value.message
