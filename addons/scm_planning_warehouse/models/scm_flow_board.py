from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

#: a forecast that differs more from the past of its own products than this is not believed
LIMITS = (0.2, 5.0)
PERIOD_DAYS = {"W": 7, "D": 1}


class ScmFlowBoard(models.AbstractModel):
    """The load of the coming days follows the forecast."""

    _inherit = "scm.flow.board"

    @api.model
    def _expected_scales(self, warehouse, days, totals, weekdays):
        """A day that the current forecast covers is scaled by it: units a day of its period over units a day before."""
        scales = super()._expected_scales(warehouse, days, totals, weekdays)
        before, periods = self._forecast_units(warehouse, days, len(totals))
        for number, day in enumerate(days):
            expected = next((units for first, last, units in periods if first <= day <= last), None)
            if before and expected is not None:
                factor = min(max(expected / before, LIMITS[0]), LIMITS[1])
                scales[number] = {"scale": round(factor, 3), "source": "forecast"}
        return scales

    @api.model
    def _forecast_units(self, warehouse, days, learnt):
        """Units a day that the products of the forecast had on the days learnt from, and in each of its periods.

        :return: units a day, ``[(first day, last day, units a day)]``
        """
        self.env["scm.forecast.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH item AS (
                    SELECT forecast.id, forecast.product_id, run.freq FROM scm_forecast forecast
                      JOIN scm_forecast_run run ON run.id = forecast.run_id
                     WHERE run.current AND run.company_id = %(company)s AND forecast.warehouse_id = %(warehouse)s
                       AND run.freq = (SELECT max(best.freq) FROM scm_forecast_run best
                                        WHERE best.current AND best.company_id = %(company)s))
                SELECT NULL, NULL, sum(day.quantity) FROM scm_demand_day day
                 WHERE day.warehouse_id = %(warehouse)s AND day.product_id IN (SELECT product_id FROM item)
                   AND day.date >= %(since)s AND day.date < %(today)s
                UNION ALL
                SELECT line.date, item.freq, sum(COALESCE(line.quantity_override, line.quantity))
                  FROM item JOIN scm_forecast_line line ON line.forecast_id = item.id
                 WHERE line.date > %(today)s - 7 AND line.date <= %(last)s
                 GROUP BY line.date, item.freq
                """,
                company=warehouse.company_id.id,
                warehouse=warehouse.id,
                since=days[0] - timedelta(days=learnt),
                today=days[0],
                last=days[-1],
            )
        )
        before = next((float(units or 0.0) for first, _freq, units in rows if not first), 0.0)
        periods = [
            (first, first + timedelta(days=PERIOD_DAYS[freq] - 1), float(units or 0.0) / PERIOD_DAYS[freq])
            for first, freq, units in rows
            if first
        ]
        return before / learnt if learnt else 0.0, periods
