"""Simulator and policy curve by interface, each with the least rights that do. The examples of docs/integration.md."""

from datetime import date, timedelta

import pytest
from adapter import Refused

PRODUCTS = 16

@pytest.fixture(scope="module")
def simulation(login):
    """Half a year of some products of one class, replayed by a user who may only look."""
    client = login("viewer")
    last = date.today() - timedelta(days=1)
    scenario = {"name": "Service of 99 %", "kind": "what_if", "service_level": 0.99}
    [number] = client.call(
        "scm.simulation",
        "create",
        vals_list=[
            {
                "name": "By interface",
                "date_from": str(last - timedelta(days=181)),
                "date_to": str(last),
                "abc": "A",
                "product_limit": PRODUCTS,
                "scenario_ids": [[0, 0, {"name": "Ours", "kind": "policy"}], [0, 0, scenario]],
            }
        ],
    )
    client.call("scm.simulation", "action_run", [number])
    return client, number


def test_simulate_and_read(simulation):
    client, number = simulation
    result = client.call("scm.simulation", "get_result", simulation_id=number)
    ours, more = result["scenarios"]
    assert (result["state"], result["items"] + result["left_out"]) == ("done", PRODUCTS)
    assert ours["fill_rate"] < more["fill_rate"] <= 1 and ours["stock_value"] < more["stock_value"]
    assert len(result["weeks"]) == len(ours["stock"]) == 26
    first = result["products"][0]
    days = client.call("scm.simulation", "get_replay", simulation_id=number, product_id=first["product_id"])
    assert len(days["days"]) == len(days["scenarios"][0]["stock"]) == 182
    with pytest.raises(Refused) as refused:
        client.call("scm.simulation.scenario", "action_use_policy", [more["id"]])
    assert refused.value.status == 403


def test_what_cannot_be_simulated(login):
    client = login("viewer")
    for values, words in (
        ({"date_from": "2026-02-01", "date_to": "2026-01-01"}, "before it begins"),
        ({"product_limit": 0}, "1 to"),
    ):
        with pytest.raises(Refused, match=words) as refused:
            client.call("scm.simulation", "create", vals_list=[{"name": "Bad"} | values])
        assert refused.value.status == 422
    with pytest.raises(Refused) as refused:
        login("outsider").call("scm.simulation", "get_result")
    assert refused.value.status == 403


def test_manager_adopts_a_scenario_and_a_level(simulation, planner):
    _client, number = simulation
    before = levels_of(planner)
    result = planner.call("scm.simulation", "get_result", simulation_id=number)
    dialog = planner.call("scm.simulation.scenario", "action_use_policy", [result["scenarios"][1]["id"]])
    planner.call("scm.policy.adopt", "action_confirm", [dialog["res_id"]])
    classes = planner.call("scm.policy.curve", "get_curves")["classes"]
    assert {round(row["now"]["level"], 3) for row in classes if row["abc"] == "A"} == {0.99}
    policy = classes[0]["policy_id"]
    dialog = planner.call("scm.policy.curve", "propose_levels", levels={str(policy): 0.96})
    planner.call("scm.policy.adopt", "action_confirm", [dialog["res_id"]])
    changes = planner.call(
        "scm.inventory.policy.change", "search_read", domain=[("state", "=", "applied")], fields=["text"]
    )
    assert any("99.0 % → 96.0 %" in change["text"] for change in changes)
    planner.call("scm.inventory.policy.change", "action_undo", [change["id"] for change in changes])
    assert levels_of(planner) == before


def levels_of(client):
    rows = client.call("scm.inventory.policy", "search_read", domain=[], fields=["service_level"])
    return {row["id"]: round(row["service_level"], 4) for row in rows}
