from datetime import timedelta
from xmlrpc.client import dumps

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .portal_common import SupplierPortalCase


@tagged("post_install", "-at_install")
class TestSupplierPage(SupplierPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls._as(cls.buyer, cls.env["scm.supplier.page"])

    def test_page(self):
        page = self.page.get_page(self.anna.partner_id.id)
        dumps((page,))  # nothing that XML-RPC cannot carry
        self.assertEqual(page["partner"]["id"], self.vendor.id)
        self.assertEqual([line["order"] for line in page["lines"]], [self.open_order.name])
        self.assertEqual(page["lines"][0]["quantity"], 100)
        self.assertEqual(page["counts"]["unconfirmed"], 1)
        self.assertEqual([action["name"] for action in page["actions"]], [self.own["action"].name])
        self.assertEqual([contest["id"] for contest in page["contests"]], self.own["contest"].ids)
        self.assertEqual([document["id"] for document in page["documents"]], self.own["evidence"].ids)
        self.assertEqual([card["id"] for card in page["cards"]], self.card.ids)

    def test_list_counts_what_the_page_shows(self):
        """The counts in one query and the items line by line are the same, whatever the risk."""
        self._make_every_risk()
        rows = {row["id"]: row for row in self.page.get_suppliers()["rows"]}
        for partner in self.vendor + self.other:
            page = self.page.get_page(partner.id)
            for name, value in page["counts"].items():
                self.assertAlmostEqual(rows[partner.id][name], value, 2, (partner.name, name))
            self.assertEqual(rows[partner.id]["actions"], len(page["actions"]))
            self.assertEqual(rows[partner.id]["documents"], len(page["documents"]))
        page = self.page.get_page(self.vendor.id)
        self.assertEqual(
            {risk for line in page["lines"] for risk in line["risks"]}, {"overdue", "moved", "short", "unconfirmed"}
        )

    def _make_every_risk(self):
        now = fields.Datetime.now()
        overdue = self._create_purchase([(self.product, 7, now - timedelta(days=4))], now - timedelta(days=9))
        soon = self._create_purchase([(self.product, 7, now + timedelta(days=2))], now)
        dozen = self.env.ref("uom.product_uom_dozen")
        short = self._create_open(self.vendor, self.company_a)
        short.order_line.product_uom_id = dozen
        self.assertTrue(overdue and soon)
        day = short.order_line._scm_planned_days()[short.order_line]
        short.order_line.scm_answer_promise([{"date": day.isoformat(), "quantity": 5}])
        day = self.open_line._scm_planned_days()[self.open_line]
        days = [day, day + timedelta(days=5)]
        self.open_line.scm_answer_promise(
            [{"date": part.isoformat(), "quantity": quantity} for part, quantity in zip(days, (30, 70), strict=True)]
        )

    def test_list_filters_and_sorts(self):
        found = self.page.get_suppliers(search="other")
        self.assertEqual([row["id"] for row in found["rows"]], self.other.ids)
        self.assertEqual(self.page.get_suppliers(only="risk")["total"], 0)
        names = [row["name"] for row in self.page.get_suppliers(sort="name")["rows"]]
        self.assertEqual(names, sorted(names))
        with self.assertRaises(UserError):
            self.page.get_suppliers(sort="id; DROP TABLE")
        with self.assertRaises(UserError):
            self.page.get_page(99999999)

    def test_companies_are_apart(self):
        page = self._as(self.planner_b, self.env["scm.supplier.page"]).get_page(self.vendor.id)
        self.assertEqual([action["id"] for action in page["actions"]], self.elsewhere["action"].ids)
        self.assertEqual([card["id"] for card in page["cards"]], self.elsewhere["card"].ids)

    def test_rights(self):
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.supplier.page"]).get_page(self.vendor.id)
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.scorecard.contest"]).browse(self.own["contest"].ids).scm_answer(1, "x")

    def test_same_queries_for_few_and_many(self):
        items = self.env["scm.supplier.open"]
        items._open_items(self.company_a, self.vendor)  # what is read once for ever
        few = self._query_count(items._open_items, self.company_a, self.vendor)
        for _number in range(5):
            self._create_open(self.vendor, self.company_a)
        partners = self.vendor + self.other
        self.assertEqual(self._query_count(items._open_items, self.company_a, partners), few)

    def test_contest_is_answered_by_its_method_only(self):
        contest = self._as(self.buyer, self.own["contest"])
        with self.assertRaises(AccessError):
            contest.write({"state": "accepted"})
        with self.assertRaises(UserError):
            contest.scm_answer(False, " ")
        contest.scm_answer(False, "Our dock was open.")
        self.assertEqual((contest.state, self.card.state), ("refused", "published"))
        with self.assertRaises(UserError):
            contest.scm_answer(True, "On second thought")

    def test_whole_measure(self):
        contest_id = self._as(self.buyer, self.card).scm_contest("Strike at the port", self.line_late.id)
        contest = self.env["scm.scorecard.contest"].browse(contest_id)
        self._as(self.buyer, contest).scm_answer(True, "Agreed")
        self.assertEqual(len(contest.exclusion_ids), 2, "both receipts of the quarter")
        line = self._measure(self.card, "otif_line")
        self.assertTrue(line.missing)
        self.assertEqual(contest.line_id, line)

    def test_two_measures_of_one_fact(self):
        """Exclusions of the same receipt for two measures do not undo each other."""
        for code in ("otif_line", "fill_rate"):
            line = self._measure(self.card, code)
            fact = self.late_order.order_line.id
            contest = self._as(self.buyer, self.card).scm_contest("Dock", line.id, "scm.receipt.fact", fact)
            self._as(self.buyer, self.env["scm.scorecard.contest"].browse(contest)).scm_answer(True, "Yes")
        excluded = {code: self._measure(self.card, code).excluded_count for code in ("otif_line", "fill_rate")}
        self.assertEqual(excluded, {"otif_line": 1, "fill_rate": 1})


@tagged("post_install", "-at_install")
class TestSupplierDigest(SupplierPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digests = cls._as(cls.buyer, cls.env["scm.supplier.digest"])
        cls.digest = cls.digests.browse(cls.digests.prepare_mail(cls.vendor.id))

    def test_preview_then_once(self):
        digest = self.digest
        self.assertEqual((digest.state, digest.recipient_ids), ("draft", self.anna.partner_id))
        self.assertIn(self.open_order.name, digest.body)
        self.assertIn("Chips", digest.body)
        digest.note = "Happy new year"
        self.assertIn("Happy new year", digest.body)
        self.assertEqual(self.digests.prepare_mail(self.vendor.id), digest.id)
        body = digest.body
        digest.action_send()
        self.assertEqual(digest.sudo().mail_id.body_html, body)
        with self.assertRaises(UserError):
            digest.action_send()
        with self.assertRaises(UserError):
            digest.note = "One more thing"

    def test_only_what_concerns_the_supplier(self):
        self.own["action"].date_answer_due = False
        self.digest.action_refresh()
        self.assertNotIn("Chips", self.digest.body, "not asked of the supplier")
        self.assertNotIn("Other Vendor", self.digest.body)
        self.assertFalse(self.digest.content["documents"], "we have not checked it yet")

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.anna.partner_id.lang = "fr_FR"
        template = self.env.ref("scm_supplier_eval.scm_supplier_digest_template")
        template.with_context(lang="fr_FR").subject = "Points ouverts"
        self.digest.sudo().unlink()
        digest = self.digests.browse(self.digests.prepare_mail(self.vendor.id))
        self.assertEqual((digest.lang, digest.subject), ("fr_FR", "Points ouverts"))

    def test_recipients_are_the_suppliers(self):
        with self.assertRaises(ValidationError):
            self.digest.recipient_ids = self.otto.partner_id
        with self.assertRaises(AccessError):
            self.digest.write({"state": "sent"})
        with self.assertRaises(AccessError):
            self._as(self.planner, self.digest).action_send()

    def test_nothing_open_no_mail(self):
        self.assertFalse(self.digests.prepare_mail(self.customer.id))

    def test_no_address(self):
        self.anna.partner_id.email = False
        self.digest.recipient_ids = self.vendor
        with self.assertRaises(UserError):
            self.digest.action_send()

    def test_week(self):
        """On its day the company's mails are made once; sent by themselves only where it said so."""
        company = self.company_a
        self.digest.sudo().unlink()
        self.other.scm_no_weekly_mail = True
        weekday = str(self.env["scm.supplier.digest"]._monday(company).weekday())
        self.assertEqual(weekday, "0")
        company.scm_supplier_mail = "preview"
        with self._at("2026-11-24"):  # a Tuesday
            self._run_week()
            self.assertFalse(self._made())
        with self._at("2026-11-23"):
            self._run_week()
            made = self._made()
            self.assertEqual((made.partner_id, made.state), (self.vendor, "draft"))
            self._run_week()
            self.assertEqual(self._made(), made)
        company.scm_supplier_mail = "send"
        with self._at("2026-11-30"):
            self._run_week()
        self.assertEqual((self._made() - made).state, "sent")

    def _made(self):
        return self.env["scm.supplier.digest"].search([("company_id", "=", self.company_a.id)])

    def _run_week(self):
        self.patch(self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 60)
        self.env["scm.supplier.digest"]._cron_weekly()
