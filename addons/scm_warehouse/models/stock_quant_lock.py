from odoo import models
from odoo.fields import Domain


class StockQuant(models.Model):
    """What lies in a locked place is not promised to anybody."""

    _inherit = "stock.quant"

    def _get_gather_domain(self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False):
        domain = super()._get_gather_domain(product_id, location_id, lot_id, package_id, owner_id, strict)
        if strict:
            # core reads the very quant that it changes by this: that has to find it, locked or not
            return domain
        return Domain(domain) & Domain("location_id", "not any!", [("scm_is_locked", "=", True)])

    def _get_reserve_quantity(
        self,
        product_id,
        location_id,
        quantity,
        uom_id=None,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        if strict and location_id.scm_is_locked and product_id.uom_id.compare(quantity, 0.0) > 0:
            return []
        return super()._get_reserve_quantity(
            product_id, location_id, quantity, uom_id, lot_id, package_id, owner_id, strict
        )
