from odoo import models
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """From a ticket to a return."""

    _inherit = "helpdesk.ticket"

    def action_scm_return(self):
        """Window with what can come back of the ticket's order, to tick what does."""
        self.ensure_one()
        self.env["scm.return"].check_access("create")
        self._scm_needs_order()
        wizard = self.env["scm.ticket.return"].create({"ticket_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return of %s", self.scm_order_id.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_scm_returns(self):
        """Open the returns of this ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_action")
        action |= {"domain": [("scm_ticket_id", "=", self.id)], "context": {}}
        if len(self.scm_return_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.scm_return_ids.id}
        return action

    def scm_request_return(self, lines, comment=""):
        """Ask for a return of parts of the ticket's order, for its customer.

        :param list lines: as in ``scm.return.request_return``
        :return: as ``scm.return.request_return``
        """
        self.ensure_one()
        self.env["scm.return"].check_access("create")
        self.check_access("write")
        self._scm_needs_order()
        return self._scm_request_return(lines, comment)._request_answer()

    def _scm_request_return(self, lines, comment=""):
        """The return, linked with this ticket. The caller has checked the right to ask."""
        order = self.scm_order_id
        order.check_access("read")
        request = self.env["scm.return"]._request(
            order, lines, comment=comment, channel="ticket", partner=self.partner_id or None
        )
        request.scm_ticket_id = self
        self.scm_kind = "return"
        self.message_post(body=self.env._("Return %(name)s was asked for.", name=request.name))
        return request

    def _scm_needs_order(self):
        if not self.scm_order_id:
            raise UserError(
                self.env._("%(ticket)s: choose the order first, then what comes back of it.", ticket=self.display_name)
            )
