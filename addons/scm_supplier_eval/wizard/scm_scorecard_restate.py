from odoo import fields, models


class ScmScorecardRestate(models.TransientModel):
    """Asks for the reason of a restatement."""

    _name = "scm.scorecard.restate"
    _description = "Restate a Scorecard"

    card_ids = fields.Many2many(
        "scm.scorecard", string="Cards", default=lambda self: self.env.context.get("active_ids", [])
    )
    reason = fields.Char(required=True)

    def action_restate(self):
        """Compute the cards again; what stood before is kept with the reason."""
        self.ensure_one()
        self.card_ids.action_restate(self.reason)
        return {"type": "ir.actions.act_window_close"}
