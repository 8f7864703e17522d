"""Vendor orders: what goes together, within the vendor's terms, the same again when nothing changed."""

from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .vendor_order_common import VendorOrderCase


@tagged("post_install", "-at_install")
class TestVendorOrder(VendorOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_product("First", vendor=cls.vendor, price=8.0, delay=14, weight=2.0)
        cls.second = cls._create_product("Second", vendor=cls.vendor, price=4.0, delay=14, weight=1.0)

    def test_orders_of_a_vendor_are_joined(self):
        self._terms()
        near, far = self._plan(self.first, 10), self._plan(self.second, 10, 7)
        order = self._join()
        self.assertEqual(order.line_ids, near + far)
        self.assertRecordValues(
            order, [{"vendor_id": self.vendor.id, "date_order": self.TODAY, "value": 120.0, "line_count": 2}]
        )
        self.assertIn("joint_joined", order.why["notes"])
        self.assertIn("joint_pulled", far.joint_why["notes"])
        labels = self.env["scm.why"].labels()
        for why in (order.why, far.joint_why):
            codes = [why["method"], why["formula"], *(term["code"] for term in why["terms"]), *why["notes"]]
            self.assertFalse([code for code in codes if code not in labels])

    def test_without_terms_nothing_is_joined(self):
        self._plan(self.first, 10), self._plan(self.second, 10, 7)
        orders = self._join()
        self.assertEqual(len(orders), 2)
        self.assertIn("joint_no_terms", orders[0].why["notes"])

    def test_second_run_changes_nothing(self):
        self._terms(min_order_value=100.0)
        lines = self._plan(self.first, 10) + self._plan(self.second, 10, 30) + self._plan(self.first, 10, 40)
        self._budget(90)
        orders = self._join()
        names = [name for name, field in orders._fields.items() if field.store]
        before = orders.read(names), lines.read()
        self.assertEqual(self._join(), orders)
        orders.invalidate_recordset(), lines.invalidate_recordset()
        self.assertEqual((orders.read(names), lines.read()), before)

    def test_order_keeps_its_id_when_its_day_moves(self):
        line = self._plan(self.first, 10, 7)
        order = self._join()
        line.write({"date_order": self.TODAY + timedelta(days=9), "quantity": 12})
        self.assertEqual(self._join(), order)
        self.assertEqual((order.date_order, order.value), (self.TODAY + timedelta(days=9), 96.0))
        line.unlink()
        self.assertFalse(self._join())

    def test_minimum_freight_and_container(self):
        container = self.env["scm.container.type"].create({"name": "Box", "payload_kg": 40, "volume_m3": 0})
        self._terms(min_order_value=100, freight_free_value=200, freight_cost=30, container_type_id=container.id)
        self._plan(self.first, 10), self._plan(self.second, 10, 40)
        order = self._join()[0]
        self.assertEqual((order.value, order.line_count), (120.0, 2), "pulled forward to reach the minimum")
        self.assertIn("joint_minimum_reached", order.why["notes"])
        self.assertIn("joint_freight_not_worth", order.why["notes"], "there is nothing left to reach 200 with")
        self.assertEqual((order.weight, order.container_count, order.fill, order.limit), (30.0, 1, 75.0, "weight"))
        self.assertEqual((order.freight, order.to_freight_free), (30.0, 80.0))

    def test_price_together(self):
        self._terms()
        self.env["product.supplierinfo"].create(
            {"partner_id": self.vendor.id, "product_tmpl_id": self.first.product_tmpl_id.id, "min_qty": 20, "price": 6}
        )
        lines = self._plan(self.first, 10, price_unit=8) + self._plan(self.first, 10, 7, price_unit=8)
        order = self._join()
        self.assertEqual(lines.mapped("price_joint"), [6.0, 6.0])
        self.assertEqual(order.value, 120.0)

    def test_order_days_and_shut_down(self):
        """Orders on Fridays only; the vendor is shut in the week of the order-by day."""
        self._terms(**dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "saturday", "sunday"], False))
        self._plan(self.first, 10, 20)
        order = self._join()
        self.assertEqual((order.date_order - self.TODAY).days, 18)
        event = {"name": "Shut", "kind": "shutdown", "company_id": self.company_a.id, "partner_ids": self.vendor.ids}
        shut = {"date_start": self.TODAY + timedelta(days=15), "date_end": self.TODAY + timedelta(days=22)}
        self.env["scm.event"].create(event | {"occurrence_ids": [(0, 0, shut)]})
        self.assertEqual(self._join(), order)
        self.assertEqual((order.date_order - self.TODAY).days, 11)

    def test_late_lines_are_counted(self):
        self._plan(self.first, 10, -3)
        order = self._join()
        self.assertEqual((order.date_order, order.late_count), (self.TODAY, 1))

    def test_same_number_of_queries_for_many(self):
        self._terms(min_order_value=50)
        self._budget(500)

        def count():
            with self._at(self.TODAY):
                return self._query_count(self.env["scm.vendor.order"]._refresh, self.company_a)

        self._plan(self.first, 10)
        self._join()
        few = count()
        for number in range(30):
            self._plan(self.second if number % 2 else self.first, 5, number)
        self._join()
        self.assertLessEqual(count(), few + 2)

    def test_companies_apart(self):
        other = self._create_product("Other", vendor=self.vendor, price=8.0)
        self._plan(other, 10, warehouse=self.warehouse_b)
        self._plan(self.first, 10)
        mine = self._join()
        self.assertEqual(mine.company_id, self.company_a)
        theirs = self._join(self.company_b)
        self.assertEqual(self._join(), mine)
        seen = self._as(self.planner_b, self.env["scm.vendor.order"]).search([])
        self.assertEqual(seen, theirs)
        with self.assertRaises(AccessError):
            self._as(self.planner_b, mine).get_builder()

    # Bad input

    def test_no_open_day_is_said(self):
        event = {"name": "Closed", "kind": "shutdown", "company_id": self.company_a.id, "partner_ids": self.vendor.ids}
        shut = {"date_start": self.TODAY, "date_end": self.TODAY + timedelta(days=366)}
        self.env["scm.event"].create(event | {"occurrence_ids": [(0, 0, shut)]})
        self._plan(self.first, 10, 5), self._plan(self.second, 10, 50)
        order = self._join()
        self.assertEqual((order.problem, order.line_count), ("no_open_day", 2))
        self.assertEqual(self._join(), order)

    def test_no_weekday_is_refused(self):
        days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        with self.assertRaisesRegex(ValidationError, "Vendor.*Tick at least one weekday"):
            self._terms(**dict.fromkeys(days, False))

    def test_terms_once_per_company(self):
        self._terms()
        self._terms(company=self.company_b)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._terms()

    def test_measures_missing(self):
        container = self.env.ref("scm_planning.scm_container_type_20")
        self._terms(container_type_id=container.id, fill="always")
        self._plan(self._create_product("Airy", vendor=self.vendor), 10)
        order = self._join()
        self.assertEqual((order.unknown_count, order.container_count, order.fill), (1, 0, 0.0))
        self.assertIn("joint_unknown", order.why["notes"])
        builder = order.get_builder()
        self.assertEqual((builder["container"]["unknown"], builder["lines"][0]["measured"]), (1, False))

    def test_currency_without_rate(self):
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "X"})
        self.first.seller_ids.currency_id = currency
        self._plan(self.first, 10)
        self.assertEqual(self._join().problem, "no_rate")

    def test_archived_vendor(self):
        self._plan(self.first, 10)
        self.vendor.active = False
        self.assertEqual(self._join().problem, "vendor_archived")

    def test_minimum_quantity_above_the_maximum(self):
        self._terms(min_order_value=9000)
        self._plan(self.first, 1000, quantity_net=10)
        order = self._join()
        self.assertEqual((order.value, order.problem), (8000.0, "below_minimum"))
        self.assertIn("joint_moq", order.line_ids.joint_why["notes"])

    def test_what_the_budget_of_a_category_leaves_below_the_minimum_is_dropped_whole(self):
        self._terms(min_order_value=100)
        category = self.env["product.category"].create({"name": "Without money"})
        self.second.categ_id = category
        lines = self._plan(self.first, 10) + self._plan(self.second, 10)
        self.assertEqual((self._join().value, self._orders().problem), (120.0, False))
        self._budget(0, category)
        order = self._join()
        self.assertEqual((order.value, order.problem), (0.0, False), "80 would be left, below 100")
        self.assertEqual(lines.mapped("budget_action"), ["cut", "cut"])
        for line in lines:
            self.assertIn("budget_below_minimum", line.joint_why["notes"])

    def test_planners_read_only(self):
        self._plan(self.first, 10)
        order = self._as(self.planner, self._join())
        self.assertTrue(order.get_builder()["lines"])
        for change in (
            lambda: order.set_quantity(order.line_ids.id, 5),
            order.fill_container,
            order.create_rfqs,
            lambda: order.write({"state": "released"}),
        ):
            with self.assertRaises(AccessError):
                change()
