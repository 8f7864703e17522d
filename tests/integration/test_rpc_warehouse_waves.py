"""Waves and refills of pick faces by interface, with the least rights."""

import pytest
from adapter import Refused


def test_a_picker_plans_and_releases_the_day(login):
    picker, viewer = login("picker"), login("viewer")
    board = viewer.call("scm.wave.plan", "get_board")
    assert board["waves"] and board["warehouses"] and not board["may_plan"]
    with pytest.raises(Refused, match="inventory"):
        viewer.call("scm.wave.plan", "plan_waves", warehouse_id=board["warehouse_id"], date=board["date"])
    made = picker.call("scm.wave.plan", "plan_waves", warehouse_id=board["warehouse_id"], date=board["date"])
    assert made["date"] == board["date"] and made["metres"] <= made["metres_before"]
    assert all(row["code"] and row["reason"] for row in made["unplanned"])
    again = picker.call("scm.wave.plan", "plan_waves", warehouse_id=board["warehouse_id"], date=board["date"])
    assert (again["created"], again["changed"], again["removed"]) == (0, 0, 0)
    if made["batches"]:
        assert picker.call("stock.picking.batch", "action_scm_release", made["batches"][:1]) is True
        seen = picker.call("scm.wave.plan", "get_board", warehouse_id=board["warehouse_id"], date=board["date"])
        states = {tour["id"]: tour["state"] for wave in seen["waves"] for tour in wave["tours"]}
        assert states[made["batches"][0]] == "in_progress"
    with pytest.raises(Refused):
        login("outsider").call("scm.wave.plan", "get_board")


def test_a_picker_brings_what_the_pick_faces_want(login):
    picker = login("picker")
    warehouse = picker.call("scm.wave.plan", "get_board")["warehouse_id"]
    made = picker.call("scm.pick.face", "propose", warehouse_id=warehouse)
    assert made["proposals"] and len(made["proposals"]) == made["now"] + made["soon"]
    assert picker.call("scm.pick.face", "propose", warehouse_id=warehouse)["proposals"] == made["proposals"]
    with pytest.raises(Refused, match="manager"):
        picker.call("scm.pick.face", "refresh_limits", warehouse_id=warehouse)
    [transfer] = picker.call("scm.pick.face.proposal", "action_apply", made["proposals"][:1])
    [picking] = picker.call("stock.picking", "read", [transfer], fields=["state", "origin"])
    assert picking["state"] == "assigned"
    left = picker.call("scm.pick.face", "propose", warehouse_id=warehouse)["proposals"]
    assert made["proposals"][0] not in left
