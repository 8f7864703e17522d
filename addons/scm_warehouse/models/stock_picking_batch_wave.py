from odoo import api, fields, models
from odoo.exceptions import UserError


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
    scm_metres = fields.Float("Metres", readonly=True, copy=False, digits=(16, 1), help="Way of the tour.")
    scm_metres_before = fields.Float(
        "Metres Order by Order", readonly=True, copy=False, digits=(16, 1), help="Had each order its own tour."
    )
    scm_why = fields.Json("Why", readonly=True, copy=False)

    @api.depends("picking_ids", "picking_ids.move_line_ids")
    def _compute_move_line_ids(self):
        """In walking order, so that lists and pages of a tour are walked from top to bottom."""
        result = super()._compute_move_line_ids()
        for batch in self:
            batch.move_line_ids = batch.move_line_ids._scm_in_walking_order()
        return result

    def write(self, vals):
        if "user_id" in vals and not self.env.context.get("scm_wave_plan"):
            self._scm_keep()
        return super().write(vals)

    def _scm_keep(self):
        """A person has changed these tours: planning leaves them alone from now on."""
        planned = self.filtered(lambda batch: batch.scm_is_planned and batch.state == "draft")
        planned.filtered(lambda batch: not batch.scm_is_fixed).scm_is_fixed = True

    def _sanity_check(self):
        if self.env.context.get("scm_wave_plan"):
            # how the orders were found is the check: ready, one operation, one company
            return None
        return super()._sanity_check()

    # Release

    def action_scm_release(self):
        """Give planned tours to the floor, or all tours of a list at once. Tours under way stay as they are.

        :return: True
        :raises UserError: for a tour without orders, naming it
        """
        self.env["scm.wave.plan"]._check_planner()
        self.check_access("read")
        # sudo: the role was checked above and the record rules by reading; a supply chain manager needs no more
        batches = self.sudo().filtered(lambda batch: batch.state == "draft")
        if empty := batches.filtered(lambda batch: not batch.picking_ids)[:1]:
            raise UserError(self.env._("%(tour)s has no orders. Delete it, or plan again.", tour=empty.name))
        if locked := batches.move_line_ids.location_id.filtered("scm_is_locked")[:1]:
            raise UserError(
                self.env._(
                    "%(place)s is locked by an incident. Plan again: its orders are left out.",
                    place=locked.display_name,
                )
            )
        batches.picking_ids.action_confirm()
        batches.write({"state": "in_progress"})
        return True
