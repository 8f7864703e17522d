from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .ticket_common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketFacts(TicketCase):
    """What a ticket knows, and what follows from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._sold()
        cls.parcel = cls.order.picking_ids.scm_parcel_ids or cls.env["scm.parcel"].create(
            {"name": "P", "company_id": cls.company_a.id, "partner_id": cls.customer.id,
             "sale_ids": [Command.set(cls.order.ids)]}
        )  # fmt: skip
        cls.parcel.tracking_ref = "1Z 999 AA1"
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger", "email": "stranger@scm.example"})

    def _mail(self, subject, body, sender, author=False):
        return self.env["helpdesk.ticket"].message_new(
            {"subject": subject, "body": body, "from": sender, "author_id": author, "to": "", "cc": ""},
            {"team_id": self.team.id, "company_id": self.company_a.id},
        )

    def test_order_and_parcel_by_their_numbers_in_a_mail(self):
        by_order = self._mail(f"Where is {self.order.name.lower()}?", "<p>Hello</p>", self.customer.email)
        self.assertRecordValues(by_order, [{"scm_order_id": self.order.id, "partner_id": self.customer.id}])
        by_parcel = self._mail("Parcel", "<p>it is 1z999aa1, where?</p>", "x@scm.example", self.customer.id)
        self.assertRecordValues(by_parcel, [{"scm_order_id": self.order.id, "scm_parcel_id": self.parcel.id}])
        request = self._ask(self.order)
        self.assertEqual(self._mail("Re", f"<p>{request.name}</p>", self.customer.email).scm_order_id, self.order)

    def test_nobody_is_linked_with_the_order_of_another(self):
        for sender, author in ((self.stranger.email, self.stranger.id), (self.stranger.email, False), ("", False)):
            ticket = self._mail(f"Order {self.order.name} 1Z999AA1", "<p>Hello</p>", sender, author)
            self.assertFalse(ticket.scm_order_id | ticket.scm_parcel_id.sale_ids)
        ticket = self._ticket(partner_id=self.stranger.id)
        with self._refused("Stranger.*Customer", ValidationError):
            ticket.action_scm_link_order(self.order.id)
        with self._refused("Stranger.*Customer", ValidationError):
            ticket.scm_parcel_id = self.parcel
        with self._refused("no such order"):
            ticket.action_scm_link_order(0)
        nameless = self._ticket(partner_id=False)
        with self._refused("", AccessError):
            nameless.action_scm_link_order(self.order.id)

    def test_as_many_queries_for_many_tickets_as_for_few(self):
        tickets = self.env["helpdesk.ticket"].browse(
            [self._ticket(name=f"Order {self.order.name}", scm_order_id=False).id for _number in range(9)]
        )

        def link(chosen):
            chosen.write({"scm_order_id": False, "scm_parcel_id": False})
            chosen._scm_link()

        self.assertEqual(self._query_count(link, tickets[:2]), self._query_count(link, tickets))

    def test_facts_for_who_answers(self):
        self._policy()
        ticket = self._ticket(scm_order_id=self.order.id, scm_parcel_id=self.parcel.id, scm_product_id=self.product.id)
        request = self._ask(self.order)
        with self._at(self.TODAY, 11):
            facts = ticket.scm_facts
        self.assertEqual(facts["order"]["name"], self.order.name)
        self.assertEqual([parcel["name"] for parcel in facts["parcels"]], ["1Z 999 AA1"])
        self.assertEqual([one["name"] for one in facts["returns"]], [request.name])
        self.assertEqual((facts["customer"]["orders"], facts["customer"]["return_share"]), (1, 100))
        self.assertEqual([round(clock["left"], 2) for clock in facts["clocks"]], [1.0, 7.0])
        self.assertFalse(facts["can_sell"])
        self.assertEqual(facts["product"]["name"], self.product.display_name)

    def test_from_ticket_to_return(self):
        ticket = self._ticket(user=self.clerk, scm_order_id=self.order.id, scm_kind="complaint")
        with self._refused("", AccessError):
            self._as(self.answerer, ticket).scm_request_return([self._row(self.order)])
        action = ticket.action_scm_return()
        wizard = self._as(self.clerk, self.env[action["res_model"]]).browse(action["res_id"])
        self.assertRecordValues(wizard.line_ids, [{"product_id": self.product.id, "free": 10.0, "quantity": 1.0}])
        wizard.line_ids.quantity = 0.0
        with self._refused("all quantities are 0"):
            wizard.action_request()
        wizard.line_ids.quantity = 11.0
        with self._refused("cannot be returned"):
            wizard.action_request()
        wizard.line_ids.quantity = 2.0
        request = self.env["scm.return"].browse(wizard.action_request()["res_id"])
        self.assertRecordValues(
            request, [{"scm_ticket_id": ticket.id, "channel": "ticket", "partner_id": self.customer.id}]
        )
        self.assertEqual((ticket.scm_kind, ticket.scm_return_count), ("return", 1))
        if request.state == "requested":
            self._as(self.clerk, request).action_approve()
        self.assertIn(f"{request.name}: Approved", " ".join(ticket.message_ids.mapped("preview")))
        answer = ticket.scm_request_return([self._row(self.order)])
        self.assertEqual(set(answer), {"id", "name", "state", "lines"})
        with self._refused("choose the order first"):
            self._ticket(user=self.clerk).action_scm_return()

    def test_an_answer_with_facts(self):
        self._policy()
        answer = self.env["scm.answer"].create(
            {"name": "Way", "body": "<p>{customer}, {order}: {carrier} {parcel} {tracking_link}</p>"}
        )
        self.customer.name = "A <script>"
        ticket = self._ticket(scm_order_id=self.order.id, scm_parcel_id=self.parcel.id)
        wizard = self._as(self.answerer, self.env["scm.ticket.answer"]).create(
            {"ticket_id": ticket.id, "answer_id": answer.id}
        )
        self.assertEqual(wizard.missing, "{carrier}")
        self.assertIn("A &lt;script&gt;", wizard.body)
        with self._refused("{carrier} is not known"):
            wizard.action_send()
        wizard.body = wizard.body.replace("{carrier}", "the carrier")
        with self._at(self.TODAY, 11):
            wizard.action_send()
        self.assertEqual(self._clock(ticket).state, "met")
        self.assertIn(f"/track/{self.parcel.id}/", ticket.message_ids[0].body)
        with self._refused("no fact {nonsense}", ValidationError):
            answer.body = "<p>{nonsense}</p>"
        with self._refused("nothing to send"):
            self._as(self.answerer, self.env["scm.ticket.answer"]).create({"ticket_id": ticket.id}).action_send()

    def test_a_problem_reported_on_the_tracking_page(self):
        ticket = self.parcel._report_problem("damaged", "It is <b>broken</b>")
        self.assertEqual(ticket._name, "helpdesk.ticket")
        self.assertRecordValues(
            ticket, [{"scm_parcel_id": self.parcel.id, "scm_order_id": self.order.id, "scm_kind": "complaint"}]
        )
        self.assertNotIn("<b>broken", ticket.description)
        self.assertEqual(self.parcel._report_problem("damaged", "Again"), ticket)
        self.assertIn("Again", ticket.message_ids[0].body)

    def test_a_chat_becomes_a_ticket(self):
        chat = self._as(self.answerer, self.env["discuss.channel"])._create_group(
            partners_to=(self.answerer.partner_id | self.customer).ids
        )
        chat.message_post(body="Is it blue?", message_type="comment", author_id=self.customer.id)
        made = chat.execute_command_scm_ticket(body="/ticket Colour")
        ticket = self.env["helpdesk.ticket"].browse(made["id"])
        self.assertRecordValues(ticket, [{"name": "Colour", "partner_id": self.customer.id}])
        self.assertIn("Is it blue?", ticket.description)
        with self.assertRaises(AccessError):
            self._as(self.outsider, chat).execute_command_scm_ticket()
        with self.assertRaises(AccessError):
            self._as(self.leader, chat).execute_command_scm_ticket()
