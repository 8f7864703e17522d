from odoo import fields, models


class ScmImprovement(models.Model):
    """The eight disciplines (8D) of a corrective action at a supplier. D2 is the problem, D4 the root cause."""

    _inherit = "scm.improvement"

    d1_team = fields.Text("D1 Team", help="Who works on it, on both sides.")
    d2_problem = fields.Text("D2 Problem", related="problem", readonly=False)
    d3_containment = fields.Text("D3 Containment", help="What protects us now: sorting, safety stock, checks.")
    d4_cause = fields.Text("D4 Root Cause", related="cause", readonly=False)
    d5_correction = fields.Text("D5 Corrective Action", help="What will remove the cause.")
    d6_implementation = fields.Text("D6 Implementation", help="Done by whom and when, and how it was checked.")
    d7_prevention = fields.Text("D7 Prevention", help="What keeps it from coming back, here and elsewhere.")
    d8_closure = fields.Text("D8 Closure", help="What was learned, and thanks to whom.")
    date_answer_due = fields.Date("Answer Due", tracking=True)
    date_answered = fields.Datetime("Answered", readonly=True, tracking=True, copy=False)
