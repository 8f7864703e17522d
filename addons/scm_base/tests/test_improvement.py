from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ScmCase

BEFORE, AFTER = "2026-03-02", "2026-06-01"


class ImprovementCase(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.buyer_b = cls._create_user("buyer_b", "purchase.group_purchase_user", companies=cls.company_b)
        cls.product = cls._create_product()
        cls.product.seller_ids.unlink()

    @classmethod
    def _improvement(cls, user=None, **values):
        model = cls._as(user or cls.manager, cls.env["scm.improvement"])
        values = {"name": "Late deliveries", "partner_id": cls.vendor.id, "company_id": cls.company_a.id} | values
        return model.create(values)

    @classmethod
    def _deliveries(cls, start, days_late, company=None, vendor=None):
        """One order a week from ``start``, each promised a week later and received so many days after that."""
        for week, late in enumerate(days_late):
            day = cls._moment(start).date() + timedelta(weeks=week)
            promised = day + timedelta(days=7)
            order = cls._create_purchase(
                [(cls.product, 10)], day, planned=promised, company=company or cls.company_a, vendor=vendor
            )
            cls._receive(order, promised + timedelta(days=late))


@tagged("post_install", "-at_install")
class TestImprovement(ImprovementCase):
    def test_a_supplier_that_became_punctual(self):
        self._deliveries(BEFORE, [5, 6, 4, 7, 5, 6])
        self._deliveries(AFTER, [0, 0, 1, 0, 0, 0])
        improvement = self._improvement(
            metric="days_late",
            baseline_from="2026-03-01",
            baseline_to="2026-05-01",
            after_from="2026-06-01",
            after_to="2026-08-01",
        )
        with self._at("2026-08-02"):
            self._as(self.buyer, improvement).action_measure()
        self.assertRecordValues(
            improvement, [{"baseline_value": 5.5, "baseline_sample": 6, "after_sample": 6, "verdict": "worked"}]
        )
        self.assertAlmostEqual(improvement.effect, 1 / 6 - 5.5)
        self.assertLess(improvement.effect_high, -4.0)
        self.assertEqual(improvement.why["window"], {"from": "2026-03-01", "to": "2026-08-01"})
        self.assertIn("-5.3", improvement.effect_text)
        # the same orders, counted as on time or not: 0 of 6, then 5 of 6
        improvement.write({"metric": "otif_rate"})
        with self._at("2026-08-02"):
            improvement.action_measure()
        self.assertRecordValues(improvement, [{"baseline_value": 0.0, "verdict": "worked"}])
        self.assertAlmostEqual(improvement.effect, 5 / 6)
        # a change of twelve days is ruled out
        improvement.write({"metric": "days_late", "target": 12})
        with self._at("2026-08-02"):
            improvement.action_measure()
        self.assertEqual(improvement.verdict, "did_not")

    def test_other_suppliers_and_companies_do_not_count(self):
        other = self.env["res.partner"].create({"name": "Other vendor"})
        self._deliveries(BEFORE, [0], vendor=other)
        self._deliveries(BEFORE, [0], company=self.company_b)
        self._deliveries(BEFORE, [3])
        improvement = self._improvement(
            metric="days_late",
            baseline_from="2026-03-01",
            baseline_to="2026-05-01",
            after_from="2026-06-01",
            after_to="2026-08-01",
        )
        improvement.action_measure()
        self.assertRecordValues(
            improvement,
            [{"baseline_value": 3.0, "baseline_sample": 1, "after_sample": 0, "verdict": "not_enough_data"}],
        )

    def test_same_number_of_queries_for_few_and_many(self):
        values = {
            "metric": "otif_rate",
            "baseline_from": "2026-03-01",
            "baseline_to": "2026-05-01",
            "after_from": "2026-06-01",
            "after_to": "2026-08-01",
        }
        many = self.env["scm.improvement"].union(*(self._improvement(name=f"No. {i}", **values) for i in range(12)))
        few = many[:2]
        many._measure()
        counts = [self._query_count(records._measure) for records in (few, many)]
        self.assertEqual(counts[0], counts[1])

    def test_stages(self):
        with self._at("2026-05-04"):
            improvement = self._improvement(
                metric="otif_rate", action_ids=[Command.create({"name": "Visit"})], date_due="2026-06-01"
            )
            self.assertEqual(str(improvement.baseline_to), "2026-05-03")
            improvement.action_start()
            with self.assertRaisesRegex(UserError, "“Visit” is not done"):
                improvement.action_close()
            with self.assertRaisesRegex(UserError, "“Visit” is not done"):
                improvement.action_check()
            improvement.action_ids.action_toggle_done()
            improvement.action_check()
            self.assertEqual(
                (improvement.after_to - improvement.after_from), improvement.baseline_to - improvement.baseline_from
            )
            improvement.action_close()
        self.assertRecordValues(
            improvement, [{"state": "done", "verdict": "not_enough_data", "action_count": 1, "action_done_count": 1}]
        )
        self.assertEqual(str(improvement.date_done), "2026-05-04")
        improvement.action_reopen()
        self.assertFalse(improvement.date_done)

    def test_owner_has_one_activity_until_it_is_closed(self):
        improvement = self._improvement(user_id=self.buyer.id, date_due="2026-06-01")
        improvement.date_due = "2026-07-01"
        self.assertRecordValues(
            improvement.activity_ids,
            [{"user_id": self.buyer.id, "date_deadline": improvement.date_due, "summary": "Late deliveries"}],
        )
        improvement.user_id = self.manager
        self.assertEqual(improvement.activity_ids.user_id, self.manager)
        improvement.action_cancel()
        self.assertFalse(improvement.activity_ids)

    def test_opened_once_by_program(self):
        values = [
            {"name": name, "company_id": self.company_a.id, "source_key": key}
            for name, key in (("A", "card,1"), ("B", "card,2"))
        ]
        model = self.env["scm.improvement"]
        first = model._open_for(values)
        self.assertEqual(model._open_for(values[::-1]), first[::-1])
        first[0].action_cancel()
        again = model._open_for(values)
        self.assertEqual(again[1], first[1])
        self.assertNotEqual(again[0], first[0])

    def test_what_is_measured_is_not_typed(self):
        improvement = self._improvement()
        for values in ({"verdict": "worked"}, {"effect": 1.0}, {"why": {}}):
            with self.assertRaisesRegex(UserError, "measured, not typed"):
                improvement.write(values)
        with self.assertRaisesRegex(UserError, "measured, not typed"):
            self._improvement(verdict="worked")
        with self.assertRaisesRegex(UserError, "cannot be measured"):
            improvement.action_measure()
        with self.assertRaisesRegex(UserError, "period before must end"):
            self._improvement(baseline_from="2026-05-01", baseline_to="2026-03-01")

    def test_rights(self):
        supplier = self._improvement()
        planning = self._improvement(area="planning")
        own = self._improvement(area="planning", user_id=self.planner.id)
        # purchasing works on suppliers, each on his own
        self._as(self.buyer, supplier).action_start()
        self._as(self.planner, own).action_start()
        self._as(self.planner, own).action_ids = [Command.create({"name": "Look"})]
        for user, record in ((self.buyer, planning), (self.planner, supplier), (self.planner, planning)):
            self.assertTrue(self._as(user, record).name)
            with self.assertRaises(AccessError):
                self._as(user, record).action_start()
            with self.assertRaises(AccessError):
                self._as(user, record).action_ids = [Command.create({"name": "Mine"})]
        for user in (self.outsider, self.buyer_b, self.planner_b):
            with self.assertRaises(AccessError):
                self._as(user, supplier).read(["name"])
        with self.assertRaises(AccessError):
            self._as(self.buyer, supplier).unlink()
        self._as(self.manager, supplier).unlink()
