from odoo import fields, models


class ScmCarrierRestate(models.TransientModel):
    _name = "scm.carrier.restate"
    _description = "Measure a Closed Month Again"

    month_ids = fields.Many2many(
        "scm.carrier.month", default=lambda self: self.env.context.get("active_ids"), required=True
    )
    reason = fields.Char(required=True)

    def action_restate(self):
        """Measure the months again and log why."""
        self.ensure_one()
        self.month_ids.action_restate(self.reason)
        return {"type": "ir.actions.act_window_close"}
