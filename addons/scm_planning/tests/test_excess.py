"""Excess stock: what is too much, what to do with it, and what accepting a step makes in Odoo."""

import xmlrpc.client
from datetime import timedelta

import numpy as np
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestExcess(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider = cls._create_user(
            "decider", "scm_base.scm_group_manager", "stock.group_stock_manager", "purchase.group_purchase_user"
        )
        cls.product = cls._create_product("Steady", vendor=cls.vendor, delay=14)
        cls._set_class(cls.product, "A", "X")

    def _find(self, company=None, day=None):
        company = company or self.company_a
        self._refresh(company, day)
        with self._at(day or self.TODAY, company=company):
            self.env["scm.excess"]._refresh(company)

    def _excess(self, product=None, warehouse=None):
        return self.env["scm.excess"].search(
            [
                ("product_id", "=", (product or self.product).id),
                ("warehouse_id", "=", (warehouse or self.warehouse_a).id),
            ]
        )

    def _step(self, kind, product=None):
        return self._excess(product).action_ids.filtered(lambda step: step.kind == kind and step.state == "proposed")

    def _second_warehouse(self):
        return self.env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": self.company_a.id})

    def _sums(self, excess):
        steps = excess.action_ids.filtered(lambda step: step.state in ("proposed", "accepted"))
        return sum(steps.mapped("quantity"))

    def test_steps_add_up_to_the_excess(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        excess = self._excess()
        self.assertAlmostEqual(excess.excess_quantity, self._proposal(self.product).excess_quantity)
        self.assertEqual(self._sums(excess), excess.excess_quantity)
        self.assertEqual(excess.excess_value, excess.excess_quantity * 10)
        self.assertGreater(self._step("markdown").cash, 0)
        self.assertIn("markdown", excess.best_kind)

    def test_twice_is_the_same(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        before = {step.key: (step.id, step.quantity, step.cash) for step in self._excess().action_ids}
        row = self._excess().id
        self._find()
        self.assertEqual({step.key: (step.id, step.quantity, step.cash) for step in self._excess().action_ids}, before)
        self.assertEqual(self._excess().id, row)

    def test_nothing_too_much_is_no_row(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 100)
        self._find()
        self.assertFalse(self._excess())
        self._set_stock(self.product, 2000)
        self._find()
        self.assertTrue(self._excess())
        self._set_stock(self.product, 100)
        self._find()
        self.assertFalse(self._excess())

    def test_age_is_first_in_first_out(self):
        self._create_forecast({self.product: 70})
        for days, quantity in ((400, 100), (200, 700), (30, 1500)):
            self._set_stock(self.product, quantity, day=self.TODAY - timedelta(days=days))
        self._find()
        excess = self._excess()
        # received: 100, then 600, then 800; all of it is still here
        self.assertEqual(
            (excess.age_90, excess.age_180, excess.age_365, excess.age_older), (800, 0, 600, 100)
        )
        self.assertEqual(excess.aged_value, 7000)

    def test_dead_stock_is_all_excess(self):
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 12, day=self.TODAY - timedelta(days=500))
        self._find()
        excess = self._excess()
        self.assertTrue(excess.dead)
        self.assertEqual((excess.excess_quantity, excess.best_kind), (12, "write_off"))
        self.assertEqual(excess.days_to_sell, 9999)

    def test_quotation_is_cut_at_once_and_put_back(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        order = self._create_purchase([(self.product, 300)], self.TODAY, confirm=False)
        self._find()
        step = self._step("cancel")
        self.assertEqual((step.quantity, step.purchase_line_id), (300, order.order_line))
        self.assertEqual(step.sequence, 1, "orders come before anything is sold")
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.decider, step).accept(), 1)
        self.assertEqual((order.order_line.product_qty, step.state), (0, "done"))
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.decider, step).undo(), 1)
        self.assertEqual((order.order_line.product_qty, step.state), (300, "cancelled"))
        self.assertEqual(self._sums(self._excess()), self._excess().excess_quantity)

    def test_confirmed_order_waits_and_the_promise_moves(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 700)
        promised = self.TODAY + timedelta(days=10)
        order = self._create_purchase([(self.product, 100)], self.TODAY - timedelta(days=3), planned=promised)
        self._find()
        step = self._step("postpone")
        self.assertEqual((step.quantity, step.purchase_line_id), (100, order.order_line))
        self.assertGreater(step.date, promised)
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
        line = order.order_line
        self.assertEqual((line.scm_promise_date, line.scm_promise_original), (step.date, promised))
        self.assertEqual(self.env["scm.purchase.promise"].search([("line_id", "=", line.id)]).requested_by, "us")
        self.assertIn(self.product.name, order.activity_ids.note)
        with self._at(self.TODAY):
            self._as(self.decider, step).undo()
        self.assertEqual(line.scm_promise_date, promised)
        self.assertFalse(order.activity_ids)

    def test_vendor_is_asked_to_cancel_what_is_never_needed(self):
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 50)
        order = self._create_purchase([(self.product, 40)], self.TODAY, planned=self.TODAY + timedelta(days=20))
        self._find()
        step = self._step("cancel")
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
            self._find()
        self.assertEqual((step.state, order.order_line.product_qty), ("accepted", 40), "a person changes the order")
        self.assertFalse(self._step("cancel"), "the vendor is asked once")
        self.assertEqual(self._sums(self._excess()), self._excess().excess_quantity)
        composer = step.action_write_vendor()
        self.assertEqual(composer["context"]["default_res_ids"], order.ids)
        order.order_line.product_qty = 0
        self._find()
        self.assertEqual(step.state, "done")

    def test_transfer_to_who_needs_it(self):
        second = self._second_warehouse()
        self._create_forecast({(self.product, self.warehouse_a): 7, (self.product, second): 70})
        self._set_stock(self.product, 500)
        self._find()
        step = self._step("transfer")
        self.assertEqual(step.target_warehouse_id, second)
        self.assertFalse(self._excess(warehouse=second))
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
        picking = self.env["stock.picking"].browse(step.res_id)
        self.assertEqual((picking.state, picking.move_ids.product_uom_qty), ("draft", step.quantity))
        ends = (self.warehouse_a.lot_stock_id, second.lot_stock_id)
        self.assertEqual((picking.location_id, picking.location_dest_id), ends)
        with self._at(self.TODAY):
            self._as(self.decider, step).undo()
        self.assertEqual((picking.state, step.state), ("cancel", "cancelled"))

    def test_done_when_the_document_is(self):
        self.product.seller_ids.write({"scm_return_percent": 0.9})
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 20)
        self._find()
        step = self._step("vendor_return")
        self.assertEqual((step.quantity, step.cash, step.cost), (20, 180, 6))
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
        picking = self.env["stock.picking"].browse(step.res_id)
        self.assertEqual(picking.location_dest_id.usage, "supplier")
        picking.action_confirm()
        self._validate(picking, self.TODAY)
        self._find()
        self.assertEqual((step.state, self._excess().state, self._excess().excess_quantity), ("done", "done", 0))
        with self.assertRaisesRegex(UserError, "return it in Odoo"):
            step._undo_vendor_return()

    def test_return_only_within_the_vendors_days(self):
        self.product.seller_ids.write({"scm_return_percent": 0.9, "scm_return_days": 60})
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 15, day=self.TODAY - timedelta(days=100))
        self._set_stock(self.product, 20, day=self.TODAY - timedelta(days=10))
        self._find()
        self.assertEqual(self._step("vendor_return").quantity, 5)
        self.assertEqual(self._step("write_off").quantity, 15)

    def test_markdown_moves_no_price_before_the_list_is_active(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        step = self._step("markdown")
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
        rule = self.env["product.pricelist.item"].browse(step.res_id)
        self.assertFalse(rule.pricelist_id.active)
        self.assertAlmostEqual(rule.fixed_price, 25 * (1 - step.discount))
        self.assertEqual(rule.date_end.date(), step.date)
        self.assertFalse(step.event_id.active, "a proposal: the forecast does not count on it")
        self.assertEqual(step.event_id.product_ids, self.product)
        self.assertGreater(step.event_id.expected_uplift, 0)
        self.assertEqual(self._excess().state, "accepted" if not self._step("write_off") else "open")
        event = step.event_id
        with self._at(self.TODAY):
            self._as(self.decider, step).undo()
        self.assertFalse(rule.exists() or event.exists())

    def test_markdown_needs_the_right_where_prices_move(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        self.company_a._scm_clearance_pricelist().active = True
        with self.assertRaisesRegex(AccessError, "price lists"):
            self._as(self.decider, self._step("markdown")).accept()

    def test_document_needs_odoos_own_right(self):
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 12)
        self._find()
        with self.assertRaisesRegex(AccessError, "scrap stock"):
            self._as(self.manager, self._step("write_off")).accept()

    def test_write_off_is_accepted_alone_and_as_a_draft(self):
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 12)
        self._find()
        self.assertEqual(self._as(self.decider, self._excess()).accept_steps(), 0)
        step = self._step("write_off")
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
        scrap = self.env["stock.scrap"].browse(step.res_id)
        self.assertEqual((scrap.state, scrap.scrap_qty, self._excess().state), ("draft", 12, "accepted"))
        self.assertEqual(self._as(self.decider, step).accept(), 0, "once")
        with self._at(self.TODAY):
            self._as(self.decider, step).undo()
        self.assertFalse(scrap.exists())

    def test_bundle_with_what_it_is_bought_with(self):
        partner = self._create_product("Good seller", vendor=self.vendor, delay=14)
        other = self._create_product("Other")
        for number in range(8):
            day = self.TODAY - timedelta(days=20 + number)
            self._create_sale([(self.product, 1), (partner, 1)], day)
            self._create_sale([(other, 1)], day)
        self._create_forecast({self.product: 7, partner: 700})
        self._set_stock(self.product, 2000)
        self._find()
        step = self._step("bundle")
        self.assertEqual(step.bundle_product_id, partner)
        terms = {term["code"]: term["value"] for term in step.why["terms"]}
        self.assertEqual((terms["rung_joint_orders"], terms["rung_attach"], terms["rung_lift"]), (8, 1, 2))
        with self._at(self.TODAY):
            self._as(self.decider, step).accept()
        self.assertIn(self.product.product_tmpl_id, partner.optional_product_ids)
        with self._at(self.TODAY):
            self._as(self.decider, step).undo()
        self.assertNotIn(self.product.product_tmpl_id, partner.optional_product_ids)

    def test_dismissed_until_it_grows(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        with self.assertRaisesRegex(UserError, "Say why"):
            self._as(self.decider, self._excess()).dismiss("  ")
        self._as(self.decider, self._excess()).dismiss("running contract")
        self._set_stock(self.product, 2100)
        self._find()
        self.assertEqual(self._excess().state, "dismissed")
        self._set_stock(self.product, 3000)
        self._find()
        self.assertEqual(self._excess().state, "open")

    def test_rights(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        excess = self._excess()
        self.assertEqual(self._as(self.planner, excess).get_excess_item()["excess"], excess.excess_quantity)
        for call in (
            lambda: self._as(self.planner, excess).accept_steps(),
            lambda: self._as(self.planner, excess).dismiss("no"),
            lambda: self._as(self.planner, excess.action_ids).accept(),
            lambda: self._as(self.planner, self.env["scm.excess"]).refresh_excess(),
            lambda: self._as(self.manager, excess).write({"state": "done"}),
            lambda: self._as(self.outsider, self.env["scm.excess"]).get_excess_summary(),
            lambda: self._as(self.outsider, excess).get_excess_item(),
            lambda: self._as(self.planner_b, excess).get_excess_item(),
            lambda: self._as(self.manager, self.env["scm.excess"]).refresh_excess(self.company_b.id),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_two_companies(self):
        other = self._create_product("Tokyo", vendor=self.vendor, delay=14)
        self._create_forecast({self.product: 70})
        self._create_forecast({other: 70}, company=self.company_b)
        self._set_stock(self.product, 2000)
        self._set_stock(other, 2000, warehouse=self.warehouse_b)
        self._find()
        self._find(self.company_b)
        self.assertTrue(self._excess() and self._excess(other, self.warehouse_b))
        self.assertEqual(self._excess(other, self.warehouse_b).currency_id.name, "JPY")
        summary = self._as(self.planner, self.env["scm.excess"]).get_excess_summary()
        self.assertEqual(summary["totals"]["items"], 1)

    def test_units_of_the_vendor(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 100)
        order = self._create_purchase([(self.product, 1)], self.TODAY, confirm=False)
        order.order_line.write({"product_uom_id": dozen.id, "product_qty": 2, "price_unit": 60})
        self._find()
        step = self._step("cancel")
        self.assertEqual((step.quantity, step.cash), (24, 120))

    def test_settings_refuse_what_cannot_be(self):
        for values in (
            {"scm_markdown_most": 1.2}, {"scm_markdown_weeks": 0}, {"scm_transfer_percent": -0.1},
            {"scm_salvage_percent": 2},
        ):  # fmt: skip
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company_a.write(values)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.product.seller_ids.scm_return_percent = 3
            self.env.flush_all()

    def test_answers_travel_over_rpc(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._find()
        for answer in (self.env["scm.excess"].get_excess_summary(), self._excess().get_excess_item()):
            xmlrpc.client.dumps((answer,), allow_none=False)

    def test_same_number_of_queries_for_many(self):
        few = [self._create_product(f"Few {number}", vendor=self.vendor) for number in range(5)]
        many = [self._create_product(f"Many {number}", vendor=self.vendor) for number in range(15)]
        for product in few + many:
            self._set_stock(product, 500)
        self._create_forecast(dict.fromkeys(few, 7))
        self._refresh()
        self.env["scm.excess"]._refresh(self.company_a)
        small = self._query_count(self.env["scm.excess"]._refresh, self.company_a)
        self._create_forecast(dict.fromkeys(few + many, 7))
        self._refresh()
        self.env["scm.excess"]._refresh(self.company_a)
        self.assertEqual(len(self.env["scm.excess"].search([("company_id", "=", self.company_a.id)])), 20)
        self.assertEqual(self._query_count(self.env["scm.excess"]._refresh, self.company_a), small)
