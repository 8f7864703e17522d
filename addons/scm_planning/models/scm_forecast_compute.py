import logging
from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel import spool
from ..kernel.datatypes import PERIOD_DAYS, DemandPanel, ForecastOptions
from ..kernel.forecast import forecast

_logger = logging.getLogger(__name__)

LEVELS = (0.05, 0.5, 0.8, 0.95)
DAILY_HISTORY = 400
KERNEL_ERRORS = (ValueError, FloatingPointError, np.linalg.LinAlgError)
# With more bad series than this it is not the series that are bad
MAX_BAD = 100


class ScmForecastRun(models.Model):
    """The middle beat of a run: the panel goes into the kernel, and what it says is kept until all of it is written."""

    _inherit = "scm.forecast.run"

    def _compute_forecast(self):
        """Read the panel, forecast all products at once and keep the result."""
        keys, panel = self._read_panel()
        if not keys or not np.nansum(panel.quantity) > 0:
            self.message = False if self.kind == "daily" else self._no_demand_message()
            return
        keys, panel, result = self._run_kernel(keys, panel)
        self._keep_spool(keys, result, {"recent": self._recent_mean(panel)})
        self._keep_event_effects(keys, panel, result)
        self.write(
            {"item_count": len(keys), "total_count": self.total_count + len(keys)} | self._prepare_error_figures(result)
        )

    def _no_demand_message(self):
        return self.env._(
            "No new forecast: there is no demand of %(company)s to learn from; nothing was sold before %(day)s. "
            "Import history from before Odoo (Planning > Demand > Import Demand), or wait for the first sales. "
            "Proposals and alerts were made from the stock, the rules and the last forecast, if there is one.",
            company=self.company_id.name,
            day=self.date_from,
        )

    def _keep_event_effects(self, keys, panel, result):
        events = self.env["scm.event"]
        categories = events._category_of(np.array([product_id for product_id, _warehouse in keys]))
        calendar = events._calendar(self.company_id, panel.start, self.date_from - timedelta(days=1))
        seen = {
            event.name: sum(
                one.start < self.date_from and one.end >= panel.start and one.strength > 0 for one in event.occurrences
            )
            for event in calendar.events
        }
        category_of_group = dict(zip(panel.group.tolist(), categories.tolist(), strict=True))
        self.env["scm.event.effect"]._keep(self, result.event_effects, category_of_group, seen)

    def _read_panel(self):
        daily = self.freq == "D"
        product_ids = self._fast_movers() if daily else None
        if daily and not product_ids:
            return [], None
        return self._panel_of(product_ids)

    def _panel_of(self, product_ids):
        """History of these products, of all when None, in the periods of this run."""
        daily = self.freq == "D"
        weeks = self.company_id.scm_history_weeks
        return self.env["scm.demand.day"]._panel(
            self.company_id,
            product_ids=product_ids,
            freq=self.freq,
            periods=min(DAILY_HISTORY, 7 * weeks) if daily else weeks,
            date_end=self.date_from - timedelta(days=1),
        )

    def _fast_movers(self):
        """Products ordered more often than the company's limit, by order lines per day of the last 91 days."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id
                  FROM scm_demand_day
                 WHERE company_id = %s AND date >= %s AND date < %s
              GROUP BY product_id, warehouse_id
                HAVING sum(line_count) > 91 * %s
                """,
                self.company_id.id,
                self.date_from - timedelta(days=91),
                self.date_from,
                self.company_id.scm_daily_picks,
            )
        )
        return sorted({product_id for (product_id,) in rows})

    def _run_kernel(self, keys, panel):
        """Forecast; series that the kernel refuses are listed as errors and left out."""
        try:
            return keys, panel, self._shape_result(keys, panel, self._forecast(keys, panel))
        except KERNEL_ERRORS as error:
            bad = self._find_bad(keys, panel)
            if not bad or len(bad) > MAX_BAD:
                raise
            _logger.warning("%s series left out of forecast run %s: %s", len(bad), self.id, error)
        self._log_bad_series(keys, bad)
        good = np.setdiff1d(np.arange(len(keys)), list(bad))
        keys, panel = [keys[row] for row in good], self._part(panel, good)
        return keys, panel, self._shape_result(keys, panel, self._forecast(keys, panel))

    def _shape_result(self, keys, panel, result):
        """Hook: what is known beside the history changes the forecast before it is kept; a ForecastResult."""
        return result

    def _find_bad(self, keys, panel):
        """Series that fail alone, found by halving what fails: dict row -> message; stops once they are too many."""
        bad, suspects = {}, [np.arange(len(keys))]
        while suspects and len(bad) <= MAX_BAD:
            rows = suspects.pop()
            try:
                self._forecast([keys[row] for row in rows], self._part(panel, rows))
            except KERNEL_ERRORS as error:
                if len(rows) == 1:
                    bad[int(rows[0])] = str(error)
                else:
                    suspects += np.array_split(rows, 2)
        return bad

    @api.model
    def _part(self, panel, rows):
        return DemandPanel(
            quantity=panel.quantity[rows],
            start=panel.start,
            freq=panel.freq,
            group=panel.group[rows],
            in_stock=None if panel.in_stock is None else panel.in_stock[rows],
        )

    def _log_bad_series(self, keys, bad):
        products = self.env["product.product"].browse({keys[row][0] for row in bad}).exists()
        names = {product.id: product.display_name for product in products}
        self._log_errors([(names.get(keys[row][0], str(keys[row][0])), message) for row, message in bad.items()])

    def _forecast(self, keys, panel):
        calendar = self.env["scm.event"]._calendar(
            self.company_id,
            panel.start,
            self.date_from + timedelta(days=self.horizon * PERIOD_DAYS[self.freq]),
            keys=keys,
        )
        options = ForecastOptions(
            horizon=self.horizon, levels=LEVELS, methods=self._fixed_methods(keys), keep=self._kept_weeks(keys, panel)
        )
        return forecast(panel, options, calendar)

    def _kept_weeks(self, keys, panel):
        """Hook: periods that must not be cut as spikes, two int arrays (rows, periods), or None for none."""
        return None

    def _fixed_methods(self, keys):
        """Per series the method that the planner fixed on the product, or None for all when there is none."""
        products = self.env["product.product"].search([("scm_forecast_method", "!=", False)])
        fixed = {product.id: product.scm_forecast_method for product in products}
        return tuple(fixed.get(product_id) for product_id, _warehouse in keys) if fixed else None

    @api.model
    def _recent_mean(self, panel):
        """Mean demand per period over the last 13 weeks that are known, float (n,)."""
        last = panel.quantity[:, -13 * 7 // panel.period_days :]
        known = np.isfinite(last)
        return np.where(known, last, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)

    @api.model
    def _prepare_error_figures(self, result):
        figures = {}
        for name, suffix in (("ours", ""), ("mean13", "_moving_average"), ("seasonal_naive", "_seasonal_naive")):
            wape, bias = result.backtest.total(name)
            figures |= {f"wape{suffix}": np.nan_to_num(wape), f"bias{suffix}": np.nan_to_num(bias)}
        return {name: float(value) for name, value in figures.items()}

    # ------------------------------------------------------------------ spool

    def _spool_attachment(self):
        return self._spool_attachments()[:1]

    def _has_spool(self):
        """False also when the file is gone, as after a restore of the database without its filestore."""
        return bool(self._spool_attachment().raw)

    def _restore_spool(self):
        """Compute a published forecast again whose file is gone; its rows and overrides stay as they are."""
        _logger.warning("The result of forecast run %s is gone and is computed again", self.id)
        keys, panel = self._read_panel()
        if not keys or not np.nansum(panel.quantity) > 0:
            raise UserError(
                self.env._("What “%(run)s” computed is not there any more. Plan again.", run=self.display_name)
            )
        keys, panel, result = self._run_kernel(keys, panel)
        self._spool_attachments().unlink()
        self._keep_spool(keys, result, {"recent": self._recent_mean(panel)})

    def _keep_spool(self, keys, result, extra):
        # sudo: as in _spool_attachments
        self.env["ir.attachment"].sudo().create(
            {
                "name": f"forecast-{self.id}.npz",
                "raw": spool.pack(keys, result, extra),
                "mimetype": "application/octet-stream",
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "spool",
            }
        )

    def _kernel_result(self):
        """What the kernel computed: (keys, ForecastResult, extra), one row per (product id, warehouse id).

        For a published run the overrides of the planner stand in ``mean``, without the correction of totals.
        """
        self.ensure_one()
        if not self._has_spool():
            self._restore_spool()
        keys, result, extra = spool.unpack(self._spool_attachment().raw)
        return keys, self._with_overrides(keys, result) if self.published else result, extra

    def _with_overrides(self, keys, result):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.product_id, f.warehouse_id, line.date, line.quantity_override
                  FROM scm_forecast_line line
                  JOIN scm_forecast f ON f.id = line.forecast_id
                 WHERE f.run_id = %s AND line.quantity_override IS NOT NULL
                """,
                self.id,
            )
        )
        position = {key: row for row, key in enumerate(keys)}
        days = PERIOD_DAYS[self.freq]
        for product_id, warehouse_id, day, quantity in rows:
            row = position.get((product_id, warehouse_id))
            if row is not None:
                factor = result.bias_factor[row] or 1.0
                result.mean[row, (day - self.date_from).days // days] = quantity / factor
        return result
