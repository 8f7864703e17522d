from odoo import api, fields, models
from odoo.tools import formatLang

#: units of which a change is a difference; of all others it is a share of what was expected
DIFFERENCES = ("percent", "days", "hours")


class ScmFinding(models.Model):
    """How a finding reads."""

    _inherit = "scm.finding"

    change_text = fields.Char("Change in Words", compute="_compute_texts")
    range_text = fields.Char("Range", compute="_compute_texts")
    before_text = fields.Char("Expected", compute="_compute_texts")
    after_text = fields.Char("Now", compute="_compute_texts")
    chance_text = fields.Char("Chance", compute="_compute_texts")

    @api.depends("before", "after", "change", "low", "high", "unit", "p_value", "p_adjusted", "is_tested", "money")
    def _compute_texts(self):
        for finding in self:
            finding.before_text = finding._amount(finding.before)
            finding.after_text = finding._amount(finding.after)
            finding.change_text = finding._change_text(finding.change) if finding.is_tested else finding.after_text
            known = finding.is_tested and finding.low != finding.high
            finding.range_text = known and self.env._(
                "%(low)s to %(high)s",
                low=finding._change_text(finding.low),
                high=finding._change_text(finding.high),
            )
            finding.chance_text = finding.is_tested and finding._chance(finding.p_value)

    def _change_text(self, value):
        """A change with its sign."""
        sign = "+" if value > 0 else ""
        if self.unit == "percent":
            return self.env._("%(points)s points", points=sign + formatLang(self.env, 100 * value, digits=1))
        if self.unit in DIFFERENCES:
            return sign + self._amount(value)
        return f"{sign}{formatLang(self.env, 100 * value, digits=0)} %"

    def _amount(self, value):
        """A value in the unit of the finding."""
        if self.unit == "money":
            return formatLang(self.env, round(value), digits=0, currency_obj=self.currency_id)
        if self.unit == "percent":
            return f"{formatLang(self.env, 100 * value, digits=1)} %"
        if self.unit in DIFFERENCES:
            words = {"days": self.env._("%(value)s days"), "hours": self.env._("%(value)s hours")}
            return words[self.unit] % {"value": formatLang(self.env, value, digits=1)}
        return formatLang(self.env, value, digits=0 if abs(value) >= 10 else 1)

    @api.model
    def _chance(self, chance):
        """A small chance in words that can be read."""
        if chance < 1e-6:
            return self.env._("below 1 in a million")
        return self.env._("1 in %(number)s", number=formatLang(self.env, round(1 / chance), digits=0))

    def _sentence(self):
        """One sentence that says all of it: the problem of the improvement."""
        self.ensure_one()
        if not self.is_tested:
            return self.env._("%(what)s: %(now)s.", what=self.name, now=self.after_text)
        return self.env._(
            "%(what)s: %(now)s from %(first)s to %(last)s, expected were %(expected)s. "
            "Change %(change)s (95 %%: %(range)s).",
            what=self.name,
            now=self.after_text,
            expected=self.before_text,
            first=self.date_from,
            last=self.date_to,
            change=self.change_text,
            range=self.range_text,
        )
