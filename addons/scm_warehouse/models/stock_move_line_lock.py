from odoo import api, models


class StockMoveLine(models.Model):
    """Nothing goes into a locked place or out of it, except what is counted or written off there."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._scm_check_reservable()
        return lines

    def write(self, vals):
        if {"quantity", "location_id", "location_dest_id"} & vals.keys() and any(line.state == "done" for line in self):
            # stock that was moved is moved once more by such a change
            lines = self.filtered(lambda line: line.state == "done" and not line._scm_is_correction())
            named = [vals[name] for name in ("location_id", "location_dest_id") if vals.get(name)]
            new = self.env["stock.location"].browse(named if lines else [])
            (lines.location_id | lines.location_dest_id | new)._scm_check_unlocked()
        moved = self.filtered(lambda line: "location_id" in vals and line.location_id.id != vals["location_id"])
        result = super().write(vals)
        moved._scm_check_reservable()
        return result

    def _action_done(self):
        lines = self.filtered(lambda line: line.quantity and not line._scm_is_correction())
        (lines.location_id | lines.location_dest_id)._scm_check_unlocked()
        return super()._action_done()

    def _scm_check_reservable(self):
        """Refuse a reservation that somebody types for a locked place; core's own search finds none there."""
        lines = self.filtered(
            lambda line: line.location_id.scm_is_locked
            and line.state not in ("draft", "done", "cancel")
            and line.product_id.is_storable
            and line.quantity
            and not line._scm_is_correction()
        )
        lines.location_id._scm_check_unlocked()

    def _scm_is_correction(self):
        """A count or a write-off: it says what is there, it carries nothing."""
        self.ensure_one()
        return self.is_inventory or "inventory" in (self.location_id.usage, self.location_dest_id.usage)
