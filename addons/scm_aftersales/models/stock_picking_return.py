from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    scm_return_id = fields.Many2one(
        "scm.return", "Customer Return", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
    scm_exchange_id = fields.Many2one(
        "scm.return", "Exchange of Return", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
