"""Vendors of planned orders: who comes first, who gets which share, and that each order says why."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .choice_common import ChoiceCase


@tagged("post_install", "-at_install")
class TestVendorChoice(ChoiceCase):
    def test_off_nothing_changes(self):
        self._plan()
        self.assertEqual(list(self._by_vendor()), [self.vendor])
        self.assertNotIn("choice_landed", [term["code"] for term in self._orders(self.product)[0].why["terms"]])

    def test_the_cheapest_when_all_is_counted(self):
        self._history(self.vendor, late=25)
        self._history(self.other, late=0)
        self._plan()
        self.assertEqual(list(self._by_vendor()), [self.vendor])
        self.company_a.scm_vendor_choice = "landed"
        self._plan()
        self.assertEqual(list(self._by_vendor()), [self.other])
        why = self._orders(self.product)[0].why
        terms = {term["code"]: term["value"] for term in why["terms"]}
        self.assertLess(terms["choice_landed"], terms["Vendor"])
        self.assertGreater(terms["Vendor"], 9)

    def test_defects_count(self):
        self._history(self.vendor, count=8, returned=40)
        self._history(self.other, count=8)
        self.company_a.scm_vendor_choice = "landed"
        self._plan()
        self.assertEqual(list(self._by_vendor()), [self.other])

    def test_a_preferred_vendor_may_cost_more(self):
        self.company_a.write({"scm_vendor_choice": "landed", "scm_preference_rate": 6})
        with self._standing({self.other: ("preferred", 1.0)}):
            self._plan()
        self.assertEqual(list(self._by_vendor()), [self.other])
        self.company_a.scm_preference_rate = 2
        with self._standing({self.other: ("preferred", 1.0)}):
            self._plan()
        self.assertEqual(list(self._by_vendor()), [self.vendor])

    def test_shares_follow_the_grade(self):
        self.company_a.scm_vendor_split = True
        with self._standing({self.vendor: ("warn", 0.6)}):
            self._plan()
        shares = self._by_vendor()
        self.assertEqual(set(shares), {self.vendor, self.other})
        self.assertLessEqual(shares[self.vendor], 0.6 * sum(shares.values()) + 1e-6)
        self.assertGreater(shares[self.vendor], 0.3 * sum(shares.values()))
        labels = self.env["scm.why"].labels()
        order = self._orders(self.product).filtered(lambda order: order.vendor_id == self.vendor)[0]
        codes = {term["code"] for term in order.why["terms"]}
        self.assertIn("choice_share", codes)
        self.assertEqual([code for code in codes if code not in labels], ["Other vendor"])

    def test_nothing_of_the_plan_is_lost(self):
        self._plan()
        before = sum(self._by_vendor().values())
        self.company_a.scm_vendor_split = True
        with self._standing({self.vendor: ("warn", 0.5), self.other: ("normal", 0.7)}):
            self._plan()
        self.assertAlmostEqual(sum(self._by_vendor().values()), before)

    def test_running_twice_changes_nothing(self):
        self.company_a.scm_vendor_split = True
        with self._standing({self.vendor: ("warn", 0.6)}):
            self._plan()
            before = [(order.id, order.vendor_id, order.quantity) for order in self._orders(self.product)]
            self._plan()
        self.assertEqual(before, [(order.id, order.vendor_id, order.quantity) for order in self._orders(self.product)])

    def test_a_blocked_vendor_gets_nothing_while_another_sells(self):
        with self._standing({self.vendor: ("block", 0.0)}):
            self._plan()
        self.assertEqual(list(self._by_vendor()), [self.other])
        alone = self._create_product("Alone", vendor=self.vendor, price=8, delay=14)
        self._create_forecast({alone: 70, self.product: 70})
        with self._standing({self.vendor: ("block", 0.0)}):
            self._plan()
        self.assertEqual(list(self._by_vendor(alone)), [self.vendor])

    def test_capacity_of_the_week(self):
        self.company_a.scm_vendor_split = True
        self.env["scm.vendor.terms"].create(
            {"partner_id": self.vendor.id, "company_id": self.company_a.id, "weekly_capacity": 40}
        )
        self._plan()
        for order in self._orders(self.product).filtered(lambda order: order.vendor_id == self.vendor):
            self.assertLessEqual(order.quantity, 40)
        self.assertIn(self.other, self._by_vendor())

    def test_other_companies_are_as_they_were(self):
        self.company_b.scm_vendor_choice = "landed"
        self.assertEqual(self.company_a.scm_vendor_choice, "priority")
        self._plan()
        self.assertEqual(list(self._by_vendor()), [self.vendor])

    def test_settings_are_checked(self):
        with self.assertRaisesRegex(ValidationError, "between 0 and 50"), self.env.cr.savepoint():
            self.company_a.scm_preference_rate = 80
        self.company_a.invalidate_recordset()
        with self.assertRaisesRegex(ValidationError, "between 0 and 365"):
            self.company_a.scm_switch_days = -1

    def test_as_many_queries_for_many(self):
        self.company_a.write({"scm_vendor_choice": "landed", "scm_vendor_split": True})
        products = [self._create_product(f"P{number}", vendor=self.vendor, price=8, delay=14) for number in range(12)]
        for product in products:
            self._add_vendor(product, self.other, price=8.4, delay=14)
        self._create_forecast(dict.fromkeys(products, 70))
        self._plan()

        def count(some):
            self.env.invalidate_all()
            with self._at(self.TODAY):
                return self._query_count(lambda: self.env["scm.order.plan"]._refresh(self.company_a, some.ids))

        few, many = (self.env["product.product"].union(*products[:size]) for size in (2, 12))
        # once before, so that nothing is left to change
        for some in (few, many, few, many):
            count(some)
        self.assertEqual(count(few), count(many))
