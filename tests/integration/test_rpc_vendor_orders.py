"""Vendor orders by interface: read the builder, change it, make the RFQ once, also when two ask at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from adapter import Refused


def proposed(client, limit=1, offset=0):
    return client.call(
        "scm.vendor.order",
        "search_read",
        domain=[("state", "=", "proposed"), ("line_count", ">", 2)],
        fields=["vendor_id", "value", "line_count", "why"],
        order="date_order, id",
        limit=limit,
        offset=offset,
    )


def test_builder_and_change(planner):
    assert planner.call("scm.vendor.order", "refresh_orders") > 5
    [order] = proposed(planner)
    builder = planner.call("scm.vendor.order", "get_builder", ids=[order["id"]])
    kept = [line for line in builder["lines"] if line["action"] == "keep"]
    assert builder["totals"]["value"] == pytest.approx(sum(line["value"] for line in kept), abs=len(kept))
    line = kept[0]
    changed = planner.call(
        "scm.vendor.order",
        "set_quantity",
        ids=[order["id"]],
        line_id=line["id"],
        quantity=line["quantity"] + line["step"],
    )
    row = next(each for each in changed["lines"] if each["id"] == line["id"])
    assert (row["quantity"], row["firm"]) == (line["quantity"] + line["step"], True)


def test_rfq_once_for_two_at_once(planner, login):
    [order] = proposed(planner, offset=1)
    clients = [planner, login("planner")]

    def release(number):
        return clients[number].call("scm.vendor.order", "create_rfqs", ids=[order["id"]])

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(release, range(2)))
    assert sum(len(answer["purchase_order_ids"]) for answer in answers) == 1
    [rfq_id] = answers[0]["purchase_order_ids"] or answers[1]["purchase_order_ids"]
    [rfq] = planner.call("purchase.order", "read", [rfq_id], fields=["state", "partner_id", "order_line"])
    assert (rfq["state"], rfq["partner_id"]) == ("draft", order["vendor_id"])
    made = answers[0]["released"] + answers[1]["released"]
    assert release(0) == {"purchase_order_ids": [], "released": 0, "skipped": made}


def test_rights(login):
    viewer = login("viewer")
    [order] = proposed(viewer)
    assert viewer.call("scm.vendor.order", "get_builder", ids=[order["id"]])["can_edit"] is False
    for name in ("fill_container", "create_rfqs", "cut_to_budget"):
        with pytest.raises(Refused):
            viewer.call("scm.vendor.order", name, ids=[order["id"]])
    with pytest.raises(Refused):
        login("outsider").call("scm.vendor.order", "search_read", domain=[], fields=["value"])
