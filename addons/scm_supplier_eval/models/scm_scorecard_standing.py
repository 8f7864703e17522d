from odoo import fields, models


class ScmScorecard(models.Model):
    """The grade of a card."""

    _inherit = "scm.scorecard"

    grade_id = fields.Many2one("scm.grade", "Grade", readonly=True, ondelete="restrict", copy=False)
    color = fields.Char(related="grade_id.color")
