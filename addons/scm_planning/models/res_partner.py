from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    scm_vendor_terms_ids = fields.One2many(
        "scm.vendor.terms", "partner_id", "Terms of Orders", groups="scm_base.scm_group_user"
    )
