"""Cases for the helpdesk: tickets, their policy and the people who answer them."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.scm_aftersales.tests.return_common import ReturnCase


class TicketCase(ReturnCase):
    """Adds to company A ``clerk`` (helpdesk and sales), ``answerer`` (helpdesk only), ``leader``, ``team`` and stages.

    * :meth:`_ticket` makes a ticket of the customer at a moment of ``TODAY`` (a Monday)
    * :meth:`_policy` promises an answer within 2 hours and a solution within 8, in Berlin's office hours (9-12, 13-17)
    * :meth:`_clock` is a ticket's clock; :meth:`_reply` a message of one of us to the customer
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, mail_notify_force_send=False))
        cls.customer.email = "customer@scm.example"
        cls.answerer = cls._create_user("answerer", "helpdesk_mgmt.group_helpdesk_user")
        cls.clerk = cls._create_user(
            "clerk", "helpdesk_mgmt.group_helpdesk_user", "sales_team.group_sale_salesman_all_leads"
        )
        cls.leader = cls._create_user("leader", "helpdesk_mgmt.group_helpdesk_manager")
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Europe/Berlin",
                "company_id": cls.company_a.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create({"name": "At work", "dayofweek": str(day), "hour_from": start, "hour_to": end,
                                    "day_period": period})
                    for day in range(5)
                    for period, start, end in (("morning", 9, 12), ("afternoon", 13, 17))
                ],
            }
        )  # fmt: skip
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Service",
                "company_id": cls.company_a.id,
                "user_id": cls.leader.id,
                "user_ids": [Command.set((cls.answerer + cls.clerk + cls.leader).ids)],
                "scm_calendar_id": cls.calendar.id,
            }
        )
        ref = lambda name: cls.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")  # noqa: E731
        cls.at_work, cls.waiting, cls.done = ref("in_progress"), ref("awaiting"), ref("done")
        cls.waiting.scm_is_waiting = True

    @classmethod
    def _policy(cls, **values):
        return cls.env["scm.sla.policy"].create(
            {
                "name": "Standard",
                "company_id": cls.company_a.id,
                "hours_response": 2.0,
                "hours_resolution": 8.0,
                **values,
            }
        )

    @classmethod
    def _ticket(cls, hour=10, user=None, **values):
        with cls._at(cls.TODAY, hour):
            return cls._as(user or cls.answerer, cls.env["helpdesk.ticket"]).create(
                {
                    "name": "Question",
                    "description": "<p>Words</p>",
                    "team_id": cls.team.id,
                    "partner_id": cls.customer.id,
                    "partner_email": cls.customer.email,
                    "company_id": cls.company_a.id,
                    **values,
                }
            )

    @staticmethod
    def _clock(ticket, kind="response"):
        return ticket.sudo().scm_clock_ids.filtered(lambda clock: clock.kind == kind)

    @classmethod
    def _reply(cls, ticket, hour, user=None, day=None, **values):
        values = {"subtype_xmlid": "mail.mt_comment", "partner_ids": cls.customer.ids} | values
        with cls._at(day or cls.TODAY, hour):
            return cls._as(user or cls.answerer, ticket).message_post(
                body="Here is the answer.", message_type="comment", **values
            )

    @classmethod
    def _run(cls, hour, day=None):
        with cls._at(day or cls.TODAY, hour):
            return cls.env["scm.sla.clock"]._cron_run()

    @classmethod
    def _local(cls, hour, days=0):
        return cls._moment(cls.TODAY + timedelta(days=days), hour)
