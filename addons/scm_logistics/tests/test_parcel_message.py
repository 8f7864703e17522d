"""Messages to customers: one per piece of news, held back where nobody wants them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .watch_common import WatchCase


@tagged("post_install", "-at_install")
class TestParcelMessage(WatchCase):
    def _send(self, day=None, hour=12):
        with self._at(day or self.TODAY, hour):
            due = self.env["scm.parcel.message"].search(
                [("state", "=", "scheduled"), ("date_scheduled", "<=", fields.Datetime.now())]
            )
            return due._send()

    def test_off_at_first(self):
        parcel = self._create_parcel("P1")
        self._tell(self._event(parcel, "in_transit", 40), self._event(parcel, "delivered", 45))
        self._expect(self._create_parcel("P2"), self._day(5))
        self.assertFalse(self.env["scm.parcel.message"].search([("company_id", "=", self.company_a.id)]))
        rules = self.env["scm.parcel.message.rule"].search([("company_id", "=", self.company_b.id)])
        self.assertEqual((len(rules), set(rules.mapped("mode"))), (7, {"off"}))

    def test_each_status_is_told_once(self):
        self._switch_on("dispatched", "out_for_delivery", "delivered", "attempt_failed", "pickup", mode="ask")
        parcel = self._create_parcel("P1")
        for number, status in enumerate(("in_transit", "out_for_delivery", "attempt_failed", "available_for_pickup")):
            row = self._event(parcel, status, 20 + number)
            self._tell(row)
            self._tell(row)
        self._tell(self._event(parcel, "in_transit", 30))
        told = self._messages(parcel)
        self.assertEqual(told.mapped("kind"), ["dispatched", "out_for_delivery", "attempt_failed", "pickup"])
        self.assertEqual(told.mapped("state"), ["suppressed"] * 3 + ["draft"])
        self.assertEqual(set(told[:3].mapped("reason")), {"newer"})
        self._tell(self._event(parcel, "delivered", 40))
        self.assertEqual(self._messages(parcel, state="draft").mapped("kind"), ["delivered"])

    def test_old_history_is_no_news(self):
        self._switch_on("delivered")
        parcel = self._create_parcel("P1")
        self._tell(self._event(parcel, "delivered", -24 * 3))
        self.assertFalse(self._messages(parcel))

    def test_one_message_per_material_slip(self):
        self._switch_on("delayed")
        self.company_a.scm_slip_days = 2
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(1))
        self.assertFalse(self._messages(parcel), "one day is no material slip")
        self._expect(parcel, self._day(3))
        self._expect(parcel, self._day(3))
        message = self._messages(parcel)
        self.assertRecordValues(
            message, [{"state": "scheduled", "date_before": self.TODAY, "date_told": self._day(3), "channel": "mail"}]
        )
        self.assertEqual(self._send(), message)
        self._expect(parcel, self._day(4))
        self.assertEqual(len(self._messages(parcel)), 1, "one day more than the customer knows")
        self._expect(parcel, self._day(5))
        self.assertEqual(self._messages(parcel)[1:].mapped("date_before"), [self._day(3)])

    def test_a_day_that_does_not_hold_any_more_is_not_told(self):
        self._switch_on("delayed")
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(3))
        self._expect(parcel, self._day(6))
        self._expect(parcel, self.TODAY)
        self.assertEqual(self._messages(parcel).mapped("reason"), ["newer", "newer"])
        self.assertFalse(self._send())

    def test_who_was_told_of_a_delay_hears_that_it_comes_sooner(self):
        self._switch_on("delayed", "earlier")
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(5))
        self._send()
        self._expect(parcel, self._day(1))
        self.assertEqual(self._messages(parcel).mapped("kind"), ["delayed", "earlier"])

    def test_what_the_customer_asked_for_is_no_news(self):
        self._switch_on("delayed")
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(5), "customer")
        self.assertFalse(self._messages(parcel))

    def test_quiet_hours_are_those_of_the_customer(self):
        self._switch_on("delayed")
        self.customer.tz = "Asia/Tokyo"
        parcel = self._create_parcel("P1")
        # 14:00 in Berlin is 22:00 in Tokyo; its morning, 8:00, is midnight in Berlin
        with self._at(self.TODAY, 14):
            self.env["scm.parcel"]._set_expected({parcel.id: self._day(3)}, "carrier")
        message = self._messages(parcel)
        self.assertEqual(message.date_scheduled, self._moment(self._day(1), 0))
        self.assertFalse(self._send(hour=23))
        self.assertEqual(self._send(self._day(1), 0), message)

    def test_held_back(self):
        self._switch_on("delayed", "delivered")
        cases = {
            "consent": {"scm_delivery_messages": "none"},
            "address": {"email": False},
            "blacklist": {"email": "black@scm.example"},
            False: {"scm_delivery_messages": "important"},
        }
        self.env["mail.blacklist"].create({"email": "black@scm.example"})
        for reason, values in cases.items():
            partner = self.env["res.partner"].create({"name": "X", "email": "x@scm.example"} | values)
            parcel = self._create_parcel(f"P{reason}", partner_id=partner.id)
            self._expect(parcel, self._day(3))
            self.assertEqual(self._messages(parcel).reason, reason)
        self._tell(self._event(parcel, "delivered", 45))
        self.assertEqual(self._messages(parcel, kind="delivered").reason, "consent", "only important ones")

    def test_suppressed_where_a_person_has_written(self):
        self._switch_on("delayed")
        picking = self._ship(ref="P1")
        parcel = self.env["scm.parcel"].search([("tracking_ref", "=", "P1")])
        self.assertTrue(parcel, "a parcel is made of a delivery")
        parcel = parcel[:1]
        parcel.sudo().write({"date_promised": self.TODAY, "date_expected": self.TODAY})
        self.assertTrue(picking.sale_id)
        self._expect(parcel, self._day(3))
        with self._at(self.TODAY, 13):
            picking.sale_id.message_post(
                body="It comes later, sorry",
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                author_id=self.dispatcher.partner_id.id,
            )
        self.assertFalse(self._messages(parcel).reason, "a note is for colleagues")
        with self._at(self.TODAY, 13):
            picking.sale_id.message_post(
                body="It comes later, sorry",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.dispatcher.partner_id.id,
            )
        self.assertFalse(self._send(hour=14))
        self.assertRecordValues(self._messages(parcel), [{"state": "suppressed", "reason": "person"}])

    def test_sent_once_in_the_language_of_the_customer_and_logged(self):
        self._switch_on("delayed")
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(3))
        message = self._messages(parcel)
        self.assertEqual(self._send(), message)
        self.assertFalse(self._send())
        self.assertEqual((message.state, message.recipient), ("sent", "customer@scm.example"))
        self.assertIn("P1", message.subject)
        self.assertIn("11/26/2026", message.body)
        logged = parcel.message_ids.filtered(lambda one: one.message_type == "email_outgoing")
        self.assertEqual(logged.subject, message.subject)
        self.assertEqual(message.mail_id.recipient_ids, self.customer)

    def test_html_in_names_stays_text(self):
        self._switch_on("delayed")
        self.customer.name = "<script>alert(1)</script>"
        parcel = self._create_parcel("P<b>1</b>")
        self._expect(parcel, self._day(3))
        self._send()
        self.assertNotIn("<script>", self._messages(parcel).body)
        self.assertNotIn("<b>1</b>", self._messages(parcel).body)

    def test_a_broken_template_stops_only_its_own_message(self):
        rules = self._switch_on("delayed", "delivered")
        rules.filtered(lambda one: one.kind == "delayed").template_id = self.env["mail.template"].create(
            {
                "name": "Broken",
                "model_id": self.env["ir.model"]._get_id("scm.parcel.message"),
                "subject": "{{ 1 / 0 }}",
                "body_html": "<p>x</p>",
            }
        )
        late, done = self._create_parcel("P1"), self._create_parcel("P2")
        self._expect(late, self._day(3))
        self._tell(self._event(done, "delivered", 45))
        with self.assertLogs("odoo.addons.scm_logistics.models.scm_parcel_message_send", "WARNING"):
            self._send()
        self.assertEqual((self._messages(late).state, self._messages(late).reason), ("failed", "error"))
        self.assertEqual(self._messages(done).state, "sent")

    def test_a_person_approves(self):
        self._switch_on("delayed", mode="ask")
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(3))
        message = self._messages(parcel)
        self.assertEqual((message.state, bool(message.preview_body)), ("draft", True))
        with self.assertRaises(AccessError):
            self._as(self.planner, message).action_approve()
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.dispatcher, message).action_approve(), 1)
        self.assertEqual((message.state, message.user_id), ("scheduled", self.dispatcher))
        self.assertEqual(self._send(), message)

    def test_tell_the_customer_by_hand_where_rules_are_off(self):
        parcel = self._create_parcel("P1", date_expected=self._day(2))
        with self._at(self.TODAY):
            action = self._as(self.dispatcher, parcel).action_tell_customer()
            self._as(self.dispatcher, parcel).action_tell_customer()
        message = self._messages(parcel)
        self.assertEqual(action["res_id"], message.id)
        self.assertRecordValues(message, [{"state": "draft", "date_told": self._day(2), "kind": "delayed"}])

    def test_as_many_queries_for_many_slips(self):
        self._switch_on("delayed")

        def slip(count, prefix):
            parcels = self.env["scm.parcel"]
            for number in range(count):
                parcels += self._create_parcel(f"{prefix}{number}")
            rows = dict.fromkeys(parcels.ids, self._day(3))
            with self._at(self.TODAY):
                return self._query_count(self.env["scm.parcel"]._set_expected, rows, "carrier")

        slip(2, "warm")
        self.assertEqual(slip(3, "A"), slip(30, "B"))

    def test_other_companies_do_not_see_them(self):
        self._switch_on("delayed")
        parcel = self._create_parcel("P1")
        self._expect(parcel, self._day(3))
        message = self._messages(parcel)
        self.assertTrue(self._as(self.planner, message).subject_key)
        with self.assertRaises(AccessError):
            self._as(self.planner_b, message).read(["kind"])
        self.assertLess(message.news_at, self._moment(self.TODAY) + timedelta(minutes=1))
