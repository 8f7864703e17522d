import random
from datetime import date, timedelta

import numpy as np
from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.scm_base.kernel.on_time import on_time

from .common import ScmCase


@tagged("post_install", "-at_install")
class TestReceiptFact(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product(vendor=cls.vendor)
        cls.facts = cls.env["scm.receipt.fact"]

    def _order(self, quantity=10, day="2026-03-02", planned="2026-03-10", **values):
        return self._create_purchase([(self.product, quantity)], day, planned, **values)

    def _fact(self, order, as_of="2026-03-20"):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.facts.with_context(scm_as_of=as_of).search([("order_id", "=", order.id)])

    # Receipts

    def test_two_receipts_and_the_rest_open(self):
        order = self._order()
        self._receive(order, "2026-03-09", {self.product: 4})
        self._receive(order, "2026-03-12", {self.product: 3})
        self.assertRecordValues(
            self._fact(order),
            [
                {
                    "status": "overdue",
                    "qty_ordered": 10,
                    "qty_received": 7,
                    "qty_on_time": 4,
                    "qty_late": 3,
                    "qty_missing": 3,
                    "qty_over": 0,
                    "is_due": True,
                    "is_otif": False,
                    "days_late": 10,
                    "lead_time_days": 10,
                    "date_first_receipt": date(2026, 3, 9),
                    "date_last_receipt": date(2026, 3, 12),
                    "otif_rate": 0.0,
                    "on_time_rate": 0.4,
                }
            ],
        )

    def test_days_can_be_searched_and_compared(self):
        order = self._order()
        self._receive(order, "2026-03-12")
        facts = self.facts.with_context(scm_as_of="2026-03-20")
        for domain, found in (
            ([("days_late", ">", 0)], 1),
            ([("days_late", ">", 2.5)], 0),
            ([("lead_time_days", ">=", 10.0)], 1),
        ):
            self.assertEqual(facts.search_count([("order_id", "=", order.id), *domain]), found, domain)

    def test_a_search_from_a_promised_day_reads_no_more_than_that(self):
        orders = [self._order(day=f"2026-0{month}-02", planned=f"2026-0{month}-10") for month in (1, 2, 3)]
        mine = Domain("order_id", "in", [order.id for order in orders])
        self.env.flush_all()
        every = self.facts.search(mine)
        for operator, day, count in ((">=", "2026-02-10", 2), (">", "2026-02-10", 1), ("=", date(2026, 3, 10), 1)):
            found = self.facts.search(mine & Domain("promise_date", operator, day))
            self.assertEqual(found, every.filtered_domain([("promise_date", operator, day)]))
            self.assertEqual(len(found), count)
        either = Domain("promise_date", ">=", "2026-03-01") | Domain("promise_date", "<", "2026-02-01")
        self.assertEqual(len(self.facts.search(mine & either)), 2)
        self.assertEqual(len(self.facts.search(either & mine)), 2)
        self.assertEqual(self.facts._since_of(mine & Domain("promise_date", ">=", "2026-02-10")), date(2026, 2, 10))
        with self._at("2026-03-09"):
            self.assertEqual(self.facts._since_of(mine & Domain("promise_date", ">=", "today -7d")), date(2026, 3, 2))
        for unknown in (either, Domain("promise_date", ">=", "2026-02-30"), Domain("promise_date", ">=", False)):
            self.assertIsNone(self.facts._since_of(mine & unknown))

    def test_lines_of_which_something_came_lately(self):
        early, late = self._order(), self._order()
        self._receive(early, "2026-03-05", {self.product: 10})
        self._receive(late, "2026-03-05", {self.product: 4})
        self._receive(late, "2026-03-12", {self.product: 6})
        self.env.flush_all()
        mine = [("order_id", "in", (early + late).ids)]
        found = self.facts.with_context(scm_received_since="2026-03-10").search(mine)
        self.assertEqual(found.order_id, late)
        self.assertEqual((found.qty_received, found.date_first_receipt), (10, date(2026, 3, 5)))

    def test_on_time_in_full_before_the_promise_is_due_at_once(self):
        order = self._order()
        self._receive(order, "2026-03-05")
        self.assertRecordValues(
            self._fact(order, "2026-03-05"),
            [{"status": "on_time", "is_due": True, "is_otif": True, "days_late": 0, "lead_time_days": 3}],
        )

    def test_not_due_yet(self):
        order = self._order()
        self._receive(order, "2026-03-09", {self.product: 4})
        fact = self._fact(order, "2026-03-10")
        self.assertRecordValues(fact, [{"status": "waiting", "is_due": False, "qty_due": 0, "qty_missing": 0}])
        self.assertEqual(self._fact(order, "2026-03-11").status, "overdue")

    def test_tolerance_counts_its_last_day(self):
        self.company_a.scm_on_time_tolerance_days = 2
        order = self._order()
        self._receive(order, "2026-03-12")
        self.assertRecordValues(
            self._fact(order), [{"status": "on_time", "is_otif": True, "qty_on_time": 10, "days_late": 2}]
        )
        late = self._order()
        self._receive(late, "2026-03-13")
        self.assertRecordValues(self._fact(late), [{"status": "late", "qty_on_time": 0, "days_late": 3}])
        self.assertEqual(self._fact(self._order(), "2026-03-12").status, "waiting")

    def test_received_at_half_past_eleven_at_night(self):
        """23:30 in Berlin is on time, although a clock in UTC + 8 already shows the next day."""
        order = self._order()
        self._receive(order, self._moment("2026-03-10", 23) + timedelta(minutes=30))
        self.assertTrue(self._fact(order).is_otif)
        order = self._order(company=self.company_b, planned="2026-03-10")
        # 00:30 on the 11th in Tokyo is still the 10th in UTC
        self._receive(order, self._moment("2026-03-11", 0, self.company_b) + timedelta(minutes=30))
        facts = self._fact(order.with_company(self.company_b))
        self.assertRecordValues(facts, [{"is_otif": False, "days_late": 1}])

    def test_ordered_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(2, confirm=False)
        order.order_line.product_uom_id = dozen
        order.order_line.date_planned = self._moment("2026-03-10")
        with self._at("2026-03-02"):
            order.button_confirm()
        self._receive(order, "2026-03-10")
        self.assertRecordValues(
            self._fact(order), [{"qty_ordered": 24, "qty_received": 24, "qty_on_time": 24, "is_otif": True}]
        )

    def test_over_delivery_counts_apart(self):
        order = self._order()
        self._receive(order, "2026-03-08", {self.product: 25})
        self.assertRecordValues(
            self._fact(order), [{"qty_received": 25, "qty_on_time": 10, "qty_over": 15, "on_time_rate": 1.0}]
        )

    def test_backorder_cancelled_is_due_but_missing(self):
        order = self._order()
        self._receive(order, "2026-03-08", {self.product: 6})
        order.picking_ids.filtered(lambda picking: picking.state == "assigned").action_cancel()
        self.assertRecordValues(
            self._fact(order), [{"status": "overdue", "qty_on_time": 6, "qty_missing": 4, "is_otif": False}]
        )

    def test_return_and_exchange(self):
        order = self._order()
        receipt = self._receive(order, "2026-03-08")
        self._return_to_vendor(receipt, "2026-03-09", {self.product: 3})
        self.assertRecordValues(
            self._fact(order), [{"is_otif": True, "qty_returned": 3, "qty_replaced": 0, "good_rate": 0.7}]
        )
        back = order.picking_ids.filtered("return_id")
        self._return_to_vendor(back, "2026-03-15", {self.product: 3})
        self.assertRecordValues(
            self._fact(order),
            [{"is_otif": True, "qty_received": 10, "qty_over": 0, "qty_returned": 3, "qty_replaced": 3}],
        )

    def test_exchange_by_the_button(self):
        order = self._order()
        receipt = self._receive(order, "2026-03-08")
        wizard = self.env["stock.return.picking"].with_context(active_id=receipt.id, active_model="stock.picking")
        with self._at("2026-03-09"):
            wizard = wizard.create({})
            wizard.product_return_moves.quantity = 2
            wizard.action_create_exchanges()
        for picking in order.picking_ids.filtered(lambda picking: picking.state != "done").sorted("id"):
            self._validate(picking, "2026-03-14")
        self.assertRecordValues(
            self._fact(order), [{"qty_received": 10, "qty_over": 0, "qty_returned": 2, "qty_replaced": 2}]
        )

    def test_dropshipping_counts_without_a_warehouse(self):
        customers = self.env.ref("stock.stock_location_customers")
        operation = self.warehouse_a.in_type_id.copy(
            {"name": "Dropship", "sequence_code": "DS", "default_location_dest_id": customers.id, "warehouse_id": False}
        )
        order = self._order(picking_type_id=operation.id, dest_address_id=self.customer.id)
        order.picking_ids.move_ids.location_dest_id = customers
        self._receive(order, "2026-03-10")
        self.assertRecordValues(self._fact(order), [{"is_otif": True, "warehouse_id": False, "qty_received": 10}])

    def test_three_step_reception_counts_once(self):
        self.warehouse_a.reception_steps = "three_steps"
        order = self._order()
        for day in ("2026-03-10", "2026-03-11", "2026-03-12"):
            self._validate(
                self.env["stock.picking"].search(
                    [("company_id", "=", self.company_a.id), ("state", "in", ("assigned", "confirmed"))], limit=1
                ),
                day,
            )
        self.assertRecordValues(self._fact(order), [{"is_otif": True, "qty_received": 10, "qty_over": 0}])

    # Orders

    def test_only_confirmed_goods(self):
        service = self._create_product("Service", type="service", is_storable=False)
        order = self._create_purchase([(self.product, 1), (service, 1)], "2026-03-02", "2026-03-10")
        self.assertEqual(self._fact(order).product_id, self.product)
        self.assertFalse(self._fact(self._order(confirm=False)))

    def test_kit_that_comes_as_its_components_is_left_out(self):
        order = self._order()
        self.assertTrue(self._fact(order))
        part = self._create_product("Part")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET product_id = %s WHERE purchase_line_id = %s", [part.id, order.order_line.id]
        )
        self.assertFalse(self._fact(order))

    def test_line_set_to_zero_is_never_due(self):
        order = self._order()
        order.order_line.product_qty = 0
        self.assertRecordValues(self._fact(order), [{"is_due": False, "status": "waiting", "otif_rate": 0}])
        self.assertEqual(self.facts.search_count([("order_id", "=", order.id), ("is_due", "=", True)]), 0)

    def test_cancelled_order(self):
        """Called off in time it is nobody's fault; called off because nothing came, the vendor stays overdue."""
        in_time, too_late = self._order(), self._order()
        with self._at("2026-03-09"):
            in_time.button_cancel()
        with self._at("2026-03-15"):
            too_late.button_cancel()
        self.assertFalse(self._fact(in_time))
        self.assertRecordValues(
            self._fact(too_late, "2026-06-01"),
            [{"status": "overdue", "qty_missing": 10, "days_late": 5, "date_cancelled": date(2026, 3, 15)}],
        )

    def test_promise_moves_only_for_us(self):
        order = self._order()
        with self._at("2026-03-07"):
            order.order_line.scm_reschedule("2026-03-14", "vendor")
        self._receive(order, "2026-03-14")
        self.assertRecordValues(
            self._fact(order),
            [
                {
                    "is_otif": False,
                    "promise_date": date(2026, 3, 10),
                    "promise_last": date(2026, 3, 14),
                    "notice_days": 3,
                }
            ],
        )
        order = self._order()
        with self._at("2026-03-07"):
            order.order_line.scm_reschedule("2026-03-14", "us")
        self._receive(order, "2026-03-14")
        self.assertRecordValues(
            self._fact(order),
            [{"is_otif": True, "promise_original": date(2026, 3, 10), "promise_date": date(2026, 3, 14)}],
        )

    # Rates, lead times, today

    def test_rates_are_sums_over_sums(self):
        self._receive(self._order(10), "2026-03-10")
        self._receive(self._order(90), "2026-03-15")
        self._order(10, planned="2026-06-10")
        ((otif, quantity, good, lines),) = self.facts.with_context(scm_as_of="2026-03-20")._read_group(
            [("product_id", "=", self.product.id)],
            [],
            ["otif_rate:avg", "on_time_rate:avg", "good_rate:avg", "due_count:sum"],
        )
        self.assertEqual((otif, quantity, good, lines), (0.5, 0.1, 1.0, 2))

    def test_lead_times_one_row_per_receipt(self):
        order = self._order()
        self._receive(order, "2026-03-09", {self.product: 4})
        self._receive(order, "2026-03-12", {self.product: 6})
        rows = self.facts._lead_times(self.company_a)
        key = (self.vendor.id, self.product.id, self.company_a.id)
        self.assertEqual(rows, [(*key, 7, 4.0), (*key, 10, 6.0)])
        self.assertEqual(self.facts._lead_times(self.company_a, date(2026, 3, 10)), [(*key, 10, 6.0)])
        self.assertFalse(self.facts._lead_times(self.company_b))

    def test_today_is_where_the_company_is(self):
        """16:00 UTC on the 10th is already the 11th in Tokyo, so only Tokyo's line is due."""
        berlin = self._order()
        tokyo = self._order(company=self.company_b)
        self.env.flush_all()
        with self._at(self._moment("2026-03-10", 17)):
            facts = self.facts.with_context(allowed_company_ids=(self.company_a + self.company_b).ids)
            due = {fact.order_id: fact.is_due for fact in facts.search([("order_id", "in", (berlin + tokyo).ids)])}
        self.assertEqual(due, {berlin: False, tokyo: True})

    def test_commercial_partner(self):
        contact = self.env["res.partner"].create({"name": "Sales desk", "parent_id": self.vendor.id})
        self.assertEqual(self._fact(self._order(vendor=contact)).partner_id, self.vendor)

    def test_drill_down(self):
        order = self._order()
        self.assertEqual(self._fact(order).action_open_order()["res_id"], order.id)
        self.assertEqual(order.action_scm_receipt_facts()["domain"], [("order_id", "in", order.ids)])

    # Who may see

    def test_access(self):
        fact = self._fact(self._order())
        self.assertTrue(fact.with_user(self.planner).read(["partner_id", "order_id", "status"]))
        with self.assertRaises(AccessError):
            fact.with_user(self.outsider).read(["status"])
        there = {"allowed_company_ids": self.company_b.ids}
        self.assertFalse(self.facts.with_user(self.planner_b).with_context(**there).search([("id", "=", fact.id)]))
        with self.assertRaises(AccessError):
            fact.with_user(self.planner_b).with_context(**there).read(["status"])

    # The SQL and the reference say the same

    def test_random_cases_equal_the_kernel(self):
        random_state = random.Random(7)
        start = date(2026, 1, 5)
        count = 40
        for tolerance in (0, 3):
            self.company_a.scm_on_time_tolerance_days = tolerance
            ordered = [random_state.choice([1, 5, 7.5, 10, 12]) for _line in range(count)]
            promise = [start + timedelta(random_state.randrange(30)) for _line in range(count)]
            order = self._create_purchase(
                [(self.product, *pair) for pair in zip(ordered, promise, strict=True)], "2026-01-02"
            )
            receipts = [
                (line, start + timedelta(random_state.randrange(45)), random_state.choice([1, 2.5, 5, 10]))
                for line in range(count)
                for _receipt in range(random_state.randrange(4))
            ]
            self._insert_receipts(order, receipts)
            for as_of in (date(2026, 1, 20), date(2026, 2, 4), date(2026, 6, 1)):
                self._compare(order, ordered, promise, receipts, as_of, tolerance)

    def _insert_receipts(self, order, receipts):
        """Done moves on given days, straight into the table: the ORM could not make so many in a test."""
        self.env.flush_all()
        picking = order.picking_ids
        lines = order.order_line.ids
        self.env.cr.execute_values(
            """INSERT INTO stock_move (company_id, product_id, product_uom, product_uom_qty, product_qty, quantity,
                                       state, date, location_id, location_dest_id, procure_method, purchase_line_id)
               VALUES %s""",
            [
                (
                    self.company_a.id,
                    self.product.id,
                    self.product.uom_id.id,
                    quantity,
                    quantity,
                    quantity,
                    "done",
                    fields.Datetime.to_string(self._moment(day)),
                    picking.location_id.id,
                    picking.location_dest_id.id,
                    "make_to_stock",
                    lines[line],
                )
                for line, day, quantity in receipts
            ],
        )
        self.env.invalidate_all()

    def _compare(self, order, ordered, promise, receipts, as_of, tolerance):
        line, day, quantity = zip(*receipts, strict=True)
        expected = on_time(
            ordered, promise, line, np.array(day, dtype="datetime64[D]"), quantity, as_of, tolerance=tolerance
        )
        facts = self._fact(order, as_of.isoformat()).sorted("id")
        self.assertEqual(facts.mapped("is_due"), expected.due.tolist())
        self.assertEqual(facts.mapped("is_otif"), expected.otif.tolist())
        np.testing.assert_allclose([fact.qty_on_time for fact in facts], expected.on_time_qty)
        np.testing.assert_allclose([fact.qty_received for fact in facts], expected.received_qty)
        np.testing.assert_allclose([fact.qty_over for fact in facts], expected.over_delivery)
        np.testing.assert_allclose([fact.days_late for fact in facts if fact.is_due], expected.days_late[expected.due])
