from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_schedule = fields.Selection(related="company_id.scm_schedule", readonly=False)
    scm_event_country_ids = fields.Many2many(related="company_id.scm_event_country_ids", readonly=False)
    scm_forecast_weeks = fields.Integer(related="company_id.scm_forecast_weeks", readonly=False)
    scm_history_weeks = fields.Integer(related="company_id.scm_history_weeks", readonly=False)
    scm_forecast_keep = fields.Integer(related="company_id.scm_forecast_keep", readonly=False)
    scm_daily_picks = fields.Float(related="company_id.scm_daily_picks", readonly=False)
    scm_policy_auto_apply = fields.Boolean(related="company_id.scm_policy_auto_apply", readonly=False)
    scm_orderpoint_trigger = fields.Selection(related="company_id.scm_orderpoint_trigger", readonly=False)
