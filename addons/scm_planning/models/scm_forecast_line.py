import io

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..kernel.datatypes import PERIOD_DAYS
from ..kernel.pgcopy import binary_rows

QUANTILES = (("q05", 0.05), ("q50", 0.5), ("q80", 0.8), ("q95", 0.95))
FACTORS = ("event_factor", "season_factor")
COLUMNS = ("forecast_id", "date", "quantity", *(name for name, _level in QUANTILES), *FACTORS)


class ScmForecastLine(models.Model):
    """Forecast of one period. Written in bulk by the run; a person changes it only by an override with a reason."""

    _name = "scm.forecast.line"
    _description = "Forecast per Period"
    _log_access = False
    _order = "forecast_id, date"
    _rec_name = "date"

    forecast_id = fields.Many2one("scm.forecast", "Product forecast", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="forecast_id.product_id")
    warehouse_id = fields.Many2one(related="forecast_id.warehouse_id")
    company_id = fields.Many2one(related="forecast_id.company_id")
    date = fields.Date(required=True, readonly=True, help="First day of the period.")
    quantity = fields.Float("Forecast", readonly=True, help="Expected demand of the period.")
    q05 = fields.Float("5 %", readonly=True, help="Demand stays below this in 5 of 100 cases.", aggregator=None)
    q50 = fields.Float("50 %", readonly=True, aggregator=None)
    q80 = fields.Float("80 %", readonly=True, aggregator=None)
    q95 = fields.Float("95 %", readonly=True, aggregator=None)
    event_factor = fields.Float(readonly=True, aggregator=None, help="1.3: events lift the period by 30 %.")
    season_factor = fields.Float(readonly=True, aggregator=None)
    quantity_override = fields.Float("Override", readonly=True, aggregator=None)
    override_reason = fields.Char("Reason", readonly=True)
    override_user_id = fields.Many2one("res.users", "Overridden by", readonly=True, ondelete="set null")
    override_date = fields.Datetime("Overridden on", readonly=True)
    is_overridden = fields.Boolean(compute="_compute_is_overridden")

    _period_uniq = models.Constraint("UNIQUE(forecast_id, date)", "A forecast has one line per period.")
    _override_idx = models.Index("(forecast_id) WHERE quantity_override IS NOT NULL")

    @api.depends("override_reason")
    def _compute_is_overridden(self):
        for line in self:
            line.is_overridden = bool(line.override_reason)

    @api.model
    def _copy_in(self, run, result, rows, ids):
        """Write the periods of some rows of a kernel result by binary COPY.

        :param rows: int (k,), rows of the result; :param ids: int (k,), ids of their forecasts
        """
        horizon = result.mean.shape[1]
        step = np.arange(horizon) * PERIOD_DAYS[run.freq]
        days = np.datetime64(run.date_from, "D") + step.astype("timedelta64[D]")
        quantiles = [
            ("float8", result.quantile[rows, result.levels.index(level)].ravel()) for _name, level in QUANTILES
        ]
        columns = [
            ("int4", np.repeat(ids, horizon)),
            ("date", np.tile(days, len(rows))),
            ("float8", result.expected[rows].ravel()),
            *quantiles,
            *(("float8", getattr(result, name)[rows].ravel()) for name in FACTORS),
        ]
        self._copy(columns)

    @api.model
    def _copy(self, columns):
        query = f"COPY scm_forecast_line ({', '.join(COLUMNS)}) FROM STDIN WITH (FORMAT binary)"
        self.env.cr.copy_expert(query, io.BytesIO(binary_rows(columns)))

    def action_override(self, quantity, reason):
        """Set the planner's own quantity for these periods; ``quantity`` None takes it back.

        :param reason: why; required, kept with name and time
        """
        self.env["scm.forecast"]._check_planner()
        self.check_access("read")
        reason = str(reason or "").strip()
        if quantity is not None and not reason:
            raise UserError(self.env._("Give a reason for the override, so that others can follow it."))
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        if quantity is not None and not (is_number and 0 <= quantity < 1e12):
            raise UserError(self.env._("The demand of a period must be a number of 0 or more."))
        if self.filtered(lambda line: not line.forecast_id.current):
            raise AccessError(self.env._("Only the current forecast can be overridden."))
        # sudo: role, access and state are checked above; the fields are closed to all users for plain writing
        self.sudo()._write_override(quantity, reason)
        return True

    def _write_override(self, quantity, reason):
        self.flush_recordset()
        # SQL, because an empty float field is NULL here and 0 in the ORM: an override by 0 units must stay one
        self.env.cr.execute(
            """
            UPDATE scm_forecast_line
               SET quantity_override = %(quantity)s, override_reason = %(reason)s, override_user_id = %(user)s,
                   override_date = %(now)s
             WHERE id = ANY(%(ids)s)
            """,
            {
                "quantity": quantity,
                "reason": None if quantity is None else reason,
                "user": None if quantity is None else self.env.uid,
                "now": None if quantity is None else fields.Datetime.now(),
                "ids": self.ids,
            },
        )
        self.invalidate_recordset()
        for forecast in self.forecast_id:
            forecast.overridden = any(line.is_overridden for line in forecast.line_ids)
