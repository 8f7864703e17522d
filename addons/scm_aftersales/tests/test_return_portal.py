import io

from odoo.tests import tagged
from PIL import Image

from ..controllers import return_frame
from .return_portal_common import ReturnPortalCase


def picture(kind="JPEG", size=(40, 30), **options):
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, kind, **options)
    return written.getvalue()


@tagged("post_install", "-at_install")
class TestReturnPortal(ReturnPortalCase):
    """A customer asks for a return and follows it."""

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
        return_frame.gate.buckets.clear()
