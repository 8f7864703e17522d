"""The control tower by interface, as docs/integration.md shows it."""

import pytest
from adapter import Refused


def test_the_morning_page(login):
    user = login("planner")
    tower = user.call("scm.control.tower", "get_tower")
    otif = next(tile for tile in tower["tiles"] if tile["code"] == "otif")
    assert 0 < otif["value"] <= 1 and len(otif["trend"]) == 28
    parts = user.call("scm.control.tower", "get_split", code="otif", date=tower["date"], dimension="carrier")
    assert sum(part["sample"] for part in parts) > 100
    action = user.call("scm.metric", "open_records", code="otif", date=tower["date"])
    orders = user.call(action["res_model"], "search_read", domain=action["domain"], fields=["name"], limit=5)
    assert len(orders) == min(5, otif["sample"])
    note = user.call("scm.metric.note", "write_note", code="otif", date=tower["date"], text="Rain in the north")
    again = user.call("scm.metric.note", "write_note", code="otif", date=tower["date"], text="Heavy rain")
    assert again == note


@pytest.mark.parametrize("code", ["orders", "shipped", "parcels"])
def test_figures_agree_with_their_records(login, code):
    user = login("planner")
    days = user.call(
        "scm.metric.snapshot",
        "search_read",
        domain=[["metric_id.code", "=", code], ["dimension", "=", "total"], ["known_value", ">", 0]],
        fields=["date", "known_value"],
        limit=2,
    )
    assert len(days) == 2
    for day in days:
        action = user.call("scm.metric", "open_records", code=code, date=day["date"])
        assert user.call(action["res_model"], "search_count", domain=action["domain"]) == day["known_value"]


def test_freezing_is_for_managers(login):
    with pytest.raises(Refused, match="manager"):
        login("viewer").call("scm.metric.run", "run_now")
