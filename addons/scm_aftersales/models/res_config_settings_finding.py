from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_finding_days = fields.Integer(related="company_id.scm_finding_days", readonly=False)
    scm_finding_level = fields.Float(related="company_id.scm_finding_level", readonly=False)
    scm_finding_deliveries = fields.Integer(related="company_id.scm_finding_deliveries", readonly=False)
    scm_finding_returns = fields.Integer(related="company_id.scm_finding_returns", readonly=False)
    scm_finding_factor = fields.Float(related="company_id.scm_finding_factor", readonly=False)
