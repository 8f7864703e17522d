"""Map, ways and picks by interface, with the least rights."""

import pytest
from adapter import Refused


def test_the_map_is_for_the_floor_and_ways_are_measured_by_managers(login):
    picker = login("picker")
    page = picker.call("scm.warehouse.map", "get_map", colour="distance", days=30)
    places = page["places"]
    assert page["warehouse_id"] and page["totals"]["places"] >= len(places["id"]) > 100
    assert {len(column) for column in places.values()} == {len(places["id"])}
    assert min(places["value"]) > 0 and page["docks"]
    busy = places["id"][places["picks"].index(max(places["picks"]))]
    place = picker.call("scm.warehouse.map", "get_place", location_id=busy, days=30)
    assert place["distance"] > 0 and place["products"][0]["picks"] == max(places["picks"])
    found = login("warehouse").call("stock.warehouse", "refresh_travel", [page["warehouse_id"]])
    # places that another test made have no coordinates
    assert found["places"] - found["without_way"] == len(places["id"])
    with pytest.raises(Refused, match="managers"):
        picker.call("stock.warehouse", "refresh_travel", [page["warehouse_id"]])
    with pytest.raises(Refused):
        login("outsider").call("scm.warehouse.map", "get_map")


def test_picks_per_day_are_read_by_users_and_refreshed_by_managers(login):
    viewer = login("viewer")
    rows = viewer.call(
        "scm.pick.day", "search_read", domain=[["picks", ">", 1]], fields=["location_id", "date", "quantity"], limit=5
    )
    assert len(rows) == 5
    assert login("warehouse").call("scm.pick.day", "refresh_picks") is True
    with pytest.raises(Refused, match="managers"):
        viewer.call("scm.pick.day", "refresh_picks")
