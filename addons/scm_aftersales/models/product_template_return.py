from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    scm_final_sale = fields.Boolean(
        "Final Sale", help="Return policies may exclude it: clearance, hygiene goods, made to order."
    )
