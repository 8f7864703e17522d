"""Excess stock and accuracy by interface, with the least rights."""

import pytest
from adapter import Refused


def test_excess_is_read_decided_and_taken_back(planner):
    summary = planner.call("scm.excess", "get_excess_summary")
    assert summary["totals"]["items"] > 20
    kinds = {row["kind"] for row in summary["kinds"]}
    assert {"cancel", "transfer", "markdown", "write_off"} <= kinds
    [step] = planner.call(
        "scm.excess.action", "search_read", domain=[("kind", "=", "transfer"), ("state", "=", "proposed")],
        fields=["excess_id", "quantity", "target_warehouse_id"], limit=1, order="net desc",
    )  # fmt: skip
    item = planner.call("scm.excess", "get_excess_item", [step["excess_id"][0]])
    assert sum(row["quantity"] for row in item["steps"] if row["counts"]) == pytest.approx(item["excess"])
    assert planner.call("scm.excess.action", "accept", [step["id"]]) == 1
    assert planner.call("scm.excess.action", "accept", [step["id"]]) == 0
    [after] = planner.call("scm.excess.action", "read", [step["id"]], fields=["state", "res_model", "res_id"])
    assert (after["state"], after["res_model"]) == ("accepted", "stock.picking")
    [picking] = planner.call("stock.picking", "read", [after["res_id"]], fields=["state"])
    assert picking["state"] == "draft"
    assert planner.call("scm.excess.action", "undo", [step["id"]]) == 1
    assert planner.call("scm.excess", "refresh_excess") > 20


def test_dismissing_needs_a_reason_and_the_role(planner, login):
    [row] = planner.call("scm.excess", "search_read", domain=[("state", "=", "open")], fields=["id"], limit=1)
    with pytest.raises(Refused, match="Say why"):
        planner.call("scm.excess", "dismiss", [row["id"]], reason="")
    with pytest.raises(Refused):
        login("viewer").call("scm.excess", "dismiss", [row["id"]], reason="mine")
    with pytest.raises(Refused):
        login("outsider").call("scm.excess", "get_excess_summary")
    assert planner.call("scm.excess", "dismiss", [row["id"]], reason="Contract until May") == 1
    assert planner.call("scm.excess", "reopen", [row["id"]]) == 1


def test_accuracy_says_where_plain_methods_do_as_well(planner, login):
    page = login("viewer").call("scm.forecast.accuracy", "get_accuracy", weeks=13)
    assert page["weeks"] == 13
    assert 0 < page["total"]["wape"] < page["total"]["wape_naive"]
    assert 0.8 < page["total"]["coverage"] < 0.97
    assert page["worst"] and len(page["champions"]) == 9
    with pytest.raises(Refused, match="between 1 and"):
        planner.call("scm.accuracy.watch", "replay", weeks=1000)
    with pytest.raises(Refused):
        login("viewer").call("scm.accuracy.watch", "replay", weeks=2)
