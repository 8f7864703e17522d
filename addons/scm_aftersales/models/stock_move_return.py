from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # copied, because the rest of a partial receipt is a copy of the move
    scm_return_line_id = fields.Many2one("scm.return.line", "Return Line", index="btree_not_null", ondelete="set null")
    scm_exchange_line_id = fields.Many2one(
        "scm.return.line", "Exchange for Return Line", index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "scm_return_line_id", "scm_exchange_line_id"]

    def _scm_brought_first(self):
        """Whether this move brought to the customer what he ordered, rather than a replacement."""
        return (
            self.state != "cancel"
            and self.location_dest_usage == "customer"
            and not self.origin_returned_move_id
            and not self.scm_exchange_line_id
        )


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "scm_exchange_line_id"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        """What is pushed on inside the warehouse did not come back once more."""
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        return {**values, "scm_return_line_id": False}
