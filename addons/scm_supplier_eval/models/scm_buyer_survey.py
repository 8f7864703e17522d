from odoo import api, fields, models

RATINGS = [("1", "Poor"), ("2", "Weak"), ("3", "Fair"), ("4", "Good"), ("5", "Excellent")]
QUESTIONS = ("communication", "flexibility", "problem_solving", "documents", "improvement")


class ScmBuyerSurvey(models.Model):
    """What one buyer thinks of working with a supplier in a period: five answers from 1 to 5."""

    _name = "scm.buyer.survey"
    _description = "Buyer Survey"
    _order = "date_from desc, partner_id, id"

    partner_id = fields.Many2one("res.partner", "Supplier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Buyer", required=True, domain=[("share", "=", False)], default=lambda self: self.env.user
    )
    date_from = fields.Date("Period from", required=True)
    date_to = fields.Date("Period to", required=True)
    state = fields.Selection(
        [("asked", "To Answer"), ("answered", "Answered")], required=True, readonly=True, default="asked", index=True
    )
    date_answered = fields.Date("Answered", readonly=True)
    communication = fields.Selection(RATINGS, help="Answers fast, tells bad news early, one knows whom to ask.")
    flexibility = fields.Selection(RATINGS, help="Takes rush orders, changes of quantity and small lots.")
    problem_solving = fields.Selection(RATINGS, help="Owns its mistakes and mends them for good.")
    documents = fields.Selection(RATINGS, "Paperwork", help="Confirmations, labels, packing lists, invoices are right.")
    improvement = fields.Selection(RATINGS, help="Brings ideas on cost, quality and packaging.")
    mean = fields.Float(compute="_compute_mean", store=True, aggregator="avg", digits=(3, 2))
    note = fields.Text()

    _answer_uniq = models.UniqueIndex(
        "(company_id, partner_id, user_id, date_from)",
        "This buyer has been asked for this supplier and period already.",
    )
    _period_valid = models.Constraint("CHECK(date_from <= date_to)", "The period of a survey ends before it begins.")

    @api.depends(*QUESTIONS)
    def _compute_mean(self):
        for survey in self:
            answers = [int(survey[name]) for name in QUESTIONS if survey[name]]
            survey.mean = sum(answers) / len(answers) if answers else 0.0
