from odoo import api, fields, models


class ScmQualificationDecision(models.TransientModel):
    """Asks what a person decides about a supplier."""

    _name = "scm.qualification.decision"
    _description = "Decision about a Qualification"

    qualification_id = fields.Many2one("scm.supplier.qualification", required=True, ondelete="cascade")
    proposed_state = fields.Selection(related="qualification_id.proposed_state")
    score = fields.Float(related="qualification_id.score")
    failed_critical_count = fields.Integer(related="qualification_id.failed_critical_count")
    outcome = fields.Selection(
        [("qualified", "Qualified"), ("conditional", "Conditional"), ("rejected", "Rejected")], required=True
    )
    conditions = fields.Text(help="What the supplier has to do.")
    condition_date = fields.Date("Until")
    date_expiry = fields.Date("Valid until", help="Empty: as long as the template says.")
    reason = fields.Text()
    is_better = fields.Boolean(compute="_compute_is_better")

    @api.depends("outcome", "proposed_state")
    def _compute_is_better(self):
        rank = {"conditional": 1, "qualified": 2}
        for wizard in self:
            wizard.is_better = rank.get(wizard.outcome, 0) > rank.get(wizard.proposed_state, 0)

    def action_decide(self):
        """Do it; the method called checks the role and the terms."""
        self.ensure_one()
        self.qualification_id.scm_decide(
            self.outcome, self.conditions, self.condition_date, self.date_expiry, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
