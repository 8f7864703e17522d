from odoo import models
from odoo.fields import Domain


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _scm_acknowledge_answered(self):
        """An order of which the vendor has confirmed every open line is acknowledged."""
        lines = self.env["purchase.order.line"]
        waiting = lines.search(
            Domain("order_id", "in", self.ids) & Domain("scm_answer_date", "=", False) & lines._scm_domain_open()
        )
        ready = self.filtered(lambda order: not order.acknowledged) - waiting.order_id
        if ready:
            ready.action_acknowledge()
