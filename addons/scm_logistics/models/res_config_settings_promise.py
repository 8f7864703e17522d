from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_promise_mode = fields.Selection(related="company_id.scm_promise_mode", readonly=False, required=True)
    scm_promise_share = fields.Float(related="company_id.scm_promise_share", readonly=False)
    scm_lane_months = fields.Integer(related="company_id.scm_lane_months", readonly=False)
