from odoo import models
from odoo.fields import Domain


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_gather_domain(self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False):
        domain = super()._get_gather_domain(product_id, location_id, lot_id, package_id, owner_id, strict)
        if not self.env.context.get("scm_bulk_only"):
            return domain
        # sudo: which places are pick faces decides about the reservation, whoever asks for it
        faces = self.env["scm.pick.face"].sudo()._search([("product_id", "=", product_id.id)])
        return domain & Domain("location_id", "not in", faces.subselect("location_id"))
