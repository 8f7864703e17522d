from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    scm_count_line_id = fields.Many2one(
        "scm.count.line",
        "Counted Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The count that this correction follows from.",
    )
