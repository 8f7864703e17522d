from odoo import api, models


class StockMoveLine(models.Model):
    """Nothing goes into a locked place or out of it, except what is counted or written off there."""

    _inherit = "stock.move.line"

    @api.constrains("location_id")
    def _check_scm_lock(self):
        """Refuse a reservation that somebody types for a locked place."""
        lines = self.filtered(
            lambda line: (
                line.state not in ("draft", "done", "cancel")
                and line.product_id.is_storable
                and line.quantity
                and not line._scm_is_correction()
            )
        )
        lines.location_id._scm_check_unlocked()

    def _action_done(self):
        lines = self.filtered(lambda line: line.quantity and not line._scm_is_correction())
        (lines.location_id | lines.location_dest_id)._scm_check_unlocked()
        return super()._action_done()

    def write(self, vals):
        if {"quantity", "location_id", "location_dest_id"} & vals.keys() and any(line.state == "done" for line in self):
            # stock that was moved is moved once more by such a change
            lines = self.filtered(lambda line: line.state == "done" and not line._scm_is_correction())
            new = self.env["stock.location"].browse([vals.get("location_id"), vals.get("location_dest_id")])
            (lines.location_id | lines.location_dest_id | new.filtered("id"))._scm_check_unlocked()
        return super().write(vals)

    def _scm_is_correction(self):
        """A count or a write-off: it says what is there, it carries nothing."""
        self.ensure_one()
        return self.is_inventory or "inventory" in (self.location_id.usage, self.location_dest_id.usage)
