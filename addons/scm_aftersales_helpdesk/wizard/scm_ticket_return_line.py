from odoo import fields, models

from odoo.addons.scm_aftersales.models.scm_return import OUTCOMES


class ScmTicketReturnLine(models.TransientModel):
    _name = "scm.ticket.return.line"
    _description = "Item of a Return from a Ticket"

    wizard_id = fields.Many2one("scm.ticket.return", required=True, ondelete="cascade")
    sale_line_id = fields.Many2one("sale.order.line", required=True, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    free = fields.Float("Can Come Back", digits="Product Unit", readonly=True)
    quantity = fields.Float("Comes Back", digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    reason_id = fields.Many2one("scm.return.reason", domain="[('child_ids', '=', False)]")
    wish = fields.Selection(OUTCOMES, default="refund", required=True)

    def _row(self):
        return {
            "sale_line_id": self.sale_line_id.id,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "reason": self.reason_id.id or False,
            "wish": self.wish,
        }
