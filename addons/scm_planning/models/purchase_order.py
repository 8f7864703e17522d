from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    scm_vendor_order_id = fields.Many2one(
        "scm.vendor.order", "Vendor Order", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    scm_planned_order_ids = fields.One2many(
        "scm.planned.order", "purchase_line_id", "Planned Orders", readonly=True, copy=False
    )
