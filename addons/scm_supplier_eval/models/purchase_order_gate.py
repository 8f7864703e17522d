from odoo import api, fields, models
from odoo.exceptions import UserError

LEVELS = ("warn", "block")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    # suppliers read their orders on the portal; what we think of them is none of it
    scm_gate_level = fields.Selection(
        [("warn", "Warning"), ("block", "Blocked")],
        "Supplier Check",
        compute="_compute_scm_gate",
        groups="base.group_user",
    )
    scm_gate_message = fields.Text("Findings", compute="_compute_scm_gate", groups="base.group_user")

    @api.depends("partner_id", "company_id", "state", "order_line.product_id")
    def _compute_scm_gate(self):
        findings = self.filtered(lambda order: order.state in ("draft", "sent", "to approve"))._scm_gate_findings()
        for order in self:
            own = [finding for finding in findings if finding["order"] == order]
            levels = {finding["level"] for finding in own}
            order.scm_gate_level = max(levels, key=LEVELS.index) if levels else False
            order.scm_gate_message = "\n".join(finding["message"] for finding in own)

    def _scm_gate_findings(self):
        """Hook: what speaks against buying from the suppliers of these orders.

        :return: list of ``{"order": purchase.order, "level": "warn" or "block", "message": str}``; each extension adds
            its own in a constant number of queries, whatever the number of orders
        """
        return []

    def _scm_check_gate(self):
        """Refuse with all that blocks, in one message; what only warns is noted in the chatter."""
        findings = self._scm_gate_findings()
        blocking = [
            f"{finding['order'].name}: {finding['message']}" for finding in findings if finding["level"] == "block"
        ]
        if blocking:
            raise UserError("\n".join(blocking))
        for finding in findings:
            finding["order"].message_post(body=finding["message"])

    def button_confirm(self):
        self.filtered(lambda order: order.state in ("draft", "sent"))._scm_check_gate()
        return super().button_confirm()

    def action_rfq_send(self):
        self.filtered(lambda order: order.state in ("draft", "sent"))._scm_check_gate()
        return super().action_rfq_send()
