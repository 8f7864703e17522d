from odoo import fields, models


class ScmImprovementTarget(models.Model):
    """What a company wants its improvements to be worth in a year."""

    _name = "scm.improvement.target"
    _description = "Target of Improvement"
    _order = "year desc, company_id"
    _rec_name = "year"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(
        required=True, aggregator=None, default=lambda self: fields.Date.context_today(self).year, help="Such as 2026."
    )
    amount = fields.Monetary("Target", required=True, help="Value that improvements should realise in the year.")
    note = fields.Char()

    _one = models.UniqueIndex("(company_id, year)", "The company has a target for this year already: change that one.")
    _amount_positive = models.Constraint(
        "CHECK(amount > 0 AND year BETWEEN 2000 AND 2100)", "Write a year such as 2026 and an amount above 0."
    )
