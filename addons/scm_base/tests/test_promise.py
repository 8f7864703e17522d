from datetime import date
from threading import current_thread
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.scm_base.hooks import post_init_hook

from .common import ScmCase


@tagged("post_install", "-at_install")
class TestPromise(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product(vendor=cls.vendor)
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.buyer_b = cls._create_user("buyer_b", "purchase.group_purchase_user", companies=cls.company_b)

    def _order(self, day="2026-03-02", planned="2026-03-10", **values):
        return self._create_purchase([(self.product, 10)], day, planned, **values)

    # Frozen at confirmation

    def test_frozen_at_confirmation(self):
        line = self._order().order_line
        self.assertEqual(line.scm_promise_original, date(2026, 3, 10))
        self.assertEqual(line.scm_promise_date, date(2026, 3, 10))
        self.assertEqual(line.scm_date_confirmed, date(2026, 3, 2))
        self.assertFalse(line.scm_promise_estimated)

    def test_no_promise_before_confirmation(self):
        order = self._order(confirm=False)
        self.assertFalse(order.order_line.scm_promise_original)
        order.order_line.date_planned = self._moment("2026-03-20")
        self.assertFalse(order.scm_promise_ids)

    def test_frozen_when_a_second_approval_is_needed(self):
        self.company_a.write({"po_double_validation": "two_step", "po_double_validation_amount": 1})
        order = self._order(confirm=False)
        with self._at("2026-03-02"):
            order.with_user(self.buyer).button_confirm()
            self.assertEqual(order.state, "to approve")
            self.assertFalse(order.order_line.scm_promise_original)
            self.assertFalse(order.order_line.scm_promise_date)
        with self._at("2026-03-05"):
            order.button_approve(force=True)
        self.assertEqual(order.order_line.scm_date_confirmed, date(2026, 3, 5))

    def test_line_added_to_confirmed_order(self):
        order = self._order()
        with self._at("2026-03-04"):
            line = self.env["purchase.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": self.product.id,
                    "product_qty": 3,
                    "date_planned": self._moment("2026-03-12"),
                }
            )
        self.assertEqual(line.scm_promise_original, date(2026, 3, 12))

    def test_day_is_local(self):
        """23:30 in Berlin on the 10th is still the 10th; 01:00 UTC there is 10:00 in Tokyo."""
        order = self._order(planned=self._moment("2026-03-10", 23))
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 10))
        order = self._order(planned=self._moment("2026-03-10", 1, self.company_b), company=self.company_b)
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 10))

    def test_warehouse_zone_goes_before_company_zone(self):
        self.warehouse_a.partner_id = self.env["res.partner"].create({"name": "Dock", "tz": "Pacific/Auckland"})
        order = self._order(planned=self._moment("2026-03-10", 20))
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 11))

    def test_confirmed_again_keeps_the_original(self):
        order = self._order()
        order.button_cancel()
        order.button_draft()
        with self._at("2026-03-03"):
            order.order_line.date_planned = self._moment("2026-03-20")
            order.button_confirm()
        line = order.order_line
        self.assertEqual(line.scm_promise_original, date(2026, 3, 10))
        self.assertEqual(line.scm_promise_date, date(2026, 3, 20))
        self.assertEqual(line.scm_date_confirmed, date(2026, 3, 3))
        self.assertRecordValues(order.scm_promise_ids, [{"requested_by": "us", "date_to": date(2026, 3, 20)}])

    def test_copy_starts_anew(self):
        line = self._order().copy().order_line
        self.assertFalse(line.scm_promise_original or line.scm_promise_date or line.scm_date_confirmed)

    def test_frozen_fields_refuse_hand_and_interface(self):
        line = self._order().order_line.with_user(self.buyer)
        for field in ("scm_promise_original", "scm_promise_date", "scm_date_confirmed"):
            with self.assertRaises(AccessError):
                line.write({field: date(2027, 1, 1)})

    # Changes

    def test_plain_edit_does_not_move_the_promise(self):
        order = self._order()
        with self._at("2026-03-07"):
            order.order_line.with_user(self.buyer).date_planned = self._moment("2026-03-15")
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 10))
        self.assertRecordValues(
            order.scm_promise_ids,
            [
                {
                    "date_from": date(2026, 3, 10),
                    "date_to": date(2026, 3, 15),
                    "notice_days": 3,
                    "requested_by": "vendor",
                    "channel": "backend",
                    "user_id": self.buyer.id,
                    "partner_id": self.vendor.id,
                }
            ],
        )

    def test_other_hour_of_the_same_day_is_no_change(self):
        order = self._order()
        order.order_line.date_planned = self._moment("2026-03-10", 18)
        self.assertFalse(order.scm_promise_ids)

    def test_our_change_moves_the_promise(self):
        order = self._order()
        with self._at("2026-03-07"):
            order.order_line.with_user(self.buyer).scm_reschedule("2026-03-25", "us", "Dock is full")
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 25))
        self.assertEqual(order.order_line.scm_promise_original, date(2026, 3, 10))
        self.assertRecordValues(order.scm_promise_ids, [{"requested_by": "us", "reason": "Dock is full"}])
        self.assertEqual(order.picking_ids.move_ids.date_deadline.date(), date(2026, 3, 25))

    def test_we_claim_a_date_that_was_entered_as_the_vendors(self):
        order = self._order()
        order.order_line.date_planned = self._moment("2026-03-15")
        order.order_line.scm_reschedule("2026-03-15", "us")
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 15))
        self.assertEqual(order.scm_promise_ids.sorted("id").mapped("requested_by"), ["vendor", "us"])

    def test_vendor_moves_the_date_in_the_portal(self):
        order = self._order()
        line = order.order_line
        with self._at("2026-03-11"):
            as_vendor = order.with_user(self.env.ref("base.public_user")).sudo()
            as_vendor._update_date_planned_for_lines([(as_vendor.order_line, self._moment("2026-03-15"))])
        self.assertEqual(line.date_planned, self._moment("2026-03-15"))
        self.assertEqual(line.scm_promise_date, date(2026, 3, 10))
        self.assertRecordValues(
            order.scm_promise_ids, [{"requested_by": "vendor", "channel": "portal", "notice_days": -1}]
        )

    def test_portal_cannot_pass_for_us(self):
        order = self._order()
        line = order.order_line.with_user(self.env.ref("base.public_user")).sudo()
        line.with_context(scm_requested_by="us").write({"date_planned": self._moment("2026-03-15")})
        self.assertEqual(order.scm_promise_ids.requested_by, "vendor")
        self.assertEqual(order.order_line.scm_promise_date, date(2026, 3, 10))

    def test_interface_is_named_as_channel(self):
        order = self._order()
        call = SimpleNamespace(httprequest=SimpleNamespace(path="/json/2/purchase.order.line/scm_reschedule"))
        with patch("odoo.addons.scm_base.models.purchase_order_line.request", call):
            order.order_line.scm_reschedule("2026-03-15")
        self.assertEqual(order.scm_promise_ids.channel, "rpc")

    def test_xml_rpc_is_named_though_its_request_is_hidden(self):
        order = self._order()
        with patch.object(current_thread(), "url", "https://shop.example.com/xmlrpc/2/object", create=True):
            order.order_line.scm_reschedule("2026-03-15")
        self.assertEqual(order.scm_promise_ids.channel, "rpc")

    def test_reschedule_tells_what_is_wrong(self):
        line = self._order().order_line
        with self.assertRaisesRegex(UserError, "YYYY-MM-DD"):
            line.scm_reschedule("15.03.2026")
        with self.assertRaisesRegex(UserError, "nobody"):
            line.scm_reschedule("2026-03-15", "nobody")
        draft = self._order(confirm=False)
        with self.assertRaisesRegex(UserError, draft.name):
            draft.order_line.scm_reschedule("2026-03-15")

    def test_wizard_changes_open_lines(self):
        second = self._create_product("Second", vendor=self.vendor)
        order = self._create_purchase([(self.product, 10), (second, 5)], "2026-03-02", "2026-03-10")
        self._receive(order, "2026-03-05", {second: 5})
        wizard = (
            self.env["scm.reschedule"]
            .with_user(self.buyer)
            .create({"order_ids": order.ids, "date": "2026-03-18", "requested_by": "us"})
        )
        self.assertEqual(wizard.line_ids.product_id, self.product)
        wizard.action_apply()
        self.assertEqual(order.order_line.mapped("scm_promise_date"), [date(2026, 3, 18), date(2026, 3, 10)])
        wizard.line_ids = False
        with self.assertRaises(UserError):
            wizard.action_apply()

    # Who may see

    def test_access(self):
        order = self._order()
        order.order_line.scm_reschedule("2026-03-18")
        log = order.scm_promise_ids
        self.assertTrue(log.with_user(self.planner).read(["date_to"]))
        self.assertTrue(log.with_user(self.buyer).read(["date_to"]))
        for user in (self.outsider, self.planner_b, self.buyer_b):
            with self.assertRaises(AccessError):
                log.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).read(["date_to"])
        with self.assertRaises(AccessError):
            log.with_user(self.manager).write({"date_to": "2026-01-01"})
        with self.assertRaises(AccessError):
            log.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            order.order_line.with_user(self.planner).scm_reschedule("2026-03-20")

    # Speed and installation

    def test_query_count_does_not_grow(self):
        # the deadline of each stock move is Odoo's own write, so lines of services measure what the log adds
        service = self._create_product("Service", type="service", is_storable=False)

        def move(count):
            order = self._create_purchase([(service, 1)] * count, "2026-03-02", "2026-03-10")
            lines = self.env["purchase.order.line"].browse(order.order_line.ids)
            return self._query_count(lines.scm_reschedule, "2026-03-20", "us")

        move(2)
        self.assertEqual(move(10), move(100))

    def test_orders_from_before_installation(self):
        order = self._order()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order_line SET scm_promise_original = NULL, scm_promise_date = NULL,"
            " scm_date_confirmed = NULL WHERE id = %s",
            order.order_line.ids,
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "scm_promise_original": date(2026, 3, 10),
                    "scm_promise_date": date(2026, 3, 10),
                    "scm_date_confirmed": date(2026, 3, 2),
                    "scm_promise_estimated": True,
                }
            ],
        )
