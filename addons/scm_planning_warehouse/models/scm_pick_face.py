from datetime import timedelta
from math import sqrt

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

DAYS = 7
#: 90 % of a normal distribution lie below mean + this many standard deviations
NINETY = 1.2816


class ScmPickFace(models.Model):
    """Pick faces that know what is coming."""

    _inherit = "scm.pick.face"

    @api.model
    def _face_demand(self, warehouse, products):
        """Where there is a forecast, demand is that of the coming week; a busy day grows or shrinks with it."""
        demand = super()._face_demand(warehouse, products)
        today = local_today(warehouse.company_id, warehouse)
        window = {"from": today.isoformat(), "to": (today + timedelta(days=DAYS - 1)).isoformat()}
        for product_id, coming in self._coming_demand(warehouse, products, today):
            past = demand.get(product_id)
            if past and past["per_day"] > 0:
                busy = past["busy"] * coming / past["per_day"]
            else:
                busy = coming + NINETY * sqrt(coming)
            demand[product_id] = {
                "per_day": coming,
                "busy": busy,
                "source": "forecast",
                "sample": past["sample"] if past else 0,
                "window": window,
            }
        return demand

    @api.model
    def _coming_demand(self, warehouse, products, today):
        """``(product, units per day)`` of the current forecast over the coming week, days counted from today."""
        for model in ("scm.forecast.run", "scm.forecast", "scm.forecast.line"):
            self.env[model].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT f.product_id,
                       (sum(GREATEST(COALESCE(line.quantity_override, line.quantity), 0)
                            * (LEAST(line.date + 7, %(end)s) - GREATEST(line.date, %(today)s))) / 7 / %(days)s)::float8
                  FROM scm_forecast f
                  JOIN scm_forecast_run run ON run.id = f.run_id AND run.current
                  JOIN scm_forecast_line line ON line.forecast_id = f.id
                 WHERE f.warehouse_id = %(warehouse)s AND f.product_id = ANY(%(products)s) AND f.published
                   AND f.freq = 'W' AND line.date > %(today)s - 7 AND line.date < %(end)s
              GROUP BY f.product_id
                """,
                today=today,
                end=today + timedelta(days=DAYS),
                days=DAYS,
                warehouse=warehouse.id,
                products=products.ids,
            )
        )
