"""Freight invoices, claims and the carrier scorecard by interface, with the least rights."""

import base64

import pytest
from adapter import Refused


def test_scorecard_and_the_parcels_behind_it(login):
    viewer = login("viewer")
    card = viewer.call("scm.carrier.month", "get_scorecard", months=6)
    assert card["carriers"] and len(card["months"]) == 6
    assert card["total"]["due"] == sum(carrier["now"]["due"] for carrier in card["carriers"])
    action = viewer.call("scm.carrier.month", "open_parcels", carrier_id=card["carriers"][0]["id"], month=card["month"])
    assert viewer.call("scm.parcel", "search_count", domain=action["domain"]) > 0
    with pytest.raises(Refused):
        login("outsider").call("scm.carrier.month", "get_scorecard")
    with pytest.raises(Refused, match="manager"):
        viewer.call("scm.freight.run", "run_now")


def test_a_carriers_file_is_imported_and_checked(login):
    planner = login("planner")
    [parcel] = planner.call(
        "scm.parcel",
        "search_read",
        domain=[["cost_expected", ">", 0]],
        fields=["tracking_ref", "cost_expected"],
        limit=1,
        order="id DESC",
    )
    text = f"number,date,tracking,amount\nRPC-1,2026-01-31,{parcel['tracking_ref']},1\nRPC-1,2026-01-31,NOBODY-1,50\n"
    [job] = planner.call(
        "scm.import",
        "create",
        vals_list=[
            {
                "importer": "freight_invoice",
                "file": base64.b64encode(text.encode()).decode(),
                "filename": "f.csv",
            }
        ],
    )
    for step in ("action_preview", "action_check", "action_confirm"):
        planner.call("scm.import", step, [job])
    [invoice] = planner.call(
        "scm.freight.invoice", "search", domain=[["name", "=", "RPC-1"], ["state", "=", "checked"]]
    )
    reasons = planner.call("scm.freight.invoice", "reasons", [invoice])
    assert {"unknown"} <= {row["reason"] for row in reasons}
    with pytest.raises(Refused):
        login("viewer").call("scm.freight.invoice", "action_approve", [invoice])
    assert planner.call("scm.freight.invoice", "action_cancel", [invoice]) is True


def test_claims_are_drafted_once(login):
    planner = login("planner")
    planner.call("scm.freight.claim", "generate")
    assert planner.call("scm.freight.claim", "generate")["created"] == 0
    with pytest.raises(Refused):
        login("viewer").call("scm.freight.claim", "generate")
