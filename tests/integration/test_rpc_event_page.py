"""The event page by interface, as docs/integration.md shows it."""

import pytest
from adapter import Refused


@pytest.fixture
def double_11(login):
    page = login("planner").call("scm.event.page", "get_page")
    return next(row["id"] for row in page["occurrences"] if row["name"].startswith("Double 11"))


def test_the_event_of_an_hour_and_its_end(login, double_11):
    viewer = login("viewer")
    page = viewer.call("scm.event.page", "get_page", occurrence_id=double_11, hour=158)
    units = page["measures"]["units"]
    assert units["actual"] <= units["low"] <= units["mean"] <= units["high"]
    assert len(page["chart"]["units"]["expected"]) == page["occurrence"]["hours"]
    over = viewer.call("scm.event.page", "get_page", occurrence_id=double_11)
    assert over["measures"]["units"]["mean"] == over["measures"]["units"]["actual"] > units["actual"]


def test_the_figures_agree_with_their_orders(login, double_11):
    planner = login("planner")
    page = planner.call("scm.event.page", "get_page", occurrence_id=double_11)
    action = planner.call("scm.event.page", "open_orders", occurrence_id=double_11)
    assert planner.call(action["res_model"], "search_count", domain=action["domain"]) == sum(
        region["orders"] for region in page["regions"]
    )
    hours = planner.call(
        "scm.event.hour",
        "search_read",
        domain=[["watch_id.occurrence_id", "=", double_11]],
        fields=["quantity", "order_count"],
    )
    assert sum(hour["quantity"] for hour in hours) == pytest.approx(page["measures"]["units"]["actual"])
    assert sum(hour["order_count"] for hour in hours) == page["measures"]["orders"]["actual"]


def test_working_out_the_forecast_is_for_managers(login, double_11):
    with pytest.raises(Refused, match="manager"):
        login("viewer").call("scm.event.page", "rework_forecast", occurrence_id=double_11)
