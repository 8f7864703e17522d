"""Policy, care, desk, voices and findings by interface, each with the least rights that it needs."""

import pytest
from adapter import Refused


@pytest.fixture(scope="module")
def delivered(server):
    """A line of the demo company that was delivered lately, and of which nothing has come back."""
    return server.xmlrpc("admin").call(
        "sale.order.line",
        "search_read",
        domain=[["qty_delivered", ">", 0], ["order_id.scm_return_ids", "=", False], ["product_id.type", "=", "consu"]],
        fields=["order_id"],
        order="id DESC",
        limit=1,
    )[0]


def test_the_policy_is_asked_and_writes_nothing(server, login, delivered):
    order, before = delivered["order_id"][0], server.xmlrpc("admin").call("scm.return", "search_count", domain=[])
    row = {"sale_line_id": delivered["id"], "quantity": 1, "reason": "defective", "wish": "refund"}
    [told] = login("admin").call("scm.return.policy", "explain", order_id=order, rows=[row])
    assert told["decision"] in ("approve", "review", "refuse") and told["text"]
    with pytest.raises(Refused):
        login("outsider").call("scm.return.policy", "explain", order_id=order, rows=[row])
    assert server.xmlrpc("admin").call("scm.return", "search_count", domain=[]) == before


def test_care_is_previewed(login):
    admin = login("admin")
    rules = admin.call("scm.care.rule", "search", domain=[])
    for case in admin.call("scm.care.rule", "preview", rules):
        assert case["rule_id"] in rules and case["days_late"] >= 0


def test_the_desk_and_what_waits_for_inspection(login):
    assert login("planner").call("scm.return", "check_desk")
    with pytest.raises(Refused):
        login("viewer").call("scm.return", "check_desk")
    assert {"received", "coming", "counts"} <= set(login("admin").call("scm.return", "inspection_queue"))


def test_voices_and_suggestions(login):
    voice = login("viewer").call("scm.feedback", "get_voice", dimension="reason")
    assert voice["groups"] and all(word["q"] <= 0.05 for group in voice["groups"] for word in group["words"])
    told = login("admin").call("scm.feedback", "suggest_reason", text="It does not switch on, the motor is dead")
    assert 0 <= told["probability"] <= 1
    with pytest.raises(Refused):
        login("outsider").call("scm.feedback", "suggest_reason", text="It broke")


def test_findings_say_what_and_why(login):
    fields = ["name", "rate", "low", "high", "group_rate", "factor", "q_value", "returned", "why"]
    found = login("viewer").call("scm.return.finding", "search_read", domain=[["is_current", "=", True]], fields=fields)
    assert found
    for one in found:
        assert one["low"] <= one["rate"] <= one["high"] and one["rate"] > one["group_rate"] and one["q_value"] <= 0.05
        assert one["why"]
    with pytest.raises(Refused):
        login("viewer").call("scm.return.finding", "action_dismiss", [found[0]["id"]], reason="No")
