"""A vendor with a login of its own, and what lies on its desk: deliveries, cards, a corrective action, documents."""

import base64
from datetime import date, timedelta

VENDOR = "Jingdezhen Hearth Ceramics"
LOGIN = "vendor"
#: complete quarters for which cards are made where nobody has made any
QUARTERS = 4
#: for the certificates: the first bytes that make a file a PDF, and a comment
PAPER = b"%PDF-1.4\n% sample certificate of the demo company\n"
DOCUMENTS = (("ISO 9001 certificate", "CN-9001-4471", 25), ("Food contact test report", "FC-2207", 290))


def create_supplier_portal(env, company, today: date) -> int:
    """Everything that the supplier's pages show; returns the number of open lines it has answered.

    :param today: the shop's day, by which due dates are set
    """
    if "scm.scorecard.contest" not in env:
        return 0
    env = env(context=dict(env.context, allowed_company_ids=company.ids, mail_notrack=True, no_reset_password=True))
    vendor = env["res.partner"].search([("name", "=", VENDOR), ("parent_id", "=", False)], limit=1)
    if not vendor:
        return 0
    buyer = env["res.users"].search([("login", "=", "buyer")], limit=1)
    contact = _login(env, vendor, company)
    _cards(env, company, today)
    _corrective_action(env, vendor, company, today, buyer)
    _documents(env, vendor, company, today, buyer)
    answered = _answers(env, vendor, company)
    _contest(env(user=contact.user_ids[:1].id, su=True), vendor, company)
    company.scm_supplier_mail = "preview"
    digests = env["scm.supplier.digest"].sudo()
    digests._prepare_week(company, env["scm.supplier.open"]._partners_with_open(company))
    return answered


def _login(env, vendor, company):
    contact = env["res.partner"].create(
        {"name": "Anna Qiu", "parent_id": vendor.id, "email": "anna.qiu@vendor.example", "function": "Key account"}
    )
    env["res.users"].create(
        {
            "name": contact.name,
            "login": LOGIN,
            "password": LOGIN,
            "partner_id": contact.id,
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    return contact


def _cards(env, company, today):
    """Published cards of the last complete quarters, where there are none yet."""
    if env["scm.scorecard"].search_count([("company_id", "=", company.id)], limit=1):
        return
    compute = env["scm.scorecard.compute"].with_company(company)
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    periods = []
    for _number in range(QUARTERS):
        last = first - timedelta(days=1)
        first = date(last.year, 3 * ((last.month - 1) // 3) + 1, 1)
        periods.insert(0, (first, last))
    for date_from, date_to in periods:
        compute._compute_period(company, date_from, date_to)
        env["scm.scorecard"].search([("company_id", "=", company.id), ("state", "=", "draft")]).action_publish()


def _corrective_action(env, vendor, company, today, buyer):
    env["scm.improvement"].create(
        {
            "name": "Chipped rims on dinner plates",
            "area": "supplier",
            "company_id": company.id,
            "partner_id": vendor.id,
            "user_id": buyer.id,
            "problem": "14 of 200 dinner plates came with chipped rims. The inserts between the plates were missing "
            "in three cartons of the last delivery.",
            "date_answer_due": today + timedelta(days=7),
            "date_due": today + timedelta(days=30),
            "action_ids": [
                (0, 0, {"name": "Send photos of the new packing", "partner_id": vendor.id}),
                (0, 0, {"name": "Inspect the next receipt piece by piece", "user_id": buyer.id}),
            ],
        }
    )


def _documents(env, vendor, company, today, buyer):
    kinds = env["scm.evidence.kind"].search([])
    for (name, number, days), kind in zip(DOCUMENTS, kinds, strict=False):
        evidence = env["scm.supplier.evidence"].create(
            {
                "partner_id": vendor.id,
                "company_id": company.id,
                "kind_id": kind.id,
                "number": number,
                "issuer": "TUV Rheinland",
                "date_expiry": today + timedelta(days=days),
                "filename": f"{name}.pdf",
                "user_id": buyer.id,
            }
        )
        evidence.file = base64.b64encode(PAPER)
        evidence.action_accept()


def _answers(env, vendor, company):
    """The vendor has confirmed its first orders, moved one line and split another."""
    lines = env["purchase.order.line"]
    found = lines.search(lines._scm_domain_open(), order="date_planned, id").filtered(
        lambda line: line.company_id == company and line.partner_id.commercial_partner_id == vendor
    )
    plans = found._scm_open_parts(found._scm_open_quantities())
    ahead = found.filtered(lambda line: plans[line][0][0] > line._scm_local_today())
    if len(ahead) < 6:
        return 0
    moved, split, sure = ahead[0], ahead[1], ahead[2 : len(ahead) // 2]
    day, quantity = plans[moved][0]
    moved.scm_answer_promise(
        [{"date": (day + timedelta(days=6)).isoformat(), "quantity": quantity}], "The kiln is being repaired."
    )
    day, quantity = plans[split][0]
    first = quantity // 3
    split.scm_answer_promise(
        [
            {"date": day.isoformat(), "quantity": first},
            {"date": (day + timedelta(days=9)).isoformat(), "quantity": quantity - first},
        ]
    )
    return 2 + sure.scm_confirm_promise()


def _contest(env, vendor, company):
    card = env["scm.scorecard"].search(
        [("partner_id", "=", vendor.id), ("company_id", "=", company.id), ("state", "=", "published")],
        order="date_to desc",
        limit=1,
    )
    line = card.line_ids.filtered(lambda line: line.criterion_id.code == "otif_line")
    late = line and line._supplier_facts().filtered(lambda fact: fact.status == "late")[:1]
    if late:
        card.scm_contest(
            "The truck stood at your gate on the promised day and was sent away because the dock was full. "
            "Please see the stamp on the delivery note.",
            line.id,
            late._name,
            late.id,
        )
