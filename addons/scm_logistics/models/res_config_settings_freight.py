from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")
    scm_freight_tolerance = fields.Float(related="company_id.scm_freight_tolerance", readonly=False)
    scm_freight_tolerance_amount = fields.Monetary(
        related="company_id.scm_freight_tolerance_amount", readonly=False, currency_field="scm_currency_id"
    )
    scm_carrier_freeze_days = fields.Integer(related="company_id.scm_carrier_freeze_days", readonly=False)
    scm_claim_minimum = fields.Monetary(
        related="company_id.scm_claim_minimum", readonly=False, currency_field="scm_currency_id"
    )
    scm_claim_auto = fields.Boolean(related="company_id.scm_claim_auto", readonly=False)
