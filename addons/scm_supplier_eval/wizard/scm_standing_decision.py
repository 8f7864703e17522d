from odoo import api, fields, models

KINDS = [
    ("override", "Another grade counts"),
    ("end", "The measured grade counts again"),
    ("eliminate", "Eliminate: buy nothing more"),
    ("readmit", "Readmit, on probation"),
]


class ScmStandingDecision(models.TransientModel):
    """Asks a manager what he decides about suppliers, and why."""

    _name = "scm.standing.decision"
    _description = "Decision about a Supplier"

    standing_ids = fields.Many2many("scm.supplier.standing", string="Suppliers", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company")
    kind = fields.Selection(KINDS, "Decision", required=True, default="override")
    grade_id = fields.Many2one(
        "scm.grade", domain="['|', ('company_id', '=', company_id), ('company_id', '=', False)]"
    )
    until = fields.Date("Valid until", help="Empty: until it is ended.")
    reason = fields.Char(required=True)

    @api.depends("standing_ids")
    def _compute_company(self):
        for wizard in self:
            wizard.company_id = wizard.standing_ids.company_id[:1]

    def action_decide(self):
        """Do it; the methods called check the role."""
        self.ensure_one()
        standings = self.standing_ids
        if self.kind == "override":
            standings.set_override(self.grade_id.id, self.reason, self.until)
        elif self.kind == "end":
            standings.end_override(self.reason)
        elif self.kind == "eliminate":
            standings.eliminate(self.reason)
        else:
            standings.readmit(self.reason)
        return {"type": "ir.actions.act_window_close"}
