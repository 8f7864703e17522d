from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    scm_return_id = fields.Many2one(
        "scm.return", "Return", copy=False, readonly=True, index="btree_not_null", ondelete="restrict"
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    scm_return_line_id = fields.Many2one(
        "scm.return.line", "Return Line", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
