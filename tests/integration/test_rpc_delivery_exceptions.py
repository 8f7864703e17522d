"""The morning list, disruptions and messages to customers over XML-RPC, with the least rights that do."""

from datetime import date, timedelta

import pytest


@pytest.fixture
def strike(login):
    """An active strike of one carrier, which the manager ends afterwards."""
    manager = login("planner")
    [parcel] = manager.call(
        "scm.parcel",
        "search_read",
        domain=[
            ["is_final", "=", False],
            ["carrier_id", "!=", False],
            ["date_expected", "!=", False],
            ["promise_ids", "=", False],
        ],
        fields=["carrier_id", "date_expected", "date_promised", "company_id"],
        limit=1,
        order="date_expected DESC",
    )
    day = max(date.fromisoformat(parcel["date_expected"]), date.today())
    made = manager.call(
        "scm.disruption",
        "create",
        vals_list=[
            {
                "name": "RPC strike",
                "kind_id": manager.call("scm.disruption.kind", "search", domain=[["name", "=", "Strike"]])[0],
                "carrier_ids": [[6, 0, [parcel["carrier_id"][0]]]],
                "date_from": (day - timedelta(days=1)).isoformat(),
                "date_to": (day + timedelta(days=1)).isoformat(),
                "extra_days": 3,
            }
        ],
    )
    yield manager, made, parcel
    [found] = manager.call("scm.disruption", "read", made, fields=["state"])
    if found["state"] == "active":
        manager.call("scm.disruption", "end", made)


def test_anybody_of_supply_chain_reads_the_morning_list(login):
    summary = login("viewer").call("scm.parcel", "morning_summary")
    assert summary["open"] >= sum(one["count"] for one in summary["causes"]) >= 0
    with pytest.raises(Exception, match=r"(?i)managers"):
        login("viewer").call("scm.parcel", "check_exceptions")


def test_manager_activates_and_ends_a_disruption(strike):
    manager, made, parcel = strike
    [before] = manager.call("scm.disruption", "read", made, fields=["state", "parcel_count"])
    assert before["state"] == "draft" and before["parcel_count"] > 0
    moved = manager.call("scm.disruption", "activate", made)
    assert moved[str(made[0])]["parcels"] == before["parcel_count"]
    [now] = manager.call("scm.parcel", "read", [parcel["id"]], fields=["date_expected", "date_promised"])
    assert now["date_expected"] > parcel["date_expected"]
    assert now["date_promised"] == parcel["date_promised"]
    assert manager.call("scm.disruption", "end", made) == before["parcel_count"] + sum(
        one["deliveries"] for one in moved.values()
    )
    [back] = manager.call("scm.parcel", "read", [parcel["id"]], fields=["date_expected"])
    assert back["date_expected"] < now["date_expected"]


def test_outsider_sees_nothing_and_viewer_decides_nothing(login, strike):
    _manager, made, parcel = strike
    with pytest.raises(Exception, match=r"(?i)not allowed|access"):
        login("outsider").call("scm.disruption", "read", made, fields=["name"])
    with pytest.raises(Exception, match=r"(?i)managers"):
        login("viewer").call("scm.disruption", "activate", made)
    with pytest.raises(Exception, match=r"(?i)warehouse"):
        login("viewer").call("scm.parcel", "action_put_aside", [parcel["id"]], days=1)
