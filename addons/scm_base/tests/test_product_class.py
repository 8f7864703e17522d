from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.scm_product_class import ScmProductClass
from .common import ScmCase

MONDAY = date(2026, 9, 7)


@tagged("post_install", "-at_install")
class TestProductClass(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classes = cls.env["scm.product.class"]
        # where planning is installed too, it counts demand instead of deliveries
        cls.classPatch(type(cls.classes), "_consumed_sql", ScmProductClass._consumed_sql)
        cls.steady, cls.lumpy, cls.small = (
            cls._create_product(name, standard_price=price, volume=0.5)
            for name, price in (("Steady", 100.0), ("Lumpy", 10.0), ("Small", 1.0))
        )

    def _deliver_weeks(self, product, quantities, first=MONDAY):
        """One done delivery per week."""
        self._set_stock(product, sum(quantities) + 100)
        for week, quantity in enumerate(quantities):
            if quantity:
                day = first + timedelta(weeks=week, days=2)
                self._deliver(self._create_sale([(product, quantity)], day), day)

    def _refresh(self, day="2026-11-23", company=None):
        with self._at(day):
            self.classes._refresh(company or self.company_a)

    def _class_of(self, product):
        return self.classes.search([("product_id", "=", product.id), ("warehouse_id", "=", self.warehouse_a.id)])

    def _write_history(self):
        self._deliver_weeks(self.steady, [10] * 10)
        self._deliver_weeks(self.lumpy, [0, 40, 0, 0, 1, 0, 0, 0, 60, 0])
        self._deliver_weeks(self.small, [1, 0, 1, 0, 1, 0, 1, 0, 1, 0])
        self._refresh()

    def test_value_picks_and_steadiness(self):
        self._write_history()
        self.assertRecordValues(
            self._class_of(self.steady) + self._class_of(self.lumpy) + self._class_of(self.small),
            [
                {"abc_value": "A", "abc_picks": "A", "abc_volume": "A", "xyz": "X", "value": 10_000, "picks": 10},
                {"abc_value": "B", "abc_picks": "B", "abc_volume": "A", "xyz": "Z", "value": 1_010, "picks": 3},
                {"abc_value": "C", "abc_picks": "A", "abc_volume": "C", "xyz": "Z", "value": 5, "picks": 5},
            ],
        )
        self.assertEqual(self._class_of(self.steady).periods, 11, "from the first delivery to the last full week")

    def test_short_history_has_no_steadiness(self):
        self._deliver_weeks(self.steady, [5, 5], first=date(2026, 11, 9))
        self._refresh()
        self.assertRecordValues(self._class_of(self.steady), [{"abc_value": "A", "xyz": False, "periods": 2}])

    def test_changes_are_kept_and_flapping_is_not(self):
        self._write_history()
        self._refresh("2026-11-24")
        self.assertFalse(self.env["scm.product.class.history"].search([("product_id", "=", self.small.id)]))
        self._deliver_weeks(self.small, [15_000], first=date(2026, 11, 16))
        self._refresh("2026-11-24")
        change = self._class_of(self.small).history_ids.filtered(lambda line: line.measure == "abc_value")
        self.assertRecordValues(change, [{"class_from": "C", "class_to": "A", "date": date(2026, 11, 24)}])

    def test_window_ends_with_the_last_full_week(self):
        self._deliver_weeks(self.steady, [10] * 3)
        self._deliver_weeks(self.steady, [1_000], first=date(2026, 11, 23))
        self._refresh("2026-11-27")
        self.assertEqual(self._class_of(self.steady).value, 3_000)

    def test_companies_are_kept_apart(self):
        self._write_history()
        self._refresh(company=self.company_b)
        self.assertTrue(self._as(self.planner, self.classes).search_count([]))
        self.assertFalse(self._as(self.planner_b, self.classes).search_count([]))
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.classes).search([])

    def test_only_managers_refresh(self):
        with self.assertRaises(AccessError):
            self._as(self.planner, self.classes).refresh()
        self.assertEqual(self._as(self.manager, self.classes).refresh(), 0)

    def test_as_many_queries_for_many_products(self):
        def refresh_with(products):
            for product in products:
                self._set_stock(product, 10)
            sale = self._create_sale([(product, 1) for product in products], "2026-10-01")
            self._deliver(sale, "2026-10-01")
            self.env.flush_all()
            return self._query_count(self._refresh)

        few = refresh_with([self._create_product(f"Few {number}") for number in range(2)])
        many = refresh_with([self._create_product(f"Many {number}") for number in range(20)])
        self.assertEqual(few, many)
