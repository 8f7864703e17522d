"""Open points with suppliers by interface, with the least rights."""

import pytest
from adapter import Refused

VENDOR = "Jingdezhen Hearth Ceramics"


@pytest.fixture
def buyer(login):
    return login("buyer")


def test_suppliers_and_their_page(buyer, login):
    found = buyer.call("scm.supplier.page", "get_suppliers", search=VENDOR[:8], sort="risk_value")
    [row] = found["rows"]
    page = login("viewer").call("scm.supplier.page", "get_page", partner_id=row["id"])
    assert page["partner"]["name"] == VENDOR
    assert page["counts"]["lines"] == row["lines"] == len(page["lines"]) > 0
    assert page["counts"]["risk_value"] == pytest.approx(row["risk_value"])
    with pytest.raises(Refused, match="no supplier with the id"):
        buyer.call("scm.supplier.page", "get_page", partner_id=99_999_999)
    with pytest.raises(Refused):
        login("outsider").call("scm.supplier.page", "get_page", partner_id=row["id"])


def test_an_answer_by_phone(buyer, login):
    [row] = buyer.call("scm.supplier.page", "get_suppliers", search=VENDOR[:8])["rows"]
    lines = buyer.call("scm.supplier.page", "get_page", partner_id=row["id"])["lines"]
    line = next(line for line in lines if not line["confirmed"] and line["days_left"] > 0 and len(line["parts"]) == 1)
    later = {"date": f"{int(line['date'][:4]) + 1}{line['date'][4:8]}01", "quantity": line["quantity"]}
    with pytest.raises(Refused):
        login("viewer").call("purchase.order.line", "scm_answer_promise", [line["id"]], parts=[later])
    with pytest.raises(Refused, match="are open"):
        wrong = later | {"quantity": line["quantity"] + 1}
        buyer.call("purchase.order.line", "scm_answer_promise", [line["id"]], parts=[wrong])
    answer = buyer.call("purchase.order.line", "scm_answer_promise", [line["id"]], parts=[later], note="By phone")
    assert answer == {"kind": "moved", "missing": 0.0}
    after = buyer.call("scm.supplier.page", "get_page", partner_id=row["id"])["lines"]
    [moved] = [one for one in after if one["id"] == line["id"]]
    assert (moved["date"], moved["confirmed"], moved["promise"]) == (later["date"], True, line["promise"])


def test_a_contest_is_refused_once(buyer, login):
    [card] = buyer.call(
        "scm.scorecard", "search_read", domain=[["partner_id.name", "=", VENDOR], ["state", "!=", "draft"]],
        fields=["line_ids"], order="date_to desc", limit=1,
    )  # fmt: skip
    contested = buyer.call("scm.scorecard.contest", "search_read", domain=[], fields=["criterion_id"])
    taken = [contest["criterion_id"][0] for contest in contested]
    [line] = buyer.call(
        "scm.scorecard.line", "search_read", domain=[["card_id", "=", card["id"]], ["criterion_id", "not in", taken]],
        fields=["id"], limit=1,
    )  # fmt: skip
    with pytest.raises(Refused):
        login("viewer").call("scm.scorecard", "scm_contest", [card["id"]], text="Strike", line_id=line["id"])
    contest = buyer.call("scm.scorecard", "scm_contest", [card["id"]], text="Strike", line_id=line["id"])
    with pytest.raises(Refused, match="contested already"):
        buyer.call("scm.scorecard", "scm_contest", [card["id"]], text="Strike", line_id=line["id"])
    with pytest.raises(Refused):
        login("viewer").call("scm.scorecard.contest", "scm_answer", [contest], accept=False, answer="No")
    with pytest.raises(Refused, match="Write an answer"):
        buyer.call("scm.scorecard.contest", "scm_answer", [contest], accept=False, answer=" ")
    assert buyer.call("scm.scorecard.contest", "scm_answer", [contest], accept=False, answer="The dock was free.")
    with pytest.raises(Refused, match="answered before"):
        buyer.call("scm.scorecard.contest", "scm_answer", [contest], accept=True, answer="Yes")


def test_the_mail_of_the_week_is_sent_once(buyer):
    [draft] = buyer.call(
        "scm.supplier.digest", "search_read", domain=[["state", "=", "draft"]], fields=["partner_id"], limit=1
    )
    supplier = draft["partner_id"][0]
    assert buyer.call("scm.supplier.digest", "prepare_mail", partner_id=supplier) == draft["id"]
    assert buyer.call("scm.supplier.digest", "action_send", [draft["id"]])
    with pytest.raises(Refused, match="sent already"):
        buyer.call("scm.supplier.digest", "action_send", [draft["id"]])
