from datetime import timedelta

from odoo import api, models


class ScmForecastRun(models.Model):
    """When runs are due: the nightly job."""

    _inherit = "scm.forecast.run"

    @api.model
    def _cron_nightly(self):
        """Queue what is due for each company and work it off; called again until nothing is due."""
        for company in self.env["res.company"].search([("scm_schedule", "!=", "off")]):
            kind = self._due_kind(company)
            if kind and not self._active_run(company):
                self._start_kind(company, kind)
        self._cron_process()
        idle = self.env["res.company"].search([("scm_schedule", "!=", "off")]).filtered(
            lambda company: not self._active_run(company)
        )
        if any(self._due_kind(company) for company in idle):
            self.env["ir.cron"]._commit_progress(remaining=1)

    @api.model
    def _due_kind(self, company):
        """What the company still needs tonight: a kind of run, or None. A run that failed is not repeated tonight."""
        if company.scm_schedule == "off" or not self.env["stock.warehouse"].search_count(
            [("company_id", "=", company.id)], limit=1
        ):
            return None
        today = self.env["scm.demand.day"]._scm_company_today(company)
        tonight = set(self.search([("company_id", "=", company.id), ("date", "=", today)]).mapped("kind"))
        if not tonight & {"forecast", "refresh"}:
            return "forecast" if self._is_forecast_due(company, today) else "refresh"
        if company.scm_daily_picks and "daily" not in tonight:
            return "daily"
        return None

    @api.model
    def _is_forecast_due(self, company, today):
        monday = today - timedelta(days=today.weekday())
        return company.scm_schedule == "daily" or not self.search_count(
            [
                ("company_id", "=", company.id),
                ("freq", "=", "W"),
                ("published", "=", True),
                ("date_from", ">=", monday),
            ],
            limit=1,
        )
