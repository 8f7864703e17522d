"""Scorecards, standings, corrective actions and surveys by interface, each with the least rights that it needs."""

import pytest
from adapter import Refused

GOOD = dict.fromkeys(("communication", "flexibility", "problem_solving", "documents", "improvement"), 5)


@pytest.fixture(scope="module")
def league(login):
    """The league table of the latest period, made and published once if the demo company has none."""
    planner = login("planner")
    league = planner.call("scm.scorecard", "get_league")
    if not league["rows"]:
        planner.call("scm.scorecard.run", "run_now", wait=True)
        period = planner.call("scm.scorecard", "get_league")["period"]
        planner.call("scm.scorecard", "publish_period", date_from=period["date_from"], date_to=period["date_to"])
        league = planner.call("scm.scorecard", "get_league")
    return league


def test_league_and_card(login, league):
    viewer = login("viewer")
    worst = viewer.call("scm.scorecard", "get_league", filters={"order": "total"}, limit=1)["rows"][0]
    assert worst["total"] == min(row["total"] for row in league["rows"] if row["total"] is not False)
    card = viewer.call("scm.scorecard", "get_card", card_id=worst["card_id"])
    assert card["partner"]["id"] == worst["partner_id"]
    assert {area["key"] for area in card["areas"]} <= {area["key"] for area in league["areas"]}
    used = sum(line["weight_used"] for area in card["areas"] for line in area["lines"])
    assert used == pytest.approx(100, abs=0.1)
    with pytest.raises(Refused):
        login("outsider").call("scm.scorecard", "get_card", card_id=worst["card_id"])


def test_decision_with_a_reason(login, league):
    planner, standing = login("planner"), next(row["standing"] for row in league["rows"] if row["standing"])
    grade = planner.call("scm.grade", "search_read", domain=[("consequence", "=", "warn")], fields=["name"], limit=1)[0]
    for who in ("viewer", "buyer"):
        with pytest.raises(Refused):
            login(who).call(
                "scm.supplier.standing", "set_override", ids=[standing["id"]], grade_id=grade["id"], reason="x"
            )
    with pytest.raises(Refused):
        planner.call("scm.supplier.standing", "set_override", ids=[standing["id"]], grade_id=grade["id"], reason=" ")
    planner.call(
        "scm.supplier.standing",
        "set_override",
        ids=[standing["id"]],
        grade_id=grade["id"],
        reason="Strike at the port",
        until="2099-01-31",
    )
    [row] = planner.call("scm.supplier.standing", "read", ids=[standing["id"]], fields=["consequence", "share_limit"])
    assert row["consequence"] == "warn"
    planner.call("scm.supplier.standing", "end_override", ids=[standing["id"]], reason="The strike is over")
    log = planner.call(
        "scm.supplier.standing.log",
        "search_read",
        domain=[("standing_id", "=", standing["id"])],
        fields=["kind", "reason"],
    )
    assert ("override", "Strike at the port") in {(one["kind"], one["reason"]) for one in log}


def test_corrective_action(login, league):
    buyer, row = login("buyer"), league["rows"][0]
    [made] = buyer.call(
        "scm.improvement",
        "create",
        vals_list=[{"name": "Late cartons", "partner_id": row["partner_id"], "metric": "days_late"}],
    )
    buyer.call("scm.improvement", "action_start", ids=[made])
    buyer.call("scm.improvement", "action_check", ids=[made])
    buyer.call("scm.improvement", "action_measure", ids=[made])
    [read] = buyer.call("scm.improvement", "read", ids=[made], fields=["verdict", "state", "baseline_sample"])
    assert (read["verdict"], read["state"]) == ("not_enough_data", "checking")
    with pytest.raises(Refused):
        login("viewer").call("scm.improvement", "write", ids=[made], vals={"name": "Mine"})
    with pytest.raises(Refused):
        buyer.call("scm.improvement", "write", ids=[made], vals={"verdict": "worked"})


def test_survey(login, league):
    buyer, partner_id = login("buyer"), league["rows"][0]["partner_id"]
    period = {"date_from": "2026-10-01", "date_to": "2026-12-31"}
    made = buyer.call("scm.buyer.survey", "answer", partner_id=partner_id, answers=GOOD, **period)
    assert buyer.call("scm.buyer.survey", "answer", partner_id=partner_id, answers=GOOD, **period) == made
    with pytest.raises(Refused):
        login("viewer").call("scm.buyer.survey", "answer", partner_id=partner_id, answers=GOOD, **period)
