from odoo import api, fields, models


class ScmImprovementAction(models.Model):
    """One step of an improvement, by a colleague or by the partner."""

    _name = "scm.improvement.action"
    _description = "Improvement Action"
    _order = "sequence, date_due, id"

    improvement_id = fields.Many2one("scm.improvement", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="improvement_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Action", required=True)
    user_id = fields.Many2one("res.users", "By", domain=[("share", "=", False)], index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "By Partner", help="Who does it outside of the company.")
    date_due = fields.Date("Due")
    date_done = fields.Date("Done")

    def action_toggle_done(self):
        """Mark as done today, or as not done."""
        today = fields.Date.context_today(self)
        for action in self:
            action.date_done = False if action.date_done else today
        return True

    @api.depends("name", "improvement_id")
    def _compute_display_name(self):
        for action in self:
            action.display_name = f"{action.improvement_id.name}: {action.name}"
