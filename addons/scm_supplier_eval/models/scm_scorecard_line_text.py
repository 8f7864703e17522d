from odoo import fields, models
from odoo.tools import formatLang


class ScmScorecardLine(models.Model):
    """How a figure reads."""

    _inherit = "scm.scorecard.line"

    area = fields.Selection(related="criterion_id.area")
    unit = fields.Char(related="criterion_id.unit")
    value_text = fields.Char("Reads", compute="_compute_value_text")

    def _compute_value_text(self):
        for line in self:
            line.value_text = "" if line.missing else line._format(line.value)

    def _format(self, value):
        """A value of this criterion with its unit, in the language of the user."""
        unit = self.criterion_id.unit
        if unit == "percent":
            return f"{formatLang(self.env, 100 * value, digits=1)} %"
        digits = 0 if unit == "ppm" else 1
        words = {
            "days": self.env._("days"), "hours": self.env._("h"), "ppm": self.env._("ppm"),
            "points": self.env._("points"),
        }  # fmt: skip
        return f"{formatLang(self.env, value, digits=digits)} {words.get(unit, unit or '')}".strip()
