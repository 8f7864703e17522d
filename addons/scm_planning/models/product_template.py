from odoo import fields, models

from ..kernel.methods import METHODS


class ProductTemplate(models.Model):
    _inherit = "product.template"

    scm_forecast_method = fields.Selection(
        selection="_selection_scm_forecast_method",
        string="Forecast method",
        help="Empty: many methods weighted by how well they did on this product's own past. Fix one only when you know "
        "better.",
    )

    scm_policy_id = fields.Many2one(
        "scm.inventory.policy",
        "Inventory policy",
        company_dependent=True,
        ondelete="set null",
        domain="[('company_id', '=', allowed_company_ids[0])]",
        help="Empty: the policy of the product's class. A policy given here holds in the present company only.",
    )

    scm_units_per_pallet = fields.Float(
        "Units per Pallet",
        digits="Product Unit",
        help="How many units stand on one pallet place; fills containers. Zero: not known.",
    )

    def _selection_scm_forecast_method(self):
        labels = {
            "naive": self.env._("Last period"),
            "mean13": self.env._("Mean of 13 periods"),
            "seasonal_naive": self.env._("Same period last year"),
            "ses": self.env._("Exponential smoothing"),
            "holt": self.env._("Damped trend (Holt)"),
            "tsb": self.env._("Intermittent demand (TSB)"),
            "croston_sba": self.env._("Intermittent demand (Croston-SBA)"),
            "ets": self.env._("ETS"),
            "theta": self.env._("Theta"),
        }
        return [(name, labels.get(name, name)) for name in METHODS]

    def action_open_scm_forecast(self):
        self.ensure_one()
        return self.product_variant_id.action_open_scm_forecast()
