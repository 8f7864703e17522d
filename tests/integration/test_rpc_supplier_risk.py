"""Risks, sourcing and backups by interface, with the least rights."""

import pytest
from adapter import Refused


@pytest.fixture(scope="module", autouse=True)
def refreshed(login):
    """As a manager; what was there already stays."""
    found = login("planner").call("scm.supplier.risk", "action_refresh", [])
    assert found["products"] > 0 and found["suppliers"] > 0
    return found


def test_matrix_and_its_suppliers(login, refreshed):
    viewer = login("viewer")
    matrix = viewer.call("scm.supplier.risk", "get_matrix")
    assert sum(cell["count"] for cell in matrix["cells"]) == matrix["sums"]["suppliers"] == refreshed["suppliers"]
    worst = viewer.call("scm.supplier.risk", "get_suppliers", limit=3)["rows"]
    assert [row["expected"] for row in worst] == sorted((row["expected"] for row in worst), reverse=True)
    inside = viewer.call(
        "scm.supplier.risk", "get_suppliers", likelihood=worst[0]["likelihood_class"], impact=worst[0]["impact_class"]
    )
    assert worst[0]["partner_id"] in [row["partner_id"] for row in inside["rows"]]
    with pytest.raises(Refused, match="manager"):
        viewer.call("scm.supplier.risk", "action_refresh", [])
    with pytest.raises(Refused):
        login("outsider").call("scm.supplier.risk", "get_matrix")


def test_sourcing_is_read_and_not_written(login):
    viewer = login("viewer")
    [row] = viewer.call(
        "scm.product.sourcing",
        "search_read",
        domain=[["supplier_count", ">", 0]],
        fields=["hhi", "main_share", "line_ids"],
        limit=1,
    )
    assert 0 < row["hhi"] <= 1 and 0 < row["main_share"] <= 1 and row["line_ids"]
    with pytest.raises(Refused):
        login("planner").call("scm.product.sourcing", "write", [row["id"]], vals={"hhi": 0.1})


def test_a_backup_is_rejected_and_reopened(login):
    buyer = login("buyer")
    found = buyer.call("scm.backup.proposal", "search", domain=[["state", "=", "proposed"]], limit=1)
    if not found:
        pytest.skip("this demo company has no single-source A product with a qualified candidate")
    with pytest.raises(Refused):
        login("viewer").call("scm.backup.proposal", "action_accept", found)
    assert buyer.call("scm.backup.proposal", "action_reject", found, reason="Too far away") is True
    with pytest.raises(Refused, match="has been decided already"):
        buyer.call("scm.backup.proposal", "action_accept", found)
    assert buyer.call("scm.backup.proposal", "action_reopen", found) is True
