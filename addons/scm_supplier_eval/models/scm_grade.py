from odoo import api, fields, models

from ..kernel.grading import Band

CONSEQUENCES = [
    ("preferred", "Preferred"),
    ("normal", "Normal"),
    ("warn", "Warn"),
    ("block", "Block"),
]


class ScmGrade(models.Model):
    """A range of scores from ``score_from`` up to, but without, ``score_to`` (the best one with 100); what follows."""

    _name = "scm.grade"
    _description = "Supplier Grade"
    _order = "scheme_id, score_from desc, id"

    scheme_id = fields.Many2one("scm.grade.scheme", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="What it means, as the supplier reads it on its portal page.")
    score_from = fields.Float("From", required=True, aggregator=None)
    score_to = fields.Float("To", required=True, default=100.0, aggregator=None)
    consequence = fields.Selection(CONSEQUENCES, required=True, default="normal")
    color = fields.Char("Colour", required=True, default="#3b82c4")
    share_max = fields.Float(
        "Largest Share (%)",
        default=100.0,
        aggregator=None,
        help="Largest share of a product's orders that the order plan gives to a supplier of this grade.",
    )
    probation_days = fields.Integer(
        "Probation (days)", help="A grade that blocks does so only after this many days of probation, with a warning."
    )
    opens_improvement = fields.Boolean(
        "Corrective Action", help="A supplier that comes into this grade gets a corrective action to answer."
    )

    _name_uniq = models.UniqueIndex("(scheme_id, name)", "A grade scheme has each name only once.")
    _range_valid = models.Constraint(
        "CHECK(score_from >= 0 AND score_from < score_to AND score_to <= 100)",
        "A grade reaches from a lower to a higher score between 0 and 100.",
    )
    _share_valid = models.Constraint(
        "CHECK(share_max >= 0 AND share_max <= 100)", "The largest share of a grade is between 0 and 100 %."
    )
    _probation_positive = models.Constraint("CHECK(probation_days >= 0)", "The probation cannot be negative.")

    @api.constrains("scheme_id", "score_from", "score_to")
    def _check_cover(self):
        self.scheme_id._check_cover()

    def unlink(self):
        schemes = self.scheme_id
        result = super().unlink()
        schemes._check_cover()
        return result

    def _band(self):
        """The grade as the kernel knows it."""
        return Band(self.id, self.name, self.score_from, self.score_to, self.consequence, self.probation_days)
