from odoo import fields, models


class ScmCountCause(models.Model):
    """Why stock and books differ. The codes are fixed, since measures are made by them; names may be changed."""

    _name = "scm.count.cause"
    _description = "Cause of a Difference"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_pick_error = fields.Boolean(
        "Error of Picking", help="Counts as an error of picking in the measures of the flow."
    )

    _code_unique = models.Constraint("UNIQUE(code)", "A cause with this code exists.")
