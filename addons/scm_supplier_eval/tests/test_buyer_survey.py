from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_standing import StandingCase

GOOD = dict.fromkeys(("communication", "flexibility", "problem_solving", "documents", "improvement"), 4)


@tagged("post_install", "-at_install")
class TestBuyerSurvey(StandingCase):
    def test_buyers_are_asked_once_about_whom_they_ordered_from(self):
        product = self._create_product()
        contact = self.env["res.partner"].create({"name": "Desk", "parent_id": self.vendor.id})
        self._create_purchase([(product, 1)], "2026-07-01", vendor=contact, user_id=self.buyer.id)
        self._create_purchase([(product, 1)], "2026-09-30", user_id=self.buyer.id)
        self._create_purchase([(product, 1)], "2026-10-01", vendor=self.customer, user_id=self.buyer.id)
        surveys = self._as(self.manager, self.env["scm.buyer.survey"])
        self.assertEqual(surveys.ask_buyers("2026-07-01", "2026-09-30"), 1)
        self.assertEqual(surveys.ask_buyers("2026-07-01", "2026-09-30"), 0)
        survey = surveys.search([])
        self.assertRecordValues(
            survey, [{"partner_id": self.vendor.id, "user_id": self.buyer.id, "state": "asked", "mean": 0.0}]
        )
        with self.assertRaises(AccessError):
            self._as(self.buyer, surveys).ask_buyers("2026-07-01", "2026-09-30")

    def test_answer(self):
        surveys = self._as(self.buyer, self.env["scm.buyer.survey"])
        period = ("2026-07-01", "2026-09-30")
        made = surveys.answer(self.vendor.id, GOOD, *period)
        self.assertEqual(surveys.answer(self.vendor.id, GOOD | {"documents": 1}, *period), made)
        survey = surveys.browse(made)
        self.assertRecordValues(survey, [{"state": "answered", "mean": 3.4}])
        rows = surveys._cooperation_rows(self.company_a, date(2026, 7, 1), date(2026, 9, 30))
        self.assertEqual([(row["partner_id"], row["mean"]) for row in rows], [(self.vendor.id, 3.4)])
        self.assertFalse(surveys._cooperation_rows(self.company_a, date(2026, 10, 1), date(2026, 12, 31)))
        self.assertFalse(surveys._cooperation_rows(self.company_b, date(2026, 7, 1), date(2026, 9, 30)))
        survey.documents = False
        self.assertEqual(survey.state, "asked")

    def test_bad_answers(self):
        surveys = self._as(self.buyer, self.env["scm.buyer.survey"])
        for answers, words in (
            ({"documents": 3}, "missing: communication"),
            (GOOD | {"charm": 5}, "charm"),
            (GOOD | {"documents": 0}, "“0” for documents is not 1 to 5"),
            (GOOD | {"documents": 6}, "“6” for documents is not 1 to 5"),
        ):
            with self.assertRaisesRegex(UserError, words):
                surveys.answer(self.vendor.id, answers, "2026-07-01", "2026-09-30")
        with self.assertRaisesRegex(UserError, "no supplier with the id 0"):
            surveys.answer(0, GOOD, "2026-07-01", "2026-09-30")

    def test_nobody_answers_for_another(self):
        survey = self.env["scm.buyer.survey"].create(
            {
                "partner_id": self.vendor.id,
                "user_id": self.buyer.id,
                "company_id": self.company_a.id,
                "date_from": "2026-07-01",
                "date_to": "2026-09-30",
            }
        )
        colleague = self._create_user("colleague", "purchase.group_purchase_user")
        self._as(self.buyer, survey).documents = "5"
        for user in (colleague, self.buyer_b, self.planner):
            with self.assertRaises(AccessError):
                self._as(user, survey).documents = "1"
        with self.assertRaises(AccessError):
            self._as(self.buyer_b, survey).read(["documents"])
