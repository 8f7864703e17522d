"""Regions and the board of improvements by interface, as docs/integration.md shows them."""

import pytest
from adapter import Refused


def test_regions_agree_with_their_orders(login):
    user = login("planner")
    page = user.call("scm.regions", "get_regions", days=28, compare="previous")
    best = page["countries"][0]
    count = best["measures"]["orders"]["value"]
    orders = sum(country["measures"]["orders"]["value"] for country in page["countries"])
    assert orders == page["total"]["measures"]["orders"]["value"] > 0
    assert sum(region["measures"]["orders"]["value"] for region in best["regions"]) == count
    action = user.call(
        "scm.regions", "open_region", region_id=best["id"], date_from=page["date_from"], date_to=page["date_to"]
    )
    assert user.call(action["res_model"], "search_count", domain=action["domain"]) == count
    year = user.call("scm.regions", "get_regions", days=91, compare="year", warehouse_id=page["warehouses"][0]["id"])
    assert year["total"]["measures"]["revenue"]["verdict"] in ("grows", "falls", "steady", "not_enough_data")


def test_the_board_of_improvements(login):
    user = login("planner")
    board = user.call("scm.improvement", "get_board")
    months = user.call(
        "scm.improvement.value",
        "search_read",
        domain=[["month", ">=", f"{board['year']}-01-01"], ["month", "<=", f"{board['year']}-12-01"]],
        fields=["amount"],
    )
    assert sum(row["amount"] for row in months) == pytest.approx(board["realised"], abs=1)
    assert board["realised"] == pytest.approx(board["measured"] + board["stated"], abs=1)


def test_nonsense_and_missing_roles_are_refused(login):
    with pytest.raises(Refused, match="cannot be compared"):
        login("planner").call("scm.regions", "get_regions", days=13)
    with pytest.raises(Refused, match="manager"):
        login("viewer").call("scm.improvement", "state_value", improvement_id=1, amount=1.0, note="x")
