from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_choice_auto = fields.Boolean(related="company_id.scm_choice_auto", readonly=False)
    scm_choice_days = fields.Integer(related="company_id.scm_choice_days", readonly=False)
    scm_cost_late = fields.Monetary(related="company_id.scm_cost_late", readonly=False)
    scm_split_cost = fields.Monetary(related="company_id.scm_split_cost", readonly=False)
    scm_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the company")
