from markupsafe import Markup
from odoo import models
from odoo.exceptions import AccessError
from odoo.tools.mail import html2plaintext

MAX_MESSAGES = 500


class DiscussChannel(models.Model):
    """A conversation becomes a ticket with the command /ticket; in live chats the visitor is its customer."""

    _inherit = "discuss.channel"

    def execute_command_scm_ticket(self, **kwargs):
        """Make a ticket of what was said here.

        :return: ``{"id", "number"}`` of the ticket
        """
        self.ensure_one()
        self.check_access("read")
        tickets = self.env["helpdesk.ticket"]
        tickets.check_access("create")
        if not self.is_member and not self.env.su:
            raise AccessError(self.env._("Only who takes part in “%s” can make a ticket of it.", self.display_name))
        words = (kwargs.get("body") or "").strip().removeprefix("/ticket").strip()
        ticket = tickets.create(self._scm_ticket_vals(words))
        self.env.user._bus_send_transient_message(
            self,
            Markup("%s <a href='/odoo/helpdesk-tickets/%s'>%s</a>")
            % (self.env._("Made a ticket of this:"), ticket.id, ticket.display_name),
        )
        return {"id": ticket.id, "number": ticket.number}

    def _scm_ticket_vals(self, title):
        customer = self._scm_chat_customer()
        channel = self.env.ref("scm_aftersales_helpdesk.helpdesk_channel_chat", raise_if_not_found=False)
        return {
            "name": title or self.env._("Chat with %s", customer.name or self.display_name),
            "description": self._scm_transcript(),
            "partner_id": customer.id,
            "partner_name": customer.name,
            "partner_email": customer.email,
            "channel_id": channel.id if channel else False,
        }

    def _scm_chat_customer(self):
        """Who is not one of us; nobody for visitors without an account."""
        # sudo: members are seen by who takes part, which was checked
        people = self.sudo().channel_member_ids.partner_id
        return people.filtered("partner_share")[:1].sudo(False)

    def _scm_transcript(self):
        """What was said, oldest first, as safe text."""
        messages = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id), ("message_type", "=", "comment")],
            order="id DESC",
            limit=MAX_MESSAGES,
        )
        lines = [
            Markup("<p><b>%s</b> %s</p>")
            % (
                message.author_id.name or message.author_guest_id.name or self.env._("Visitor"),
                html2plaintext(message.body or ""),
            )
            for message in reversed(messages)
        ]
        return Markup("").join(lines) or Markup("<p>%s</p>") % self.display_name
