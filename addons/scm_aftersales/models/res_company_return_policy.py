from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_return_automatic = fields.Boolean(
        "Policy Decides by Itself",
        help="Off: what the policy approves or refuses waits for a person, with the decision proposed.",
    )
