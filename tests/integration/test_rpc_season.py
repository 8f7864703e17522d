"""The season board and promotions over XML-RPC and JSON-2, with the least rights that do."""

import pytest


def test_planner_reads_the_season(planner):
    board = planner.call("scm.season.board", "get_board", weeks=26)
    assert len(board["weeks"]) == 26
    assert {"feast", "shutdown"} <= {event["kind"] for event in board["events"]}
    assert all(row["order_by"] < row["wait_until"] for row in board["orders_by"])
    category = board["categories"][-1]["id"]
    part = planner.call("scm.season.board", "get_board", categ_id=category, weeks=26)
    assert part["weeks"][0]["expected"] < board["weeks"][0]["expected"]


def test_planner_asks_what_a_feast_did(planner):
    board = planner.call("scm.season.board", "get_board", weeks=26)
    feast = next(event for event in board["events"] if event["kind"] == "feast")
    found = planner.call("scm.season.event", "get_event", occurrence_id=feast["occurrence_id"])
    assert found["name"] == feast["name"]


def test_manager_accepts_a_promotion_once(login):
    planner = login("planner")
    proposals = planner.call("scm.event.proposal", "search", domain=[["state", "=", "proposed"]], limit=1)
    assert proposals
    [event] = planner.call("scm.event.proposal", "action_accept", proposals)
    assert planner.call("scm.event.proposal", "action_accept", proposals) == [event]
    rows = planner.call("scm.event.occurrence", "search_count", domain=[["event_id", "=", event]])
    assert rows >= 1
    assert planner.call("scm.event.proposal", "action_look")["new"] == 0


def test_outsider_sees_nothing_and_buyer_does_not_decide(login):
    with pytest.raises(Exception, match="role in the supply chain"):
        login("outsider").call("scm.season.board", "get_board")
    with pytest.raises(Exception, match=r"(?i)managers"):
        login("buyer").call("scm.event.proposal", "action_look")
