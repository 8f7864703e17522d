from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmScorecardScheme(models.Model):
    """Weights add up to 100; each criterion once; 0 and 100 points lie apart."""

    _inherit = "scm.scorecard.scheme"

    weight_total = fields.Float("Sum of Weights (%)", compute="_compute_weight_total")

    @api.depends("weight_ids.weight")
    def _compute_weight_total(self):
        for scheme in self:
            scheme.weight_total = sum(scheme.weight_ids.mapped("weight"))

    @api.constrains("weight_ids", "active")
    def _check_weights(self):
        for scheme in self.filtered("active"):
            scheme._check_complete()

    def _check_complete(self):
        """Raise ValidationError, naming the scheme, unless it can score."""
        self.ensure_one()
        if not self.weight_ids:
            raise ValidationError(self.env._("“%(scheme)s” has no criteria: add some.", scheme=self.name))
        total = sum(self.weight_ids.mapped("weight"))
        if abs(total - 100) > 0.005:
            raise ValidationError(
                self.env._(
                    "The weights of “%(scheme)s” add up to %(total)s %%, not to 100: change them by %(change)s.",
                    scheme=self.name,
                    total=f"{total:g}",
                    change=f"{100 - total:+g}",
                )
            )
        criteria = self.weight_ids.criterion_id
        if len(criteria) < len(self.weight_ids):
            raise ValidationError(self.env._("“%(scheme)s” has a criterion twice.", scheme=self.name))


class ScmScorecardWeight(models.Model):
    _inherit = "scm.scorecard.weight"

    unit = fields.Char(related="criterion_id.unit")
    area = fields.Selection(related="criterion_id.area")

    _weight_positive = models.Constraint("CHECK(weight >= 0 AND weight <= 100)", "A weight is between 0 and 100 %.")
    _scale_valid = models.Constraint(
        "CHECK(value_zero <> value_full)", "The values for 0 and for 100 points must differ."
    )
