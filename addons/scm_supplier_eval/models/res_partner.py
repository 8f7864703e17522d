from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    scm_supplier_group_id = fields.Many2one("scm.supplier.group", "Supplier Group", index="btree_not_null")

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "scm_supplier_group_id"]
