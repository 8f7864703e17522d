from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_change_level = fields.Float(related="company_id.scm_change_level", readonly=False)
    scm_change_weeks = fields.Integer(related="company_id.scm_change_weeks", readonly=False)
    scm_change_least = fields.Float(related="company_id.scm_change_least", readonly=False)
    scm_change_sample = fields.Integer(related="company_id.scm_change_sample", readonly=False)
    scm_change_quiet_days = fields.Integer(related="company_id.scm_change_quiet_days", readonly=False)
