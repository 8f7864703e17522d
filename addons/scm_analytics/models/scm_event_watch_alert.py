from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_day, local_today, zone_name
from odoo.addons.scm_planning.kernel.datatypes import EVENT_KINDS

from .scm_event_page import LONGEST_DAYS
from .scm_event_watch_read import SETTLE_DAYS


class ScmEventWatch(models.Model):
    """Follows running events without anybody looking: facts every quarter of an hour, and alerts."""

    _inherit = "scm.event.watch"

    @api.model
    def _cron_follow(self):
        """Read running events, and those that are just over, of all companies; open and resolve alerts."""
        # sudo: the cron looks at all companies
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "!=", False)])
        companies = warehouses.company_id
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self.with_company(company).with_context(allowed_company_ids=company.ids)._follow(company)
            if not cron._commit_progress(1):
                return

    @api.model
    def _follow(self, company):
        """Bring the events of a company up to date and make its alerts say what is true now."""
        today = local_today(company)
        page = self.env["scm.event.page"].sudo().with_company(company)  # sudo: a scheduled job for everybody
        rows = []
        for occurrence in self._followed(company, today):
            watch = self._ensure(company, occurrence, anew=True)
            day = watch.date_read and local_day(watch.date_read, zone_name(company))
            watch._read(full=day != today)
            if not watch.basis:
                watch._freeze()
            if watch.date_start <= fields.Datetime.now() < watch.date_end:
                rows += page._alert_rows(watch)
        return self.env["scm.alert"]._sync("event_runs_out", company, rows)

    @api.model
    def _followed(self, company, today):
        events = self.env["scm.event"]
        events = events.search(events._company_domain(company) & Domain("kind", "in", EVENT_KINDS))
        found = self.env["scm.event.occurrence"].search(
            Domain("event_id", "in", events.ids)
            & Domain("date_start", "<=", today)
            & Domain("date_end", ">=", today - timedelta(days=SETTLE_DAYS))
        )
        return found.filtered(lambda one: (one.date_end - one.date_start).days < LONGEST_DAYS)
