from odoo import api, models
from odoo.tools import SQL


class ScmWavePlan(models.Model):
    _inherit = "scm.wave.plan"

    @api.model
    def _group_keys(self, orders):
        """Orders of one operation and one delivery method travel alike."""
        keys = super()._group_keys(orders)
        rows = self.env.execute_query(
            SQL("SELECT id, COALESCE(carrier_id, 0) FROM stock_picking WHERE id = ANY(%s)", list(keys))
        )
        return {picking_id: (*keys[picking_id], carrier_id) for picking_id, carrier_id in rows}
