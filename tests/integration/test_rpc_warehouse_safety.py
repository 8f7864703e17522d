"""Safety by interface with the least rights: the floor inspects, reports and locks; managers let go."""

import pytest
from adapter import Refused, shell

INSPECTION, INCIDENT = "scm.safety.inspection", "scm.safety.incident"
PLACE = """
warehouse = env["stock.warehouse"].search([], limit=1)
place = env["stock.location"].create({"name": "RPC-01", "location_id": warehouse.lot_stock_id.id})
result = {"warehouse": warehouse.id, "place": place.id}
env.cr.commit()
"""


@pytest.fixture
def hall(demo_db):
    return shell(demo_db, PLACE)


def test_the_floor_inspects_and_reports(server, hall):
    picker, manager = server.xmlrpc("picker"), server.xmlrpc("warehouse")
    found = picker.call(INSPECTION, "get_round", warehouse_id=hall["warehouse"])
    template = next(one for one in found["templates"].values() if one["subject"] == "forklift")
    values = {"ok": "ok", "number": 60, "damage": "none", "text": "all quiet"}
    answers = [{"item_id": item["id"], "value": values[item["kind"]]} for item in template["items"]]
    payload = {
        "uuid": "rpc-inspection-1",
        "template_id": template["id"],
        "warehouse_id": hall["warehouse"],
        "equipment": "Forklift RPC",
        "answers": answers,
    }
    with pytest.raises(Refused, match="has no answer"):
        picker.call(INSPECTION, "submit_inspection", payload=payload | {"answers": answers[1:]})
    with pytest.raises(Refused, match="has to be signed"):
        picker.call(INSPECTION, "submit_inspection", payload=payload)
    signature = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    made = picker.call(INSPECTION, "submit_inspection", payload=payload | {"signature": signature})
    assert made["result"] == "passed" and not made["already"]
    assert picker.call(INSPECTION, "submit_inspection", payload=payload) == made | {"already": True}

    report = {"uuid": "rpc-incident-1", "type": "rack_damage", "description": "Bent upright", "place": hall["place"]}
    report |= {"warehouse_id": hall["warehouse"], "lock": True}
    incident = picker.call(INCIDENT, "report_incident", values=report)
    assert incident["locked"] and incident["steps"]
    assert picker.call(INCIDENT, "report_incident", values=report)["id"] == incident["id"]
    assert picker.call("stock.location", "scm_find_place", warehouse_id=hall["warehouse"], code="RPC-01")["locked"]
    steps = picker.call(INCIDENT, "set_step", [incident["id"]], step_id=incident["steps"][0]["id"])
    assert steps[0]["done"]
    with pytest.raises(Refused, match="managers"):
        picker.call(INCIDENT, "unlock", [incident["id"]])
    with pytest.raises(Refused, match="use its buttons"):
        manager.call(INCIDENT, "write", [incident["id"]], vals={"state": "closed"})
    board = manager.call("scm.safety.board", "get_board", warehouse_id=hall["warehouse"])
    assert board["tiles"]["locked"] >= 1
    assert manager.call(INCIDENT, "unlock", [incident["id"]])["still_locked"] == []
    assert manager.call(INCIDENT, "action_cancel", [incident["id"]], reason="Test")
    with pytest.raises(Refused):
        server.xmlrpc("viewer").call(INSPECTION, "submit_inspection", payload=payload | {"uuid": "rpc-inspection-2"})
