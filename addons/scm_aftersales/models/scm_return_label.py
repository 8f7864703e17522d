import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
TEMPLATE = "scm_aftersales.scm_return_template_approved"


class ScmReturn(models.Model):
    """Approved: the label, if the carrier makes one, and the mail that says what to do."""

    _inherit = "scm.return"

    def _after_state(self, state):
        result = super()._after_state(state)
        if state == "approved":
            self._make_labels()
            for request in self.filtered("company_id.scm_return_mail"):
                request._mail_instructions()
        return result

    def action_mail_instructions(self):
        """Send label and instructions to the customers, once more if they had them.

        :return: True
        """
        self._check_agent()
        for request in self:
            if request.state not in ("approved", "in_transit"):
                raise UserError(self.env._("%(request)s is not approved.", request=request.name))
            if not request.partner_id.email:
                raise UserError(
                    self.env._("%(partner)s has no e-mail address.", partner=request.partner_id.display_name)
                )
            request._mail_instructions()
        return True

    def _make_labels(self):
        """Labels by the carrier that delivered, if it makes labels for returns."""
        # sudo: who may approve need not be allowed to change transfers; the way here was checked
        for picking in self.sudo().picking_ids.filtered(lambda one: one.state not in ("done", "cancel")):
            carrier = picking.return_id.carrier_id
            if carrier.can_generate_return and not picking.return_label_ids:
                picking.scm_return_id._make_label(picking, carrier)

    def _make_label(self, picking, carrier):
        """One label. A carrier that cannot be reached stops nobody: the customer gets the address instead."""
        try:
            with self.env.cr.savepoint():
                picking.carrier_id = carrier
                carrier.get_return_label(picking)
                picking.invalidate_recordset(["return_label_ids"])
                if picking.carrier_tracking_ref:
                    self._track_parcel(picking.carrier_tracking_ref.split(",")[0], carrier)
                if picking.carrier_price and not self.freight_amount:
                    company = self.company_id
                    self.freight_amount = company.currency_id._convert(
                        picking.carrier_price, self.currency_id, company, self._settlement_day()
                    )
        except UserError as error:
            _logger.info("No return label of %s for %s: %s", carrier.name, self.name, error)
            self.message_post(
                body=self.env._("%(carrier)s made no label: %(error)s", carrier=carrier.name, error=str(error))
            )

    def _portal_labels(self):
        return super()._portal_labels() | self.picking_ids.return_label_ids

    def _mail_instructions(self):
        """The mail in the customer's language, with the labels. Nothing without an address or template."""
        self.ensure_one()
        # sudo: the template reads orders and transfers; who may approve may have the customer told
        request = self.sudo()
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template or not request.partner_id.email:
            return False
        request._portal_ensure_token()
        return template.sudo().send_mail(  # sudo: as above
            request.id,
            email_values={
                "attachment_ids": request._portal_labels().ids,
                "subtype_id": self.env.ref("mail.mt_comment").id,
            },
        )

    def _mail_address(self):
        """Where the parcel goes, line by line. For the mail template."""
        partner = self.warehouse_id.partner_id or self.company_id.partner_id
        return [line for line in partner._display_address(without_company=False).splitlines() if line.strip()]

    def _mail_url(self):
        """Link to the page of the return, with its secret."""
        return f"{self.get_base_url()}{self.access_url}?access_token={self._portal_ensure_token()}"

    def _mail_keeps_all(self):
        """Whether the customer keeps everything."""
        return all(line._outcome() == "keep" for line in self.line_ids if line.decision != "refuse")
