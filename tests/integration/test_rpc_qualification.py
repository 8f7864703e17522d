"""Qualification and evidence over XML-RPC and JSON-2, with the least rights that do."""

import base64

import pytest


def _supplier(buyer, name):
    found = buyer.call("res.partner", "search", domain=[["name", "=", name]], limit=1)
    assert found
    return found[0]


def test_buyer_asks_decides_and_reads_the_status(login):
    buyer = login("buyer")
    vendor = _supplier(buyer, "Pingtung Natural Care")
    category = buyer.call("product.category", "search", domain=[["name", "=", "Outdoor"]], limit=1)[0]
    (one,) = buyer.call(
        "scm.supplier.qualification", "create", vals_list=[{"partner_id": vendor, "categ_id": category}]
    )
    links = buyer.call("scm.supplier.qualification", "scm_ask", [one], send_mail=False)
    assert "answer_token=" in links[str(one)]
    with pytest.raises(Exception, match=r"(?i)only a supply chain manager"):
        buyer.call("scm.supplier.qualification", "scm_decide", [one], outcome="qualified", reason="Known for years")
    (status,) = buyer.call("scm.supplier.qualification", "get_status", partner_ids=[vendor], categ_ids=[category])
    assert status["condition_date"] is False
    assert buyer.call("scm.supplier.qualification", "scm_decide", [one], outcome="rejected") is True
    (status,) = buyer.call("scm.supplier.qualification", "get_status", partner_ids=[vendor], categ_ids=[category])
    assert status == {**status, "state": "rejected", "qualification_id": one}


def test_evidence_revives_a_suspended_supplier(login):
    buyer = login("buyer")
    vendor = _supplier(buyer, "Shunde Small Appliances")
    (one,) = buyer.call("scm.supplier.qualification", "search", domain=[["partner_id", "=", vendor]])
    (kind,) = buyer.call("scm.evidence.kind", "search", domain=[["code", "=", "iso9001"]])
    domain = [["partner_id", "=", vendor], ["kind_id", "=", kind], ["state", "in", ["valid", "expired"]]]
    old = buyer.call("scm.supplier.evidence", "search", domain=domain)
    buyer.call("scm.supplier.evidence", "write", old, vals={"date_expiry": "2020-01-31"})
    (row,) = buyer.call("scm.supplier.qualification", "read", [one], fields=["state"])
    assert row["state"] == "suspended"
    paper = buyer.call(
        "scm.supplier.evidence",
        "create",
        vals_list=[{"partner_id": vendor, "kind_id": kind, "number": "CN-Q-40001", "date_expiry": "2039-01-31"}],
    )
    assert buyer.call("scm.supplier.evidence", "action_accept", paper) is True
    (row,) = buyer.call("scm.supplier.qualification", "read", [one], fields=["state", "suspended_reason"])
    assert (row["state"], row["suspended_reason"]) == ("qualified", False)


def test_import_names_every_error(login):
    buyer = login("buyer")
    text = "Supplier,Code,Answer\nTainan Cotton Works,CAP-02,Perhaps\nNobody,CAP-02,Below 85 %\n"
    content = base64.b64encode(text.encode()).decode()
    job = buyer.call(
        "scm.import",
        "create",
        vals_list=[{"importer": "questionnaire", "file": content, "filename": "answers.csv"}],
    )
    buyer.call("scm.import", "action_check", job)
    found = buyer.call(
        "scm.import.error", "search_read", domain=[["import_id", "=", job[0]]], fields=["row", "column", "message"]
    )
    assert sorted((row["row"], row["column"]) for row in found) == [(2, "C Answer"), (3, "A Supplier")]


def test_outsider_sees_nothing_and_viewer_does_not_decide(login):
    with pytest.raises(Exception, match=r"(?i)not allowed|access"):
        login("outsider").call("scm.supplier.qualification", "search_read", domain=[], fields=["state"])
    viewer = login("viewer")
    ids = viewer.call("scm.supplier.qualification", "search", domain=[["state", "=", "review"]], limit=1)
    assert ids
    with pytest.raises(Exception, match=r"(?i)only buyers"):
        viewer.call("scm.supplier.qualification", "scm_decide", ids, outcome="rejected")
