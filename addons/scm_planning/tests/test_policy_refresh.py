"""Proposals: what is read, what comes out, and that it costs the same number of queries for many products."""

from datetime import timedelta

import numpy as np
from odoo.fields import Command
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestPolicyRefresh(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Steady", vendor=cls.vendor, price=8.0, delay=14)
        cls._set_class(cls.product, "A", "X")

    def test_levels_of_a_steady_product(self):
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertAlmostEqual(proposal.demand_day, 10.0, delta=0.5)
        self.assertEqual(proposal.lead_time_days, 14.0)
        self.assertEqual(proposal.lead_time_source, "typed")
        # three weeks of 70 are protected: 14 days lead time, 7 days review
        self.assertGreaterEqual(proposal.min_proposed, 210)
        self.assertLess(proposal.min_proposed, 300)
        self.assertGreaterEqual(proposal.max_proposed, proposal.min_proposed)
        self.assertAlmostEqual(proposal.safety_stock, proposal.min_proposed - 210, delta=8)
        self.assertEqual(proposal.min_proposed, int(proposal.min_proposed), "pieces are whole")
        self.assertEqual(proposal.state, "proposed")
        self.assertFalse(proposal.orderpoint_id)
        # nothing there, so all is to be ordered at the vendor's price
        self.assertEqual(proposal.qty_to_order, proposal.max_proposed)
        self.assertEqual(proposal.order_value, 8 * proposal.qty_to_order)
        self.assertEqual((proposal.vendor_id, proposal.abc, proposal.xyz), (self.vendor, "A", "X"))

    def test_why_names_the_terms(self):
        self._create_forecast({self.product: 70})
        self._create_rule(self.product, 5, 10)
        self._refresh()
        why = self._proposal(self.product).why
        terms = {term["code"]: term["value"] for term in why["terms"]}
        self.assertEqual(why["value"], terms["min_proposed"])
        self.assertEqual(terms["service_level"], 0.98)
        self.assertEqual(terms["protection_days"], 21.0)
        self.assertEqual((terms["min_current"], terms["max_current"]), (5, 10))
        self.assertLess(terms["service_now"], 0.01, "ten pieces do not last three weeks of seventy")
        self.assertIn("typed_lead_time", why["notes"])
        labels = self.env["scm.why"].labels()
        codes = [why["method"], why["formula"], *terms, *why["notes"], why["unit"], terms["lead_time_source"]]
        self.assertFalse([code for code in codes if code not in labels])

    def test_twice_is_once(self):
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        fields_kept = ["min_proposed", "max_proposed", "qty_to_order", "state", "why", "cash_effect"]
        before = proposal.read(fields_kept)
        self._refresh()
        self.assertEqual(self._proposal(self.product), proposal)
        self.assertEqual(proposal.read(fields_kept), before)

    def test_measured_lead_time_beats_typed(self):
        for week in range(8):
            day = self.TODAY - timedelta(weeks=20 - week)
            order = self._create_purchase([(self.product, 50)], day)
            self._receive(order, day + timedelta(days=30))
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertEqual(proposal.lead_time_source, "own")
        self.assertEqual(proposal.lead_time_sample, 8)
        self.assertGreater(proposal.lead_time_days, 25)

    def test_days_to_purchase_come_on_top(self):
        self.company_a.days_to_purchase = 3
        self._create_forecast({self.product: 70})
        self._refresh()
        self.assertEqual(self._proposal(self.product).lead_time_days, 17.0)

    def test_position_counts_receipts_quotations_and_customers(self):
        self._set_stock(self.product, 100)
        self._create_purchase([(self.product, 40)], self.TODAY, planned=self.TODAY + timedelta(days=9))
        self._create_purchase([(self.product, 30)], self.TODAY, confirm=False)
        self._create_sale([(self.product, 15)], self.TODAY)
        far = self._create_sale([(self.product, 500)], self.TODAY)
        far.picking_ids.move_ids.date = self._moment(self.TODAY + timedelta(days=300))
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertRecordValues(
            proposal,
            [{"on_hand": 100, "incoming": 40, "on_order_draft": 30, "outgoing": 15, "position": 155}],
        )
        self.assertEqual(proposal.qty_to_order, proposal.max_proposed - 155)

    def test_vendor_unit_and_minimum(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        seller = self.product.seller_ids
        seller.write({"product_uom_id": dozen.id, "min_qty": 50, "price": 96})
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertEqual(proposal.qty_to_order % 12, 0)
        self.assertGreaterEqual(proposal.qty_to_order, 600)
        self.assertAlmostEqual(proposal.order_value, 8 * proposal.qty_to_order, 2)
        self.assertIn("bound_moq", proposal.why["notes"])

    def test_vendor_that_odoo_would_choose(self):
        other = self.env["res.partner"].create({"name": "Other vendor"})
        self.product.seller_ids = [
            Command.create({"partner_id": other.id, "price": 1.0, "delay": 3, "sequence": 5}),
            Command.create({"partner_id": self.vendor.id, "price": 7.0, "delay": 14, "min_qty": 100, "sequence": 1}),
        ]
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        expected = self.product.with_company(self.company_a)._select_seller(
            quantity=proposal.qty_to_order, date=self.TODAY, uom_id=self.product.uom_id
        )
        self.assertEqual(proposal.supplierinfo_id, expected)
        self.assertEqual(proposal.order_value, 7 * proposal.qty_to_order)

    def test_foreign_currency(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company_a.id, "rate": 2.0, "name": "2026-01-01"}
        )
        self.product.seller_ids.write({"currency_id": usd.id, "price": 8.0})
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertAlmostEqual(proposal.order_value, 4 * proposal.qty_to_order, 2)

    def test_without_vendor_and_without_lead_time(self):
        nobody = self._create_product("Nobody sells it")
        never = self._create_product("Never bought", vendor=self.vendor, delay=0)
        self._create_forecast({nobody: 7, never: 7})
        self._refresh()
        self.assertRecordValues(
            self._proposal(nobody) + self._proposal(never),
            [
                {"state": "blocked", "blocked_reason": "no_vendor", "supply": "none"},
                {"state": "blocked", "blocked_reason": "no_lead_time", "supply": "buy"},
            ],
        )

    def test_unit_that_cannot_be_converted(self):
        self.product.seller_ids.product_uom_id = self.env.ref("uom.product_uom_kgm")
        self._create_forecast({self.product: 70})
        self._refresh()
        self.assertEqual(self._proposal(self.product).blocked_reason, "unit_mismatch")

    def test_policy_given_by_hand_and_not_stocked(self):
        policy = self.env["scm.inventory.policy"].create(
            {"name": "To order only", "company_id": self.company_a.id, "stocked": False}
        )
        self.product.with_company(self.company_a).scm_policy_id = policy
        self._create_rule(self.product, 5, 10)
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertRecordValues(
            proposal, [{"policy_id": policy.id, "min_proposed": 0, "max_proposed": 0, "state": "proposed"}]
        )
        self.assertIn("item_policy", proposal.why["notes"])

    def test_stock_without_forecast_has_a_row(self):
        self._set_stock(self.product, 3)
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertEqual((proposal.on_hand, proposal.min_proposed), (3, 0))
        self.assertIn("no_forecast", proposal.why["notes"])

    def test_row_goes_with_its_reason(self):
        run = self._create_forecast({self.product: 70})
        self._refresh()
        self.assertTrue(self._proposal(self.product))
        self.product.active = False
        self._refresh()
        self.assertFalse(self._proposal(self.product))
        self.assertTrue(run.exists())

    def test_companies_stay_apart(self):
        theirs = self._create_product("Theirs", vendor=self.vendor)
        self._create_forecast({self.product: 70})
        self._create_forecast({theirs: 7}, company=self.company_b)
        self._refresh()
        self._refresh(self.company_b)
        self.assertEqual(self._proposal(theirs, self.warehouse_b).company_id, self.company_b)
        self.assertEqual(self._proposal(theirs, self.warehouse_b).currency_id.name, "JPY")
        self.assertTrue(self._proposal(self.product), "the refresh of one company leaves the other alone")
        seen = self.env["scm.policy.proposal"].with_user(self.planner).search([])
        self.assertEqual(seen.company_id, self.company_a)

    def test_only_some_products(self):
        other = self._create_product("Other", vendor=self.vendor)
        self._create_forecast({self.product: 70, other: 70})
        self._refresh()
        self._set_stock(self.product, 1000)
        self._set_stock(other, 1000)
        self._refresh(product_ids=self.product.ids)
        self.assertEqual(self._proposal(self.product).on_hand, 1000)
        self.assertEqual(self._proposal(other).on_hand, 0)

    def test_new_company_has_its_matrix(self):
        policies = self.env["scm.inventory.policy"].search([("company_id", "=", self.company_b.id)])
        self.assertEqual(len(policies), 9)
        self.env["scm.inventory.policy"]._ensure_defaults(self.company_b)
        self.assertEqual(self.env["scm.inventory.policy"].search_count([("company_id", "=", self.company_b.id)]), 9)

    def test_same_number_of_queries_for_many(self):
        few = [self._create_product(f"Few {number}", vendor=self.vendor) for number in range(10)]
        self._create_forecast({product: 7 + number for number, product in enumerate(few)})
        self._refresh()
        small = self._query_count(self._refresh)
        many = [self._create_product(f"Many {number}", vendor=self.vendor) for number in range(90)]
        self._create_forecast(dict.fromkeys(few + many, 7))
        self._refresh()
        self.assertEqual(self._query_count(self._refresh), small)

    def test_stock_for_millennia_runs_out_on_no_day(self):
        today = np.full(4, np.datetime64("2026-11-23"))
        days = self.env["scm.policy.row"]._dates(today, np.array([1.0, np.nan, 9.6e6, np.inf]))
        self.assertEqual(days.tolist(), ["2026-11-24", None, None, None])
