"""The order plan: what is read, what comes out, what people decide, and that it costs as many queries for many."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import scm_order_plan_refresh
from .policy_common import PolicyCase


class PlanCase(PolicyCase):
    """PolicyCase with :meth:`_plan`, :meth:`_row` and a product that sells 70 a week (``product``)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Steady", vendor=cls.vendor, price=8.0, delay=14)
        cls._set_class(cls.product, "A", "X")

    @classmethod
    def _plan(cls, company=None, day=None, product_ids=None, policy=True):
        company = company or cls.company_a
        with cls._at(day or cls.TODAY, company=company):
            if policy:
                cls.env["scm.policy.proposal"]._refresh(company, product_ids)
            return cls.env["scm.order.plan"]._refresh(company, product_ids)

    @classmethod
    def _item(cls, product, warehouse=None):
        return cls.env["scm.order.plan.item"].search(
            [("product_id", "=", product.id), ("warehouse_id", "=", (warehouse or cls.warehouse_a).id)]
        )

    @classmethod
    def _row(cls, product, warehouse=None):
        item = cls._item(product, warehouse)
        return item.plan_id._grid_rows(item)[0]

    @classmethod
    def _orders(cls, product, **values):
        domain = [("product_id", "=", product.id), *((name, "=", value) for name, value in values.items())]
        return cls.env["scm.planned.order"].search(domain, order="date_receipt, id")

    @classmethod
    def _second_warehouse(cls, **values):
        return cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "WH2X", "company_id": cls.company_a.id, **values}
        )


@tagged("post_install", "-at_install")
class TestOrderPlan(PlanCase):
    def test_terms_of_a_steady_product(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        row, item = self._row(self.product), self._item(self.product)
        self.assertEqual(row["opening"], 400)
        self.assertAlmostEqual(sum(row["terms"]["forecast"][:4]), 280, delta=6)
        first = next(week for week, quantity in enumerate(row["terms"]["planned"]) if quantity)
        self.assertTrue(all(row["closing"][week] >= item.safety_stock - 0.5 for week in range(len(row["closing"]))))
        order = self._orders(self.product)[0]
        self.assertEqual((order.kind, order.state, order.vendor_id), ("buy", "proposed", self.vendor))
        self.assertEqual(order.date_receipt, item.plan_id.date_from + timedelta(weeks=first))
        self.assertEqual(order.date_order, order.date_receipt - timedelta(days=14))
        self.assertEqual(order.value, 8 * order.quantity)
        self.assertFalse(item.late)

    def test_why_has_words(self):
        self._create_forecast({self.product: 70})
        self._create_purchase([(self.product, 30)], self.TODAY, planned=self.TODAY + timedelta(days=20))
        self._plan()
        labels = self.env["scm.why"].labels()
        whys = [self._item(self.product).why, *self._orders(self.product).mapped("why")]
        whys.append(self.env["scm.order.plan"].get_cell(self._item(self.product).id, 3)["why"])
        codes = {code for why in whys for code in (why["method"], why["formula"], *why["notes"])}
        codes |= {term["code"] for why in whys for term in why["terms"]}
        self.assertFalse([code for code in codes if code not in labels])

    def test_open_receipt_at_its_likely_day(self):
        for week in range(9):
            day = self.TODAY - timedelta(weeks=30 - week)
            order = self._create_purchase([(self.product, 50)], day, planned=day + timedelta(days=10))
            self._receive(order, day + timedelta(days=31))
        self._create_purchase([(self.product, 500)], self.TODAY, planned=self.TODAY + timedelta(days=7))
        self._create_forecast({self.product: 7})
        self._plan()
        # promised in week 1, three weeks late nine times
        receipts = self._row(self.product)["terms"]["receipts"]
        self.assertEqual(receipts.index(500), 4)

    def test_orders_taken_consume_the_forecast(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 1000)
        self._plan()
        before = self._row(self.product)
        sale = self._create_sale([(self.product, 50)], self.TODAY)
        sale.picking_ids.move_ids.date = self._moment(self.TODAY + timedelta(days=15))
        self._plan()
        after = self._row(self.product)
        self.assertEqual(after["terms"]["orders"][2], 50)
        self.assertAlmostEqual(after["terms"]["forecast"][2], before["terms"]["forecast"][2] - 50, 2)
        self.assertAlmostEqual(after["closing"][-1], before["closing"][-1], 2)

    def test_quotation_counts_once(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 200)
        self._plan()
        planned = sum(self._row(self.product)["terms"]["planned"])
        self._create_purchase([(self.product, 300)], self.TODAY, planned=self.TODAY + timedelta(days=21), confirm=False)
        self._plan()
        row = self._row(self.product)
        self.assertEqual(sum(row["terms"]["draft"]), 300)
        self.assertAlmostEqual(sum(row["terms"]["planned"]), planned - 300, delta=75)

    def test_cannot_be_saved(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 35)
        self._plan()
        item, first = self._item(self.product), self._orders(self.product)[0]
        self.assertTrue(item.late and first.late)
        self.assertAlmostEqual(item.late_quantity, 105, delta=4)
        self.assertAlmostEqual(item.margin_at_risk, item.late_quantity * 15, 0)
        self.assertEqual(item.remedy, "tell")
        self.assertEqual(first.date_order, self.TODAY)
        self.assertIn("plan_late", first.why["notes"])
        alternative = self._create_product("Other colour")
        self.product.product_tmpl_id.optional_product_ids = alternative.product_tmpl_id
        self._set_stock(alternative, 1000)
        self._plan()
        self.assertEqual(self._item(self.product).remedy, "substitute")
        with patch.object(scm_order_plan_refresh, "PRODUCTS_AT_ONCE", 2):
            between = [self._create_product(f"Between {number}", vendor=self.vendor) for number in range(3)]
            self._create_forecast({self.product: 70} | dict.fromkeys(between, 7))
            self._plan()
        # the substitute is seen although a large company is planned in parts
        self.assertEqual(self._item(self.product).remedy, "substitute")

    def test_what_saves_it_is_named(self):
        second = self._second_warehouse()
        alternative = self._create_product("Other colour")
        self.product.product_tmpl_id.optional_product_ids = alternative.product_tmpl_id
        # the plan itself may move nothing between them, so that it is left to people
        self.company_a.scm_plan_transfers = "routes"
        self._create_forecast({self.product: 70, (self.product, second): 1})
        self._set_stock(self.product, 35)
        self._set_stock(self.product, 9, warehouse=second)
        self._set_stock(alternative, 1000)
        order = self._create_purchase([(self.product, 60)], self.TODAY, planned=self.TODAY + timedelta(days=12))
        self._plan()
        item = self._item(self.product)
        terms = {term["code"]: term["value"] for term in item.why["terms"]}
        self.assertTrue(item.late)
        self.assertRegex(terms["plan_expedite_orders"], rf"^{order.name}: 60 \(2026-12-0\d\)$")
        self.assertEqual(terms["plan_substitute_by"], "Other colour")
        self.assertEqual(terms["plan_transfer_from"], "Second")
        [late] = self._orders(self.product, late=True)
        told = {term["code"]: term["value"] for term in late.why["terms"]}
        self.assertEqual(told["plan_substitute_by"], "Other colour")

    def test_surplus_before_buying(self):
        second = self._second_warehouse()
        self._create_forecast({self.product: 70, (self.product, second): 7})
        self._set_stock(self.product, 250)
        self._set_stock(self.product, 900, warehouse=second)
        self._plan()
        moves = self._orders(self.product, kind="transfer")
        self.assertTrue(moves)
        self.assertEqual(moves.source_warehouse_id, second)
        self.assertEqual(moves.warehouse_id, self.warehouse_a)
        buys = self._orders(self.product, kind="buy", warehouse_id=self.warehouse_a.id)
        self.assertLess(moves[0].date_receipt, buys[0].date_receipt)
        there, here = self._row(self.product, second), self._row(self.product)
        self.assertAlmostEqual(sum(there["terms"]["transfer_out"]), sum(here["terms"]["transfer_in"]))
        self.company_a.scm_plan_transfers = "routes"
        self._plan()
        self.assertFalse(self._orders(self.product, kind="transfer"))

    def test_resupply_route_and_circle(self):
        second = self._second_warehouse(resupply_wh_ids=[Command.set(self.warehouse_a.ids)])
        self.product.route_ids = second.resupply_route_ids
        self._create_forecast({(self.product, second): 70})
        self._plan()
        branch, central = self._item(self.product, second), self._row(self.product)
        self.assertEqual((branch.supply, branch.source_warehouse_id), ("transfer", self.warehouse_a))
        self.assertGreater(sum(central["terms"]["dependent"]), 1000)
        self.assertGreater(sum(central["terms"]["planned"]), 1000, "the warehouse without sales of its own buys")
        self.warehouse_a.resupply_wh_ids = second
        self.product.route_ids += self.warehouse_a.resupply_route_ids
        self._plan()
        self.assertEqual(self._item(self.product, second).problem, "circular_transfer")
        self.assertEqual(self._item(self.product, second).supply, "buy")
        self.assertTrue(self._orders(self.product, warehouse_id=second.id, kind="buy"))

    def test_lead_times_of_0_and_400_days_and_no_vendor(self):
        now = self._create_product("Now", vendor=self.vendor, delay=0)
        far = self._create_product("Far", vendor=self.vendor, delay=400)
        nobody = self._create_product("Nobody sells it")
        self._create_forecast({now: 70, far: 7, nobody: 7})
        self._set_stock(far, 7 * 62)
        self._plan()
        self.assertRecordValues(
            self._item(now) + self._item(nobody), [{"problem": "no_lead_time"}, {"problem": "no_vendor"}]
        )
        self.assertTrue(self._orders(far)[0].date_order <= self.TODAY + timedelta(weeks=8))
        self.assertEqual(self._orders(far)[0].date_receipt - self._orders(far)[0].date_order, timedelta(days=400))
        self.assertFalse(self._orders(nobody))
        self.assertTrue(self._item(nobody).stock_out)

    def test_minimum_above_the_maximum_stock_and_price_break(self):
        self.product.seller_ids.min_qty = 5000
        self._create_forecast({self.product: 70})
        self._plan()
        self.assertTrue(self._item(self.product).moq_above_max)
        self.assertGreaterEqual(self._orders(self.product)[0].quantity, 5000)
        self.product.seller_ids.min_qty = 0
        cheaper = {"partner_id": self.vendor.id, "price": 5, "delay": 14, "min_qty": 300}
        self.product.seller_ids = [Command.create(cheaper)]
        self._plan()
        order = self._orders(self.product)[1]
        self.assertGreaterEqual(order.quantity, 300)
        self.assertEqual(order.price_unit, 5.0)

    def test_shut_down_pulls_orders_forward(self):
        self.env["scm.event"].create(
            {
                "name": "Closed", "kind": "shutdown", "source": "manual", "partner_ids": [Command.set(self.vendor.ids)],
                "company_id": self.company_a.id,
                "occurrence_ids": [Command.create({"date_start": "2027-02-01", "date_end": "2027-02-28"})],
            }
        )  # fmt: skip
        self._create_forecast({self.product: 70})
        self._plan()
        for order in self._orders(self.product):
            self.assertFalse(str(order.date_order)[:7] == "2027-02", "nobody takes orders while he is closed")
        early = self._orders(self.product).filtered(lambda order: "plan_pulled_forward" in order.why["notes"])
        self.assertEqual(len(early), 1)
        self.assertLessEqual(str(early.date_receipt), "2027-02-01")
        self.assertGreater(early.quantity, 4 * 70, "what is needed while he is closed comes before")

    # Planning again

    def test_twice_is_once_and_ids_stay(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        orders = self._orders(self.product)
        self.assertEqual(set(orders.mapped("change_code")), {"new"})
        self._plan()
        self.assertEqual(self._orders(self.product), orders)
        self.assertEqual(set(orders.mapped("change_code")), {"same"})
        stamp = "2020-01-01 00:00:00"
        self.env.cr.execute("UPDATE scm_planned_order SET write_date = %s", [stamp])
        self._plan()
        self.env.invalidate_all()
        self.assertEqual({str(order.write_date) for order in orders}, {stamp}, "nothing changed, nothing is written")

    def test_change_says_what_was_before(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        first = self._orders(self.product)[0]
        quantity = first.quantity
        sale = self._create_sale([(self.product, 500)], self.TODAY)
        sale.picking_ids.move_ids.date = self._moment(first.date_receipt)
        self._plan()
        self.assertTrue(first.exists())
        self.assertEqual(first.change_code, "quantity")
        self.assertEqual(first.quantity_before, quantity)
        self.assertIn("plan_change_quantity", first.why["notes"])

    def test_only_some_products_and_totals(self):
        other = self._create_product("Other", vendor=self.vendor)
        self._create_forecast({self.product: 70, other: 70})
        self._plan()
        self._set_stock(self.product, 5000)
        self._set_stock(other, 5000)
        self._plan(product_ids=self.product.ids)
        self.assertEqual((self._item(self.product).opening, self._item(other).opening), (5000, 0))
        partly = dict(self._item(other).plan_id.totals)
        self._set_stock(other, 0)
        self._plan()
        whole = self._item(other).plan_id.totals
        for name, values in whole.items():
            for week, value in enumerate(values):
                self.assertAlmostEqual(partly[name][week], value, delta=0.5)

    def test_a_large_company_in_parts_gives_the_same_plan(self):
        products = self.product + self._create_product("Other", vendor=self.vendor)
        products += self._create_product("Third", vendor=self.vendor)
        self._create_forecast(dict.fromkeys(products, 70))
        self._plan()
        plan = self._item(self.product).plan_id
        whole, ids = dict(plan.totals), self._orders(products[0]).ids
        with patch.object(scm_order_plan_refresh, "PRODUCTS_AT_ONCE", 1):
            self._plan(policy=False)
            self.assertEqual(self._orders(products[0]).ids, ids)
            for name, values in whole.items():
                for week, value in enumerate(values):
                    self.assertAlmostEqual(plan.totals[name][week], value, delta=0.5)
            products[2].active = False
            self._plan(policy=False)
        self.assertFalse(self._item(products[2]) or self._orders(products[2]))
        self.assertEqual(plan.item_count, 2)

    def test_companies_stay_apart(self):
        theirs = self._create_product("Theirs", vendor=self.vendor)
        self._create_forecast({self.product: 70})
        self._create_forecast({theirs: 7}, company=self.company_b)
        self._plan()
        self._plan(self.company_b)
        self.assertEqual(self._item(theirs, self.warehouse_b).currency_id.name, "JPY")
        for model in ("scm.order.plan", "scm.order.plan.item", "scm.planned.order"):
            seen = self._as(self.planner, self.env[model]).search([])
            self.assertEqual(seen.company_id, self.company_a)
        grid = self._as(self.planner, self.env["scm.order.plan"]).get_grid(company_id=self.company_b.id)
        self.assertFalse(grid["plan"])

    def test_same_number_of_queries_for_many(self):
        few = [self._create_product(f"Few {number}", vendor=self.vendor) for number in range(8)]
        self._create_forecast({product: 7 + number for number, product in enumerate(few)})
        self._plan()
        plan = self.env["scm.order.plan"]._refresh
        with self._at(self.TODAY):
            small = self._query_count(plan, self.company_a)
        many = [self._create_product(f"Many {number}", vendor=self.vendor) for number in range(40)]
        self._create_forecast(dict.fromkeys(few + many, 7))
        self._plan()
        with self._at(self.TODAY):
            self.assertLessEqual(self._query_count(plan, self.company_a), small)

    def test_step_of_the_run_and_alert(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 35)
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "refresh")
            run._process()
        self.assertEqual(run.state, "done", run.message)
        self.assertTrue(self._item(self.product))
        alert = self.env["scm.alert"].search([("type_id.code", "=", "planning_order_now")])
        self.assertEqual(alert.partner_id, self.vendor)
        self.assertGreater(alert.money_at_stake, 0)

    # What people decide

    def _as_manager(self, records):
        return self._as(self.manager, records)

    def test_firm_order_is_kept(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        order = self._orders(self.product)[0]
        with self._at(self.TODAY):
            self._as_manager(order).change(quantity=999.0, reason="Sale in spring")
        self.assertEqual((order.state, order.quantity, order.reason), ("firm", 999, "Sale in spring"))
        self.assertEqual((order.value, order.user_id), (8 * 999, self.manager))
        later = self._row(self.product)["terms"]["planned"]
        self.assertEqual(max(later), 999, "the plan of the product was made again at once")
        self._set_stock(self.product, 5000)
        self._plan()
        self.assertEqual(self._orders(self.product), order, "firm orders stay, proposed ones go")
        with self._at(self.TODAY):
            self.assertEqual(self._as_manager(order).reopen(), 1)
        self.assertFalse(order.exists())

    def test_cancelled_order_is_not_proposed_again(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        order = self._orders(self.product)[0]
        with self._at(self.TODAY):
            self._as_manager(order).cancel_orders("Too much")
        self.assertEqual(order.state, "cancelled")
        live = self._orders(self.product, state="proposed")
        self.assertGreater(live[0].date_receipt, order.date_receipt + timedelta(days=6))
        self._plan()
        self.assertEqual(order.state, "cancelled")

    def test_cell_of_the_grid(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        plans = self._as_manager(self.env["scm.order.plan"])
        item = self._item(self.product)
        with self._at(self.TODAY):
            rows = plans.set_planned(item.id, 6, 123, "Container")
        self.assertEqual(rows[0]["terms"]["planned"][6], 123)
        order = self._orders(self.product, state="firm")
        self.assertEqual((order.quantity, order.kind, order.vendor_id), (123, "buy", self.vendor))
        with self._at(self.TODAY):
            rows = plans.set_planned(item.id, 6, 0)
        self.assertEqual(rows[0]["terms"]["planned"][6], 0)
        for bad in (-1, "12", True, float("nan"), 1e15):
            with self.assertRaises(ValidationError):
                plans.set_planned(item.id, 6, bad)
        for week in (-1, 26, "3"):
            with self.assertRaises(ValidationError):
                plans.set_planned(item.id, week, 5)
        with self._at(self.TODAY), self.assertRaisesRegex(UserError, "Steady"):
            plans.set_planned(item.id, 0, 5)

    def test_filters(self):
        other = self._create_product("Blue other", vendor=self.vendor)
        self._create_forecast({self.product: 70, other: 70})
        self._set_stock(other, 5000)
        self._plan()
        plans = self._as(self.planner, self.env["scm.order.plan"])
        self.assertEqual(plans.get_grid({"search": "blue"})["total"], 1)
        self.assertEqual(plans.get_grid({"status": "late"})["rows"][0]["product_id"], self.product.id)
        self.assertEqual(plans.get_grid({"vendor_id": self.vendor.id}, limit=1)["total"], 2)
        self.assertEqual(plans.get_grid({"abc": "A"})["total"], 1)
        whole, part = plans.get_totals(), plans.get_totals({"search": "e"})
        for name in whole:
            self.assertAlmostEqual(sum(whole[name]), sum(part[name]), delta=1)
        with self.assertRaises(UserError):
            plans.get_grid({"nothing": 1})
        with self.assertRaises(UserError):
            plans.get_grid({"status": "nothing"})
        plans.get_grid()
        small = self._query_count(plans.get_grid, {}, 0, 1)
        self.assertEqual(self._query_count(plans.get_grid, {}, 0, 2), small)

    def test_rights(self):
        self._create_forecast({self.product: 70})
        self._plan()
        order, item = self._orders(self.product)[0], self._item(self.product)
        planner = self._as(self.planner, order)
        for call in (planner.firm, planner.cancel_orders, planner.reopen, lambda: planner.change(quantity=5)):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.order.plan"]).set_planned(item.id, 5, 5)
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.order.plan"]).plan_again()
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.order.plan"]).get_grid()
        with self.assertRaises(AccessError):
            self._as(self.planner_b, self.env["scm.order.plan"]).get_cell(item.id, 0)
        with self.assertRaises(UserError):
            self._as_manager(order).write({"state": "released"})
        with self.assertRaises(ValidationError):
            self._as_manager(order).change(date_receipt="soon")

    def test_a_receipt_that_no_order_can_reach_is_refused_with_the_day_that_can(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        order, before = self._orders(self.product)[0], self._orders(self.product)[0].date_receipt
        early, possible = self.TODAY + timedelta(days=6), self.TODAY + timedelta(days=14)
        with self.assertRaisesRegex(UserError, "Steady.*14 days"):
            self._as_manager(order).change(date_receipt=early)
        self.assertEqual((order.state, order.date_receipt), ("proposed", before))
        with self._at(self.TODAY):
            self._as_manager(order).change(date_receipt=possible)
        self.assertEqual((order.state, order.date_receipt), ("firm", possible))

    def test_unit_that_changes(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 400)
        self._plan()
        order = self._orders(self.product)[0]
        with self._at(self.TODAY):
            self._as_manager(order).change(quantity=120)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env.cr.execute(
            "UPDATE product_template SET uom_id = %s WHERE id = %s", [dozen.id, self.product.product_tmpl_id.id]
        )
        self.env.invalidate_all()
        self._plan()
        self.assertEqual((order.quantity, order.uom_id, order.state), (10, dozen, "firm"))

    def test_settings_have_limits(self):
        for name, value in (("scm_plan_weeks", 3), ("scm_plan_weeks", 53), ("scm_plan_transfer_days", -1),
                            ("scm_plan_backward", 13)):  # fmt: skip
            with self.assertRaises(ValidationError):
                self.company_a[name] = value
        self.company_a.scm_plan_weeks = 52
        self._create_forecast({self.product: 70})
        self._plan()
        self.assertEqual(len(self._row(self.product)["closing"]), 52)
        self.assertEqual(self._item(self.product).plan_id.date_from, fields.Date.to_date(self.TODAY))
