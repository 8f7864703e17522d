from odoo import fields, models
from odoo.fields import Command


class StockMove(models.Model):
    _inherit = "stock.move"

    scm_inspection_id = fields.Many2one(
        "scm.return.inspection", "Inspection", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _scm_fill(self, parts):
        """Say what of this move came: ``[(lot or none, quantity in the move's unit)]``."""
        self.ensure_one()
        if not any(lot for lot, _units in parts):
            self.quantity = sum(units for _lot, units in parts)
        else:
            self.move_line_ids.unlink()
            self.move_line_ids = [
                Command.create(self._prepare_move_line_vals() | {"lot_id": lot.id, "quantity": units})
                for lot, units in parts
            ]
        self.picked = True
