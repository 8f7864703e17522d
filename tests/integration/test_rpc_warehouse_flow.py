"""The control board by interface, with the least rights."""

import pytest
from adapter import Refused


def test_the_board_is_read_by_users_of_the_supply_chain(login):
    viewer = login("viewer")
    assert viewer.call("scm.flow.fact", "refresh_flow") >= 0
    board = viewer.call("scm.flow.board", "get_board")
    assert board["backlog"]["total"]["count"] == sum(part["count"] for part in board["backlog"]["promises"])
    assert board["measures"]["cycle_sample"] > 100 and board["measures"]["cycle_median"] > 0
    [ship] = [stage for stage in board["stages"] if stage["code"] == "ship"]
    assert sum(ship["out"]) == ship["left"] and ship["capacity"] > 0
    assert [len(day["hours"]) for day in board["load"]["days"]] == [24] * 7
    # a person's picks are for managers
    assert board["picks"]["rate"] > 0 and board["picks"]["persons"] == []
    assert login("planner").call("scm.flow.board", "get_board")["picks"]["persons"]
    other = board["warehouses"][1]["id"]
    shown = viewer.call("scm.flow.board", "get_board", warehouse_id=other, day=board["day"])
    assert (shown["warehouse"]["id"], shown["day"]) == (other, board["day"])


def test_who_may_not_read_it_is_refused_with_words(login):
    with pytest.raises(Refused, match="role in the supply chain"):
        login("outsider").call("scm.flow.board", "get_board")
    with pytest.raises(Refused, match="managers"):
        login("viewer").call("scm.flow.fact", "refresh_flow", full=True)
    with pytest.raises(Refused, match="'yesterday' is not a day"):
        login("viewer").call("scm.flow.board", "get_board", day="yesterday")
