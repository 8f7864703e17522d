from odoo import fields, models


class ScmOverrideReason(models.Model):
    """Why planners change forecasts. Few and plain, so that it can be learned which of them help."""

    _name = "scm.override.reason"
    _description = "Reason of Overrides"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name for integrations; does not change.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is another reason with this code.")
