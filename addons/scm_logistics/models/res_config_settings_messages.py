from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_quiet_from = fields.Float(related="company_id.scm_quiet_from", readonly=False)
    scm_quiet_to = fields.Float(related="company_id.scm_quiet_to", readonly=False)
    scm_slip_days = fields.Integer(related="company_id.scm_slip_days", readonly=False)
    scm_silence_quantile = fields.Float(related="company_id.scm_silence_quantile", readonly=False)
    scm_late_probability = fields.Float(related="company_id.scm_late_probability", readonly=False)
