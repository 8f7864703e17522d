from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    scm_walk_sequence = fields.Integer("Walking Order", related="location_id.scm_walk_sequence")

    def _scm_in_walking_order(self):
        """Along the aisles; places without a way last, by name. An order's lines at one place stay together."""
        return self.sorted(
            lambda line: (
                not line.location_id.scm_has_way,
                line.location_id.scm_walk_sequence,
                line.location_id.complete_name or "",
                line.picking_id.batch_sequence,
                line.picking_id.id,
                line.id,
            )
        )
