from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_credit_program_id = fields.Many2one(related="company_id.scm_credit_program_id", readonly=False)
    scm_return_mail = fields.Boolean(related="company_id.scm_return_mail", readonly=False)
    scm_return_share_b = fields.Float(related="company_id.scm_return_share_b", readonly=False)
    scm_return_share_c = fields.Float(related="company_id.scm_return_share_c", readonly=False)
