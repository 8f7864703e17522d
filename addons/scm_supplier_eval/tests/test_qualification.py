from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .qualification_common import QualificationCase


@tagged("post_install", "-at_install")
class TestQualification(QualificationCase):
    # Judging

    def test_good_answers(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD | {"Q-N": "120"})
        self.assertRecordValues(
            one, [{"state": "review", "score": 100.0, "proposed_state": "qualified", "failed_critical_count": 0}]
        )
        self.assertRecordValues(
            one.section_ids,
            [
                {"title": "Capacity", "score": 100.0, "weight": 50.0, "answered_count": 2, "passed": True},
                {"title": "Quality", "score": 100.0, "weight": 50.0, "answered_count": 2, "passed": True},
            ],
        )
        self.assertEqual(one.answer_ids.mapped("answer"), ["Yes"] * 4 + ["120.0"])
        self.assertEqual(one.why["value"], 100.0)
        self.assertEqual(one.activity_ids.user_id, self.buyer)

    def test_one_critical_no_fails(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD | {"Q-1": "No"})
        self.assertRecordValues(one, [{"score": 75.0, "proposed_state": "rejected", "failed_critical_count": 1}])
        self.assertEqual(one.answer_ids.filtered("failed").code, "Q-1")
        self.assertIn({"code": "qualification_critical", "values": {"names": "Q-1"}}, one.why["notes"])

    def test_what_does_not_apply_is_left_out(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD | {"Q-2": "Not applicable", "Q-1": "Partly"})
        self.assertEqual(one.section_ids.mapped("score"), [100.0, 50.0])
        self.assertEqual(one.proposed_state, "qualified")
        self.assertTrue(one.answer_ids.filtered(lambda row: row.code == "Q-2").not_applicable)

    def test_site_visit_counts_before_what_the_supplier_says(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD)
        with self._at("2026-11-24"):
            action = one.with_user(self.buyer).action_site_visit()
        form = self.env["survey.user_input"].search(
            [("scm_qualification_id", "=", one.id), ("scm_source", "=", "auditor")]
        )
        self.assertIn(form.access_token, action["url"])
        self.assertEqual(len(form.user_input_line_ids), 4)
        no = self.q["C-2"].suggested_answer_ids[0]
        form._save_lines(self.q["C-2"], str(no.id))
        form._mark_done()
        self.assertEqual(one.score, 75.0)
        row = one.answer_ids.filtered(lambda answer: answer.code == "C-2")
        self.assertRecordValues(row, [{"answer": "No", "supplier_answer": "Yes", "source": "auditor"}])
        self.assertFalse((one.answer_ids - row).filtered("supplier_answer"))

    def test_as_many_queries_for_many_as_for_few(self):
        few = self._answered(2)
        many = self._answered(12)
        one_query_more_each = self._query_count(many._judge) - self._query_count(few._judge)
        # each result is a record with tracking: its own UPDATE, nothing else
        self.assertLessEqual(one_query_more_each, 10 * 3)

    def _answered(self, count):
        suppliers = self.env["res.partner"].create([{"name": f"Supplier {n}"} for n in range(count)])
        all_of_them = self.env["scm.supplier.qualification"]
        for supplier in suppliers:
            one = self._create_qualification(supplier)
            self._fill(one, self.GOOD)
            all_of_them += one
        return all_of_them

    # Asking

    def test_ask_by_mail(self):
        one = self._create_qualification(contact_id=self.contact.id)
        with self._at(self.TODAY), self._mocked_mails() as mails:
            links = one.with_user(self.buyer).scm_ask()
        self.assertRecordValues(one, [{"state": "asked", "date_answer_due": date(2026, 12, 14)}])
        self.assertEqual(links, {str(one.id): one.form_url})
        self.assertEqual(mails.mapped("partner_ids"), self.contact)
        self.assertIn(one.form_url.split("/survey/")[1].split("?")[0], mails.body)
        with self._at("2026-11-30"):
            again = one.with_user(self.buyer).scm_ask(send_mail=False)
        self.assertEqual(again, links)

    def _mocked_mails(self):
        case = self

        class Mails:
            def __enter__(self):
                self.before = case.env["mail.message"].search([], order="id desc", limit=1).id
                self.found = MailsFound()
                return self.found

            def __exit__(self, *args):
                domain = [("id", ">", self.before), ("model", "=", "scm.supplier.qualification")]
                messages = case.env["mail.message"].search(domain)
                self.found.messages = messages.filtered("partner_ids")

        class MailsFound:
            messages = None

            def mapped(self, name):
                return self.messages.mapped(name)

            @property
            def body(self):
                return "".join(self.messages.mapped("body"))

        return Mails()

    def test_what_cannot_be_asked(self):
        nobody = self.env["res.partner"].create({"name": "No Mail"})
        with self.assertRaisesRegex(UserError, "No Mail has no e-mail address"):
            self._create_qualification(nobody).scm_ask()
        one = self._create_qualification()
        self.template.action_retire()
        with self.assertRaisesRegex(UserError, "is retired"):
            one.scm_ask()
        with self.assertRaisesRegex(UserError, "is retired"):
            one.action_site_visit()
        with self.assertRaisesRegex(UserError, "Choose a template"):
            self._create_qualification(template_id=False).scm_ask()

    def test_contact_stands_for_its_company(self):
        one = self._create_qualification(self.contact)
        self.assertRecordValues(one, [{"partner_id": self.vendor.id, "contact_id": self.contact.id}])
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            one.contact_id = self.customer

    # Deciding

    def test_decisions_as_proposed(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD)
        with self._at(self.TODAY):
            one.with_user(self.buyer).scm_decide("qualified")
        self.assertRecordValues(
            one, [{"state": "qualified", "date_qualified": self.TODAY, "date_expiry": date(2028, 11, 23)}]
        )
        self.assertFalse(one.activity_ids)

    def test_conditional_needs_conditions_and_a_day(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD)
        buyer = one.with_user(self.buyer)
        with self._at(self.TODAY):
            with self.assertRaisesRegex(UserError, "conditions and a day"):
                buyer.scm_decide("conditional")
            with self.assertRaisesRegex(ValidationError, "in the past"):
                buyer.scm_decide("conditional", "Calibrate", "2026-11-01")
            buyer.scm_decide("conditional", "Calibrate", "2026-12-31")
        self.assertEqual(one.state, "conditional")
        with self._at("2026-12-10"):
            buyer.action_conditions_met()
        self.assertRecordValues(one, [{"state": "qualified", "condition_date": False}])

    def test_better_than_the_answers_takes_a_manager_and_a_reason(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD | {"Q-1": "No"})
        with self._at(self.TODAY):
            with self.assertRaisesRegex(UserError, "Only a supply chain manager"):
                one.with_user(self.buyer).scm_decide("qualified", reason="I like them")
            manager = one.with_user(self._buying_manager())
            with self.assertRaisesRegex(UserError, "Say why"):
                manager.scm_decide("qualified")
            manager.scm_decide("qualified", reason="Traced by our own lab")
        self.assertRecordValues(one, [{"state": "qualified", "decision_reason": "Traced by our own lab"}])

    def _buying_manager(self):
        return self._create_user("boss", "scm_base.scm_group_manager", "purchase.group_purchase_user")

    def test_a_new_decision_replaces_the_earlier(self):
        old = self._decided(categ=self.fabrics)
        action = old.with_user(self.buyer).action_requalify()
        new = self.env["scm.supplier.qualification"].browse(action["res_id"])
        self.assertEqual(old.with_user(self.buyer).action_requalify()["res_id"], new.id)
        self.assertEqual(self._status(self.fabrics), "qualified")
        self._fill(new, self.GOOD | {"C-1": "No", "C-2": "No"})
        with self._at(self.TODAY):
            new.scm_decide("rejected")
        self.assertRecordValues(old + new, [{"active": False}, {"active": True}])
        self.assertEqual(new.previous_id, old)
        self.assertEqual(self._status(self.fabrics), "rejected")

    def test_who_may(self):
        one = self._create_qualification()
        self._fill(one, self.GOOD)
        planner = one.with_user(self.planner)
        self.assertEqual(planner.score, 100.0)
        with self.assertRaisesRegex(UserError, "Only buyers"):
            planner.scm_decide("qualified")
        with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
            one.with_user(self.outsider).read(["score"])
        with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
            self._as(self.planner_b, one).read(["score"])
        self.assertTrue(one.with_user(self.buyer).answer_ids.mapped("title"))
        with self.assertRaisesRegex(UserError, "is kept"):
            self._decided().unlink()

    # Status

    def _status(self, categ, partner=None, company=None):
        pair = ((partner or self.vendor).id, categ.id if categ else False)
        with self._at(self.TODAY):
            return self.env["scm.supplier.qualification"]._status_of(company or self.company_a, [pair])[pair]

    def test_nearest_category_counts(self):
        self._decided("conditional", categ=self.fabrics)
        self.assertEqual(self._status(self.cotton), "conditional")
        self.assertEqual(self._status(self.steel), "none")
        self._decided("rejected", categ=self.cotton)
        self.assertEqual(self._status(self.cotton), "rejected")
        self.assertEqual(self._status(self.fabrics), "conditional")
        self._decided("qualified")
        self.assertEqual(self._status(self.steel), "qualified")
        self.assertEqual(self._status(False), "qualified")
        self.assertEqual(self._status(self.fabrics, self.contact), "conditional")
        self.assertEqual(self._status(self.steel, company=self.company_b), "none")

    def test_the_calendar_counts_without_the_nightly_job(self):
        self._decided(categ=self.steel).date_expiry = "2026-11-22"
        self._decided("conditional", categ=self.fabrics).condition_date = "2026-11-22"
        self.assertEqual(self._status(self.steel), "expired")
        self.assertEqual(self._status(self.fabrics), "suspended")
        self.assertEqual(self._status(self.cotton), "suspended")

    def test_expiry_is_a_day_of_the_company(self):
        one = self._decided(company=self.company_b)
        one.date_expiry = "2026-11-23"
        model = self.env["scm.supplier.qualification"]
        pair = (self.vendor.id, False)
        with self._at(fields.Datetime.to_datetime("2026-11-23 14:30:00")):
            self.assertEqual(model._status_of(self.company_b, [pair])[pair], "qualified")
        with self._at(fields.Datetime.to_datetime("2026-11-23 15:30:00")):
            self.assertEqual(model._status_of(self.company_b, [pair])[pair], "expired")

    def test_status_queries(self):
        suppliers = self.env["res.partner"].create([{"name": f"Supplier {n}"} for n in range(30)])
        for supplier in suppliers[:6]:
            self._decided(partner=supplier, categ=self.fabrics)
        model = self.env["scm.supplier.qualification"]
        few = [(supplier.id, self.cotton.id) for supplier in suppliers[:2]]
        many = [(supplier.id, categ.id) for supplier in suppliers for categ in (self.cotton, self.steel)]
        self.assertEqual(
            self._query_count(model._status_of, self.company_a, few),
            self._query_count(model._status_of, self.company_a, many),
        )

    def test_merged_suppliers_keep_the_latest_decision(self):
        other = self.env["res.partner"].create({"name": "Vendor Ltd", "is_company": True})
        old = self._decided(partner=other, categ=self.fabrics)
        other_scope = self._decided("rejected", partner=other, categ=self.steel)
        self.contact.unlink()
        new = self._decided("conditional", categ=self.fabrics)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.vendor + other).ids, self.vendor)
        self.assertRecordValues(old + new, [{"active": False}, {"active": True}])
        self.assertEqual((old + new + other_scope).partner_id, self.vendor)
        self.assertEqual(self._status(self.fabrics), "conditional")
        self.assertEqual(self._status(self.steel), "rejected")
