from odoo import fields, models


class ScmParcel(models.Model):
    _inherit = "scm.parcel"

    scm_return_id = fields.Many2one("scm.return", "Return", copy=False, index="btree_not_null", ondelete="set null")
