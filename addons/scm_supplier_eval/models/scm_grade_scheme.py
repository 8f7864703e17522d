from odoo import fields, models


class ScmGradeScheme(models.Model):
    """A set of grades that covers 0 to 100, and how fast a supplier moves between them."""

    _name = "scm.grade.scheme"
    _description = "Grade Scheme"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies that have no scheme of their own.")
    grade_ids = fields.One2many("scm.grade", "scheme_id", "Grades", copy=True)
    margin = fields.Float(
        "Margin (points)",
        default=2.0,
        help="A supplier leaves its grade only when its score is beyond the border by this many points, so that one "
        "point does not flip it.",
    )
    answer_days = fields.Integer(
        "Days to Answer", default=14, help="Days in which the supplier answers a corrective action."
    )
    improvement_days = fields.Integer(
        "Days to Improve", default=60, help="Days after which a corrective action opened for a bad grade is due."
    )

    _margin_positive = models.Constraint(
        "CHECK(margin >= 0 AND margin <= 20)", "The margin of a grade scheme is between 0 and 20 points."
    )
    _days_positive = models.Constraint(
        "CHECK(answer_days > 0 AND improvement_days >= answer_days)",
        "Suppliers need at least a day to answer, and improvements are due after the answer.",
    )
