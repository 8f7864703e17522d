from odoo import fields, models


class ScmScorecardRestatement(models.Model):
    """A published card that was computed again: why, by whom, and what it changed."""

    _name = "scm.scorecard.restatement"
    _description = "Scorecard Restatement"
    _order = "id desc"

    card_id = fields.Many2one("scm.scorecard", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.user)
    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)
