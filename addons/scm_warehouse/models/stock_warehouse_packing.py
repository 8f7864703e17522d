from odoo import fields, models

from ..kernel.box_choice import Terms


class StockWarehouse(models.Model):
    """What a parcel costs beside its box."""

    _inherit = "stock.warehouse"

    scm_currency_id = fields.Many2one(related="company_id.currency_id")
    scm_filler_id = fields.Many2one(
        "scm.packaging.material", "Filler", check_company=True, domain=[("kind", "=", "filler")]
    )
    scm_tape_id = fields.Many2one("scm.packaging.material", "Tape", check_company=True, domain=[("kind", "=", "tape")])
    scm_freight_base = fields.Monetary(
        "Freight per Parcel", currency_field="scm_currency_id", help="What one parcel more costs. 0: left out."
    )
    scm_freight_kg = fields.Monetary("Freight per kg", currency_field="scm_currency_id")
    scm_volume_divisor = fields.Float(
        "Volumetric Divisor (cm³ per kg)", default=5000.0, help="Carriers charge volume, too. 0: weight only."
    )
    scm_liquids_apart = fields.Boolean("Liquids in Parcels of Their Own", default=True)
    scm_box_choice_auto = fields.Boolean(
        "Propose Boxes by Itself", help="For each delivery that is ready, and again when it leaves."
    )

    _scm_packing_positive = models.Constraint(
        "CHECK(scm_freight_base >= 0 AND scm_freight_kg >= 0 AND scm_volume_divisor >= 0)",
        "Freight and the volumetric divisor cannot be below 0.",
    )

    def _scm_packing_terms(self):
        """Costs of packing in this warehouse, as the kernel takes them."""
        filler, tape = self.scm_filler_id, self.scm_tape_id
        return Terms(
            filler_kg_litre=filler.kg_litre,
            filler_cost_kg=filler.cost_kg,
            tape_kg_m=tape.kg_m,
            tape_cost_m=tape.cost_m,
            freight_base=self.scm_freight_base,
            freight_kg=self.scm_freight_kg,
            divisor=self.scm_volume_divisor,
            liquids_apart=self.scm_liquids_apart,
        )
