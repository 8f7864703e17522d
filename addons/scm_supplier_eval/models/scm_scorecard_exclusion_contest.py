from odoo import fields, models


class ScmScorecardExclusion(models.Model):
    _inherit = "scm.scorecard.exclusion"

    contest_id = fields.Many2one("scm.scorecard.contest", readonly=True, ondelete="set null", index=True)
