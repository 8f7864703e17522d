from odoo import api, fields, models


class ScmPackagingMaterial(models.Model):
    """What boxes are made of, filled with and closed by."""

    _name = "scm.packaging.material"
    _description = "Packaging Material"
    _order = "kind, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("box", "Boxes"), ("filler", "Filler"), ("tape", "Tape")], required=True, default="box", index=True
    )
    company_id = fields.Many2one("res.company", help="Empty: of all companies.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    factor_id = fields.Many2one(
        "scm.emission.factor", "Substance", required=True, ondelete="restrict", check_company=True
    )
    family = fields.Selection(related="factor_id.family")
    recycled_share = fields.Float("Recycled", help="Share of recycled stuff, from 0 to 100 %.", aggregator="avg")
    is_certified = fields.Boolean(
        "Tested for Harmful Substances", help="The supplier gave a report on heavy metals and the like."
    )
    certificate = fields.Char(help="Number and date of the report.")
    cost_kg = fields.Monetary("Cost per kg", aggregator="avg", help="Of filler.")
    kg_litre = fields.Float(
        "Filler (kg per litre)", digits=(16, 4), aggregator=None, help="Kilograms that fill a litre of empty space."
    )
    width_mm = fields.Float("Width (mm)", aggregator=None, help="Of tape.")
    kg_m = fields.Float("Tape (kg per m)", digits=(16, 5), aggregator=None)
    cost_m = fields.Monetary("Cost per m", aggregator="avg", help="Of tape.")
    active = fields.Boolean(default=True)

    _share = models.Constraint(
        "CHECK(recycled_share BETWEEN 0 AND 1)", "The recycled share is a share between 0 and 100 %."
    )
    _positive = models.Constraint(
        "CHECK(cost_kg >= 0 AND kg_litre >= 0 AND width_mm >= 0 AND kg_m >= 0 AND cost_m >= 0)",
        "Weights, widths and costs of materials cannot be below 0.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for material in self:
            material.currency_id = (material.company_id or self.env.company).currency_id
