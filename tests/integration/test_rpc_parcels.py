"""Parcels by interface, with the least rights that do; the example of docs/integration.md."""

import uuid

import pytest
from adapter import Refused

PARCEL, TIME = "scm.parcel", "2026-11-20 09:30:00"


def open_parcel(client):
    [number] = client.call(PARCEL, "search", domain=[["is_final", "=", False]], order="id", limit=1)
    return number


def test_say_what_happened_and_say_it_again(login):
    planner = login("planner")
    number = open_parcel(planner)
    text = f"Wet <b>box</b> {uuid.uuid4().hex}"
    news = {"status": "exception", "text": text, "sub_status": "damaged", "time": TIME}
    assert planner.call(PARCEL, "action_add_event", [number], **news) == {"stored": 1, "repeated": 0}
    assert planner.call(PARCEL, "action_add_event", [number], **news) == {"stored": 0, "repeated": 1}
    [row] = planner.call(PARCEL, "read", [number], fields=["is_damaged", "journey", "state_why", "date_promised"])
    assert row["is_damaged"]
    assert text in [event["text"] for event in row["journey"]["events"]]
    labels = planner.call("scm.why", "labels")
    assert not [term["code"] for term in row["state_why"]["terms"] if term["code"] not in labels]
    planner.call(PARCEL, "action_set_expected", [number], day="2027-01-14", reason="A day too early")
    assert planner.call(PARCEL, "action_set_expected", [number], day="2027-01-15", reason="Customer is away") == 1
    [after] = planner.call(PARCEL, "read", [number], fields=["date_promised", "date_expected"])
    assert (after["date_promised"], after["date_expected"]) == (row["date_promised"], "2027-01-15")


def test_who_is_late(login):
    groups = login("viewer").call(
        "scm.parcel.stage",
        "formatted_read_group",
        domain=[["is_late", "=", True]],
        groupby=["stage"],
        aggregates=["guilty:sum", "hours:avg", "norm:avg"],
    )
    assert [group["stage"] for group in groups] == ["1_ready", "2_handed", "3_scan", "4_delivered"]
    assert sum(group["guilty:sum"] for group in groups) > 100


def test_refusals(login):
    planner, viewer = login("planner"), login("viewer")
    number = open_parcel(planner)
    for named in ({"status": "flying"}, {"status": "delivered", "time": "2099-01-01 00:00:00"}):
        with pytest.raises(Refused) as refused:
            planner.call(PARCEL, "action_add_event", [number], **named)
        assert refused.value.status == 422, refused.value
    with pytest.raises(Refused):
        planner.call(PARCEL, "write", [number], vals={"status": "delivered"})
    with pytest.raises(Refused):
        planner.call("scm.parcel.event", "create", vals_list=[{"parcel_id": number, "source": "x", "time": TIME}])
    with pytest.raises(Refused):
        planner.call("scm.parcel.event", "_ingest", company=1, rows=[])
    with pytest.raises(Refused):
        viewer.call(PARCEL, "action_add_event", [number], status="delivered")
