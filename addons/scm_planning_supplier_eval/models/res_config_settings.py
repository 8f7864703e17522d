from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_vendor_choice = fields.Selection(related="company_id.scm_vendor_choice", readonly=False)
    scm_vendor_split = fields.Boolean(related="company_id.scm_vendor_split", readonly=False)
    scm_preference_rate = fields.Float(related="company_id.scm_preference_rate", readonly=False)
    scm_defect_cost_rate = fields.Float(related="company_id.scm_defect_cost_rate", readonly=False)
    scm_switch_days = fields.Integer(related="company_id.scm_switch_days", readonly=False)
