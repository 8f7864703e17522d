from odoo import api, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        pickings.batch_id._scm_keep()
        return pickings

    def write(self, vals):
        if "batch_id" not in vals or self.env.context.get("scm_wave_plan"):
            return super().write(vals)
        touched = self.batch_id
        result = super().write(vals)
        (touched | self.batch_id).exists()._scm_keep()
        return result

    def _find_auto_batch(self):
        """Operations with cut-offs are planned in waves; Odoo's own batches by contact would take the orders first."""
        if self.picking_type_id.id in self.env["scm.wave.cutoff"]._planned_type_ids():
            return False
        return super()._find_auto_batch()
