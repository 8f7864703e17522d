import logging
from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..kernel import spool
from ..kernel.datatypes import PERIOD_DAYS, DemandPanel, ForecastOptions
from ..kernel.forecast import forecast

_logger = logging.getLogger(__name__)

LEVELS = (0.05, 0.5, 0.8, 0.95)
BATCH_SIZE = 2000
DAILY_HORIZON = 56
DAILY_HISTORY = 400
# What a run does, in this order; each step commits, so that a killed run goes on behind the last one
STEPS = {
    "forecast": ("demand", "classes", "forecast", "policy", "alerts", "prune"),
    "refresh": ("demand", "classes", "policy", "alerts", "prune"),
    "daily": ("forecast", "prune"),
}
# Tables whose statistics the steps behind need, at the latest after the first big load
ANALYZE = ("scm_forecast", "scm_forecast_line")


class ScmForecastRun(models.Model):
    """One night's work for a company: demand, classes, forecast, policy, alerts.

    The kernel computes all products in one call, because what products have in common (season, events, error scores)
    must not depend on batches. Its result is kept as an attachment (:mod:`..kernel.spool`) before the first row is
    written, so that a run that was killed goes on writing the very same numbers.
    """

    _name = "scm.forecast.run"
    _inherit = "scm.run.mixin"
    _description = "Forecast Run"
    _run_cron = "scm_planning.scm_forecast_run_cron"

    kind = fields.Selection(
        [("forecast", "Forecast"), ("refresh", "Stock and alerts"), ("daily", "Forecast by day")],
        required=True,
        readonly=True,
        default="forecast",
    )
    step = fields.Selection(
        [
            ("demand", "Demand"),
            ("classes", "Classes"),
            ("forecast", "Forecast"),
            ("policy", "Policy"),
            ("alerts", "Alerts"),
            ("prune", "Clean up"),
            ("end", "Finished"),
        ],
        readonly=True,
        default="demand",
        required=True,
    )
    date = fields.Date("Day", readonly=True, help="Day of the run in the time zone of the company.")
    freq = fields.Selection([("W", "Week"), ("D", "Day")], string="Period", readonly=True, default="W", required=True)
    date_from = fields.Date("First period", readonly=True, index=True, help="First day that is forecast.")
    horizon = fields.Integer("Periods", readonly=True, aggregator=None)
    item_count = fields.Integer("Products forecast", readonly=True, aggregator=None)
    item_done = fields.Integer(readonly=True)
    published = fields.Boolean(readonly=True, help="Its rows can be seen.")
    current = fields.Boolean(readonly=True, index=True, help="The forecast that proposals and screens use.")
    wape = fields.Float("Error (WAPE)", readonly=True, aggregator=None, help="Sum of absolute errors / sum of demand.")
    bias = fields.Float(readonly=True, aggregator=None, help="Sum of errors / demand; positive: forecast too high.")
    wape_moving_average = fields.Float("Error of mean of 13", readonly=True, aggregator=None)
    bias_moving_average = fields.Float("Bias of mean of 13", readonly=True, aggregator=None)
    wape_seasonal_naive = fields.Float("Error of seasonal naive", readonly=True, aggregator=None)
    bias_seasonal_naive = fields.Float("Bias of seasonal naive", readonly=True, aggregator=None)
    forecast_ids = fields.One2many("scm.forecast", "run_id", string="Forecasts", readonly=True)

    # ------------------------------------------------------------------ start

    @api.model
    def run_now(self, company_id=None, kind="forecast", wait=False):
        """Start a run; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param kind: ``forecast``, ``refresh`` (no new forecast) or ``daily``
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run; read ``state``, ``progress`` and ``message`` to follow it
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can start a run. Ask one to start it for you."))
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You can start runs only for companies that you work for."))
        # sudo: role and company of the user are checked above; the results are closed to all users for writing
        run = self.sudo()._start_kind(company.sudo(), kind)
        if wait:
            run._process()
        return run.id

    @api.model
    def _start_kind(self, company, kind):
        if kind not in STEPS:
            raise UserError(self.env._("There is no run of kind “%(kind)s”.", kind=kind))
        if not self.env["stock.warehouse"].search_count([("company_id", "=", company.id)], limit=1):
            raise UserError(
                self.env._(
                    "%(company)s has no warehouse, so there is nothing to plan. Create one under Inventory > "
                    "Configuration > Warehouses.",
                    company=company.name,
                )
            )
        return self._start(company, user_id=self.env.uid, **self._prepare_run_vals(company, kind))

    @api.model
    def _prepare_run_vals(self, company, kind):
        today = self.env["scm.demand.day"]._scm_company_today(company)
        daily = kind == "daily"
        return {
            "kind": kind,
            "step": STEPS[kind][0],
            "date": today,
            "freq": "D" if daily else "W",
            "date_from": today if daily else today - timedelta(days=today.weekday()),
            "horizon": DAILY_HORIZON if daily else company.scm_forecast_weeks,
        }

    @api.model
    def _run_name(self, company):
        return self.env._(
            "Planning of %(day)s", day=fields.Date.to_string(self.env["scm.demand.day"]._scm_company_today(company))
        )

    # ---------------------------------------------------------------- nightly

    @api.model
    def _cron_nightly(self):
        """Queue what is due for each company and work it off; called again until nothing is due."""
        for company in self.env["res.company"].search([("scm_schedule", "!=", "off")]):
            kind = self._due_kind(company)
            if kind and not self._active_run(company):
                self._start_kind(company, kind)
        self._cron_process()
        if any(self._due_kind(company) for company in self.env["res.company"].search([])):
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

    # ------------------------------------------------------------------ steps

    def _next_batch(self):
        """One step, or one batch of the step ``forecast``. Each step counts as one subject of the progress."""
        self.ensure_one()
        if not self.total_count:
            self.total_count = len(STEPS[self.kind])
        if self.step == "end":
            return 0
        return getattr(self, f"_step_{self.step}")()

    def _go_on(self):
        """Turn to the next step; counts this one as a finished subject."""
        steps = (*STEPS[self.kind], "end")
        self.step = steps[steps.index(self.step) + 1]
        return 1

    def _step_demand(self):
        self.env["scm.demand.day"]._refresh(self.company_id)
        return self._go_on()

    def _step_classes(self):
        if "scm.product.class" in self.env:
            self.env["scm.product.class"]._refresh(self.company_id)
        return self._go_on()

    def _step_forecast(self):
        if not self._spool_attachment():
            self._compute_forecast()
        if not self.item_count:
            return self._go_on()
        if self.item_done < self.item_count:
            return self._write_next_items()
        self._publish_forecast()
        return self._go_on()

    def _step_policy(self):
        self._after_forecast()
        return self._go_on()

    def _after_forecast(self):
        """Hook: what follows from the published forecast and the stock of tonight."""
        if "scm.policy.proposal" in self.env:
            self.env["scm.policy.proposal"]._refresh(self.company_id)

    def _step_alerts(self):
        self._refresh_alerts()
        return self._go_on()

    def _refresh_alerts(self):
        """Hook: checks whose alerts depend on tonight's figures."""
        if "scm.planning.alerts" in self.env:
            self.env["scm.planning.alerts"]._refresh(self.company_id)

    def _step_prune(self):
        self._prune()
        return self._go_on()

    # ---------------------------------------------------------------- compute

    def _compute_forecast(self):
        """Read the panel, forecast all products at once and keep the result."""
        keys, panel = self._read_panel()
        if not keys and self.kind == "daily":
            return
        if not keys:
            raise UserError(
                self.env._(
                    "There is no demand of %(company)s to learn from: no confirmed sales of goods before %(day)s. Import "
                    "history from before Odoo (Planning > Import demand), or wait for the first sales.",
                    company=self.company_id.name,
                    day=self.date_from,
                )
            )
        keys, panel, result = self._run_kernel(keys, panel)
        self._keep_spool(keys, result, {"recent": self._recent_mean(panel)})
        self.write(
            {"item_count": len(keys), "total_count": self.total_count + len(keys)} | self._prepare_error_figures(result)
        )

    def _read_panel(self):
        daily = self.freq == "D"
        periods = (
            min(DAILY_HISTORY, 7 * self.company_id.scm_history_weeks) if daily else self.company_id.scm_history_weeks
        )
        product_ids = self._fast_movers() if daily else None
        if daily and not product_ids:
            return [], None
        return self.env["scm.demand.day"]._panel(
            self.company_id,
            product_ids=product_ids,
            freq=self.freq,
            periods=periods,
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
            return keys, panel, self._forecast(keys, panel)
        except (ValueError, FloatingPointError, np.linalg.LinAlgError) as error:
            bad = self._find_bad(keys, panel, np.arange(len(keys)))
            if len(bad) in (0, len(keys)):
                raise
            _logger.warning("%s series left out of forecast run %s: %s", len(bad), self.id, error)
        self._log_bad_series(keys, bad)
        good = np.setdiff1d(np.arange(len(keys)), list(bad))
        keys, panel = [keys[row] for row in good], self._part(panel, good)
        return keys, panel, self._forecast(keys, panel)

    def _find_bad(self, keys, panel, rows):
        """Rows that fail, by halving what fails: dict row -> message."""
        try:
            self._forecast([keys[row] for row in rows], self._part(panel, rows))
            return {}
        except (ValueError, FloatingPointError, np.linalg.LinAlgError) as error:
            if len(rows) == 1:
                return {int(rows[0]): str(error)}
        middle = len(rows) // 2
        return self._find_bad(keys, panel, rows[:middle]) | self._find_bad(keys, panel, rows[middle:])

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
        options = ForecastOptions(horizon=self.horizon, levels=LEVELS, methods=self._fixed_methods(keys))
        return forecast(panel, options, calendar)

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
        # sudo: attachments of a field belong to nobody; only steps of a run and the planning screens come here
        return (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", "spool")], limit=1)
        )

    def _keep_spool(self, keys, result, extra):
        # sudo: as in _spool_attachment
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

    # ------------------------------------------------------------------ write

    def _write_next_items(self):
        """Write the next batch of products; returns how many."""
        keys, result, extra = self._kernel_result()
        rows = np.arange(self.item_done, min(self.item_done + BATCH_SIZE, self.item_count))
        gone = self.env["scm.forecast"]._write_batch(self, keys, result, extra, rows)
        if gone:
            message = self.env._(
                "The product or its warehouse was deleted while the run was going on; it was left out."
            )
            self._log_errors([(self.env._("Product %(id)s", id=product_id), message) for product_id in gone])
        self.item_done += len(rows)
        return len(rows)

    def _publish_forecast(self):
        """Show the rows of this run and retire those before it, in one transaction."""
        previous = self.search(
            [("company_id", "=", self.company_id.id), ("freq", "=", self.freq), ("current", "=", True)]
        )
        self.env["scm.forecast"]._carry_overrides(previous, self)
        self.env["scm.forecast"]._track(self)
        previous.current = False
        self.write({"published": True, "current": True})
        self.env.cr.execute(SQL("UPDATE scm_forecast SET published = TRUE WHERE run_id = %s", self.id))
        self.env["scm.forecast"].invalidate_model()
        for table in ANALYZE:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _prune(self):
        """Delete the rows of replaced, failed and old runs; the runs themselves stay as a log."""
        runs = self.search([("company_id", "=", self.company_id.id), ("id", "!=", self.id), ("item_done", ">", 0)])
        keep = runs.filtered("current")
        weeks = {(run.freq, run.date_from) for run in keep | self.filtered("current")}
        for run in runs.filtered(lambda run: run.published and not run.current).sorted("id", reverse=True):
            same_freq = [week for week in weeks if week[0] == run.freq]
            if (run.freq, run.date_from) not in weeks and len(same_freq) < self.company_id.scm_forecast_keep:
                weeks.add((run.freq, run.date_from))
                keep += run
        (runs - keep)._drop_rows()
        (runs | self).filtered(lambda run: not run.current)._spool_attachments().unlink()

    def _spool_attachments(self):
        # sudo: as in _spool_attachment
        return (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", "spool")])
        )

    def _drop_rows(self):
        self.env["scm.forecast"]._delete_of(self)
        self.write({"published": False, "item_done": 0})

    def unlink(self):
        if self.filtered("current"):
            raise UserError(self.env._("This is the current forecast. Start a new run before you delete it."))
        self._spool_attachments().unlink()
        self.env["scm.forecast"]._delete_of(self)
        return super().unlink()

    # ---------------------------------------------------------------- buttons

    def action_open_forecasts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_forecast_action")
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}

    @api.model
    def action_run_now(self):
        """Button of the list: queue a forecast for the present company and show it."""
        run_id = self.run_now()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": run_id,
            "views": [(False, "form")],
        }
