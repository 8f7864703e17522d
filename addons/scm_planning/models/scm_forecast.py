import json

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..kernel.datatypes import PATTERNS, PERIOD_DAYS

# A tracking signal (sum of errors / mean absolute error) beyond this is no chance any more (Brown 1963)
TRACKING_LIMIT = 4.0
TRACKING_MIN_PERIODS = 4
# Until enough forecasts have been overtaken by what came, the back-test decides: clearly one-sided, and by how much
BACKTEST_ONE_SIDED = 0.8
BACKTEST_BIAS = 0.25
COLUMNS = (
    "id",
    "run_id",
    "company_id",
    "product_id",
    "categ_id",
    "warehouse_id",
    "freq",
    "date_from",
    "published",
    "pattern",
    "method",
    "main_method",
    "method_weights",
    "mean_week",
    "recent_week",
    "sigma_week",
    "sample_count",
    "mae",
    "mae_moving_average",
    "mae_seasonal_naive",
    "wape",
    "bias",
    "adi",
    "cv2",
    "biased",
    "flags",
    "abc_value",
    "xyz",
)


class ScmForecast(models.Model):
    """Forecast of one product in one warehouse by one run. Rows can be seen once the run is published."""

    _name = "scm.forecast"
    _description = "Forecast"
    _log_access = False
    _order = "mean_week desc, id"
    _rec_name = "product_id"

    run_id = fields.Many2one("scm.forecast.run", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", string="Category", readonly=True, ondelete="set null")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    freq = fields.Selection([("W", "Week"), ("D", "Day")], string="Period", required=True, readonly=True)
    date_from = fields.Date("First period", readonly=True)
    published = fields.Boolean(readonly=True)
    current = fields.Boolean(related="run_id.current")
    pattern = fields.Selection(
        [
            ("smooth", "Smooth"),
            ("erratic", "Erratic"),
            ("intermittent", "Intermittent"),
            ("lumpy", "Lumpy"),
            ("new", "New"),
            ("dead", "Dead"),
            ("no_history", "No history"),
        ],
        readonly=True,
        help="Smooth: sells nearly each period in even quantities. Erratic: uneven quantities. Intermittent: periods "
        "without a sale. Lumpy: both. New: too short to say. Dead: no sale for a year.",
    )
    method = fields.Char("Fixed method", readonly=True, help="Set by the planner. Empty: weighted by back-test.")
    main_method = fields.Char(readonly=True, help="Method with the largest weight.")
    method_weights = fields.Json(readonly=True)
    mean_week = fields.Float("Per week", readonly=True, help="Expected demand per week, mean of the next 13 weeks.")
    recent_week = fields.Float("Last 13 weeks", readonly=True, help="Demand per week in the last 13 weeks.")
    sigma_week = fields.Float("Spread per week", readonly=True, help="Standard deviation of the weekly error.")
    sample_count = fields.Integer(
        "Periods compared",
        readonly=True,
        aggregator=None,
        help="Forecast periods of the back-test. 0: too little history.",
    )
    mae = fields.Float("Mean error", readonly=True, help="Mean absolute error per period in the back-test.")
    mae_moving_average = fields.Float("Error of mean of 13", readonly=True)
    mae_seasonal_naive = fields.Float("Error of seasonal naive", readonly=True)
    wape = fields.Float("WAPE", readonly=True, aggregator="avg", help="Sum of absolute errors / demand (back-test).")
    bias = fields.Float(readonly=True, aggregator="avg", help="Sum of errors / demand; positive: forecast too high.")
    adi = fields.Float("Interval", readonly=True, help="Mean number of periods between sales (ADI).", aggregator="avg")
    cv2 = fields.Float("CV²", readonly=True, help="Squared variation of the quantities sold.", aggregator="avg")
    abc_value = fields.Char("ABC", readonly=True)
    xyz = fields.Char("XYZ", readonly=True)
    flags = fields.Json(readonly=True)
    lag_error = fields.Float(
        "Error one period ahead", readonly=True, help="Absolute error / demand of the forecasts made one period before."
    )
    tracking_signal = fields.Float(readonly=True, help="Sum of errors / mean absolute error of past forecasts.")
    tracking_count = fields.Integer("Periods tracked", readonly=True, aggregator=None)
    biased = fields.Boolean(readonly=True, help="The forecast keeps missing to the same side.")
    overridden = fields.Boolean(readonly=True, help="The planner changed periods by hand.")
    line_ids = fields.One2many("scm.forecast.line", "forecast_id", string="Periods", readonly=True)

    _item_uniq = models.Constraint("UNIQUE(run_id, product_id, warehouse_id)", "A run forecasts each product once.")
    _product_idx = models.Index("(product_id, warehouse_id)")
    _list_idx = models.Index("(run_id, mean_week DESC, id)")

    # -------------------------------------------------------------- bulk write

    @api.model
    def _write_batch(self, run, keys, result, extra, rows):
        """Write the forecasts of some rows of a kernel result.

        :return: ids of products that are gone
        """
        info = self._read_product_info(run, [keys[row] for row in rows])
        gone = sorted({keys[row][0] for row in rows if keys[row] not in info})
        rows = np.array([row for row in rows if keys[row] in info], dtype=int)
        if len(rows):
            ids = self._next_ids(len(rows))
            values = self._prepare_rows(run, keys, result, extra, rows, ids, info)
            query = f"INSERT INTO scm_forecast ({', '.join(COLUMNS)}) VALUES %s"
            self.env.cr.execute_values(query, values, page_size=1000)
            self.env["scm.forecast.line"]._copy_in(run, result, rows, ids)
        return gone

    @api.model
    def _next_ids(self, count):
        query = "SELECT nextval(pg_get_serial_sequence('scm_forecast', 'id')) FROM generate_series(1, %s)"
        self.env.cr.execute(query, [count])
        return np.array([row[0] for row in self.env.cr.fetchall()], dtype=np.int64)

    @api.model
    def _read_product_info(self, run, keys):
        """Dict key -> (category id, abc, xyz) of the keys whose product and warehouse still exist.

        The rows are locked, so that they cannot vanish before this transaction ends.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, w.id, t.categ_id, c.abc_value, c.xyz
                  FROM unnest(%s, %s) AS item(product_id, warehouse_id)
                  JOIN product_product p ON p.id = item.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN stock_warehouse w ON w.id = item.warehouse_id
             LEFT JOIN scm_product_class c ON c.product_id = p.id AND c.warehouse_id = w.id
                   FOR KEY SHARE OF p, w
                """,
                [product_id for product_id, _warehouse in keys],
                [warehouse_id for _product, warehouse_id in keys],
            )
        )
        return {(product_id, warehouse_id): tuple(rest) for product_id, warehouse_id, *rest in rows}

    @api.model
    def _prepare_rows(self, run, keys, result, extra, rows, ids, info):
        """Tuples in the order of ``COLUMNS``."""
        figures = self._figures(run, result, extra, rows)
        names = np.asarray(result.methods)
        flag_names = sorted(result.flags)
        values = []
        for place, row in enumerate(rows.tolist()):
            product_id, warehouse_id = keys[row]
            categ_id, abc_value, xyz = info[keys[row]]
            weights = result.weights[row]
            top = np.argsort(-weights, kind="stable")[:6]
            mix = {str(names[number]): round(float(weights[number]), 3) for number in top if weights[number] >= 0.005}
            flags = [name for name in flag_names if result.flags[name][row]]
            pattern = str(result.pattern[row])
            values.append(
                (
                    int(ids[place]),
                    run.id,
                    run.company_id.id,
                    product_id,
                    categ_id,
                    warehouse_id,
                    run.freq,
                    run.date_from,
                    False,
                    pattern if pattern in PATTERNS else None,
                    result.fixed[row],
                    result.fixed[row] or (str(names[top[0]]) if mix else None),
                    json.dumps(mix),
                    *(column[place] for column in figures),
                    json.dumps(flags),
                    abc_value,
                    xyz,
                )
            )
        return values

    @api.model
    def _figures(self, run, result, extra, rows):
        """Columns ``mean_week`` to ``biased`` as lists, in that order."""
        per_week = 7 / PERIOD_DAYS[run.freq]
        first = 13 * 7 // PERIOD_DAYS[run.freq]
        backtest = result.backtest
        count = np.maximum(backtest.count[rows], 1)
        actual = backtest.actual[rows]
        ours, mean13, naive = (backtest.names.index(name) for name in ("ours", "mean13", "seasonal_naive"))
        absolute, error = backtest.abs_error[ours][rows], backtest.error[ours][rows]
        bias = np.divide(error, actual, out=np.zeros_like(actual, dtype=float), where=actual > 0)
        one_sided = np.abs(error) > BACKTEST_ONE_SIDED * np.maximum(absolute, 1e-9)
        columns = (
            result.expected[rows, :first].mean(axis=1) * per_week,
            extra["recent"][rows] * per_week,
            result.sigma[rows] * np.sqrt(per_week),
            backtest.count[rows],
            absolute / count,
            backtest.abs_error[mean13][rows] / count,
            backtest.abs_error[naive][rows] / count,
            np.divide(absolute, actual, out=np.zeros_like(actual, dtype=float), where=actual > 0),
            bias,
            np.where(np.isfinite(result.adi[rows]), result.adi[rows], 0),
            np.nan_to_num(result.cv2[rows]),
        )
        biased = one_sided & (np.abs(bias) > BACKTEST_BIAS) & (actual >= 10) & (result.pattern[rows] != "dead")
        return [np.nan_to_num(column).astype(float).tolist() for column in columns] + [biased.tolist()]

    # ------------------------------------------------------- publish and prune

    @api.model
    def _carry_overrides(self, previous, run):
        """Copy the planner's overrides of the previous run to the same products and periods of the new one."""
        if not previous:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_forecast_line line
                   SET quantity_override = old.quantity_override, override_reason = old.override_reason,
                       override_user_id = old.override_user_id, override_date = old.override_date
                  FROM scm_forecast_line old
                  JOIN scm_forecast before ON before.id = old.forecast_id
                  JOIN scm_forecast after
                    ON after.product_id = before.product_id AND after.warehouse_id = before.warehouse_id
                   AND after.run_id = %(run)s
                 WHERE old.quantity_override IS NOT NULL AND old.override_id IS NULL
                   AND before.run_id = ANY(%(previous)s)
                   AND line.forecast_id = after.id AND line.date = old.date
                """,
                run=run.id,
                previous=previous.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_forecast f SET overridden = TRUE
                 WHERE f.run_id = %s
                   AND EXISTS (SELECT FROM scm_forecast_line line
                                WHERE line.forecast_id = f.id AND line.quantity_override IS NOT NULL)
                """,
                run.id,
            )
        )

    @api.model
    def _track(self, run):
        """Compare what past runs said one period ahead with what came, and mark the products that keep missing.

        Of several runs for one period the last one counts. ``tracking_signal`` = sum of errors / mean absolute error.
        """
        days = PERIOD_DAYS[run.freq]
        self.env.cr.execute(
            SQL(
                """
                WITH past AS (
                    SELECT DISTINCT ON (date_from) id, date_from
                      FROM scm_forecast_run
                     WHERE company_id = %(company)s AND freq = %(freq)s AND published AND date_from < %(date)s
                  ORDER BY date_from, id DESC
                ), said AS (
                    SELECT f.product_id, f.warehouse_id, line.date,
                           COALESCE(line.quantity_override, line.quantity) AS quantity
                      FROM past
                      JOIN scm_forecast f ON f.run_id = past.id
                      JOIN scm_forecast_line line ON line.forecast_id = f.id AND line.date = past.date_from
                ), came AS (
                    SELECT product_id, warehouse_id, past.date_from AS date, sum(quantity)::float8 AS quantity
                      FROM past
                      JOIN scm_demand_day day
                        ON day.company_id = %(company)s AND day.date >= past.date_from
                       AND day.date < past.date_from + %(days)s
                  GROUP BY product_id, warehouse_id, past.date_from
                ), missed AS (
                    SELECT product_id, warehouse_id, count(*) AS periods, sum(COALESCE(came.quantity, 0)) AS demand,
                           sum(said.quantity - COALESCE(came.quantity, 0)) AS error,
                           sum(abs(said.quantity - COALESCE(came.quantity, 0))) AS absolute
                      FROM said LEFT JOIN came USING (product_id, warehouse_id, date)
                  GROUP BY product_id, warehouse_id
                )
                UPDATE scm_forecast f
                   SET tracking_count = missed.periods,
                       lag_error = CASE WHEN missed.demand > 0 THEN missed.absolute / missed.demand END,
                       tracking_signal = CASE WHEN missed.absolute > 0
                                              THEN missed.error / (missed.absolute / missed.periods) ELSE 0 END,
                       biased = CASE WHEN missed.periods < %(least)s THEN f.biased
                                     ELSE missed.absolute > 0
                                      AND abs(missed.error) > %(limit)s * missed.absolute / missed.periods END
                  FROM missed
                 WHERE f.run_id = %(run)s AND f.product_id = missed.product_id
                   AND f.warehouse_id = missed.warehouse_id
                """,
                company=run.company_id.id,
                freq=run.freq,
                date=run.date_from,
                days=days,
                least=TRACKING_MIN_PERIODS,
                limit=TRACKING_LIMIT,
                run=run.id,
            )
        )

    @api.model
    def _delete_of(self, runs):
        """Delete all rows of the runs."""
        self.env.cr.execute(
            """
            DELETE FROM scm_forecast_line line USING scm_forecast f
             WHERE f.id = line.forecast_id AND f.run_id = ANY(%s)
            """,
            [runs.ids],
        )
        self.env.cr.execute("DELETE FROM scm_forecast WHERE run_id = ANY(%s)", [runs.ids])
        self.invalidate_model()
        self.env["scm.forecast.line"].invalidate_model()

    # ----------------------------------------------------------------- planner

    @api.model
    def _check_planner(self):
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("Only supply chain users can change a forecast. Ask one of them."))

    def action_fix_method(self, method):
        """Fix the method of the products of these forecasts from the next run on; False: automatic again."""
        self._check_planner()
        self.check_access("read")
        valid = dict(self.env["product.template"]._fields["scm_forecast_method"]._description_selection(self.env))
        if method and method not in valid:
            raise UserError(
                self.env._(
                    "There is no method “%(method)s”. Choose one of: %(valid)s.",
                    method=method,
                    valid=", ".join(valid),
                )
            )
        # sudo: the planner's role and his access to these forecasts are checked above
        self.sudo().product_id.scm_forecast_method = method or False
        return True

    @api.model
    def _is_day(self, text):
        try:
            return bool(fields.Date.to_date(text))
        except ValueError:
            return False

    @api.model
    def override(self, product_id, warehouse_id, quantities, reason):
        """Override periods of the current weekly forecast; public, also over RPC.

        :param quantities: dict ISO date of the period's first day -> quantity; None takes an override back
        :param reason: why; required
        """
        if not isinstance(quantities, dict):
            raise UserError(self.env._("Give the quantities by the first day (YYYY-MM-DD) of each period."))
        lines = self.env["scm.forecast.line"].search(
            [
                ("forecast_id.product_id", "=", product_id),
                ("forecast_id.warehouse_id", "=", warehouse_id),
                ("forecast_id.freq", "=", "W"),
                ("forecast_id.run_id.current", "=", True),
                ("date", "in", [day for day in quantities if self._is_day(day)]),
            ]
        )
        found = {fields.Date.to_string(line.date): line for line in lines}
        if missing := sorted(set(quantities) - set(found)):
            raise UserError(
                self.env._("The current forecast has no period that starts on %(days)s.", days=", ".join(missing))
            )
        for day, quantity in quantities.items():
            found[day].action_override(quantity, reason)
        return True

    def action_open_chart(self):
        self.ensure_one()
        return self.product_id.with_context(scm_warehouse_id=self.warehouse_id.id).action_open_scm_forecast()
