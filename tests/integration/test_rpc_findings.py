"""Findings by interface, as docs/integration.md shows them."""

import pytest
from adapter import Refused


def test_what_holds_now_and_its_records(login):
    user = login("viewer")
    login("planner").call("scm.finding.run", "run_now", wait=True)
    found = user.call("scm.finding", "get_findings", limit=50)
    assert found["count"] >= 5 and len(found["findings"]) == min(found["count"], 50)
    sizes = [abs(row["money"]) for row in found["findings"]]
    assert sizes == sorted(sizes, reverse=True)
    excess = next(row for row in found["findings"] if row["kind"] == "excess")
    action = user.call("scm.finding", "action_records", ids=[excess["id"]])
    rows = user.call(action["res_model"], "search_read", domain=action["domain"], fields=["excess_value"])
    assert sum(row["excess_value"] for row in rows) >= -excess["money"] - 0.01
    with pytest.raises(Refused, match="manager"):
        user.call("scm.finding", "action_accept", ids=[excess["id"]])
    with pytest.raises(Refused, match="no number of findings"):
        user.call("scm.finding", "get_findings", limit=0)


def test_a_search_by_a_manager_finds_the_same_again(login):
    manager = login("planner")
    before = manager.call("scm.finding", "search_count", domain=[["is_current", "=", True]])
    run = manager.call("scm.finding.run", "run_now", wait=True)
    [row] = manager.call("scm.finding.run", "read", ids=[run], fields=["state", "test_count", "finding_count"])
    assert row["state"] == "done" and row["test_count"] > 100
    assert abs(row["finding_count"] - before) <= 3, "others may have changed stock in between"
    with pytest.raises(Refused, match="manager"):
        login("viewer").call("scm.finding.run", "run_now")
