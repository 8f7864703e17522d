from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_alert import AlertCase


@tagged("post_install", "-at_install")
class TestOverview(AlertCase):
    def _overview(self, user):
        return self._as(user, self.env["scm.overview"]).get_overview()

    def test_alerts_by_severity_and_money(self):
        self._sync(["A", "B"], money_at_stake=100)
        self._sync(["C"], alert_type=self.critical_type, money_at_stake=40)
        self._sync(["X"], company=self.company_b, money_at_stake=9999)
        alerts = self._overview(self.planner)["alerts"]
        self.assertEqual(
            [(group["severity"], group["count"], group["money"]) for group in alerts["severities"]],
            [("critical", 1, 40.0), ("warning", 2, 200.0), ("info", 0, 0.0)],
        )
        self.assertEqual([alert["money"] for alert in alerts["top"]], [100.0, 100.0, 40.0])

    def test_snoozed_and_resolved_do_not_count(self):
        self._sync(["A", "B"])
        with self._at("2026-03-02"):
            self._alerts()[0].action_snooze("2026-04-01", "Waiting")
        self._sync(["A"], day="2026-03-03")
        self.assertFalse(self._overview(self.planner)["alerts"]["top"])

    def test_first_step_is_done_by_an_order(self):
        step = self._overview(self.planner)["steps"][0]
        self.assertEqual((step["key"], step["done"], step["action"]), ("purchase", False, False))
        self._create_purchase([(self._create_product(), 1)], "2026-03-02")
        self.assertTrue(self._overview(self.planner)["steps"][0]["done"])

    def test_cards_of_vendors_with_sample_size(self):
        self.assertFalse(self._overview(self.planner)["cards"], "nothing due, nothing to say")
        product = self._create_product(vendor=self.vendor)
        order = self._create_purchase([(product, 30)], "2026-11-01", planned="2026-11-10")
        self._receive(order, "2026-11-09")
        self._create_purchase([(product, 10)], "2026-11-01", planned="2026-11-12")
        self._create_purchase([(product, 10)], "2026-08-01", planned="2026-08-12")
        self._create_purchase([(product, 10)], "2026-11-01", planned="2026-11-12", company=self.company_b)
        with self._at(self.TODAY):
            on_time, overdue = self._overview(self.planner)["cards"]
        self.assertEqual((on_time["key"], on_time["value"], on_time["tone"]), ("on_time", 0.75, "warn"))
        self.assertIn("2 lines", on_time["hint"])
        self.assertEqual((overdue["key"], overdue["value"], overdue["tone"]), ("overdue", 1, "bad"))

    def test_role_is_needed(self):
        with self.assertRaises(AccessError):
            self._overview(self.outsider)

    def test_query_count_does_not_grow(self):
        self._sync([f"s{i}" for i in range(10)], money_at_stake=5)
        self._query_count(self._overview, self.planner)  # rights and labels are cached per process
        small = self._query_count(self._overview, self.planner)
        self._sync([f"s{i}" for i in range(300)], money_at_stake=5)
        self.assertEqual(self._query_count(self._overview, self.planner), small)
        self.assertLess(small, 60)

    def test_labels_of_why_records_are_words(self):
        labels = self.env["scm.why"].with_user(self.planner).labels()
        self.assertEqual(labels["days"], "days")
        self.assertTrue(all(isinstance(label, str) and label for label in labels.values()))
