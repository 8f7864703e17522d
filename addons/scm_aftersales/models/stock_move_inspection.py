from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    scm_inspection_id = fields.Many2one(
        "scm.return.inspection", "Inspection", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
