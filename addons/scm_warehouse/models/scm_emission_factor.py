from odoo import fields, models


class ScmEmissionFactor(models.Model):
    """A substance that packaging is made of, and what a kilogram of it emits."""

    _name = "scm.emission.factor"
    _description = "Emission Factor"
    _order = "family, name"

    name = fields.Char("Substance", required=True, translate=True)
    code = fields.Char(required=True)
    family = fields.Selection(
        [
            ("paper", "Paper and Board"),
            ("plastic", "Plastic"),
            ("wood", "Wood"),
            ("textile", "Textile"),
            ("other", "Other"),
        ],
        required=True,
    )
    company_id = fields.Many2one("res.company", help="Empty: of all companies.")
    factor_new = fields.Float(
        "New (kg CO2e/kg)", digits=(16, 3), aggregator=None, help="Kilograms of CO2 equivalent for a kilogram made new."
    )
    factor_recycled = fields.Float("Recycled (kg CO2e/kg)", digits=(16, 3), aggregator=None)
    source = fields.Char(required=True, help="Where the figures are from.")
    source_url = fields.Char("Link")
    date_source = fields.Date("Date of the Source")
    is_verified = fields.Boolean("Verified", help="Somebody compared the figures with the source itself.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is already a substance with this code in this company."
    )
    _positive = models.Constraint("CHECK(factor_new >= 0 AND factor_recycled >= 0)", "A factor cannot be below 0.")
