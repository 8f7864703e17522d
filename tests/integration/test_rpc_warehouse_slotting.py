"""Slotting by interface: propose, apply, undo, with the least rights."""

import pytest
from adapter import Refused


def test_propose_apply_and_undo(login):
    manager = login("planner")
    [warehouse] = manager.call("stock.warehouse", "search", domain=[["scm_travel_at", "!=", False]], limit=1)
    run = manager.call("scm.slotting.run", "propose", warehouse_id=warehouse, wait=True)
    [row] = [one for one in manager.call("scm.slotting.run", "get_summary")["warehouses"] if one["id"] == warehouse]
    assert row["run_id"] == run and row["metres_after"] < row["metres_before"]
    moves = manager.call(
        "scm.slotting.move",
        "search_read",
        domain=[["run_id", "=", run], ["state", "=", "proposed"]],
        fields=["group", "payback_days", "why", "role"],
        limit=1,
    )
    assert moves[0]["why"]["formula"] == "slot_formula"
    done = manager.call("scm.slotting.move", "apply", [moves[0]["id"]])
    assert done["applied"] >= 1 and done["transfers"] and done["skipped"] == []
    assert manager.call("scm.slotting.move", "undo", [moves[0]["id"]])["undone"] == done["applied"]


def test_only_managers_decide(login):
    viewer = login("viewer")
    assert viewer.call("scm.slotting.run", "get_summary")["can_decide"] is False
    for method in ("propose", "apply_all", "undo_all"):
        with pytest.raises(Refused, match="manager"):
            viewer.call("scm.slotting.run", method, warehouse_id=0)
    with pytest.raises(Refused, match="manager"):
        viewer.call("scm.product.pair", "refresh")
