from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_return_handling_cost = fields.Monetary(
        related="company_id.scm_return_handling_cost", readonly=False, currency_field="scm_currency_id"
    )
    scm_return_b_loss = fields.Float(related="company_id.scm_return_b_loss", readonly=False)
