from odoo import models


class ScmScorecardLine(models.Model):
    """One measure as the page of its card shows it."""

    _inherit = "scm.scorecard.line"

    def _card_line(self, before):
        """The measure as a dict; ``before``: values of the card before by criterion."""
        criterion = self.criterion_id
        return {
            "id": self.id,
            "code": criterion.code,
            "name": criterion.name,
            "help": "\n".join(filter(None, (criterion.formula, criterion.window, criterion.exclusions))),
            "unit": criterion.unit or "",
            "direction": criterion.direction or "higher",
            "value": self.value,
            "value_raw": self.value_raw,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "previous": before.get(criterion, False),
            "prior": self.prior,
            "sample": self.sample,
            "score": self.score,
            "weight": self.weight,
            "weight_used": self.weight_used,
            "missing": self.missing,
            "excluded": self.excluded_count,
            "why": self.why or False,
        }
