from odoo import fields, models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    scm_return_id = fields.Many2one(
        "scm.return", "Return", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
