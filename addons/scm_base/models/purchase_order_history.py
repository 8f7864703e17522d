from odoo import fields, models


class PurchaseOrder(models.Model):
    """Orders from before Odoo: promised and received, without stock, receipts to do or bills to wait for."""

    _inherit = "purchase.order"

    scm_is_history = fields.Boolean(
        "Imported History",
        copy=False,
        readonly=True,
        help="Imported with its receipts from before Odoo. It counts for lead times and punctuality, not for stock.",
    )


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _compute_qty_invoiced(self):
        result = super()._compute_qty_invoiced()
        self.filtered("order_id.scm_is_history").qty_to_invoice = 0.0
        return result
