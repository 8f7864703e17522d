"""Hierarchy and overrides by interface, each with the least rights that do. The examples of docs/integration.md."""

import pytest
from adapter import Refused


def test_override_a_category_and_take_it_back(login, planner):
    page = login("viewer").call("scm.forecast.hierarchy", "get_nodes", level="category")
    row = max(page["rows"], key=lambda one: one["next"])
    values = {
        "level": "category", **row["scope"], "mode": "percent", "value": 10, "reason": "promotion",
        "date_from": page["weeks"][1], "date_to": page["weeks"][2], "note": "By interface",
    }  # fmt: skip
    before = planner.call("scm.forecast.hierarchy", "get_chart", level="category", scope=row["scope"])["forecast"]
    preview = planner.call("scm.forecast.override", "preview_override", values=values)
    made = planner.call("scm.forecast.override", "create_override", values=values)
    assert made["after"] == pytest.approx(preview["after"]) and made["after"] == pytest.approx(1.1 * made["before"])
    during = planner.call("scm.forecast.hierarchy", "get_chart", level="category", scope=row["scope"])["forecast"]
    assert during[1]["final"] == pytest.approx(1.1 * before[1]["final"], rel=0.01)
    assert during[3] == before[3]
    planner.call("scm.forecast.override", "action_withdraw", [made["id"]], reason="Called off")
    after = planner.call("scm.forecast.hierarchy", "get_chart", level="category", scope=row["scope"])["forecast"]
    assert [one["final"] for one in after] == pytest.approx([one["final"] for one in before], abs=0.1)
    assert "rows" in planner.call("scm.forecast.value.added", "get_summary", dimension="reason")


def test_who_may_not_is_refused_with_words(login):
    page = login("viewer").call("scm.forecast.hierarchy", "get_nodes", level="company")
    values = {"level": "company", "mode": "percent", "value": 10, "reason": "promotion", "date_from": page["weeks"][0]}
    with pytest.raises(Refused, match="managers"):
        login("viewer").call("scm.forecast.override", "create_override", values=values)
    with pytest.raises(Refused):
        login("outsider").call("scm.forecast.hierarchy", "get_nodes", level="company")
