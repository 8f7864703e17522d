from odoo import api, fields, models
from odoo.tools import SQL


class ResCompany(models.Model):
    """When a reason is suggested for a text, and how far back words are compared."""

    _inherit = "res.company"

    scm_reason_min_probability = fields.Float(
        "Suggest a Reason from", default=0.6, help="A reason less probable than this is not suggested."
    )
    scm_reason_min_accuracy = fields.Float(
        "Suggest Only if Right in",
        default=0.6,
        help="Share of suggestions that have to be right when tested; if fewer are, nothing is suggested at all.",
    )
    scm_feedback_days = fields.Integer(
        "Days of Feedback Compared", default=365, help="Words are compared in texts of so many days."
    )

    _scm_reason_bars = models.Constraint(
        "CHECK(scm_reason_min_probability BETWEEN 0 AND 1 AND scm_reason_min_accuracy BETWEEN 0 AND 1)",
        "The bars of suggested reasons are from 0 % to 100 %.",
    )
    _scm_feedback_days_positive = models.Constraint(
        "CHECK(scm_feedback_days > 0)", "The days of feedback that are compared have to be above 0."
    )

    @api.model
    def _scm_suggestion_bars(self):
        return ("scm_reason_min_probability", "scm_reason_min_accuracy")

    def write(self, vals):
        result = super().write(vals)
        if any(name in vals for name in self._scm_suggestion_bars()):
            # another bar: the next run looks at all texts again
            self.env["scm.feedback"].flush_model(["model_id", "company_id"])
            self.env.cr.execute(
                SQL(
                    "UPDATE scm_feedback SET model_id = NULL WHERE company_id = ANY(%s) AND reason_id IS NULL", self.ids
                )
            )
            self.env["scm.feedback"].invalidate_model(["model_id"])
        return result
