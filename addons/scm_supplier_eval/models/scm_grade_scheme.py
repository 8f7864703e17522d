from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..kernel.grading import cover_problems

#: grades of a new scheme, best first: name, from, to, consequence, colour, largest share, probation, corrective action
STANDARD = (
    ("A", 85, 100, "preferred", "#2e9e6b", 100, 0, False),
    ("B", 70, 85, "normal", "#3b82c4", 100, 0, False),
    ("C", 50, 70, "warn", "#e0a030", 40, 0, True),
    ("D", 0, 50, "block", "#d64541", 20, 90, True),
)
GRADE_FIELDS = (
    "name",
    "score_from",
    "score_to",
    "consequence",
    "color",
    "share_max",
    "probation_days",
    "opens_improvement",
)


class ScmGradeScheme(models.Model):
    """A set of grades that covers 0 to 100, and how fast a supplier moves between them."""

    _name = "scm.grade.scheme"
    _description = "Grade Scheme"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies that have no scheme of their own.")
    grade_ids = fields.One2many(
        "scm.grade",
        "scheme_id",
        "Grades",
        copy=True,
        default=lambda self: [Command.create(dict(zip(GRADE_FIELDS, grade, strict=True))) for grade in STANDARD],
    )
    margin = fields.Float(
        "Margin (points)",
        default=2.0,
        help="A supplier leaves its grade only when its score is beyond the border by this many points, so that one "
        "point does not flip it.",
    )
    min_confidence = fields.Float(
        "Data Needed (%)",
        default=30.0,
        help="A card gives a grade only when at least this share of it rests on the supplier's own data. With less, "
        "the supplier keeps its standing.",
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
    _confidence_valid = models.Constraint(
        "CHECK(min_confidence >= 0 AND min_confidence <= 100)", "The data needed for a grade is between 0 and 100 %."
    )
    _days_positive = models.Constraint(
        "CHECK(answer_days > 0 AND improvement_days >= answer_days)",
        "Suppliers need at least a day to answer, and improvements are due after the answer.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        together = self.with_context(scm_grades_together=True)
        schemes = super(ScmGradeScheme, together).create(vals_list)
        schemes = self.browse(schemes.ids)
        schemes._check_cover()
        return schemes

    def write(self, vals):
        # borders move in pairs: all grades are checked when all are written
        result = super(ScmGradeScheme, self.with_context(scm_grades_together=True)).write(vals)
        self._check_cover()
        return result

    def _check_cover(self):
        """The grades cover 0 to 100 without gap or overlap, else an error that names the grades."""
        if self.env.context.get("scm_grades_together"):
            return
        for scheme in self:
            problems = [scheme._problem_text(*problem) for problem in cover_problems(scheme._bands())]
            if problems:
                raise ValidationError(
                    self.env._("The grades of “%(scheme)s” must cover 0 to 100 once.", scheme=scheme.name)
                    + "\n"
                    + "\n".join(problems)
                )

    def _problem_text(self, kind, names, low, high):
        if kind == "empty":
            return self.env._("It has no grades.")
        values = {
            "names": self.env._(" and ").join(f"“{name}”" for name in names),
            "low": f"{low:g}",
            "high": f"{high:g}",
        }
        if kind == "gap":
            return self.env._("No grade from %(low)s to %(high)s, at %(names)s.", **values)
        return self.env._("%(names)s overlap from %(low)s to %(high)s.", **values)

    def _bands(self):
        """The grades as the kernel knows them."""
        return [grade._band() for grade in self.grade_ids]

    @api.model
    def _of_company(self, company):
        """The scheme by which a company grades: its own, else the common one.

        :raises UserError: when there is none
        """
        schemes = self.search([("company_id", "in", [company.id, False])])
        scheme = schemes.filtered("company_id")[:1] or schemes[:1]
        if not scheme:
            raise UserError(
                self.env._("“%(company)s” has no grade scheme. Create one under Configuration.", company=company.name)
            )
        return scheme

    def action_standard(self):
        """Put the standard grades back; the names stay where they are the same, so that standings keep their grade."""
        self.check_access("write")
        for scheme in self:
            held = {grade.name: grade for grade in scheme.grade_ids}
            wanted = [dict(zip(GRADE_FIELDS, grade, strict=True)) for grade in STANDARD]
            commands = [
                Command.update(held[values["name"]].id, values) if values["name"] in held else Command.create(values)
                for values in wanted
            ]
            names = [values["name"] for values in wanted]
            gone = scheme.grade_ids.filtered_domain([("name", "not in", names)])
            scheme.grade_ids = [*(Command.delete(grade.id) for grade in gone), *commands]
        return True
