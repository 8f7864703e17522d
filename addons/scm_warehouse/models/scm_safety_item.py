from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("ok", "OK or Not OK"),
    ("number", "Number with Limits"),
    ("damage", "Damage Level (green, amber, red)"),
    ("text", "Text"),
    ("photo", "Photo"),
]


class ScmSafetyItem(models.Model):
    _name = "scm.safety.item"
    _description = "Question of a Safety Checklist"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("scm.safety.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index="btree_not_null")
    sequence = fields.Integer(default=10)
    section = fields.Char(translate=True, help="Heading under which the question stands.")
    name = fields.Char("Question", required=True, translate=True)
    help_text = fields.Text("How to Check", translate=True)
    kind = fields.Selection(KINDS, required=True, default="ok")
    is_critical = fields.Boolean("Critical", help="Not OK opens an incident at once.")
    needs_photo = fields.Boolean("Photo if Not OK", help="Not OK is only taken with a photo.")
    is_locking = fields.Boolean(
        "Lock the Place", help="Critical and not OK also locks the place: nothing is reserved, put or taken there."
    )
    unit = fields.Char(help="Unit of the number, for example °C.")
    has_minimum = fields.Boolean("Has a Lower Limit")
    minimum = fields.Float(aggregator=None)
    has_maximum = fields.Boolean("Has an Upper Limit")
    maximum = fields.Float(aggregator=None)

    @api.constrains("kind", "has_minimum", "minimum", "has_maximum", "maximum")
    def _check_limits(self):
        for item in self:
            if item.kind == "number" and item.has_minimum and item.has_maximum and item.minimum > item.maximum:
                raise ValidationError(
                    self.env._(
                        "“%(question)s”: the lower limit %(low)g is above the upper limit %(high)g.",
                        question=item.name,
                        low=item.minimum,
                        high=item.maximum,
                    )
                )

    def _limits(self):
        """(lower, upper) limit of a number, None where there is none."""
        self.ensure_one()
        is_number = self.kind == "number"
        return (
            self.minimum if is_number and self.has_minimum else None,
            self.maximum if is_number and self.has_maximum else None,
        )

    def _limit_words(self):
        """The limits as people write them: 2 to 8 °C."""
        low, high = self._limits()
        unit = self.unit or ""
        if low is not None and high is not None:
            return self.env._("%(low)g to %(high)g %(unit)s", low=low, high=high, unit=unit).strip()
        if low is not None:
            return self.env._("at least %(low)g %(unit)s", low=low, unit=unit).strip()
        if high is not None:
            return self.env._("at most %(high)g %(unit)s", high=high, unit=unit).strip()
        return ""
