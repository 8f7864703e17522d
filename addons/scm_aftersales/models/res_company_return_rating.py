from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_return_ask_rating = fields.Boolean(
        "Ask How a Return Went",
        default=True,
        help="When a return is closed, the customer is asked once, by mail and on its page, how it went.",
    )
