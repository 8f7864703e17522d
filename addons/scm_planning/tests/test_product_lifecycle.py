from datetime import timedelta

import numpy as np
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .forecast_common import ForecastCase


@tagged("post_install", "-at_install")
class TestProductLifecycle(ForecastCase):
    """New products lean on a like-item, ended ones stop, successors take over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mugs, cls.pots = cls.env["product.category"].create([{"name": "Mugs"}, {"name": "Pots"}])
        cls.red = cls._create_product("Mug red", vendor=cls.vendor, list_price=10.0, categ_id=cls.mugs.id)
        cls.pot = cls._create_product("Soup pot", vendor=cls.vendor, list_price=60.0, categ_id=cls.pots.id)
        cls._create_weekly_demand(cls.red, [20] * 80)
        cls._create_weekly_demand(cls.pot, [3, 4] * 40)
        cls.lines = cls.env["scm.product.lifecycle"]

    def _create_new(self, weeks=2, quantity=10, name="Mug blue"):
        product = self._create_product(name, vendor=self.vendor, list_price=10.0, categ_id=self.mugs.id)
        if weeks:
            self._create_weekly_demand(product, [quantity] * weeks)
        self._items()
        return product

    def _items(self):
        """First and last days of demand, as the refresh of demand leaves them."""
        self.env.flush_all()
        dirty = "(SELECT warehouse_id, product_id FROM scm_demand_day)"
        self.env["scm.demand.item"].sudo()._refresh_demand_days(SQL(dirty))

    def _line(self, product):
        return self.lines.sudo().search([("product_id", "=", product.id)])

    def _means(self, run, product):
        forecast = run.forecast_ids.filtered(lambda row: row.product_id == product)
        return [round(line.quantity, 2) for line in forecast.line_ids.sorted("date")]

    def _as_manager(self):
        return self._as(self.manager, self.lines)

    # New products

    def test_new_product_is_found_and_its_like_item_proposed(self):
        new = self._create_new()
        self._run()
        line = self._line(new)
        self.assertRecordValues(
            line, [{"stage": "new", "like_state": "proposed", "like_product_id": self.red.id, "date_end": False}]
        )
        self.assertGreater(line.like_score, 0.7)
        self.assertEqual([row["product_id"] for row in line.like_candidates], [self.red.id, self.pot.id])
        self.assertEqual(line.why["method"], "like_item")
        self.assertFalse(self._line(self.red), "what has been sold for long needs no line")
        alert = self.env["scm.alert"].search([("type_id.code", "=", "planning_like_item")])
        self.assertEqual(alert.product_id, new)
        self._run()
        self.assertEqual(len(self._line(new)), 1)

    def test_only_a_confirmed_like_item_shapes_the_forecast(self):
        new = self._create_new(weeks=2, quantity=4)
        before = self._means(self._run(), new)
        line = self._line(new)
        line.with_user(self.manager).action_confirm_like()
        after = self._means(self._run(), new)
        self.assertLess(sum(before[:8]), sum(after[:8]))
        self.assertGreater(line.scale_used, 0.2)
        self.assertLess(line.scale_used, 1.0)
        domain = [("type_id.code", "=", "planning_like_item"), ("state", "=", "open")]
        self.assertFalse(self.env["scm.alert"].search(domain))
        line.with_user(self.manager).action_reject_like()
        self.assertEqual(self._means(self._run(), new), before)

    def test_product_without_a_sale_is_forecast_from_its_launch_on(self):
        new = self._create_new(weeks=0)
        launch = self.monday + timedelta(weeks=1)
        line_id = self._as_manager().confirm_like_item(
            new.id, self.red.id, scale=0.5, ramp_weeks=0, date_launch=launch.isoformat()
        )
        run = self._run()
        means = self._means(run, new)
        self.assertEqual(means[0], 0)
        self.assertAlmostEqual(means[1], 10, delta=0.3)
        self.assertEqual(self.lines.browse(line_id).stage, "new")
        forecast = run.forecast_ids.filtered(lambda row: row.product_id == new)
        self.assertEqual(forecast.pattern, "new")
        self.assertGreater(forecast.line_ids.sorted("date")[3].q95, means[3])
        proposal = self.env["scm.policy.proposal"].search([("product_id", "=", new.id)])
        self.assertGreater(proposal.max_proposed, 0, "it is planned like any other product")

    def test_company_whose_books_are_young_has_no_new_products(self):
        self.env["scm.demand.day"].sudo().search([("date", "<", self.monday - timedelta(weeks=10))]).unlink()
        self._create_new()
        self._run()
        self.assertFalse(self.lines.sudo().search([]))

    def test_another_company_sees_and_proposes_nothing(self):
        new = self._create_new()
        self._run()
        self.assertFalse(self._as(self.planner_b, self.lines).search([]))
        self.assertTrue(self._as(self.planner, self.lines).search([("product_id", "=", new.id)]))
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.lines).search([])

    def test_same_queries_for_few_and_many(self):
        for number in range(3):
            self._create_new(name=f"Mug {number}")
        counts = []
        for _round in range(2):
            with self._at(self.TODAY):
                self.lines._refresh_like_items(self.company_a)
                self.env.invalidate_all()
                counts.append(self._query_count(lambda: self.lines._refresh_like_items(self.company_a)))
            for number in range(20):
                self._create_new(name=f"Cup {number}")
        self.assertLessEqual(counts[1], counts[0] + 2)

    # Ends

    def test_nothing_is_expected_behind_the_last_day(self):
        end = self.monday + timedelta(days=13)
        self._as_manager().set_end(self.red.id, end.isoformat())
        run = self._run()
        means = self._means(run, self.red)
        self.assertAlmostEqual(sum(means[:2]), 40, delta=1)
        self.assertEqual(sum(means[2:]), 0)
        last = run.forecast_ids.filtered(lambda row: row.product_id == self.red).line_ids.sorted("date")[5]
        self.assertEqual((last.q95, last.q50), (0, 0))

    def test_last_buy_and_no_more_than_is_still_asked(self):
        self._run()
        usual = self.env["scm.policy.proposal"].search([("product_id", "=", self.red.id)]).max_proposed
        self._as_manager().set_end(self.red.id, (self.monday + timedelta(days=6)).isoformat())
        self._set_stock(self.red, 5)
        self._run()
        line = self._line(self.red)
        self.assertRecordValues(line, [{"stage": "ending", "on_hand": 5, "remaining_quantity": 0}])
        self.assertAlmostEqual(line.demand_to_end, 20, delta=1)
        self.assertGreaterEqual(line.last_buy_quantity, 14)
        self.assertLess(line.last_buy_quantity, 30)
        proposal = self.env["scm.policy.proposal"].search([("product_id", "=", self.red.id)])
        self.assertLess(proposal.max_proposed, usual)
        self.assertLess(proposal.max_proposed, 32)

    def test_after_the_end_nothing_is_ordered_and_stock_alarms(self):
        self._as_manager().set_end(self.red.id, (self.TODAY - timedelta(days=1)).isoformat())
        self._set_stock(self.red, 50)
        self._run()
        line = self._line(self.red)
        self.assertRecordValues(line, [{"stage": "ended", "last_buy_quantity": 0, "remaining_quantity": 50}])
        self.assertEqual(line.remaining_value, 500)
        proposal = self.env["scm.policy.proposal"].search([("product_id", "=", self.red.id)])
        self.assertRecordValues(proposal, [{"min_proposed": 0, "max_proposed": 0, "qty_to_order": 0}])
        alert = self.env["scm.alert"].search([("type_id.code", "=", "planning_remainder")])
        self.assertRecordValues(alert, [{"product_id": self.red.id, "money_at_stake": 500, "state": "open"}])
        self._as_manager().set_end(self.red.id, False)
        self._run()
        self.assertEqual(alert.state, "resolved")
        self.assertGreater(proposal.max_proposed, 0)

    def test_order_plan_stops_before_the_end(self):
        self._run()
        planned = self.env["scm.planned.order"]
        domain = [("product_id", "=", self.red.id), ("state", "!=", "cancelled")]
        usual = sum(planned.search(domain).mapped("quantity"))
        end = self.monday + timedelta(days=27)
        self._as_manager().set_end(self.red.id, end.isoformat())
        self._run()
        orders = planned.search(domain)
        self.assertLess(sum(orders.mapped("quantity")), 90, "four weeks of 20 are still asked")
        self.assertGreater(usual, 200)
        self.assertLessEqual(max(orders.mapped("date_receipt")), end)
        self._as_manager().set_end(self.red.id, (self.TODAY - timedelta(days=1)).isoformat())
        self._run()
        self.assertFalse(planned.search(domain))

    def test_days_until_the_end(self):
        key = (self.red.id, self.warehouse_a.id)
        with self._at(self.TODAY):
            self.assertEqual(self.lines._end_days(self.company_a, [key]).tolist(), [np.inf])
            self._as_manager().set_end(self.red.id, self.TODAY.isoformat())
            self.assertEqual(self.lines._end_days(self.company_a, [key]).tolist(), [1.0], "today still counts")
            self._as_manager().set_end(self.red.id, (self.TODAY - timedelta(days=1)).isoformat())
            self.assertEqual(self.lines._end_days(self.company_a, [key]).tolist(), [0.0])

    def test_line_of_a_warehouse_goes_before_that_of_the_company(self):
        self._as_manager().set_end(self.red.id, "2027-06-30")
        self._as_manager().set_end(self.red.id, "2027-01-31", warehouse_id=self.warehouse_a.id)
        item = self.lines._items(self.company_a)[self.red.id, self.warehouse_a.id]
        self.assertEqual(item["date_end"].isoformat(), "2027-01-31")

    # Successors

    def test_successor_takes_over_history_and_demand(self):
        heir = self._create_product("Mug red II", vendor=self.vendor, categ_id=self.mugs.id)
        switch = self.monday + timedelta(weeks=3)
        self._as_manager().set_successor(self.red.id, heir.id, switch.isoformat(), factor=2.0, use_up_stock=False)
        run = self._run()
        old, new = self._means(run, self.red), self._means(run, heir)
        self.assertAlmostEqual(sum(old[:3]), 60, delta=1)
        self.assertEqual(sum(old[3:]), 0)
        self.assertEqual(sum(new[:3]), 0)
        self.assertAlmostEqual(new[3], 40, delta=1)
        self.assertEqual(self._line(self.red).stage, "ending")

    def test_stock_of_the_predecessor_is_used_up_first(self):
        heir = self._create_product("Mug red II", vendor=self.vendor, categ_id=self.mugs.id)
        self._set_stock(self.red, 50)
        self._as_manager().set_successor(self.red.id, heir.id, self.monday.isoformat())
        run = self._run()
        old, new = self._means(run, self.red), self._means(run, heir)
        self.assertAlmostEqual(sum(old), 50, delta=0.5)
        self.assertAlmostEqual(sum(new[:2]), 0, delta=0.1)
        self.assertAlmostEqual(new[3], 20, delta=0.5)
        proposal = self.env["scm.policy.proposal"].search([("product_id", "=", self.red.id)])
        self.assertEqual(proposal.qty_to_order, 0)

    def test_archived_predecessor_still_gives_its_history(self):
        heir = self._create_product("Mug red II", vendor=self.vendor, categ_id=self.mugs.id)
        self._as_manager().set_successor(self.red.id, heir.id, (self.monday - timedelta(weeks=1)).isoformat())
        self.red.active = False
        new = self._means(self._run(), heir)
        self.assertAlmostEqual(new[0], 20, delta=0.5)

    def test_circle_of_successors_is_refused_by_name(self):
        lines = self._as_manager()
        lines.set_successor(self.red.id, self.pot.id, "2027-01-04")
        with self.assertRaisesRegex(ValidationError, "Mug red.*Soup pot|Soup pot.*Mug red"):
            lines.set_successor(self.pot.id, self.red.id, "2027-02-01")

    # Bad input

    def test_bad_input_is_said(self):
        lines = self._as_manager()
        cases = [
            (lambda: lines.set_end(self.red.id, "tomorrow"), "not a day"),
            (lambda: lines.set_end(0, "2027-01-01"), "no product"),
            (lambda: lines.confirm_like_item(self.red.id), "Mug red"),
            (lambda: lines.confirm_like_item(self.red.id, self.red.id), "own like-item"),
            (lambda: lines.set_successor(self.red.id, self.pot.id), "from which day"),
            (lambda: lines.confirm_like_item(self.red.id, self.pot.id, scale=-1), ""),
        ]
        for call, words in cases[:-1]:
            with self.assertRaisesRegex((UserError, ValidationError), words), self.cr.savepoint():
                call()
        line = lines.browse(lines.set_end(self.red.id, "2027-01-01"))
        with self.assertRaisesRegex(ValidationError, "before its launch"):
            line.date_launch = "2027-02-01"

    def test_only_managers_write(self):
        for user in (self.planner, self.outsider):
            with self.assertRaises(AccessError):
                self._as(user, self.lines).set_end(self.red.id, "2027-01-01")

    def test_answers_travel_by_xml_rpc(self):
        import xmlrpc.client

        new = self._create_new()
        self._run()
        with self._at(self.TODAY):
            answer = self._as(self.planner, self.lines).get_like_chart(self._line(new).id)
        xmlrpc.client.dumps((answer,))
        self.assertEqual(len(answer["weeks"]), len(answer["own"]))
        self.assertEqual(answer["own"][answer["weeks"].index(self.monday.isoformat()) - 1], 10)

    def test_product_that_changes_its_unit_keeps_its_numbers(self):
        """Odoo takes 1 old for 1 new unit, and says so on the form: history does the same, orders and imports alike."""
        self._create_sale([(self.pot, 6)], self.monday - timedelta(days=4))
        with self._at(self.TODAY):
            self.env["scm.demand.day"]._refresh(self.company_a)
        before = self.env["scm.demand.day"]._panel(self.company_a, [self.pot.id], date_end=self.TODAY)[1].quantity
        self.pot.uom_id = self.env.ref("uom.product_uom_dozen")
        line = self.env["sale.order.line"].search([("product_id", "=", self.pot.id)])
        self.assertEqual(line.product_uom_id.factor, 12)
        with self._at(self.TODAY):
            self.env["scm.demand.day"]._refresh(self.company_a)
        after = self.env["scm.demand.day"]._panel(self.company_a, [self.pot.id], date_end=self.TODAY)[1].quantity
        self.assertEqual(np.nan_to_num(after).tolist(), np.nan_to_num(before).tolist())
