from collections import defaultdict

from odoo import fields, models

from .scm_return_inspection import GRADES


class ScmReturnLine(models.Model):
    """What inspection found of a line."""

    _inherit = "scm.return.line"

    inspection_ids = fields.One2many("scm.return.inspection", "line_id", "Inspections", readonly=True)
    excess_of_id = fields.Many2one(
        "scm.return.line",
        "More than Asked of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The item of which more units came back than were asked for; this line holds the rest.",
    )

    def _graded(self):
        """Units by grade: ``{line id: {"A": q, "B": q, "C": q, "missing": q, "wrong": q}}``, all lines named."""
        none = {grade: 0.0 for grade, _label in GRADES}
        graded = defaultdict(lambda: dict(none), {line.id: dict(none) for line in self})
        groups = self.env["scm.return.inspection"]._read_group(
            [("line_id", "in", self.ids)], ["line_id", "grade"], ["quantity:sum"]
        )
        for line, grade, quantity in groups:
            graded[line.id][grade] = quantity
        return dict(graded)
