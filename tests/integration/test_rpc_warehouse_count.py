"""Counting by interface: ask for a count, plan, see how good the books are, with the least rights."""

import pytest
from adapter import Refused


def test_the_floor_asks_the_manager_plans_and_reads_how_good_the_books_are(login):
    floor, chief = login("picker"), login("warehouse")
    places = floor.call(
        "stock.location", "search", domain=[("scm_aisle", "=", "B"), ("usage", "=", "internal")], limit=2
    )
    asked = floor.call("scm.count.task", "request_count", location_ids=places)
    assert len(asked) == 2
    assert floor.call("scm.count.task", "request_count", location_ids=places) == asked
    run = chief.call("scm.count.plan.run", "run_now", company_id=False, wait=True)
    again = chief.call("scm.count.plan.run", "run_now", company_id=False, wait=True)
    first, second = chief.call(
        "scm.count.plan.run", "read", [run, again], fields=["state", "planned_count", "kept_count"]
    )
    assert first["state"] == second["state"] == "done"
    assert second["planned_count"] == 0
    assert second["kept_count"] == first["planned_count"] + first["kept_count"]
    [task] = chief.call(
        "scm.count.task", "search_read", domain=[("origin", "=", "plan"), ("state", "=", "todo")],
        fields=["location_id", "date", "risk", "plan_reason", "why"], order="risk desc", limit=1,
    )  # fmt: skip
    assert task["why"]["value"] == pytest.approx(task["risk"], abs=0.01)
    page = chief.call("scm.count.accuracy", "get_summary", warehouse_id=False, days=90)
    assert 0.8 < page["total"]["accuracy"] < 1
    assert page["total"]["gross"] == pytest.approx(page["total"]["missing"] + page["total"]["surplus"])
    assert sum(zone["records"] for zone in page["zones"]) == page["total"]["records"]
    [place] = chief.call("stock.location", "read", places[:1], fields=["scm_next_count", "scm_zone_id"])
    assert place["scm_next_count"] and place["scm_zone_id"]


def test_who_may_not(login):
    with pytest.raises(Refused):
        login("picker").call("scm.count.plan.run", "run_now")
    with pytest.raises(Refused):
        login("picker").call("scm.count.accuracy", "get_summary")
    with pytest.raises(Refused):
        login("outsider").call("scm.count.task", "request_count", location_ids=[1])
    with pytest.raises(Refused, match="does not exist any more"):
        login("picker").call("scm.count.task", "request_count", location_ids=[10**9])
