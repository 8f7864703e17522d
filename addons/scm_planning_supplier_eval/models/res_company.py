from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How the plan chooses vendors."""

    _inherit = "res.company"

    scm_vendor_choice = fields.Selection(
        [("priority", "As the price list says"), ("landed", "By expected landed cost")],
        "Vendor of planned orders",
        required=True,
        default="priority",
        help="Landed cost: price, what the vendor's own lateness costs in lost margin, and what its defects cost.",
    )
    scm_vendor_split = fields.Boolean(
        "Share orders by grade",
        help="Planned orders of a product are shared among its vendors: cheapest first, none beyond the share that "
        "its grade allows, none beyond its weekly capacity.",
    )
    scm_preference_rate = fields.Float(
        "A preferred vendor may cost more (%)",
        default=2.0,
        help="Vendors whose grade says 'preferred' are compared at a landed cost that is lower by this much.",
    )
    scm_defect_cost_rate = fields.Float(
        "Cost of a defective unit (% of its price)",
        default=120.0,
        help="The price itself unless the vendor refunds it, and what sorting, returning and excusing costs.",
    )
    scm_switch_days = fields.Integer(
        "Days to take on a new source",
        default=14,
        help="Added to the lead time of a vendor that has not delivered the product in the last two years.",
    )

    @api.constrains("scm_preference_rate", "scm_defect_cost_rate", "scm_switch_days")
    def _check_scm_vendor_choice(self):
        for company in self:
            if not 0 <= company.scm_preference_rate <= 50:
                raise ValidationError(self.env._("A preferred vendor may cost between 0 and 50 % more."))
            if not 0 <= company.scm_defect_cost_rate <= 1000:
                raise ValidationError(self.env._("A defective unit costs between 0 and 1000 % of its price."))
            if not 0 <= company.scm_switch_days <= 365:
                raise ValidationError(self.env._("The days to take on a new source must lie between 0 and 365."))
