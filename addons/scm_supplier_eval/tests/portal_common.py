"""What tests of the supplier's pages share."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.scm_base.tests.common import ScmCase

PERIOD = ("2026-01-01", "2026-03-31")


class SupplierPortalCase(ScmCase):
    """Two vendors with a portal login each, orders, cards, corrective actions and documents of both.

    * ``vendor`` and ``other`` with the logins ``anna`` and ``otto`` (of company A only); ``buyer`` of company A
    * ``late_order``: ordered on 2 February, promised on 10 February, received on the 20th; ``card``: the vendor's
      published card of that quarter; ``line_late``: its measure of lines on time
    * ``open_order``: 100 Units, announced in ten days; ``foreign``: {what: record of the other vendor}, ``elsewhere``:
      {what: record of the same vendor in company B}
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Other Vendor"})
        cls.anna, cls.otto = cls._create_portal_user("anna", cls.vendor), cls._create_portal_user("otto", cls.other)
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user", "scm_base.scm_group_user")
        cls.product = cls._create_product("Bowl")
        cls.late_order = cls._create_purchase([(cls.product, 10)], "2026-02-02", planned="2026-02-10")
        cls.picking = cls._receive(cls.late_order, "2026-02-20")
        cls.good_order = cls._create_purchase([(cls.product, 10)], "2026-02-02", planned="2026-02-12")
        cls._receive(cls.good_order, "2026-02-11")
        late = cls._create_purchase([(cls.product, 5)], "2026-02-02", planned="2026-02-10", vendor=cls.other)
        cls._receive(late, "2026-02-20")
        cls.today = fields.Date.today()
        cls.open_order = cls._create_open(cls.vendor, cls.company_a)
        cls.open_line = cls.open_order.order_line
        cls.card = cls._publish(cls.company_a, cls.vendor)
        cls.line_late = cls._measure(cls.card, "otif_line")
        cls.foreign = cls._create_own(cls.other, cls.company_a)
        cls.elsewhere = cls._create_own(cls.vendor, cls.company_b)
        cls.own = cls._create_own(cls.vendor, cls.company_a, card=cls.card, order=cls.open_order)

    @classmethod
    def _create_open(cls, vendor, company, quantity=100):
        planned = fields.Datetime.now() + timedelta(days=10)
        return cls._create_purchase(
            [(cls.product, quantity, planned)], fields.Datetime.now(), vendor=vendor, company=company
        )

    @classmethod
    def _publish(cls, company, vendor):
        cards = cls.env["scm.scorecard.compute"].with_company(company).sudo()
        cards._compute_period(company, *map(fields.Date.to_date, PERIOD))
        card = cls.env["scm.scorecard"].search([("partner_id", "=", vendor.id), ("company_id", "=", company.id)])
        card.filtered(lambda one: one.state == "draft").sudo().action_publish()
        return card

    @classmethod
    def _measure(cls, card, code):
        return card.line_ids.filtered(lambda line: line.criterion_id.code == code)

    @classmethod
    def _create_own(cls, vendor, company, card=None, order=None):
        """One of everything that the supplier's pages show."""
        if not card:
            if company == cls.company_b:
                late = cls._create_purchase(
                    [(cls.product, 5)], "2026-02-02", planned="2026-02-10", vendor=vendor, company=company
                )
                cls._receive(late, "2026-02-20")
            card = cls._publish(company, vendor)
        line = cls._measure(card, "otif_line")
        action = cls.env["scm.improvement"].create(
            {
                "name": f"Chips {vendor.name} {company.name}",
                "area": "supplier",
                "partner_id": vendor.id,
                "company_id": company.id,
                "date_answer_due": cls.today + timedelta(days=5),
                "action_ids": [Command.create({"name": "Send photos", "partner_id": vendor.id})],
                "user_id": False,
            }
        )
        evidence = cls.env["scm.supplier.evidence"].create(
            {
                "partner_id": vendor.id,
                "company_id": company.id,
                "kind_id": cls._kind().id,
                "number": f"No {vendor.id}-{company.id}",
                "file": "JVBERi0xLjc=",
                "filename": "iso.pdf",
            }
        )
        contest = cls.env["scm.scorecard.contest"].create(
            {"card_id": card.id, "criterion_id": cls._measure(card, "days_late_mean").criterion_id.id, "text": "Secret"}
        )
        file = cls.env["ir.attachment"].create(
            {"name": "note.pdf", "raw": b"%PDF-1.7", "res_model": contest._name, "res_id": contest.id}
        )
        contest.attachment_ids = file
        return {
            "card": card,
            "line": line,
            "action": action,
            "step": action.action_ids,
            "evidence": evidence,
            "contest": contest,
            "file": file,
            "order": order or cls._create_open(vendor, company),
        }

    @classmethod
    def _kind(cls):
        kinds = cls.env["scm.evidence.kind"]
        return kinds.search([("code", "=", "test_iso")]) or kinds.create(
            {"name": "ISO test", "code": "test_iso", "expires": True}
        )
