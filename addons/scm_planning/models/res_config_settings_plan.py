from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_plan_weeks = fields.Integer(related="company_id.scm_plan_weeks", readonly=False)
    scm_plan_transfers = fields.Selection(related="company_id.scm_plan_transfers", readonly=False)
    scm_plan_transfer_days = fields.Integer(related="company_id.scm_plan_transfer_days", readonly=False)
    scm_plan_backward = fields.Integer(related="company_id.scm_plan_backward", readonly=False)
    scm_plan_forward = fields.Integer(related="company_id.scm_plan_forward", readonly=False)
