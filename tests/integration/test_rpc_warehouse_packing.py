"""Boxes of deliveries by interface, with the least rights."""

import pytest
from adapter import Refused


def test_box_of_a_delivery_is_proposed_and_taken(login):
    packer = login("picker")
    waiting = packer.call("scm.box.choice", "packing_queue")
    picked = next(row for row in waiting if row["state"] == "proposed")
    [choice] = packer.call("scm.box.choice", "choose_box", picking_ids=[picked["id"]])
    [again] = packer.call("scm.box.choice", "choose_box", picking_ids=[picked["id"]])
    assert choice["boxes"] == again["boxes"]
    pieces = sum(place["count"] for box in choice["boxes"] for place in box["places"])
    moves = packer.call(
        "stock.move", "search_read", domain=[["picking_id", "=", picked["id"]]], fields=["quantity", "product_qty"]
    )
    # what is reserved is packed; of a transfer that waits for all of its goods, what was ordered
    assert pieces == (sum(move["quantity"] for move in moves) or sum(move["product_qty"] for move in moves))
    assert all(0 <= box["void_ratio"] < 1 for box in choice["boxes"])
    assert packer.call("scm.box.choice", "packing_scan", code=picked["name"]) == picked["id"]
    taken = packer.call("scm.box.choice", "take", picking_id=picked["id"])
    assert taken["taken"] and not taken["is_override"]
    with pytest.raises(Refused, match="nothing is reserved"):
        packer.call("scm.box.choice", "take", picking_id=picked["id"])


def test_who_may_what(login):
    viewer = login("viewer")
    facts = viewer.call("scm.packaging.fact", "search_read", domain=[["is_override", "=", True]], fields=["lost"])
    assert facts
    with pytest.raises(Refused, match="warehouse"):
        viewer.call("scm.box.choice", "choose_box", picking_ids=[1])
    with pytest.raises(Refused):
        login("picker").call("scm.packaging.rule", "write", [1], vals={"limit": 1})
