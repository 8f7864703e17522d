from odoo import fields, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    scm_return_percent = fields.Float(
        "Takes Back at",
        help="Share of the price that the vendor credits for units sent back, 0.8 for 80 %. 0: as in the settings.",
    )
    scm_return_days = fields.Integer(
        "Takes Back Within (days)", help="Only units received within this many days. 0: whenever they came."
    )

    _scm_return_percent_range = models.Constraint(
        "CHECK(scm_return_percent BETWEEN 0 AND 1 AND scm_return_days >= 0)",
        "The vendor credits between 0 and 100 % of the price; the days must not be negative.",
    )
