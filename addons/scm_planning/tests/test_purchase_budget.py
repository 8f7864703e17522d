"""Budgets: what counts, what is left out first, and that they never overlap."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .vendor_order_common import VendorOrderCase


@tagged("post_install", "-at_install")
class TestPurchaseBudget(VendorOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.toys = cls.env["product.category"].create({"name": "Toys"})
        cls.dolls = cls.env["product.category"].create({"name": "Dolls", "parent_id": cls.toys.id})
        cls.doll = cls._create_product("Doll", vendor=cls.vendor, price=10.0, categ_id=cls.dolls.id)
        cls.cup = cls._create_product("Cup", vendor=cls.vendor, price=10.0, list_price=12.0)

    def test_month_is_its_first_day(self):
        budget = self.env["scm.purchase.budget"].create({"month": date(2026, 11, 23), "amount": 10})
        self.assertEqual(budget.month, date(2026, 11, 1))

    def test_used(self):
        budget, toys = self._budget(1000), self._budget(300, self.toys)
        self._create_purchase([(self.doll, 5)], self.TODAY)
        self._create_purchase([(self.doll, 5)], self.TODAY - timedelta(days=40))
        self._create_purchase([(self.cup, 3)], self.TODAY, confirm=False)
        self._plan(self.doll, 20)
        self._join()
        self.assertRecordValues(
            budget + toys,
            [
                {"committed": 50, "quoted": 30, "planned": 200, "open": 720, "used_percent": 28},
                {"committed": 50, "quoted": 0, "planned": 200, "open": 50, "used_percent": 100 * 250 / 300},
            ],
        )

    def test_foreign_currency_counts_in_company_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "rate": 2.0, "name": "2026-01-01", "company_id": self.company_a.id}
        )
        budget = self._budget(1000)
        self._create_purchase([(self.doll, 5)], self.TODAY, currency_id=dollar.id)
        self.assertEqual(budget.committed, 25.0)

    def test_least_margin_is_left_out_first(self):
        rich, poor = self._plan(self.doll, 10), self._plan(self.cup, 10)
        budget = self._budget(100)
        order = self._join()
        self.assertEqual((rich.budget_action, poor.budget_action, poor.budget_id), ("keep", "cut", budget))
        self.assertEqual((order.value, order.cut_value, order.margin_cut), (100.0, 100.0, 20.0))
        self.assertEqual((budget.planned, budget.cut, budget.open), (100.0, 100.0, 0.0))
        self.assertIn("budget_cut", poor.joint_why["notes"])

    def test_pulled_forward_waits_for_its_own_month(self):
        self._terms(order_cost=100)
        self._plan(self.cup, 10)
        later = self._plan(self.doll, 10, 9)
        self._budget(100)
        self._join()
        self.assertEqual((later.budget_action, later.budget_month), ("postpone", date(2026, 12, 1)))

    def test_category_pays_for_what_is_below_it(self):
        doll, cup = self._plan(self.doll, 10), self._plan(self.cup, 10)
        self._budget(50, self.toys)
        self._join()
        self.assertEqual((doll.budget_action, cup.budget_action), ("cut", "keep"))

    def test_zero_orders_nothing_and_says_so(self):
        lines = self._plan(self.doll, 10) + self._plan(self.cup, 10)
        budget = self._budget(0)
        order = self._join()
        self.assertEqual(set(lines.mapped("budget_action")), {"cut"})
        self.assertEqual((order.value, order.line_count, order.cut_count), (0.0, 0, 2))
        self.assertIn("nothing may be ordered", budget.message)
        self.assertEqual(self._release(order)["purchase_order_ids"], [])

    def test_no_budget_is_no_limit(self):
        line = self._plan(self.doll, 10**6)
        self._budget(5, months=3)
        self._join()
        self.assertEqual(line.budget_action, "keep")

    def test_overlaps_are_refused(self):
        self._budget(100), self._budget(100, self.toys)
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            self._budget(100, self.dolls)
        self._budget(100, self.dolls, months=1)
        self._budget(100, self.dolls, company=self.company_b)
        for categ in (None, self.toys):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                self._budget(50, categ)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._budget(-1, months=2)

    def test_same_number_of_queries_for_many(self):
        def count(budgets):
            return self._query_count(budgets.mapped, "open")

        few = self._budget(100)
        first = count(few)
        many = few + self.env["scm.purchase.budget"].create(
            [{"month": date(2027, month, 1), "amount": 5, "company_id": self.company_a.id} for month in range(1, 13)]
        )
        self.assertLessEqual(count(many), first)

    def test_managers_write_and_companies_are_apart(self):
        budget = self._budget(100)
        with self.assertRaises(AccessError):
            self._as(self.planner, budget).amount = 5
        self._as(self.manager, budget).amount = 5
        with self.assertRaises(AccessError):
            self._as(self.planner_b, budget).read(["amount"])
