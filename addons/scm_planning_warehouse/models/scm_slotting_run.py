from datetime import timedelta
from statistics import median

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: with fewer picks than this, a product's units per pick are those of the warehouse
PICKS_TO_TRUST = 10


class ScmSlottingRun(models.Model):
    """Before the season: products lie where the coming weeks need them, not where the last ones did."""

    _inherit = "scm.slotting.run"

    basis = fields.Selection(selection_add=[("forecast", "Forecast")], ondelete={"forecast": "set default"})

    def _ahead(self):
        """First day and first day after the window that is looked at."""
        start = local_today(self.company_id, self.warehouse_id)
        return start, start + timedelta(days=self.warehouse_id.scm_slotting_ahead_days)

    def _picks_per_day(self, products):
        """Units a day of the forecast, by the units that one pick took so far; without a forecast, past picks."""
        past = super()._picks_per_day(products)
        if self.basis != "forecast":
            return past
        coming, per_pick = self._coming_units(products), self._units_per_pick(products)
        usual = median(per_pick.values()) if per_pick else 1.0
        return past | {
            product: (units / per_pick.get(product, usual), past.get(product, (0.0, 0))[1])
            for product, units in coming.items()
        }

    def _coming_units(self, products):
        """``{product: units a day}`` of the current forecast in the window, each period by the days that fall in it."""
        for model in ("scm.forecast.run", "scm.forecast", "scm.forecast.line"):
            self.env[model].flush_model()
        start, end = self._ahead()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.product_id,
                       (sum(GREATEST(COALESCE(line.quantity_override, line.quantity), 0) / period.days
                            * (LEAST(line.date + period.days, %(end)s) - GREATEST(line.date, %(start)s)))
                        / (%(end)s::date - %(start)s::date))::float8
                  FROM scm_forecast f
                  JOIN scm_forecast_run run ON run.id = f.run_id AND run.current
                  JOIN scm_forecast_line line ON line.forecast_id = f.id
            CROSS JOIN LATERAL (SELECT CASE f.freq WHEN 'W' THEN 7 ELSE 1 END AS days) period
                 WHERE f.warehouse_id = %(warehouse)s AND f.product_id = ANY(%(products)s) AND f.published
                   AND line.date + period.days > %(start)s AND line.date < %(end)s
              GROUP BY f.product_id
                """,
                start=start,
                end=end,
                warehouse=self.warehouse_id.id,
                products=list(products),
            )
        )
        return dict(rows)

    def _units_per_pick(self, products):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, (sum(quantity) / sum(picks))::float8 FROM scm_pick_day
                 WHERE warehouse_id = %s AND date BETWEEN %s AND %s AND product_id = ANY(%s)
              GROUP BY product_id HAVING sum(picks) >= %s AND sum(quantity) > 0
                """,
                self.warehouse_id.id,
                self.date_from,
                self.date_to,
                list(products),
                PICKS_TO_TRUST,
            )
        )
        return dict(rows)

    def _why_notes(self):
        notes = super()._why_notes()
        if self.basis == "forecast":
            start, end = self._ahead()
            values = {"from": start.isoformat(), "to": (end - timedelta(days=1)).isoformat()}
            notes.append({"code": "slot_ahead", "values": values})
        return notes
