import re
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers import track
from ..kernel.pacing import Gate
from .parcel_common import ParcelCase


class TrackCase(ParcelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "anna@scm.example"
        cls.other = cls.env["res.partner"].create({"name": "Other", "email": "otto@scm.example"})
        cls.order, cls.other_order = (cls._order(partner) for partner in (cls.customer, cls.other))
        cls.parcel = cls._create_parcel("MINE1", sale_ids=[(6, 0, cls.order.ids)])
        cls.other_parcel = cls._create_parcel("OTHER1", partner_id=cls.other.id, sale_ids=[(6, 0, cls.other_order.ids)])

    @classmethod
    def _order(cls, partner):
        product = cls.env["product.product"].create({"name": "Kettle", "type": "consu"})
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company_a.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})],
            }
        )
        order.action_confirm()
        return order

    def _url(self, parcel):
        return f"/track/{parcel.id}/{parcel._public_token()}"


class TestPublicView(TrackCase):
    def _view(self, **values):
        self.parcel.write(values)
        with self._at(self.TODAY):
            return self.parcel._public_view()

    def test_why_late_in_plain_words(self):
        late = {"date_promised": self.TODAY - timedelta(days=1)}
        self.assertFalse(self._view()["reason"])
        self.assertIn("longer than usual", self._view(**late)["reason"])
        self.assertIn("nobody could take", self._view(**late, attempts=1)["reason"])
        with self._at(self.TODAY):
            self.env["scm.parcel"]._set_expected({self.parcel.id: self.TODAY + timedelta(days=2)}, "disruption")
        self.assertIn("weather", self._view(**late)["reason"])
        self.assertEqual(self._view(is_lost=True)["tone"], "danger")

    def test_events_of_two_sources_are_told_once(self):
        rows = [self._event(self.parcel, "in_transit", 1, source=source, text=source) for source in ("a", "b")]
        self._tell(*rows)
        self.assertEqual(len(self._view()["events"]), 1)

    def test_past_expectation_is_not_shown(self):
        self.assertFalse(self._view(date_expected=self.TODAY - timedelta(days=1))["expected"])


class TestDeliveryRequest(TrackCase):
    def _ask(self, kind="safe_drop", **kwargs):
        values = {"text": "With the guard", "street": "New road 5", "zip": "10117", "city": "Berlin"}
        return self.env["scm.delivery.request"]._ask(kind, values, **kwargs)

    def test_before_it_leaves_it_is_done(self):
        picking = self.order._scm_open_deliveries()
        self.assertTrue(picking)
        before = picking.partner_id
        self.assertEqual(self._ask("address", picking=picking).state, "applied")
        self.assertEqual((picking.partner_id.street, picking.partner_id.parent_id), ("New road 5", before))
        self.assertEqual(picking.partner_id.country_id, before.country_id)
        self.assertEqual(self._ask(picking=picking).state, "applied")
        self.assertIn("With the guard", picking.note)

    def test_afterwards_a_person_is_asked_and_the_last_wish_counts(self):
        first, second = self._ask(parcel=self.parcel), self._ask(parcel=self.parcel)
        self.assertEqual((first.state, second.state), ("refused", "new"))
        self.assertEqual(len(self.parcel.activity_ids), 2)
        self._as(self.packer, second).action_done()
        self.assertEqual(second.state, "done")

    def test_nothing_after_the_end_and_nothing_empty(self):
        with self.assertRaises(UserError):
            self.env["scm.delivery.request"]._ask("address", {"city": "Berlin"}, parcel=self.parcel)
        self.parcel.write({"status": "delivered", "is_final": True})
        with self.assertRaises(UserError):
            self._ask(parcel=self.parcel)


@tagged("post_install", "-at_install")
class TestTrackRoutes(TrackCase, HttpCase):
    def setUp(self):
        super().setUp()
        track._gate = Gate()
        self.addCleanup(setattr, track, "_gate", Gate())

    def _post(self, url, page="/track", **data):
        """A POST with the CSRF token of a page, as a browser does it."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open(page).text)[1]
        return self.url_open(url, data={"csrf_token": token, **data}, allow_redirects=False)

    def test_found_by_number_and_e_mail(self):
        answer = self._post("/track", order=self.order.name.lower(), email=" Anna@SCM.example ")
        self.assertEqual(answer.status_code, 303)
        page = self.url_open(answer.headers["Location"])
        self.assertIn(self.order.name, page.text)
        self.assertIn("MINE1", page.text)
        self.assertNotIn("OTHER1", page.text)

    def test_one_answer_for_all_that_is_not_found(self):
        asked = [
            (self.order.name, "otto@scm.example"),
            ("S99999999", "anna@scm.example"),
            ("%", "anna@scm.example"),
            (self.order.name, ""),
            ("", ""),
        ]
        pages = set()
        for order, email in asked:
            answer = self._post("/track", order=order, email=email)
            self.assertEqual(answer.status_code, 200)
            pages.add(re.sub(r'(value|content)="[^"]*"|csrf_token: "[^"]*"', "", answer.text))
        self.assertEqual(len(pages), 1, "nobody learns which half was wrong")

    def test_existing_and_unknown_orders_ask_the_database_as_often(self):
        """What takes as many queries takes as long: nobody finds order numbers by the clock."""
        with patch.object(track, "request", SimpleNamespace(env=self.env)):
            counts, page = [], track.TrackingPage()
            page._find_order("warm", "up@scm.example")
            for order in (self.order.name, "S99999999"):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertFalse(page._find_order(order, "otto@scm.example"))
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(page._find_order(self.order.name, "Anna@scm.example"), self.order)
        self.assertEqual(counts[0], counts[1])

    def test_guessing_is_slow(self):
        codes = [self._post("/track", order=self.order.name, email=f"{n}@x.example").status_code for n in range(7)]
        self.assertEqual(codes[:5], [200] * 5)
        self.assertEqual(codes[-1], 429)

    def test_others_parcels(self):
        token = self.parcel._public_token()
        for url in (
            f"/track/{self.other_parcel.id}/{token}",
            f"/track/{self.parcel.id}/{token[:-1]}",
            f"/track/{self.parcel.id}/x",
            f"/track/999999999/{token}",
            f"/track/order/{self.other_order.id}/{self.order._scm_track_token()}",
            f"/track/order/999999999/{'0' * 64}",
        ):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 404, url)
            self.assertNotIn("OTHER1", answer.text)

    def test_no_post_with_anothers_token(self):
        token = self.parcel._public_token()
        for action, data in (("problem", {"kind": "damaged"}), ("request", {"kind": "safe_drop", "text": "x"})):
            answer = self._post(f"/track/{self.other_parcel.id}/{token}/{action}", **data)
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.other_parcel.activity_ids)
        self.assertFalse(self.env["scm.delivery.request"].search([("parcel_id", "=", self.other_parcel.id)]))

    @mute_logger("odoo.http")
    def test_no_change_without_csrf_or_by_get(self):
        url = self._url(self.parcel)
        self.assertEqual(self.url_open(f"{url}/problem", data={"kind": "damaged"}).status_code, 400)
        self.assertIn(self.url_open(f"{url}/problem?kind=damaged").status_code, (404, 405))
        self.assertFalse(self.parcel.activity_ids)

    def test_a_problem_becomes_a_task_and_html_stays_text(self):
        url = self._url(self.parcel)
        answer = self._post(f"{url}/problem", page=url, kind="damaged", text="<img src=x onerror=alert(1)>")
        self.assertIn("said=thanks", answer.headers["Location"])
        self.assertTrue(self.parcel.activity_ids)
        for record in (self.parcel, self.order):
            self.assertNotIn("<img", record.message_ids[0].body)
        self._tell(self._event(self.parcel, "in_transit", 3, text="<script>alert(1)</script>", place="<b>x</b>"))
        page = self.url_open(url).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<b>x</b>", page)

    def test_another_orders_delivery_cannot_be_moved(self):
        url = f"/track/order/{self.order.id}/{self.order._scm_track_token()}"
        stranger = self.other_order._scm_open_deliveries()
        wish = {"kind": "address", "street": "Mine 1", "city": "Berlin"}
        answer = self._post(f"{url}/request", page=url, picking_id=str(stranger.id), **wish)
        self.assertIn("said=unclear", answer.headers["Location"])
        self.assertEqual(stranger.partner_id, self.other)
        own = self.order._scm_open_deliveries()
        answer = self._post(f"{url}/request", page=url, picking_id=str(own.id), **wish)
        self.assertIn("said=applied", answer.headers["Location"])
        self.assertEqual(own.partner_id.street, "Mine 1")

    def test_on_the_portals_order_page(self):
        self.order._portal_ensure_token()
        page = self.url_open(f"/my/orders/{self.order.id}?access_token={self.order.access_token}").text
        self.assertIn(self._url(self.parcel), page)
