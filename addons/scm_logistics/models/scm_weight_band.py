from odoo import fields, models


class ScmWeightBand(models.Model):
    """Weights that carriers price and handle alike: from the lower bound up to, but not with, the next band's."""

    _name = "scm.weight.band"
    _description = "Weight Band"
    _order = "weight_from, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, help="Empty: for all companies.")
    weight_from = fields.Float("From (kg)", required=True, digits="Stock Weight")
