"""Qualifications and certificates of the demo shop's vendors: each vendor in another state, so that every screen shows
something."""

from __future__ import annotations

from datetime import date, timedelta

from .catalogue import CATEGORIES, VENDORS

# vendor: (quality of its answers from 0 to 1, codes it answers with no, outcome, days until it ends or answers are
# due)
STORIES = {
    "Jingdezhen Hearth Ceramics": (0.85, ("CAP-05",), "qualified", 500),
    "Alishan Leaf Cooperative": (0.90, ("FIN-05",), "qualified", 410),
    "Tainan Cotton Works": (0.95, (), "qualified", 620),
    "Yiwu Bright Goods Trading": (0.62, ("QUA-03", "QUA-07", "DEL-05"), "conditional", 300),
    "Changhua Paper Mill": (0.85, ("WIL-07", "DEL-02", "CAP-03", "FIN-05"), "qualified", 41),
    "Shunde Small Appliances": (0.85, ("CAP-08", "QUA-05", "WIL-05"), "qualified", 330),
    "Kaohsiung Outdoor Supply": (0.0, (), "asked", -6),
    "Hsinchu Circuit House": (0.88, ("DEL-06",), "review", 0),
    "Ningbo Storage Systems": (0.85, ("FIN-04", "CAP-04", "DEL-01", "DEL-03"), "qualified", -12),
    "Pingtung Natural Care": (0.92, (), "qualified", 560),
    "Guangzhou Playroom Toys": (0.60, ("QUA-02", "QUA-04", "FIN-03"), "rejected", 0),
    "Osaka Household Import": (0.0, (), "draft", 0),
}
# what our auditor saw otherwise on his visit: (code, choice that he ticked, 0 is no)
VISITS = {
    "Tainan Cotton Works": (("CAP-06", 2),),
    "Hsinchu Circuit House": (("QUA-06", 0), ("QUA-07", 1), ("CAP-07", 1)),
}
CONDITIONS = "Inspect incoming materials by a written plan, calibrate all measuring equipment, and send us the records."
# vendor: (kind, number, days until it ends)
EVIDENCE = {
    "Jingdezhen Hearth Ceramics": (("iso9001", "CN-Q-20418", 430), ("conformity", "LFGB-8841", 27)),
    "Alishan Leaf Cooperative": (("license", "TW-55102", 900), ("origin", "AL-2291", 55), ("audit", "ORG-117", 190)),
    "Tainan Cotton Works": (("iso9001", "TW-Q-1180", 700), ("iso14001", "TW-E-0931", 6), ("conduct", "2025/14", None)),
    "Yiwu Bright Goods Trading": (("license", "ZJ-330782", 210),),
    "Changhua Paper Mill": (("iso9001", "TW-Q-0774", 58), ("insurance", "FB-61-2207", 320)),
    "Shunde Small Appliances": (("iso9001", "CN-Q-31207", -9), ("insurance", "PA-77-1203", 150)),
    "Hsinchu Circuit House": (("iso9001", "TW-Q-2210", 365), ("conformity", "CE-5520", 240)),
    "Pingtung Natural Care": (("license", "TW-88231", 640), ("insurance", "CT-12-9981", 90)),
    "Osaka Household Import": (("insurance", "TM-JP-4471", 29),),
}


def create_qualifications(env, master, today: date) -> int:
    """Ask, answer, decide; a no-op without the supplier addon. Returns the number of qualifications."""
    if "scm.supplier.qualification" not in env:
        return 0
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nosubscribe=True, mail_notrack=True))
    buyer = env["res.users"].browse(master.buyer_id)
    vendors = {vendor.name: vendor for vendor in master.vendors}
    master.company.scm_qualification_gate = "warn"
    _evidence(env, master.company, vendors, buyer, today)
    made = env["scm.supplier.qualification"]
    for name, story in STORIES.items():
        made += _qualification(env, master.company, vendors[name], buyer, today, *story)
    model = env["scm.supplier.qualification"]
    env["scm.supplier.evidence"]._expire(master.company, today)
    made._refresh_suspension()
    model._expire(master.company, today)
    env["scm.supplier.evidence"]._remind(master.company, today)
    model._sync_alerts(master.company, today)
    return len(made)


def _evidence(env, company, vendors, buyer, today):
    kinds = {kind.code: kind for kind in env["scm.evidence.kind"].search([("code", "!=", False)])}
    rows = [
        {
            "partner_id": vendors[name].id,
            "company_id": company.id,
            "kind_id": kinds[kind].id,
            "number": number,
            "date_expiry": today + timedelta(days=days) if days is not None else False,
            "user_id": buyer.id,
            "state": "valid",
            "checked_by_id": buyer.id,
        }
        for name, documents in EVIDENCE.items()
        for kind, number, days in documents
    ]
    rows[-1] |= {"state": "to_check", "source": "portal", "checked_by_id": False}
    env["scm.supplier.evidence"].create(rows)


def _qualification(env, company, vendor, buyer, today, quality, refused, outcome, days):
    one = env["scm.supplier.qualification"].create(
        {
            "partner_id": vendor.id,
            "company_id": company.id,
            "categ_id": _category(env, vendor.name).id,
            "template_id": env["scm.supplier.qualification"]._default_template(company).id,
            "user_id": buyer.id,
        }
    )
    if outcome == "draft":
        return one
    if outcome == "asked":
        one.scm_ask(send_mail=False)
        one.date_answer_due = today + timedelta(days=days)
        return one
    _fill(one, "supplier", quality, dict.fromkeys(refused, 0))
    if vendor.name in VISITS:
        _visit(env, one, dict(VISITS[vendor.name]))
    if outcome != "review":
        _decide(one, outcome, today, days)
    return one


def _category(env, vendor_name):
    """What it mainly delivers; the traders who back up everything are qualified for everything."""
    index = [vendor.name for vendor in VENDORS].index(vendor_name)
    names = [category.name for category in CATEGORIES if category.vendors[0] == index]
    return env["product.category"].search([("name", "in", names)], limit=1)


def _fill(one, source, quality, given):
    """Hand in a questionnaire: ``given`` {code: choice}, else the choice that this quality stands for."""
    form = one._create_form(source, one.partner_id)
    lines = []
    for question in form.survey_id.question_ids:
        own = {"user_input_id": form.id, "question_id": question.id}
        choices = question.suggested_answer_ids.filtered(lambda choice: not choice.scm_not_applicable)
        if question.question_type == "simple_choice":
            best = len(choices) - 1
            index = given.get(question.scm_code, best if question.scm_critical else round(quality * best))
            lines.append(own | {"answer_type": "suggestion", "suggested_answer_id": choices[min(index, best)].id})
        elif question.question_type == "numerical_box":
            lines.append(own | {"answer_type": "numerical_box", "value_numerical_box": round(40 + 260 * quality)})
    form.user_input_line_ids.create(lines)
    form._mark_done()


def _visit(env, one, seen):
    form = one._create_form("auditor", env.user.partner_id)
    one._copy_answers(form)
    for line in form.user_input_line_ids:
        if line.question_id.scm_code in seen:
            line.suggested_answer_id = line.question_id.suggested_answer_ids[seen[line.question_id.scm_code]]
    form._mark_done()


def _decide(one, outcome, today, days):
    terms = {}
    if outcome == "conditional":
        terms = {"conditions": CONDITIONS, "condition_date": today + timedelta(days=38)}
    one.scm_decide(outcome, reason="As reviewed with purchasing and quality", **terms)
    if outcome == "rejected":
        return
    ends = today + timedelta(days=days)
    began = ends - timedelta(days=730)
    one.write({"date_expiry": ends, "date_qualified": began, "date_decided": began})
