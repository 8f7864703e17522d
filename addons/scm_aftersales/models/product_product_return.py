from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _scm_siblings(self):
        """Other variants of the product that are for sale: what a customer may have in exchange."""
        self.ensure_one()
        return self.product_tmpl_id.product_variant_ids.filtered(lambda one: one.sale_ok and one != self)
