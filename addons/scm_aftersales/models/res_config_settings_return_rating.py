from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_return_ask_rating = fields.Boolean(related="company_id.scm_return_ask_rating", readonly=False)
