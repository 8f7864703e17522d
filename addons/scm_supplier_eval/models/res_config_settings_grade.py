from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_grade_gate = fields.Selection(related="company_id.scm_grade_gate", readonly=False, required=True)
