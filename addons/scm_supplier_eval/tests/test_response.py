from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestResponse(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product(vendor=cls.vendor)
        cls.vendor.email = "vendor@example.com"
        cls.contact = cls.env["res.partner"].create({"name": "Contact", "parent_id": cls.vendor.id})
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")

    def _order(self, sent="2026-03-02", **values):
        order = self._create_purchase([(self.product, 10)], "2026-03-01", "2026-03-20", confirm=False, **values)
        if sent:
            with self._at(sent):
                order.with_user(self.buyer).with_context(mark_rfq_as_sent=True).message_post(body="Please quote")
        return order

    def _post(self, order, author, kind="comment", day="2026-03-04"):
        with self._at(day):
            order.message_post(body="Yes", author_id=author.id, message_type=kind)

    # Sent and answered

    def test_sent_is_kept_from_the_first_time(self):
        order = self._order()
        self.assertEqual((order.state, order.scm_rfq_sent_at), ("sent", self._moment("2026-03-02")))
        with self._at("2026-03-05"):
            order.write({"state": "draft"})
            order.print_quotation()
        self.assertEqual(order.scm_rfq_sent_at, self._moment("2026-03-02"))
        self.assertFalse(order.scm_answered_at)

    def test_message_of_the_vendor_is_an_answer(self):
        for author, kind, channel in (
            (self.vendor, "email", "mail"),
            (self.contact, "comment", "portal"),
        ):
            order = self._order()
            self._post(order, author, kind)
            self._post(order, author, kind, "2026-03-09")
            self.assertRecordValues(
                order, [{"scm_answered_at": self._moment("2026-03-04"), "scm_answer_channel": channel}]
            )

    def test_what_is_no_answer(self):
        order = self._order()
        self._post(order, self.buyer.partner_id)
        self._post(order, self.customer)
        self._post(order, self.vendor, "notification")
        self.assertFalse(order.scm_answered_at)
        early = self._order(sent=False)
        self._post(early, self.vendor)
        self.assertFalse(early.scm_answered_at)

    def test_confirmation_is_an_answer_at_the_latest(self):
        order, direct = self._order(), self._order(sent=False)
        with self._at("2026-03-06"):
            (order + direct).button_confirm()
        self.assertRecordValues(
            order + direct,
            [
                {"scm_answered_at": self._moment("2026-03-06"), "scm_answer_channel": "order"},
                {"scm_answered_at": False, "scm_answer_channel": False},
            ],
        )

    def test_answer_by_telephone(self):
        order = self._order()
        with self._at("2026-03-05"):
            order.with_user(self.buyer).action_scm_vendor_answered("2026-03-03 10:00:00")
        self.assertRecordValues(order, [{"scm_answered_at": datetime(2026, 3, 3, 10), "scm_answer_channel": "buyer"}])
        with self._at("2026-03-06"):
            order.with_user(self.buyer).action_scm_vendor_answered()
        self.assertEqual(order.scm_answered_at, datetime(2026, 3, 3, 10))

    def test_answer_tells_what_is_wrong(self):
        order, unsent = self._order(), self._order(sent=False)
        with self._at("2026-03-05"):
            for orders, moment, message in (
                (unsent, False, unsent.name),
                (order, "2026-03-01 10:00:00", "before it was sent"),
                (order, "2026-03-09 10:00:00", "in the future"),
                (order, "yesterday", "yesterday"),
            ):
                with self.assertRaisesRegex(UserError, message):
                    orders.action_scm_vendor_answered(moment)
        with self.assertRaises(AccessError):
            order.with_user(self.planner).action_scm_vendor_answered()

    # Acknowledged

    def test_acknowledged_by_the_vendor(self):
        order = self._order()
        with self._at("2026-03-06"):
            order.button_confirm()
        with self._at("2026-03-07"):
            order.with_user(self.env.ref("base.public_user")).sudo().action_acknowledge()
        with self._at("2026-03-09"):
            order.action_acknowledge()
        self.assertEqual(order.scm_acknowledged_at, self._moment("2026-03-07"))

    def test_receipt_is_no_acknowledgement(self):
        order = self._order()
        with self._at("2026-03-06"):
            order.button_confirm()
        self._receive(order, "2026-03-19")
        self.assertTrue(order.acknowledged)
        self.assertFalse(order.scm_acknowledged_at)

    # Rush

    def test_rush(self):
        order = self._order()
        with self.assertRaisesRegex(UserError, order.name):
            order.scm_answer_rush(True)
        order.with_user(self.buyer).scm_is_rush = True
        with self._at("2026-03-04"):
            order.with_user(self.buyer).action_scm_rush_declined()
        self.assertRecordValues(order, [{"scm_rush_answer": "declined", "scm_answered_at": self._moment("2026-03-04")}])
        order.with_user(self.buyer).action_scm_rush_accepted()
        self.assertEqual(order.scm_rush_answer, "accepted")
        with self.assertRaises(AccessError):
            order.with_user(self.planner).scm_answer_rush(True)
        self.assertFalse(order.copy().scm_is_rush)
