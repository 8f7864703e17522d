from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..kernel.answer import names


class ScmTicketAnswer(models.TransientModel):
    """An answer to the customer: a text of the house with the facts of the ticket, to be read before it goes."""

    _name = "scm.ticket.answer"
    _description = "Answer to a Ticket"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    kind = fields.Selection(related="ticket_id.scm_kind")
    company_id = fields.Many2one(related="ticket_id.company_id")
    partner_id = fields.Many2one(related="ticket_id.partner_id", string="To")
    answer_id = fields.Many2one(
        "scm.answer",
        domain="[('kind', 'in', (False, kind)), ('company_id', 'in', (False, company_id))]",
    )
    body = fields.Html("Text", compute="_compute_body", store=True, readonly=False, sanitize_style=True)
    missing = fields.Char("Not Known", compute="_compute_missing")

    @api.depends("answer_id")
    def _compute_body(self):
        for wizard in self:
            if wizard.answer_id:
                filled, _missing = wizard.answer_id._filled(wizard.ticket_id)
                wizard.body = Markup(filled)

    @api.depends("body")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = ", ".join(f"{{{name}}}" for name in names(wizard.body))

    def action_send(self):
        """Send it to the customer; it is the first answer if there was none."""
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("write")
        if is_html_empty(self.body):
            raise UserError(self.env._("There is nothing to send yet: choose an answer or write one."))
        if self.missing:
            raise UserError(
                self.env._(
                    "%(ticket)s: %(names)s is not known. Link the order or parcel, or write the sentence yourself.",
                    ticket=ticket.display_name,
                    names=self.missing,
                )
            )
        partner = ticket.partner_id or ticket._scm_find_customer()
        ticket.message_post(
            body=self.body, message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=partner.ids
        )
        return {"type": "ir.actions.act_window_close"}
