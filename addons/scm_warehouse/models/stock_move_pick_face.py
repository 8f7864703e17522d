from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    scm_pick_face_id = fields.Many2one(
        "scm.pick.face", "Refills", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "scm_pick_face_id"]

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """A refill takes from bulk: not from the pick faces of its product, its own target among them."""
        moves = self.with_context(scm_bulk_only=True) if self.scm_pick_face_id else self
        return super(StockMove, moves)._update_reserved_quantity_vals(
            need, location_id, lot_id=lot_id, package_id=package_id, owner_id=owner_id, strict=strict
        )
