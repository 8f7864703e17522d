from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_reason_min_probability = fields.Float(related="company_id.scm_reason_min_probability", readonly=False)
    scm_reason_min_accuracy = fields.Float(related="company_id.scm_reason_min_accuracy", readonly=False)
    scm_feedback_days = fields.Integer(related="company_id.scm_feedback_days", readonly=False)
