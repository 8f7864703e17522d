"""Split promises, answers of vendors and inspections by interface, with the least rights."""

import pytest
from adapter import Refused


def test_split_a_promise(login):
    buyer = login("buyer")
    [line] = buyer.call(
        "purchase.order.line",
        "search_read",
        domain=[
            ("state", "=", "purchase"),
            ("qty_received", "=", 0),
            ("product_qty", ">", 10),
            ("scm_part_ids", "=", False),
        ],
        fields=["product_qty", "order_id"],
        limit=1,
    )
    [part] = buyer.call("purchase.order.line", "scm_promise_parts", [line["id"]])[str(line["id"])]
    assert part["quantity"] == line["product_qty"]
    parts = [part | {"quantity": 4}, {"date": "2099-01-05", "quantity": part["quantity"] - 4}]
    named = {"parts": parts, "requested_by": "us", "reason": "Dock is full"}
    assert buyer.call("purchase.order.line", "scm_split_promise", [line["id"]], **named) is True
    assert buyer.call("purchase.order.line", "scm_promise_parts", [line["id"]]) == {str(line["id"]): parts}
    [change, *_older] = buyer.call(
        "scm.purchase.promise",
        "search_read",
        domain=[("line_id", "=", line["id"])],
        fields=["date_to", "quantity", "requested_by", "channel"],
    )
    change.pop("id")
    assert change == {
        "date_to": "2099-01-05",
        "quantity": part["quantity"] - 4,
        "requested_by": "us",
        "channel": "rpc",
    }
    with pytest.raises(Refused, match="add up to 4"):
        buyer.call("purchase.order.line", "scm_split_promise", [line["id"]], parts=parts[:1])
    with pytest.raises(Refused):
        login("viewer").call("purchase.order.line", "scm_split_promise", [line["id"]], **named)
    with pytest.raises(Refused):
        login("outsider").call("purchase.order.line", "scm_promise_parts", [line["id"]])


def test_vendor_answered_by_telephone(login):
    buyer = login("buyer")
    [order_id] = buyer.call(
        "purchase.order", "create", vals_list=[{"partner_id": _vendor(buyer), "scm_is_rush": True}]
    )
    with pytest.raises(Refused, match="not sent yet"):
        buyer.call("purchase.order", "action_scm_vendor_answered", [order_id])
    buyer.call("purchase.order", "write", [order_id], vals={"state": "sent"})
    assert buyer.call("purchase.order", "action_scm_vendor_answered", [order_id]) is True
    assert buyer.call("purchase.order", "scm_answer_rush", [order_id], accepted=False) is True
    fields = ["state", "scm_answer_channel", "scm_rush_answer"]
    [order] = buyer.call("purchase.order", "read", [order_id], fields=fields)
    assert [order[name] for name in fields] == ["sent", "buyer", "declined"]
    with pytest.raises(Refused):
        login("viewer").call("purchase.order", "action_scm_vendor_answered", [order_id])


def _vendor(client):
    [order] = client.call("purchase.order", "search_read", domain=[], fields=["partner_id"], limit=1)
    return order["partner_id"][0]


def test_inspect_a_receipt(login):
    buyer = login("buyer")
    inspected = buyer.call("scm.receipt.inspection", "search_read", domain=[], fields=["move_id"], limit=1000)
    known = [row["move_id"][0] for row in inspected]
    [move] = buyer.call(
        "stock.move",
        "search_read",
        domain=[
            ("purchase_line_id", "!=", False),
            ("state", "=", "done"),
            ("location_id.usage", "=", "supplier"),
            ("quantity", ">", 10),
            ("id", "not in", known),
        ],
        fields=["quantity"],
        limit=1,
    )
    named = {"move_id": move["id"], "qty_rejected": 3, "defect": "DAMAGED", "note": "Corner crushed"}
    inspection_id = buyer.call("scm.receipt.inspection", "scm_inspect", **named)
    fields = ["qty_received", "qty_rejected", "state", "result"]
    [row] = buyer.call("scm.receipt.inspection", "read", [inspection_id], fields=fields)
    assert [row[name] for name in fields] == [move["quantity"], 3, "done", "part"]
    with pytest.raises(Refused, match="NOPE"):
        buyer.call("scm.receipt.inspection", "scm_inspect", **named | {"defect": "NOPE"})
    with pytest.raises(Refused):
        login("viewer").call("scm.receipt.inspection", "scm_inspect", **named)
