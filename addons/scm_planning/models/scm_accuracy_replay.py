from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MAX_REPLAY = 104


class ScmAccuracyWatch(models.AbstractModel):
    """Measure past weeks now, instead of waiting for months."""

    _inherit = "scm.accuracy.watch"

    @api.model
    def replay(self, weeks=26, company_id=False):
        """Measure the past weeks now, each forecast with what was known on its day; public, also over RPC.

        For managers. Starts the watch anew: weeks whose forecasts are still there are taken as they were made, those
        before are computed again from the history that ended the day before.

        :param weeks: how many, up to 104
        :return: number of weeks counted
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        self.env["scm.policy.proposal"]._check_manager()
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company. Choose one of yours."))
        if not isinstance(weeks, int) or not 1 <= weeks <= MAX_REPLAY:
            raise UserError(self.env._("Replay between 1 and %(most)s weeks.", most=MAX_REPLAY))
        # sudo: role and company were checked above; the results are read-only for everybody
        return self.sudo()._replay(company.sudo(), weeks)

    @api.model
    def _replay(self, company, weeks):
        self._forget(company)
        today = self.env["scm.demand.day"]._scm_company_today(company)
        monday = today - timedelta(days=today.weekday())
        published, count = set(self._published_weeks(company)), 0
        for back in range(weeks, 0, -1):
            day = monday - timedelta(weeks=back)
            if day in published:
                run, said = self._said_by_run(company, day)
                self._absorb(company, day, said, run)
                count += 1
                continue
            said = self._said_then(company, day)
            if len(said):
                self._absorb(company, day, said, replayed=True)
                count += 1
        return count

    @api.model
    def _forget(self, company):
        self.env.flush_all()
        for table in ("scm_forecast_watch", "scm_forecast_accuracy"):
            self.env.cr.execute(SQL("DELETE FROM %s WHERE company_id = %s", SQL.identifier(table), company.id))
        self.env["scm.forecast.champion"].search([("company_id", "=", company.id)]).losses = []
        self.env.invalidate_all()

    @api.model
    def _said_then(self, company, day):
        """What the kernel says about the week of ``day`` with the history up to the day before."""
        run = self.env["scm.forecast.run"].new(
            {"company_id": company.id, "freq": "W", "date_from": day, "horizon": 1, "kind": "forecast"}
        )
        keys, panel = run._read_panel()
        if not keys or not np.nansum(panel.quantity) > 0:
            return pd.DataFrame()
        result = run._forecast(keys, panel)
        low, high = (result.quantile[:, result.levels.index(level), 0] for level in (0.05, 0.95))
        product, warehouse = zip(*keys, strict=True)
        return pd.DataFrame(
            {
                "product_id": product,
                "warehouse_id": warehouse,
                "said": result.expected[:, 0],
                "low": low,
                "high": high,
                "user_id": None,
            }
        )
