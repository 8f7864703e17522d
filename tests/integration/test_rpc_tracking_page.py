"""Requests that customers make on the tracking page, answered by interface with the least rights."""

import pytest
from adapter import Refused, shell

# one wish for each protocol
ASK = """
parcels = env["scm.parcel"].search([("is_final", "=", False), ("sale_ids", "!=", False)], limit=2)
asked = [env["scm.delivery.request"].sudo()._ask("safe_drop", {"text": "With the guard"}, parcel=p) for p in parcels]
result = [[parcel.id, wish.id] for parcel, wish in zip(parcels, asked)]
"""


@pytest.fixture(scope="module")
def wishes(server):
    return shell(server.database, ASK)


def test_secrets_stay_here(login, wishes):
    parcel = wishes[0][0]
    with pytest.raises(Refused):
        login("planner").call("scm.parcel", "read", [parcel], fields=["access_token"])
    with pytest.raises(Refused, match="rivate"):
        login("planner").call("scm.parcel", "_tracking_url", [parcel])


def test_a_wish_is_answered_once_and_by_whom_it_concerns(login, wishes, request):
    wish = wishes["json2" in request.node.name][1]
    [row] = login("viewer").call("scm.delivery.request", "read", [wish], fields=["state", "text"])
    assert (row["state"], row["text"]) == ("new", "With the guard")
    with pytest.raises(Refused):
        login("viewer").call("scm.delivery.request", "action_done", [wish])
    with pytest.raises(Refused):
        login("outsider").call("scm.delivery.request", "read", [wish], fields=["text"])
    buyer = login("buyer")
    with pytest.raises(Refused):
        buyer.call("scm.delivery.request", "create", vals_list=[{"kind": "safe_drop", "company_id": 1}])
    buyer.call("scm.delivery.request", "action_done", [wish])
    buyer.call("scm.delivery.request", "action_refuse", [wish])
    [row] = buyer.call("scm.delivery.request", "read", [wish], fields=["state", "answer"])
    assert row["state"] == "done" and row["answer"]
