from odoo import fields, models


class ScmScorecardExclusion(models.Model):
    """A fact that does not count, and why."""

    _name = "scm.scorecard.exclusion"
    _description = "Scorecard Exclusion"
    _order = "id desc"

    partner_id = fields.Many2one("res.partner", "Supplier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    res_model = fields.Char("Fact Model", required=True)
    res_id = fields.Many2oneReference("Fact", model_field="res_model", required=True)
    criterion_ids = fields.Many2many("scm.scorecard.criterion", string="Criteria", help="Empty: all criteria.")
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.user)
