from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # copied, because the rest of a partial receipt is a copy of the move
    scm_return_line_id = fields.Many2one("scm.return.line", "Return Line", index="btree_not_null", ondelete="set null")
    scm_exchange_line_id = fields.Many2one(
        "scm.return.line", "Exchange for Return Line", copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "scm_return_line_id", "scm_exchange_line_id"]
