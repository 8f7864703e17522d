from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .qualification_common import QualificationCase


@tagged("post_install", "-at_install")
class TestEvidence(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iso = cls.env.ref("scm_supplier_eval.scm_evidence_kind_iso9001")
        cls.origin = cls.env.ref("scm_supplier_eval.scm_evidence_kind_origin")

    def _create_evidence(self, expiry="2027-01-15", kind=None, accept=True, **values):
        evidence = self.env["scm.supplier.evidence"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company_a.id,
                "kind_id": (kind or self.iso).id,
                "number": "C-1",
                "date_expiry": expiry,
                "user_id": self.buyer.id,
                **values,
            }
        )
        if accept:
            with self._at(self.TODAY):
                evidence.with_user(self.buyer).action_accept()
        return evidence

    def _night(self, day):
        with self._at(day):
            self.env["scm.supplier.qualification"]._cron_daily()

    def test_what_can_be_accepted(self):
        with self.assertRaisesRegex(UserError, "neither a file nor a number"):
            self._create_evidence(number=False)
        with self.assertRaisesRegex(UserError, "until when"):
            self._create_evidence(expiry=False)
        with self.assertRaisesRegex(UserError, "ended on"):
            self._create_evidence(expiry="2026-11-22")
        with self._at(self.TODAY), self.assertRaisesRegex(ValidationError, "in the future"):
            self._create_evidence(accept=False, date_issued="2026-11-30")
        evidence = self._create_evidence()
        self.assertTrue(evidence.critical)
        with self.assertRaisesRegex(UserError, "checked already"):
            evidence.action_accept()
        with self.assertRaisesRegex(UserError, "Only buyers"):
            self._create_evidence(accept=False).with_user(self.planner).action_accept()

    def test_reminders_60_30_7(self):
        evidence = self._create_evidence("2027-01-22")
        evidence.company_id.scm_evidence_mail = True
        stages, mails = [], self._mail_count()
        for day in ("2026-11-22", "2026-11-23", "2026-11-24", "2026-12-23", "2027-01-14", "2027-01-15", "2027-01-16"):
            self._night(day)
            stages.append(evidence.reminder_days)
        self.assertEqual(stages, [0, 60, 60, 30, 30, 7, 7])
        self.assertEqual(self._mail_count() - mails, 3)
        self.assertEqual(len(evidence.activity_ids), 1)
        self.assertRecordValues(evidence.activity_ids, [{"user_id": self.buyer.id, "date_deadline": date(2027, 1, 22)}])

    def test_no_mail_unless_switched_on(self):
        self._create_evidence("2026-12-01")
        self._night(self.TODAY)
        self.assertFalse(self._mail_count())

    def _mail_count(self):
        return self.env["mail.mail"].search_count([("recipient_ids", "in", self.vendor.ids)])

    def test_expired_critical_evidence_suspends_and_the_new_one_revives(self):
        one, other = self._decided(categ=self.fabrics), self._decided(categ=self.steel)
        evidence = self._create_evidence("2026-12-01", categ_id=self.cotton.id)
        wide = self._decided()
        self._night("2026-12-01")
        self.assertEqual((one + other + wide).mapped("state"), ["qualified"] * 3)
        self._night("2026-12-02")
        self.assertEqual(evidence.state, "expired")
        # a certificate of cotton says nothing about all fabrics, but all that it delivers needs it
        self.assertEqual((one + other + wide).mapped("state"), ["qualified", "qualified", "suspended"])
        self.assertIn("ISO 9001 Certificate ended on", wide.suspended_reason)
        with self._at("2026-12-02"):
            evidence.categ_id = self.fabrics
        self.assertEqual((one + other + wide).mapped("state"), ["suspended", "qualified", "suspended"])
        with self._at("2026-12-03"):
            new = self._create_evidence("2028-12-01", accept=False, categ_id=self.fabrics.id)
            new.with_user(self.buyer).action_accept()
        self.assertRecordValues(evidence, [{"state": "replaced", "replaced_by_id": new.id}])
        self.assertEqual((one + other + wide).mapped("state"), ["qualified"] * 3)
        self.assertFalse(one.suspended_reason)

    def test_what_is_not_critical_suspends_nothing(self):
        one = self._decided()
        self._create_evidence("2026-12-01", kind=self.origin)
        self._night("2026-12-10")
        self.assertEqual(one.state, "qualified")

    def test_other_company_is_not_suspended(self):
        one = self._decided(company=self.company_b)
        self._create_evidence("2026-12-01")
        self._night("2026-12-10")
        self.assertEqual(one.state, "qualified")

    def test_conditions_in_time(self):
        one = self._decided("conditional")
        one.condition_date = "2026-12-31"
        self._night("2026-12-31")
        self.assertEqual(one.state, "conditional")
        self._night("2027-01-01")
        self.assertRecordValues(one, [{"state": "suspended", "suspended_from": "conditional"}])
        self._night("2027-01-02")
        self.assertEqual(one.state, "suspended")
        one.with_user(self.buyer).action_conditions_met()
        self.assertEqual(one.state, "qualified")

    def test_expiry_and_alerts(self):
        one = self._decided()
        one.date_expiry = "2026-12-31"
        self._create_evidence("2026-12-20")
        late = self._create_qualification(categ=self.steel)
        late.write({"state": "asked", "date_answer_due": "2026-11-25"})
        self._night("2026-11-26")
        self.assertEqual(
            self._alerts(),
            {"supplier_qualification_ends": 1, "supplier_evidence_ends": 1, "supplier_questionnaire_late": 1},
        )
        self._night("2026-11-27")
        self.assertEqual(sum(self._alerts().values()), 3)
        self._night("2027-01-01")
        self.assertEqual(one.state, "expired")
        self.assertEqual(self._alerts()["supplier_qualification_stopped"], 1)
        self.assertNotIn("supplier_qualification_ends", self._alerts())

    def _alerts(self):
        groups = self.env["scm.alert"]._read_group(
            [("company_id", "=", self.company_a.id), ("state", "=", "open"), ("type_id.code", "=like", "supplier_%")],
            ["type_id"],
            ["__count"],
        )
        return {alert_type.code: count for alert_type, count in groups}

    def test_refused_with_a_reason(self):
        evidence = self._create_evidence(accept=False)
        with self.assertRaisesRegex(UserError, "Say why"):
            evidence.with_user(self.buyer).scm_refuse("")
        wizard = self.env["scm.evidence.refusal"].with_user(self.buyer)
        wizard.create({"evidence_ids": evidence.ids, "reason": "Another site"}).action_refuse()
        self.assertRecordValues(evidence, [{"state": "refused", "refused_reason": "Another site"}])

    def test_contact_and_customer(self):
        evidence = self._create_evidence(partner_id=self.contact.id)
        self.assertEqual(evidence.partner_id, self.vendor)
        self.assertTrue(self._create_evidence(partner_id=self.customer.id))
