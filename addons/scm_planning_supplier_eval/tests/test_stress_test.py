"""A supplier stops: what runs out, what backups bring, who may ask, and what is refused."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .choice_common import ChoiceCase


@tagged("post_install", "-at_install")
class TestStressTest(ChoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alone = cls._create_product("Alone", vendor=cls.vendor, price=8, delay=14)
        cls._set_class(cls.alone, "A", "X")
        cls._create_forecast({cls.product: 70, cls.alone: 70})
        cls._set_stock(cls.alone, 300)
        cls._plan()

    def _run(self, vendor=None, start=0, days=60, user=None):
        model = self._as(user or self.planner, self.env["scm.stress.test"])
        with self._at(self.TODAY):
            return model.run((vendor or self.vendor).id, str(self.TODAY + timedelta(days=start)), days)

    def _line(self, page, product):
        return next(line for line in page["lines"] if line["product_id"] == product.id)

    def test_what_runs_out_and_who_covers(self):
        page = self._run()
        self.assertEqual((page["items"], page["hit"]), (2, 2))
        alone, covered = self._line(page, self.alone), self._line(page, self.product)
        self.assertTrue(alone["single_source"])
        self.assertEqual(alone["open_margin"], alone["lost_margin"])
        self.assertEqual(covered["backup"], "Other vendor")
        # lead time of 14 days and 14 to take the source on
        self.assertEqual(covered["backup_date"], str(self.TODAY + timedelta(days=28)))
        self.assertLess(covered["open_margin"], covered["lost_margin"])
        # 300 in stock at 10 a day: nothing is left in the fifth week
        self.assertLess(alone["date_run_out"], str(self.TODAY + timedelta(days=36)))
        self.assertGreater(alone["date_run_out"], str(self.TODAY + timedelta(days=27)))
        self.assertAlmostEqual(alone["lost_margin"], alone["lost"] * 15, 0)
        self.assertAlmostEqual(sum(page["series"]["alone"]), page["lost_margin"], 0)
        self.assertAlmostEqual(sum(page["series"]["backed"]), page["open_margin"], 0)

    def test_a_short_stop_far_ahead_hurts_less(self):
        long, short = self._run(days=60), self._run(days=7)
        self.assertLess(short["lost_margin"], long["lost_margin"])

    def test_a_blocked_vendor_is_no_backup(self):
        with self._standing({self.other: ("block", 0.0)}):
            page = self._run()
        self.assertTrue(self._line(page, self.product)["single_source"])

    def test_capacity_limits_backups(self):
        self.env["scm.vendor.terms"].create(
            {"partner_id": self.other.id, "company_id": self.company_a.id, "weekly_capacity": 7}
        )
        free = self._line(self._run(), self.product)["covered"]
        self.assertLessEqual(free, 7 * 26)

    def test_a_vendor_that_supplies_nothing(self):
        page = self._run(vendor=self.customer)
        self.assertEqual((page["items"], page["hit"], page["lost_margin"]), (0, 0, 0.0))

    def test_why_has_words(self):
        labels = self.env["scm.why"].labels()
        for line in self._run()["lines"]:
            codes = {line["why"]["method"], line["why"]["formula"], *(term["code"] for term in line["why"]["terms"])}
            self.assertFalse([code for code in codes if code not in labels])

    def test_nothing_of_the_plan_changes(self):
        before = [(order.id, order.quantity, order.write_date) for order in self._orders(self.product)]
        self._run()
        self.assertEqual(before, [(o.id, o.quantity, o.write_date) for o in self._orders(self.product)])

    def test_refusals_say_what_to_do(self):
        with self.assertRaisesRegex(ValidationError, "between 1 and 180"):
            self._run(days=0)
        with self.assertRaisesRegex(UserError, "within the order plan"):
            self._run(start=-3)
        with self.assertRaisesRegex(UserError, "within the order plan"):
            self._run(start=400)
        model = self._as(self.planner, self.env["scm.stress.test"])
        with self.assertRaisesRegex(UserError, "write it as YYYY-MM-DD"):
            model.run(self.vendor.id, "soon", 10)
        with self.assertRaisesRegex(UserError, "no supplier 0"):
            model.run(0, str(self.TODAY), 10)
        with self.assertRaisesRegex(UserError, "no order plan of this week"), self._at(self.TODAY):
            self._as(self.planner_b, self.env["scm.stress.test"]).run(self.vendor.id, str(self.TODAY), 10)

    def test_rights_and_companies(self):
        page = self._run()
        test = self.env["scm.stress.test"].browse(page["id"])
        with self.assertRaises(AccessError):
            self._run(user=self.outsider)
        with self.assertRaises(AccessError):
            self._as(self.planner_b, test).get_test(test.id)
        with self.assertRaises(AccessError):
            self._as(self.planner, test.line_ids[0]).write({"lost_margin": 0})
        self.assertFalse(self._as(self.planner_b, self.env["scm.stress.test"]).search([]))

    def test_as_many_queries_for_many(self):
        products = [self._create_product(f"P{number}", vendor=self.vendor, price=8, delay=14) for number in range(10)]
        self._create_forecast(dict.fromkeys([self.product, self.alone, *products], 70))

        def count():
            page = self._run()
            test = self.env["scm.stress.test"].browse(page["id"])
            self.env.invalidate_all()
            with self._at(self.TODAY):
                return self._query_count(test.action_run), test.hit_count

        count()
        few, few_hit = count()
        self._plan()
        many, many_hit = count()
        self.assertGreater(many_hit, few_hit)
        self.assertEqual(few, many)
