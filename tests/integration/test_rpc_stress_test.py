"""Stress test of a supplier by interface, with the least rights that do; the example of docs/integration.md."""

from datetime import date, timedelta

import pytest
from adapter import Refused

MODEL = "scm.stress.test"


def supplier(client):
    [item] = client.call(
        "scm.order.plan.item", "search_read", domain=[["vendor_id", "!=", False]], fields=["vendor_id"], limit=1
    )
    return item["vendor_id"][0]


def test_what_runs_out(login):
    viewer = login("viewer")
    start = (date.today() + timedelta(days=3)).isoformat()
    page = viewer.call(MODEL, "run", partner_id=supplier(viewer), date_from=start, days=60)
    assert page["hit"] == len(page["lines"]) + page["more"] > 0
    assert page["open_margin"] == pytest.approx(page["lost_margin"] - page["covered_margin"], abs=1)
    assert sum(page["series"]["alone"]) == pytest.approx(page["lost_margin"], rel=1e-3)
    assert viewer.call(MODEL, "get_test", test_id=page["id"])["lines"] == page["lines"]
    labels = viewer.call("scm.why", "labels")
    codes = [term["code"] for line in page["lines"] for term in line["why"]["terms"]]
    assert not [code for code in codes if code not in labels]


def test_refusals(login):
    viewer = login("viewer")
    number = supplier(viewer)
    for named in (
        {"partner_id": number, "date_from": "soon", "days": 10},
        {"partner_id": number, "date_from": "2020-01-01", "days": 10},
        {"partner_id": number, "date_from": date.today().isoformat(), "days": 0},
        {"partner_id": 0, "date_from": date.today().isoformat(), "days": 10},
    ):
        with pytest.raises(Refused) as refused:
            viewer.call(MODEL, "run", **named)
        assert refused.value.status == 422, refused.value
    with pytest.raises(Refused):
        login("outsider").call(MODEL, "get_test")
