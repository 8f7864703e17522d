from odoo import models
from odoo.tools import plaintext2html


class ScmParcel(models.Model):
    """What customers report on the tracking page becomes a ticket."""

    _inherit = "scm.parcel"

    def _report_problem(self, kind, text, author=None):
        super()._report_problem(kind, text, author=author)
        label = dict(self.env["scm.delivery.request"]._problems())[kind]
        # sudo: the caller has checked the parcel's token or its customer
        tickets = self.env["helpdesk.ticket"].sudo().with_company(self.company_id)
        ticket = tickets.search([("scm_parcel_id", "=", self.id), ("closed", "=", False)], limit=1)
        if ticket:
            ticket.message_post(
                body=f"{label}: {text}" if text else label,
                author_id=(author or self.partner_id).id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            return ticket
        return tickets.create(self._prepare_ticket_vals(label, text, author or self.partner_id))

    def _prepare_ticket_vals(self, label, text, author):
        """Hook: values of the ticket that a report on the tracking page makes."""
        channel = self.env.ref("scm_aftersales_helpdesk.helpdesk_channel_tracking", raise_if_not_found=False)
        # the address of a parcel may be a neighbour's or a shop's: the customer is whose order it is
        customer = (
            self.sale_ids.partner_id.filtered(lambda one: author.commercial_partner_id == one.commercial_partner_id)[:1]
            or self.sale_ids.partner_id[:1]
            or author
        )
        return {
            "name": f"{label}: {self.tracking_ref or self.name}",
            "description": plaintext2html(text or label),
            "company_id": self.company_id.id,
            "partner_id": customer.id,
            "partner_name": customer.name,
            "partner_email": customer.email,
            "channel_id": channel.id if channel else False,
            "scm_kind": "complaint",
            "scm_parcel_id": self.id,
            "scm_order_id": self.sale_ids[:1].id,
        }
