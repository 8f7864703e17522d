from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .ticket_common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketPortal(TicketCase, HttpCase):
    """Customers close their own tickets and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for login in ("mine", "other"):
            user = new_test_user(cls.env, f"scm_{login}", "base.group_portal", company_id=cls.company_a.id,
                                 company_ids=[(6, 0, cls.company_a.ids)])  # fmt: skip
            user.partner_id.email = f"{login}@scm.example"
            cls.users[login] = user
        cls.mine = cls._ticket(partner_id=cls.users["mine"].partner_id.id)
        cls.order = cls._sold(partner_id=cls.users["mine"].partner_id.id)

    def _close(self, login, ticket, stage=None, token=True):
        self.authenticate(f"scm_{login}", f"scm_{login}")
        data = {"ticket_id": ticket.id, "stage_id": (stage or self.done).id}
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        answer = self.url_open("/ticket/close", data=data, allow_redirects=False)
        self.mine.invalidate_recordset()
        return answer.status_code

    def test_close(self):
        url = f"/ticket/close?ticket_id={self.mine.id}&stage_id={self.done.id}"
        for login in ("mine", "other"):
            self.authenticate(f"scm_{login}", f"scm_{login}")
            self.assertEqual(self.url_open(url, allow_redirects=False).status_code, 405, "a link closes nothing")
        # who follows a ticket may read it, but it is not his
        self.mine.sudo().message_subscribe(self.users["other"].partner_id.ids)
        self.assertEqual(self._close("other", self.mine), 404)
        with mute_logger("odoo.http"):
            self.assertEqual(self._close("mine", self.mine, token=False), 400)
        self.assertEqual(self._close("mine", self.mine, stage=self.at_work), 404)
        self.assertEqual(self._close("mine", self.mine.browse(0)), 404)
        self.assertFalse(self.mine.closed)
        self.assertEqual(self._close("mine", self.mine), 303)
        self.assertTrue(self.mine.closed)

    def test_the_page_closes_by_a_form(self):
        self.authenticate("scm_mine", "scm_mine")
        page = self.url_open(f"/my/ticket/{self.mine.id}").text
        form = page[page.index("/ticket/close") - 200 : page.index("/ticket/close") + 400]
        self.assertIn('method="POST"', form)
        self.assertIn('name="csrf_token"', form)

    def test_new_ticket_with_an_order_of_ones_own(self):
        for login, expected in (("mine", self.order), ("other", self.order.browse())):
            self.authenticate(f"scm_{login}", f"scm_{login}")
            self.assertEqual(self.url_open("/new/ticket").status_code, 200)
            self.url_open(
                "/submitted/ticket",
                data={
                    "subject": "Hello", "description": "Words", "scm_kind": "where", "scm_order": self.order.name,
                    "csrf_token": Request.csrf_token(self),
                },
            )  # fmt: skip
            ticket = self.env["helpdesk.ticket"].search(
                [("partner_id", "=", self.users[login].partner_id.id)], order="id DESC", limit=1
            )
            self.assertRecordValues(ticket, [{"name": "Hello", "scm_kind": "where", "scm_order_id": expected.id}])

    def test_a_question_before_buying(self):
        self.authenticate("scm_mine", "scm_mine")
        self.assertIn(self.product.name, self.url_open(f"/new/ticket?product={self.product.id}").text)
        self.product.sale_ok = False
        self.assertNotIn(self.product.name, self.url_open(f"/new/ticket?product={self.product.id}").text)
        self.assertEqual(self.url_open("/new/ticket?product=nonsense").status_code, 200)
