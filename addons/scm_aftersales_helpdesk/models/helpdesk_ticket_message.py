from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """Words that count: the first answer that goes out to the customer, and the customer's reply."""

    _inherit = "helpdesk.ticket"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if len(self) == 1 and message.message_type in ("comment", "email", "email_outgoing"):
            self._scm_hear(message, recipients or [])
        return recipients

    def _scm_hear(self, message, recipients):
        """Stop the clock of the first answer, or go on after the customer's reply."""
        # sudo: whose message it is is looked at, nothing is shown; what follows belongs to the ticket
        ticket, message = self.sudo(), message.sudo()
        by_us = any(not user.share for user in message.author_id.user_ids)
        if by_us and not message.is_internal and not message.subtype_id.internal:
            if ticket._scm_reaches_customer({row["id"] for row in recipients if row.get("id")}):
                ticket._scm_answered(message.date)
        elif not by_us and ticket.stage_id.scm_is_waiting:
            ticket._scm_go_on()

    def _scm_reaches_customer(self, partner_ids):
        """Whether one of these people is the customer; where the ticket names none, anybody outside."""
        people = self.env["res.partner"].browse(partner_ids)
        if self.partner_id:
            return any(
                person.commercial_partner_id == self.commercial_partner_id
                and (person == self.partner_id or person.partner_share)
                for person in people
            )
        return any(person.partner_share for person in people)

    def _scm_answered(self, moment):
        clocks = self.scm_clock_ids.filtered(lambda clock: clock.kind == "response" and not clock.date_answered)
        clocks._stop_answered(moment)

    def _scm_go_on(self):
        """From a stage that waits for the customer to the first one in which somebody works on it."""
        stages = self.team_id._get_applicable_stages()
        at_work = stages.filtered(lambda stage: not stage.closed and not stage.scm_is_waiting)
        self.stage_id = (at_work.filtered(lambda stage: not stage.unattended) or at_work)[:1] or self.stage_id

    def action_scm_answered(self):
        """The customer was answered by telephone or in person, which no message shows."""
        self.check_access("write")
        for ticket in self:
            # sudo: the right to write the ticket was checked above
            open_clocks = ticket.sudo().scm_clock_ids.filtered(
                lambda clock: clock.kind == "response" and not clock.date_answered
            )
            if not open_clocks:
                raise UserError(self.env._("%(ticket)s was answered already.", ticket=ticket.display_name))
            open_clocks._stop_answered(fields.Datetime.now())
            ticket.message_post(body=self.env._("Answered by telephone or in person."))
        return True

    def action_scm_answer(self):
        """Window with the answers of the house."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer %s", self.number),
            "res_model": "scm.ticket.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _scm_find_customer(self):
        """The person behind the ticket's address, made if there is none; the ticket is his from then on."""
        self.ensure_one()
        if not self.partner_email:
            raise UserError(
                self.env._("%(ticket)s has neither a contact nor an address to answer to.", ticket=self.display_name)
            )
        partner = self._partner_find_from_emails_single([self.partner_email])
        self.partner_id = partner
        return partner
