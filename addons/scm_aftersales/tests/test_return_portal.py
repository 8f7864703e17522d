import io
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from PIL import Image

from odoo.addons.scm_base.tools import photos

from ..controllers import return_frame
from .return_portal_common import ReturnPortalCase, picture

CHANGES = ("cancel", "tracking", "message", "rate")


@tagged("post_install", "-at_install")
class TestReturnPortal(ReturnPortalCase):
    """A customer asks for a return and follows it. Nobody sees or changes what is not his, on any route; nonsense and
    hostile input is refused in words."""

    def test_the_pages_open(self):
        self._login(self.anna)
        for url, words in (
            ("/my/returns", self.one.name),
            (f"/my/returns/{self.one.id}", "We have got your request"),
            (f"/my/orders/{self.order.id}/return", "What do you want to give back"),
            (f"/my/orders/{self.order.id}", "scm_start_return"),
            (f"/my/returns/{self.one.id}/files/{self.photo.id}", ""),
        ):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200, url)
            self.assertIn(words, answer.text, url)
            self.assertNotIn("Otto", answer.text, url)

    def test_ask_in_two_steps(self):
        self._login(self.anna)
        url = f"/my/orders/{self.order.id}/return"
        before = self.order.scm_return_count
        answer = self._post(f"{url}/check", self._form(self.order))
        self.assertEqual(answer.status_code, 200)
        self.assertIn("This is what we can do", answer.text)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.scm_return_count, before)
        files = {f"photos_{self._key(self.order)}": ("wall.png", picture("PNG"), "image/png")}
        form = self._form(self.order, comment="Tight") | {"request_key": "k1", "comment": "Thanks"}
        answer = self._post(f"{url}/send", form, files=files)
        self.assertEqual(answer.status_code, 303)
        asked = self.order.scm_return_ids - self.one
        self.assertTrue(answer.headers["Location"].endswith(f"/my/returns/{asked.id}"))
        self.assertRecordValues(
            asked, [{"channel": "portal", "partner_id": self.anna.partner_id.id, "comment": "Thanks"}]
        )
        self.assertRecordValues(asked.line_ids, [{"quantity": 2.0, "comment": "Tight"}])
        self.assertEqual(asked.line_ids.reason_id.code, "too_small")
        self.assertEqual(Image.open(io.BytesIO(asked.line_ids.attachment_ids.raw)).format, "JPEG")
        self.assertIn(asked.name, self.url_open(f"/my/returns/{asked.id}").text)

    def test_follow_and_end(self):
        """Tracking number, message, the end and how it went; what is paid shows with its code."""
        self._login(self.anna)
        url = f"/my/returns/{self.one.id}"
        if self.one.state == "requested":
            self.one.action_approve()
        self._post(f"{url}/tracking", {"reference": "x"})
        self.assertFalse(self.one.parcel_ids)
        self._post(f"{url}/tracking", {"reference": " AB 12345 "})
        self.assertRecordValues(self.one.parcel_ids, [{"tracking_ref": "AB 12345", "direction": "return"}])
        self._post(f"{url}/message", {"text": "It is on its way"}, files={"photos": ("a.png", picture("PNG"))})
        message = self.one._portal_messages()
        self.assertEqual(message.author_id, self.anna.partner_id)
        self.assertEqual(self.url_open(f"{url}/files/{message.attachment_ids.id}").status_code, 200)
        self.assertIn("It is on its way", self.url_open(url).text)
        self._post(f"{url}/rate", {"face": "5"})
        self.assertFalse(self.one._has_rating())
        program = self.env["loyalty.program"].create(
            {"name": "Credit", "program_type": "ewallet", "company_id": self.company_a.id}
        )
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 25.0})
        self.one.credit_card_ids = card
        self.one.write({"state": "settled"})
        self.one.action_close()
        self.assertEqual(self.one.rating_ids.partner_id, self.customer)
        text = self.url_open(url).text
        self.assertIn(card.code, text)
        self.assertIn("How did it go?", text)
        self._post(f"{url}/rate", {"face": "3", "text": "Slow"})
        self._post(f"{url}/rate", {"face": "1", "text": "Again"})
        self.assertEqual(self.one.rating_ids.filtered("consumed").mapped("rating"), [3.0])
        self._post(f"{url}/cancel")
        self.assertEqual(self.one.state, "closed")
        other = self._ask(self.order)
        self.env.flush_all()
        self._post(f"/my/returns/{other.id}/cancel")
        self.assertEqual(other.state, "cancelled")

    def test_exchange_for_another_variant(self):
        colour = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": [Command.create({"name": name}) for name in ("Red", "Blue")]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Vase",
                "is_storable": True,
                "attribute_line_ids": [
                    Command.create({"attribute_id": colour.id, "value_ids": [Command.set(colour.value_ids.ids)]})
                ],
            }
        )
        red, blue = template.product_variant_ids
        order = self._sold([(red, 2.0)])
        self._login(self.anna)
        url = f"/my/orders/{order.id}/return/send"
        for variant, status in ((self.product.id, 422), (blue.id, 303)):
            form = self._form(order, quantity="1", wish="exchange", variant=str(variant))
            self.assertEqual(self._post(url, form | {"request_key": "v"}).status_code, status)
        self.assertEqual(order.scm_return_ids.line_ids.exchange_product_id, blue)

    def _get_urls(self, order, one, photo):
        return [f"/my/returns/{one.id}", f"/my/returns/{one.id}/files/{photo.id}", f"/my/orders/{order.id}/return"]

    def _post_urls(self, order, one):
        return [
            *(f"/my/returns/{one.id}/{what}" for what in CHANGES),
            *(f"/my/orders/{order.id}/return/{step}" for step in ("check", "send")),
        ]

    def _assert_untouched(self, order, one):
        self.env.invalidate_all()
        self.assertEqual((one.state, order.scm_return_ids), ("requested", one))
        self.assertFalse(one._portal_messages() or one.parcel_ids or one.rating_ids)

    def _assert_closed_to_visitor(self, order, one, photo, secret=""):
        """Neither reading nor changing works, and nothing of it is named."""
        for url in self._get_urls(order, one, photo):
            answer = self.url_open(url + secret)
            self.assertEqual(answer.status_code, 404, url)
            self.assertNotIn(order.name, answer.text, url)
        values = self._form(order) | {"text": "x", "reference": "X12345", "face": "1", "request_key": "k"}
        values |= {"access_token": secret.partition("=")[2]} if secret else {}
        for url in self._post_urls(order, one):
            self.assertEqual(self._post(url, values).status_code, 404, url)
        answer = self._explain(f"/my/orders/{order.id}/return/explain", values=self._form(order))
        self.assertEqual(answer, {"rows": {}, "error": ""})
        self._assert_untouched(order, one)

    def test_what_belongs_to_others_is_not_there(self):
        self._login(self.anna)
        self._assert_closed_to_visitor(self.other_order, self.other_one, self.other_photo)
        with self.subTest("no login"):
            self._login(None)
            self._assert_closed_to_visitor(self.order, self.one, self.photo)
            self.assertIn("/web/login", self.url_open("/my/returns", allow_redirects=False).headers["Location"])
        with self.subTest("wrong secret"):
            self._assert_closed_to_visitor(self.order, self.one, self.photo, "?access_token=guess")
        with self.subTest("another return's secret"):
            secret = f"?access_token={self.other_one._portal_ensure_token()}"
            self.env.flush_all()
            self._assert_closed_to_visitor(self.order, self.one, self.photo, secret)

    def test_another_company(self):
        """The customer is the same, but this login is not for that company."""
        self._login(self.anna)
        self.assertEqual(self.url_open(f"/my/orders/{self.far_order.id}/return").status_code, 404)
        self.assertEqual(
            self._post(f"/my/orders/{self.far_order.id}/return/send", self._form(self.far_order)).status_code, 404
        )
        self.assertFalse(self.far_order.scm_return_ids)

    def test_mixed_ids(self):
        """Another's line in one's own order, another's photo on one's own return, another's order on one's own link."""
        self._login(self.anna)
        self.assertEqual(self.url_open(f"/my/returns/{self.one.id}/files/{self.other_photo.id}").status_code, 404)
        foreign = self._form(self.other_order)
        for step in ("check", "send"):
            answer = self._post(f"/my/orders/{self.order.id}/return/{step}", foreign)
            self.assertEqual((answer.status_code, "not part of order" in answer.text), (422, True))
        answer = self._explain(f"/my/orders/{self.order.id}/return/explain", values=foreign)
        self.assertIn("not part of order", answer["error"])
        parcel = self._parcel(self.order)
        url = f"/track/{parcel.id}/{parcel._public_token()}/return"
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{url}?order={self.other_order.id}").status_code, 404)
        answer = self._post(f"{url}/send", foreign | {"order": str(self.other_order.id)})
        self.assertEqual(answer.status_code, 404)
        self._assert_untouched(self.other_order, self.other_one)
        self._assert_untouched(self.order, self.one)

    def test_tracking_links(self):
        """The link of an order or parcel opens its own orders, a changed one nothing; a return of it starts there."""
        self._login(None)
        parcel, back = self._parcel(self.order), self._parcel(self.order, direction="return")
        order_url = f"{self.order._scm_track_url()}/return"
        parcel_url, back_url = (f"/track/{one.id}/{one._public_token()}/return" for one in (parcel, back))
        self.env.flush_all()
        for url, status in (
            (order_url, 200),
            (parcel_url, 200),
            (back_url, 404),
            (f"/track/{parcel.id}/nonsense/return", 404),
            (order_url.replace(str(self.order.id), str(self.other_order.id), 1), 404),
            (f"{self.order._scm_track_url()[:-1]}x/return", 404),
        ):
            self.assertEqual(self.url_open(url).status_code, status, url)
        self.assertIn("/return", self.url_open(self.order._scm_track_url()).text)
        answer = self._post(f"{parcel_url}/send", self._form(self.order) | {"request_key": "t1"})
        asked = self.order.scm_return_ids - self.one
        self.assertRecordValues(asked, [{"channel": "tracking", "partner_id": self.customer.id}])
        location = answer.headers["Location"]
        self.assertIn("access_token", location)
        self.assertIn(asked.name, self.url_open(location).text)
        self.assertEqual(self.url_open(location.partition("?")[0]).status_code, 404)

    def test_colleagues_see_each_others_returns(self):
        self._login(self.ada)
        for url in ("/my/returns", *self._get_urls(self.order, self.one, self.photo)):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200, url)
            self.assertNotIn(self.other_one.name, answer.text)

    def test_changes_need_a_post_and_the_forms_secret(self):
        self._login(self.anna)
        for url in self._post_urls(self.order, self.one):
            self.assertEqual(self.url_open(url).status_code, 405, url)
            with mute_logger("odoo.http"):
                self.assertEqual(self._post(url, self._form(self.order), token=False).status_code, 400, url)
        self._assert_untouched(self.order, self.one)

    def test_nonsense(self):
        self._login(self.anna)
        url = f"/my/orders/{self.order.id}/return/send"
        for values, words in (
            ({"quantity": "0"}, "at least one"),
            ({"quantity": "-3"}, "at least one"),
            ({"quantity": "0.5"}, "whole"),
            ({"quantity": "ten"}, "cannot be meant"),
            ({"quantity": "1e300"}, "cannot be meant"),
            ({"quantity": "nan"}, "cannot be meant"),
            ({"quantity": "10"}, "9 can"),
            ({"reason": ""}, "why you give it back"),
            ({"reason": "nonsense"}, "no return reason"),
            ({"reason": "group_fit"}, "no return reason"),
            ({"reason": "other", "comment": " "}, "few words"),
        ):
            with self.subTest(values):
                return_frame.gate.buckets.clear()
                answer = self._post(url, self._form(self.order, **values) | {"request_key": "n"})
                self.assertEqual(answer.status_code, 422)
                self.assertIn(words, answer.text)
        return_frame.gate.buckets.clear()
        self.assertIn("Please choose what", self._post(url, {"request_key": "n"}).text)
        unknown = {f"pick_{self._key(self.order).rpartition('-')[0]}-99999": "1"}
        self.assertEqual(self._post(url, unknown).status_code, 422)
        self._assert_untouched(self.order, self.one)

    def test_words_are_never_run(self):
        """Scripts in comments and messages come back as text, on the customer's page and in the chatter."""
        self._login(self.anna)
        script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        url = f"/my/orders/{self.order.id}/return"
        form = self._form(self.order, comment=script) | {"comment": script, "request_key": "s"}
        answers = [self._post(f"{url}/check", form).text]
        self._post(f"{url}/send", form)
        asked = self.order.scm_return_ids - self.one
        self._post(f"/my/returns/{asked.id}/message", {"text": script})
        answers.append(self.url_open(f"/my/returns/{asked.id}").text)
        for text in answers:
            self.assertIn("&lt;script&gt;alert(1)", text)
            self.assertNotIn("<script>alert(1)", text)
            self.assertNotIn("<img src=x", text)
        self.assertNotIn("<script", asked._portal_messages().body)

    def test_one_form_is_one_return(self):
        self._login(self.anna)
        url = f"/my/orders/{self.order.id}/return/send"
        places = {
            self._post(url, self._form(self.order, quantity="9") | {"request_key": "once"}).headers["Location"]
            for _try in range(2)
        }
        self.assertEqual((len(places), len(self.order.scm_return_ids)), (1, 2))
        self.assertEqual(self._post(url, self._form(self.order) | {"request_key": "twice"}).status_code, 422)

    def test_files(self):
        self._login(self.anna)
        url, key = f"/my/orders/{self.order.id}/return/send", self._key(self.order)
        page = b"<html><script>alert(1)</script></html>"
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        for name, content, words in (
            ("x.jpg", page, "not a photo"),
            ("x.svg", svg, "not a photo"),
            ("x.pdf", b"%PDF-1.7", "not a photo"),
            ("x.gif", picture("GIF"), "not a photo"),
            ("x.jpg", picture()[:60], "not a photo"),
            ("x.jpg", b"", "is empty"),
            ("x.jpg", b"\xff\xd8\xff" + b"0" * photos.MAX_PHOTO_BYTES, "larger than 10 MB"),
        ):
            with self.subTest(name=name, words=words):
                return_frame.gate.buckets.clear()
                files = {f"photos_{key}": (name, content, "image/jpeg")}
                answer = self._post(url, self._form(self.order) | {"request_key": "f"}, files=files)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(words, answer.text)
        return_frame.gate.buckets.clear()
        many = [(f"photos_{key}", (f"{number}.jpg", picture(), "image/jpeg")) for number in range(7)]
        self.assertIn("At most 6", self._post(url, self._form(self.order) | {"request_key": "f"}, files=many).text)
        self._assert_untouched(self.order, self.one)
        hidden = picture("PNG") + page
        return_frame.gate.buckets.clear()
        self._post(url, self._form(self.order) | {"request_key": "g"}, files={f"photos_{key}": ("../a.png", hidden)})
        stored = (self.order.scm_return_ids - self.one).line_ids.attachment_ids
        self.assertNotIn(b"script", stored.raw)
        self.assertNotIn("..", stored.name)
        answer = self.url_open(f"/my/returns/{stored.res_id}/files/{stored.id}")
        self.assertEqual(
            (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]), ("image/jpeg", "nosniff")
        )
        self.assertEqual(Image.open(io.BytesIO(answer.content)).size, (40, 30))

    def test_too_often(self):
        """Secrets cannot be tried fast, forms and messages not sent in a storm. Here two a minute are the limit."""
        passes = return_frame.gate.passes
        self.startPatcher(patch.object(return_frame, "clock", lambda: 1000.0))
        self.startPatcher(patch.object(return_frame.gate, "passes", lambda key, _limit, now: passes(key, 2, now)))
        self._login(None)
        url = f"/my/orders/{self.order.id}/return"
        self.order._portal_ensure_token()
        self.env.flush_all()
        right = f"{url}?access_token={self.order.access_token}"
        for token, status in (("guess", 404), (self.order.access_token, 200), (self.order.access_token, 404)):
            self.assertEqual(self.url_open(f"{url}?access_token={token}").status_code, status)
        return_frame.gate.buckets.clear()
        self.assertEqual(self.url_open(right).status_code, 200)
        self._login(self.anna)
        for status in (422, 422, 429):
            self.assertEqual(self._post(f"{url}/send", {"request_key": "x"}).status_code, status)
        for _try in range(3):
            self._post(f"/my/returns/{self.one.id}/message", {"text": "again"})
        self.assertEqual(len(self.one._portal_messages()), 2)

    def test_notes_among_colleagues_stay_inside(self):
        self.one.message_post(body="He always complains", subtype_xmlid="mail.mt_note", message_type="comment")
        note = self.one.message_ids[:1]
        note.attachment_ids = self._hang_photo(self.env["scm.return"]).copy()
        self.one.message_post(body="We look at it", subtype_xmlid="mail.mt_comment", message_type="comment")
        self.env.flush_all()
        self._login(self.anna)
        text = self.url_open(f"/my/returns/{self.one.id}").text
        self.assertIn("We look at it", text)
        self.assertNotIn("complains", text)
        answer = self.url_open(f"/my/returns/{self.one.id}/files/{note.attachment_ids.id}")
        self.assertEqual(answer.status_code, 404)
