from odoo import fields, models


class ScmScorecardScheme(models.Model):
    """Weights and scales by which the suppliers of a company or group are scored."""

    _name = "scm.scorecard.scheme"
    _description = "Scorecard Scheme"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    group_id = fields.Many2one("scm.supplier.group", "Supplier Group", help="Empty: for all groups.")
    weight_ids = fields.One2many("scm.scorecard.weight", "scheme_id", "Weights", copy=True)
