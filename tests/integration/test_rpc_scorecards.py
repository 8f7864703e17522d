"""Scorecards by interface, each with the least rights that do. The examples of docs/integration.md."""

import pytest
from adapter import Refused


@pytest.fixture(scope="module")
def card(login):
    """The latest published card of the demo company's first supplier in the ranking."""
    found = login("viewer").call(
        "scm.scorecard", "search_read", domain=[["state", "=", "published"]], order="date_to desc, rank", limit=1,
        fields=["partner_id", "company_id", "total", "rank", "trend", "confidence", "date_from", "date_to", "line_ids"],
    )  # fmt: skip
    assert found, "the demo company has published cards"
    return found[0]


def test_read_a_card_and_the_documents_behind_it(login, card):
    viewer = login("viewer")
    lines = viewer.call(
        "scm.scorecard.line", "read", card["line_ids"],
        fields=["criterion_id", "value", "value_raw", "sample", "score", "weight_used", "missing"],
    )  # fmt: skip
    assert sum(line["weight_used"] for line in lines) == pytest.approx(100, abs=0.01)
    total = sum(line["score"] * line["weight_used"] for line in lines) / 100
    assert total == pytest.approx(card["total"], abs=0.05)
    line = next(line for line in lines if not line["missing"] and line["sample"])
    facts = viewer.call("scm.scorecard.line", "get_fact_ids", [line["id"]])
    assert facts["model"].count(".") and len(facts["ids"]) >= line["sample"] > 0


def test_published_cards_stay(login, card):
    manager = login("planner")
    run = manager.call(
        "scm.scorecard.run", "run_now", company_id=card["company_id"][0], date_from=card["date_from"],
        date_to=card["date_to"], wait=True,
    )  # fmt: skip
    assert manager.call("scm.scorecard.run", "read", [run], fields=["state"])[0]["state"] == "done"
    again = manager.call("scm.scorecard", "read", [card["id"]], fields=["total", "rank"])[0]
    assert (again["total"], again["rank"]) == (card["total"], card["rank"])
    with pytest.raises(Refused):
        manager.call("scm.scorecard", "write", [card["id"]], vals={"total": 100})


def test_who_may_not_is_refused_with_words(login, card):
    with pytest.raises(Refused):
        login("viewer").call("scm.scorecard.run", "run_now")
    with pytest.raises(Refused, match="managers"):
        login("viewer").call("scm.scorecard", "action_publish", [card["id"]])
    with pytest.raises(Refused):
        login("outsider").call("scm.scorecard", "read", [card["id"]], fields=["total"])
    with pytest.raises(Refused, match="is not a period"):
        login("planner").call("scm.scorecard.run", "run_now", date_from="2026-03-01", date_to="2026-02-01")
    with pytest.raises(Refused, match="'soon' is not a day"):
        login("planner").call("scm.scorecard.run", "run_now", date_from="soon", date_to="later")
