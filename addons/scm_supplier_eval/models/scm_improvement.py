from odoo import api, fields, models

EIGHT_D = (
    "d1_team",
    "problem",
    "d3_containment",
    "cause",
    "d5_correction",
    "d6_implementation",
    "d7_prevention",
    "d8_closure",
)


class ScmImprovement(models.Model):
    """The eight disciplines (8D) of a corrective action at a supplier. D2 is the problem, D4 the root cause."""

    _inherit = "scm.improvement"

    d1_team = fields.Text(help="Who works on it, on both sides.")
    d2_problem = fields.Text("D2 Problem", related="problem", readonly=False)
    d3_containment = fields.Text(help="What protects us now: sorting, safety stock, checks.")
    d4_cause = fields.Text("D4 Root Cause", related="cause", readonly=False)
    d5_correction = fields.Text("D5 Corrective Action", help="What will remove the cause.")
    d6_implementation = fields.Text(help="Done by whom and when, and how it was checked.")
    d7_prevention = fields.Text(help="What keeps it from coming back, here and elsewhere.")
    d8_closure = fields.Text(help="What was learned, and thanks to whom.")
    date_answer_due = fields.Date("Answer Due", tracking=True)
    date_answered = fields.Datetime("Answered", readonly=True, tracking=True, copy=False)
    eight_d_count = fields.Integer("8D Steps", compute="_compute_eight_d_count", help="Steps of eight with an answer.")

    @api.depends(*EIGHT_D)
    def _compute_eight_d_count(self):
        for improvement in self:
            improvement.eight_d_count = sum(bool((improvement[name] or "").strip()) for name in EIGHT_D)

    def action_answered(self):
        """The supplier answered by mail or phone."""
        self.write({"date_answered": fields.Datetime.now()})
        return True
