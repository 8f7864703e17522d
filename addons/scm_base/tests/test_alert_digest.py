from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_alert import AlertCase


@tagged("post_install", "-at_install")
class TestAlertDigest(AlertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.planner | cls.planner_b | cls.outsider).scm_alert_digest = True

    def _run_cron(self, day):
        """The mails that the cron writes on a day, by user."""
        before = self.env["mail.mail"].search([])
        with self._at(day, hour=18), self.enter_registry_test_mode():
            self.env.ref("scm_base.ir_cron_scm_alert_digest").method_direct_trigger()
        mails = self.env["mail.mail"].search([]) - before
        return {mail.recipient_ids.user_ids: mail for mail in mails}

    def test_new_alerts_of_his_companies_once(self):
        self._sync("A", money_at_stake=1250)
        self._sync("B", alert_type=self.critical_type)
        self._sync("X", company=self.company_b)
        mails = self._run_cron("2026-03-02")
        self.assertEqual(set(mails), {self.planner, self.planner_b})
        body = mails[self.planner].body_html
        self.assertIn("Subject A", body)
        self.assertIn("1,250.00", body)
        self.assertIn(f"/odoo/supply-chain-alerts/{self._alerts().id}", body)
        self.assertNotIn("Subject X", body)
        self.assertLess(body.index("Subject B"), body.index("Subject A"), "the critical one comes first")
        self.assertEqual(mails[self.planner].subject, "2 new supply chain alerts")
        self.assertFalse(self._run_cron("2026-03-03"), "nothing new, no mail")
        self._sync("AC", day="2026-03-04")
        body = self._run_cron("2026-03-04")[self.planner].body_html
        self.assertIn("Subject C", body)
        self.assertNotIn("Subject A", body)

    def test_long_groups_are_cut_and_counted(self):
        self._sync([f"s{i}" for i in range(25)])
        body = self._run_cron("2026-03-02")[self.planner].body_html
        self.assertEqual(body.count("/odoo/supply-chain-alerts/"), 10)
        self.assertIn("15", body)

    def test_wakes_what_slept_long_enough(self):
        self._sync("A", alert_type=self.critical_type)
        alert = self._alerts(self.critical_type)
        with self._at("2026-03-02"):
            alert.action_snooze("2026-03-10", "Waiting")
        self._run_cron("2026-03-10")
        self.assertEqual(alert.state, "open")
        self.assertEqual(self._activities().user_id, self.planner)

    def test_everyone_sets_it_for_himself_only(self):
        planner = self.planner.with_user(self.planner)
        planner.scm_alert_digest = False
        self.assertFalse(self.planner.scm_alert_digest)
        with self.assertRaises(AccessError):
            self.manager.with_user(self.planner).write({"scm_alert_digest": True})
