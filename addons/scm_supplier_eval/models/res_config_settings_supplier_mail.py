from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_supplier_mail = fields.Selection(related="company_id.scm_supplier_mail", readonly=False)
    scm_supplier_mail_weekday = fields.Selection(related="company_id.scm_supplier_mail_weekday", readonly=False)
    scm_contest_days = fields.Integer(related="company_id.scm_contest_days", readonly=False)
