"""Return facts and the cause explorer by interface, with the least rights."""

import pytest
from adapter import Refused


def test_the_page_and_the_returns_behind_it(login):
    viewer = login("viewer")
    page = viewer.call("scm.cause.explorer", "get_page", filters={"measure": "units", "by": "owner"})
    bars = page["pareto"]["bars"]
    assert bars and sum(bar["units"] for bar in bars) == pytest.approx(page["total"]["returned"])
    assert 0 < page["total"]["raw"] <= page["total"]["rate"] < 0.5
    action = viewer.call("scm.cause.explorer", "open_returns", filters=page["filters"], cell={"owner": bars[0]["key"]})
    behind = viewer.call("scm.return.part", "search_read", domain=action["domain"], fields=["quantity"])
    assert sum(one["quantity"] for one in behind) == pytest.approx(bars[0]["units"])


def test_rates_are_those_of_the_rows(login):
    viewer = login("viewer")
    page = viewer.call("scm.cause.explorer", "get_page", filters={})
    first, last = page["filters"]["from"], page["filters"]["to"]
    rows = viewer.call(
        "scm.return.fact",
        "search_read",
        domain=[["order_date", ">=", first], ["order_date", "<=", last], ["returned", ">", 0]],
        fields=["returned"],
    )
    assert sum(row["returned"] for row in rows) == pytest.approx(page["total"]["returned"])


def test_only_managers_read_again(login):
    assert login("planner").call("scm.return.fact", "refresh") >= 0
    with pytest.raises(Refused, match="managers"):
        login("viewer").call("scm.return.fact", "refresh")
    with pytest.raises(Refused):
        login("outsider").call("scm.cause.explorer", "get_page", filters={})
    with pytest.raises(Refused, match="not a day"):
        login("viewer").call("scm.cause.explorer", "get_page", filters={"from": "soon"})
