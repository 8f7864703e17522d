from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_return_norm_requested = fields.Float(related="company_id.scm_return_norm_requested", readonly=False)
    scm_return_norm_approved = fields.Float(related="company_id.scm_return_norm_approved", readonly=False)
    scm_return_norm_in_transit = fields.Float(related="company_id.scm_return_norm_in_transit", readonly=False)
    scm_return_norm_received = fields.Float(related="company_id.scm_return_norm_received", readonly=False)
    scm_return_norm_inspected = fields.Float(related="company_id.scm_return_norm_inspected", readonly=False)
    scm_return_reminder = fields.Boolean(related="company_id.scm_return_reminder", readonly=False)
    scm_return_expire_days = fields.Integer(related="company_id.scm_return_expire_days", readonly=False)
    scm_return_close_days = fields.Integer(related="company_id.scm_return_close_days", readonly=False)
