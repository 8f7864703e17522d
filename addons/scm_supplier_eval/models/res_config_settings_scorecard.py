from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_scorecard_period = fields.Selection(related="company_id.scm_scorecard_period", readonly=False)
    scm_scorecard_auto = fields.Boolean(related="company_id.scm_scorecard_auto", readonly=False)
