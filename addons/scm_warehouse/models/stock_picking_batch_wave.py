from odoo import fields, models


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    scm_cutoff_id = fields.Many2one(
        "scm.wave.cutoff", "Wave", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    scm_cutoff_at = fields.Datetime("Leaves", readonly=True, copy=False, index="btree_not_null")
    scm_is_planned = fields.Boolean("Planned Tour", readonly=True, copy=False, help="Made by the planning of waves.")
    scm_is_fixed = fields.Boolean(
        "Left Alone", copy=False, help="Planning changes nothing of it. Ticked when a person changes the tour."
    )
    scm_metres = fields.Float("Metres", readonly=True, copy=False, digits=(16, 0), help="Way of the tour.")
    scm_metres_before = fields.Float(
        "Metres Order by Order", readonly=True, copy=False, digits=(16, 0), help="Had each order its own tour."
    )
    scm_why = fields.Json("Why", readonly=True, copy=False)
