from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_schedule = fields.Selection(
        [("off", "Off"), ("weekly", "New forecast each week"), ("daily", "New forecast each night")],
        string="Nightly planning",
        required=True,
        default="weekly",
        help="Each night demand, classes, proposals and alerts are refreshed; the forecast each week or each night.",
    )
    scm_event_country_ids = fields.Many2many(
        "res.country",
        "res_company_scm_event_country_rel",
        string="Event calendars",
        help="Countries whose feasts and shopping festivals move the demand of this company. Empty: its own country.",
    )
    scm_forecast_weeks = fields.Integer("Forecast horizon (weeks)", default=26, required=True)
    scm_history_weeks = fields.Integer("History to learn from (weeks)", default=156, required=True)
    scm_forecast_keep = fields.Integer(
        "Forecasts to keep",
        default=8,
        required=True,
        help="Weeks of which the last forecast is kept, to compare it with what came.",
    )
    scm_daily_picks = fields.Float(
        "Forecast by day above (orders per day)",
        help="Products ordered more often than this also get a forecast by day for eight weeks. 0: none.",
    )

    scm_policy_auto_apply = fields.Boolean(
        "Apply proposals automatically",
        help="Each night the proposed minimum and maximum are written to the reordering rules, logged as any other.",
    )
    scm_orderpoint_trigger = fields.Selection(
        [("manual", "Manual"), ("auto", "Auto")],
        string="Trigger of new reordering rules",
        required=True,
        default="manual",
        help="Manual: people order from the plan. Auto: Odoo's scheduler orders by itself.",
    )

    @api.constrains("scm_forecast_weeks", "scm_history_weeks", "scm_forecast_keep", "scm_daily_picks")
    def _check_scm_forecast_settings(self):
        for company in self:
            if not 1 <= company.scm_forecast_weeks <= 104:
                raise ValidationError(self.env._("The forecast horizon must be between 1 and 104 weeks."))
            if not 13 <= company.scm_history_weeks <= 520:
                raise ValidationError(self.env._("The history to learn from must be between 13 and 520 weeks."))
            if company.scm_forecast_keep < 1:
                raise ValidationError(self.env._("Keep at least one forecast."))
            # asked this way round, so that what is no number does not pass
            if not company.scm_daily_picks >= 0:
                raise ValidationError(self.env._("The orders per day for a forecast by day must not be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: whoever may create a company need not be a supply-chain manager
        self.env["scm.inventory.policy"].sudo()._ensure_defaults(companies)
        return companies

    def _scm_event_countries(self):
        """Countries whose event calendars the company follows."""
        self.ensure_one()
        return self.scm_event_country_ids or self.country_id
