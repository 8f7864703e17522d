from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    scm_no_qualification = fields.Boolean(
        "Bought without Qualification",
        help="Suppliers of this category, and of those below it, need no qualification: office supplies, services.",
    )
