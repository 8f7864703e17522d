import random
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.scm_base.kernel.promise_parts import judge_parts

from .common import ScmCase

TEN = [{"date": "2026-03-10", "quantity": 4}, {"date": "2026-03-20", "quantity": 6}]


@tagged("post_install", "-at_install")
class TestPromiseSplit(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product(vendor=cls.vendor)
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.buyer_b = cls._create_user("buyer_b", "purchase.group_purchase_user", companies=cls.company_b)
        cls.facts = cls.env["scm.receipt.fact"]

    def _order(self, quantity=10, parts=(), **values):
        """Ordered on 2 March for the 10th; ``parts`` are stated before it is confirmed."""
        order = self._create_purchase([(self.product, quantity)], "2026-03-02", "2026-03-10", confirm=False, **values)
        with self._at("2026-03-02"):
            if parts:
                order.order_line.with_user(self.buyer).scm_split_promise(parts)
            order.button_confirm()
        return order

    def _fact(self, order, as_of):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.facts.with_context(scm_as_of=as_of).search([("order_id", "=", order.id)])

    def _days(self, order, kind):
        return [(part.date.day, part.quantity) for part in order.scm_part_ids if part.kind == kind]

    def _open_moves(self, order):
        moves = order.order_line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        return [(move.date.day, move.date_deadline.day, move.product_uom_qty) for move in moves.sorted("date")]

    # State

    def test_parts_stated_before_confirmation_are_the_promise(self):
        order = self._order(parts=TEN)
        self.assertEqual(self._days(order, "original"), [(10, 4), (20, 6)])
        self.assertEqual(self._days(order, "promise"), [(10, 4), (20, 6)])
        self.assertRecordValues(
            order.order_line,
            [{"scm_is_split": True, "scm_promise_original": date(2026, 3, 20), "scm_promise_date": date(2026, 3, 20)}],
        )
        self.assertFalse(order.scm_promise_ids)
        self.assertEqual(self._open_moves(order), [(10, 10, 4), (20, 20, 6)])

    def test_vendor_splits_later_and_stays_judged_by_his_promise(self):
        order = self._order()
        with self._at("2026-03-07"):
            order.order_line.with_user(self.buyer).scm_split_promise(TEN, reason="Second truck")
        self.assertFalse(self._days(order, "promise") or order.order_line.scm_is_split)
        self.assertEqual(self._days(order, "expected"), [(10, 4), (20, 6)])
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 10))
        self.assertRecordValues(
            order.scm_promise_ids,
            [
                {
                    "date_from": date(2026, 3, 10),
                    "date_to": date(2026, 3, 20),
                    "quantity": 6,
                    "requested_by": "vendor",
                    "notice_days": 3,
                    "reason": "Second truck",
                }
            ],
        )
        self.assertEqual(self._open_moves(order), [(10, 10, 4), (20, 20, 6)])
        self._receive(order, "2026-03-10", {self.product: 4})
        self.assertRecordValues(
            self._fact(order, "2026-03-15"), [{"qty_on_time": 4, "qty_missing": 6, "is_otif": False, "notice_days": 3}]
        )

    def test_we_ask_for_parts_and_the_promise_moves(self):
        order = self._order()
        with self._at("2026-03-07"):
            order.order_line.with_user(self.buyer).scm_split_promise(TEN, "us")
        self.assertEqual(self._days(order, "promise"), [(10, 4), (20, 6)])
        self.assertFalse(self._days(order, "original"))
        self.assertRecordValues(
            order.order_line,
            [{"scm_is_split": True, "scm_promise_original": date(2026, 3, 10), "scm_promise_date": date(2026, 3, 20)}],
        )
        self._receive(order, "2026-03-10", {self.product: 4})
        fact = self._fact(order, "2026-03-15")
        self.assertRecordValues(fact, [{"qty_due": 4, "qty_on_time": 4, "is_otif": True, "status": "on_time"}])

    def test_each_part_is_judged_by_its_own_day(self):
        order = self._order(parts=TEN)
        self.assertRecordValues(
            self._fact(order, "2026-03-10"), [{"is_due": False, "qty_due": 0, "qty_missing": 0, "days_late": 0}]
        )
        self.assertRecordValues(
            self._fact(order, "2026-03-13"),
            [{"status": "overdue", "qty_due": 4, "qty_on_time": 0, "qty_missing": 4, "days_late": 3}],
        )
        self._receive(order, "2026-03-14")
        self.assertRecordValues(
            self._fact(order, "2026-03-25"),
            [
                {
                    "status": "late",
                    "qty_due": 10,
                    "qty_on_time": 6,
                    "qty_late": 4,
                    "qty_missing": 0,
                    "days_late": 4,
                    "lead_time_days": 12,
                }
            ],
        )

    def test_vendor_moves_one_part(self):
        order = self._order(parts=TEN)
        later = [{"date": "2026-03-16", "quantity": 4}, {"date": "2026-03-20", "quantity": 6}]
        with self._at("2026-03-09"):
            order.order_line.scm_split_promise(later)
        self.assertRecordValues(
            order.scm_promise_ids,
            [
                {
                    "date_from": date(2026, 3, 10),
                    "date_to": date(2026, 3, 16),
                    "date_promised": date(2026, 3, 10),
                    "quantity": 4,
                }
            ],
        )
        self.assertEqual(self._days(order, "promise"), [(10, 4), (20, 6)])
        self.assertRecordValues(self._fact(order, "2026-03-12"), [{"is_moved": True, "notice_days": 1}])

    def test_single_date_takes_the_place_of_parts(self):
        order = self._order(parts=TEN)
        with self._at("2026-03-08"):
            order.order_line.date_planned = self._moment("2026-03-25")
        self.assertFalse(self._days(order, "expected"))
        self.assertEqual(self._days(order, "promise"), [(10, 4), (20, 6)])
        self.assertEqual(
            [(row.date_from.day, row.date_to.day, row.quantity) for row in order.scm_promise_ids.sorted("date_from")],
            [(10, 25, 4), (20, 25, 6)],
        )
        order.order_line.scm_reschedule("2026-03-28", "us")
        self.assertFalse(self._days(order, "promise") or order.order_line.scm_is_split)
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 28))
        self.assertEqual(self._days(order, "original"), [(10, 4), (20, 6)])

    def test_quotation_with_another_date_forgets_its_parts(self):
        order = self._create_purchase([(self.product, 10)], "2026-03-02", "2026-03-10", confirm=False)
        order.order_line.scm_split_promise(TEN)
        order.order_line.date_planned = self._moment("2026-04-01")
        self.assertFalse(order.scm_part_ids)

    def test_part_already_received(self):
        order = self._order(parts=TEN)
        self._receive(order, "2026-03-09", {self.product: 4})
        parts = [{"date": "2026-03-09", "quantity": 4}]
        parts += [{"date": day, "quantity": 3} for day in ("2026-03-22", "2026-03-29")]
        order.order_line.scm_split_promise(parts)
        self.assertEqual(self._open_moves(order), [(22, 22, 3), (29, 29, 3)])

    def test_by_the_dozen(self):
        order = self._create_purchase([(self.product, 3)], "2026-03-02", "2026-03-10", confirm=False)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.scm_split_promise(
            [{"date": "2026-03-10", "quantity": 1}, {"date": "2026-03-20", "quantity": 2}]
        )
        with self._at("2026-03-02"):
            order.button_confirm()
        self.assertEqual(self._open_moves(order), [(10, 10, 12), (20, 20, 24)])
        self._receive(order, "2026-03-10", {self.product: 12})
        self.assertRecordValues(self._fact(order, "2026-03-15"), [{"qty_due": 12, "qty_on_time": 12}])

    def test_more_ordered_later_joins_the_last_part(self):
        order = self._order(parts=TEN)
        order.order_line.product_qty = 15
        self.assertRecordValues(self._fact(order, "2026-03-21"), [{"qty_due": 15, "qty_missing": 15}])
        self.assertEqual(sum(quantity for _date, _deadline, quantity in self._open_moves(order)), 15)

    def test_cancelled_when_the_first_part_was_overdue(self):
        order = self._order(parts=TEN)
        with self._at("2026-03-15"):
            order.button_cancel()
        self.assertRecordValues(self._fact(order, "2026-04-15"), [{"qty_due": 4, "qty_missing": 4}])

    # What is wrong

    def test_tells_what_is_wrong(self):
        line = self._order().order_line
        for parts, message in (
            ([], "add up to 0"),
            ("tomorrow", "add up to 0"),
            ([{"date": "2026-03-10", "quantity": 9}], "add up to 9, but 10"),
            ([{"date": "10.03.2026", "quantity": 10}], "YYYY-MM-DD"),
            ([{"date": "2026-03-10", "quantity": -1}, {"date": "2026-03-11", "quantity": 11}], "above 0"),
            ([{"date": "2026-03-10", "quantity": "10"}], "above 0"),
            ([{"date": "2026-03-10"}], "above 0"),
            (["2026-03-10"], "above 0"),
        ):
            with self.assertRaisesRegex(UserError, message):
                line.scm_split_promise(parts)
        with self.assertRaisesRegex(UserError, "nobody"):
            line.scm_split_promise(TEN, "nobody")
        line.order_id.button_cancel()
        with self.assertRaisesRegex(UserError, line.order_id.name):
            line.scm_split_promise(TEN)

    def test_dialog(self):
        order = self._order()
        action = order.order_line.with_user(self.buyer).action_scm_split_promise()
        with Form(self.env["scm.split.promise"].with_user(self.buyer).with_context(**action["context"])) as dialog:
            self.assertEqual((dialog.ordered, dialog.rest), (10, 0))
            with dialog.part_ids.edit(0) as part:
                part.quantity = 4
            self.assertEqual(dialog.rest, 6)
            with dialog.part_ids.new() as part:
                part.date, part.quantity = "2026-03-20", 6
            dialog.requested_by = "us"
        dialog.record.action_apply()
        self.assertEqual(self._days(order, "promise"), [(10, 4), (20, 6)])
        again = self.env["scm.split.promise"].create({"line_id": order.order_line.id})
        self.assertEqual(again.part_ids.mapped("quantity"), [4, 6])

    # Who may

    def test_access(self):
        order = self._order(parts=TEN)
        line, part = order.order_line, order.scm_part_ids[0]
        self.assertEqual(
            line.with_user(self.buyer).scm_promise_parts(),
            {
                str(line.id): [
                    {"date": "2026-03-10", "quantity": 4.0},
                    {"date": "2026-03-20", "quantity": 6.0},
                ]
            },
        )
        self.assertTrue(part.with_user(self.planner).read(["date"]))
        with self.assertRaises(AccessError):
            line.with_user(self.planner).scm_split_promise(TEN)
        for user in (self.outsider, self.planner_b, self.buyer_b):
            with self.assertRaises(AccessError):
                self._as(user, part).read(["date"])
            with self.assertRaises(AccessError):
                self._as(user, line).scm_split_promise(TEN)
        for user in (self.manager, self.buyer):
            with self.assertRaises(AccessError):
                part.with_user(user).write({"date": "2027-01-01"})
        with self.assertRaises(AccessError):
            line.with_user(self.buyer).write({"scm_is_split": False})

    def test_portal_cannot_pass_for_us(self):
        order = self._order()
        order.order_line.with_user(self.env.ref("base.public_user")).sudo().scm_split_promise(TEN, "us")
        self.assertFalse(self._days(order, "promise"))
        self.assertRecordValues(order.scm_promise_ids, [{"requested_by": "vendor", "channel": "portal"}])

    # Speed, and the SQL says what the kernel says

    def test_query_count_does_not_grow(self):
        def read(count):
            lines = self._create_purchase([(self.product, 10)] * count, "2026-03-02", "2026-03-10").order_line
            lines[0].scm_split_promise(TEN, "us")
            return self._query_count(self.env["purchase.order.line"].browse(lines.ids).scm_promise_parts)

        self.assertEqual(read(2), read(20))

    def test_random_cases_equal_the_kernel(self):
        chance, start, count = random.Random(11), date(2026, 1, 5), 30
        ordered = [chance.choice([5, 7.5, 10, 12]) for _line in range(count)]
        order = self._create_purchase([(self.product, quantity) for quantity in ordered], "2026-01-02", "2026-01-20")
        parts = [
            [
                (start + timedelta(chance.randrange(30)), chance.choice([1, 2.5, 5]))
                for _part in range(chance.choice([2, 3]))
            ]
            for _line in range(count)
        ]
        parts = [sorted(dict(schedule).items()) for schedule in parts]
        order.order_line._scm_store_parts("promise", dict(zip(order.order_line, parts, strict=True)))
        for line, schedule in zip(order.order_line, parts, strict=True):
            line.sudo().scm_promise_date = schedule[-1][0]
        receipts = [
            [
                (start + timedelta(chance.randrange(45)), chance.choice([1, 2.5, 5]))
                for _receipt in range(chance.randrange(4))
            ]
            for _line in range(count)
        ]
        self._insert_receipts(order, receipts)
        for as_of in (date(2026, 1, 20), date(2026, 2, 3), date(2026, 4, 1)):
            facts = self._fact(order, as_of.isoformat()).sorted("id")
            for fact, quantity, schedule, received in zip(facts, ordered, parts, receipts, strict=True):
                self._compare(fact, quantity, schedule, received, as_of)

    def _compare(self, fact, quantity, schedule, received, as_of):
        numbered = [[(day.toordinal(), units) for day, units in days] for days in (schedule, received)]
        expected = judge_parts(quantity, *numbered, as_of.toordinal())
        self.assertEqual((fact.is_due, fact.is_otif), (expected.due, expected.otif))
        for name, value in (
            ("qty_due", expected.due_qty),
            ("qty_on_time", expected.on_time_qty),
            ("qty_late", expected.late_qty),
            ("qty_missing", expected.missing_qty),
            ("days_late", expected.days_late if expected.due else 0),
        ):
            self.assertAlmostEqual(fact[name], value, msg=f"{name}: {quantity} as {schedule} came {received}, {as_of}")

    def _insert_receipts(self, order, receipts):
        """Done moves on given days, straight into the table: the ORM could not make so many in a test."""
        self.env.flush_all()
        picking = order.picking_ids
        self.env.cr.execute_values(
            """INSERT INTO stock_move (company_id, product_id, product_uom, product_uom_qty, product_qty, quantity,
                                       state, date, location_id, location_dest_id, procure_method, purchase_line_id)
               VALUES %s""",
            [
                (
                    self.company_a.id,
                    self.product.id,
                    self.product.uom_id.id,
                    *(quantity, quantity, quantity),
                    "done",
                    self._moment(day),
                    picking.location_id.id,
                    picking.location_dest_id.id,
                    "make_to_stock",
                    line.id,
                )
                for line, days in zip(order.order_line, receipts, strict=True)
                for day, quantity in days
            ],
        )
        self.env.invalidate_all()
