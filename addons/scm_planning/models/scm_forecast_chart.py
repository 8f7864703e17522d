from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel.datatypes import PERIOD_DAYS

HISTORY_WEEKS = {"W": 156, "D": 56}


class ScmForecastChart(models.AbstractModel):
    """All that the forecast page of a product shows, in one read."""

    _name = "scm.forecast.chart"
    _description = "Forecast Chart"

    @api.model
    @api.readonly
    def get_forecast_chart(self, product_id=False, warehouse_id=False, freq="W"):
        """History, forecast, events, stock-outs and errors of a product in a warehouse; public, also over RPC.

        :param product_id: without it, the product with the largest forecast
        :param warehouse_id: without it, the warehouse with the largest forecast
        :param freq: ``W`` weeks or ``D`` days, where there is a forecast by day
        :return: dict, see ``docs/integration.md``; ``forecast`` is empty for a product without one
        """
        self.env["scm.forecast"].check_access("read")
        if freq not in PERIOD_DAYS:
            raise UserError(self.env._("A forecast is by week (W) or by day (D), not by %(freq)s.", freq=freq))
        forecast = self._find_forecast(product_id, warehouse_id, freq)
        product = forecast.product_id or self.env["product.product"].browse(product_id).exists()
        if not product:
            raise UserError(self.env._("There is no forecast yet. Start a run under Planning > Planning Runs."))
        product.check_access("read")
        warehouse = forecast.warehouse_id or self._fallback_warehouse(warehouse_id)
        run = forecast.run_id
        days = PERIOD_DAYS[freq]
        date_to = run.date_from or fields.Date.context_today(self)
        date_from = date_to - timedelta(weeks=HISTORY_WEEKS[freq])
        date_from -= timedelta(days=date_from.weekday() if freq == "W" else 0)
        end = date_to + timedelta(days=days * (run.horizon or 1) - 1)
        return {
            "product": self._prepare_product(product),
            "warehouse": {"id": warehouse.id, "name": warehouse.display_name},
            "choices": self._prepare_choices(product),
            "freq": freq,
            "period_days": days,
            "run": self._prepare_run(run),
            "history": self._read_history(product, warehouse, date_from, end, freq),
            "forecast": self._read_lines(forecast),
            "figures": self._prepare_figures(forecast),
            "events": self.env["scm.event"]._marks(warehouse.company_id, product, warehouse, date_from, end),
            "stockouts": self._read_stockouts(product, warehouse, date_from),
            "can_override": freq == "W" and self.env.user.has_group("scm_base.scm_group_user"),
        }

    @api.model
    def _find_forecast(self, product_id, warehouse_id, freq):
        domain = [("run_id.current", "=", True), ("freq", "=", freq)]
        domain += [("company_id", "in", self.env.companies.ids)]
        domain += [("product_id", "=", product_id)] if product_id else []
        domain += [("warehouse_id", "=", warehouse_id)] if warehouse_id else []
        return self.env["scm.forecast"].search(domain, order="mean_week desc, id", limit=1)

    @api.model
    def _fallback_warehouse(self, warehouse_id):
        domain = [("id", "=", warehouse_id)] if warehouse_id else []
        warehouse = self.env["stock.warehouse"].search([*domain, ("company_id", "in", self.env.companies.ids)], limit=1)
        if not warehouse:
            raise UserError(self.env._("Your companies have no such warehouse. Choose others in the company switch."))
        return warehouse

    @api.model
    def _prepare_product(self, product):
        return {
            "id": product.id,
            "name": product.display_name,
            "category": product.categ_id.display_name or "",
            "uom": product.uom_id.display_name,
            "method": product.scm_forecast_method or "",
            "methods": product.product_tmpl_id._selection_scm_forecast_method(),
        }

    @api.model
    def _prepare_choices(self, product):
        """Warehouses and periods to switch to, largest first."""
        forecasts = self.env["scm.forecast"].search(
            [
                ("run_id.current", "=", True),
                ("product_id", "=", product.id),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="mean_week desc, id",
        )
        return [
            {
                "warehouse_id": forecast.warehouse_id.id,
                "name": forecast.warehouse_id.display_name,
                "freq": forecast.freq,
            }
            for forecast in forecasts
        ]

    @api.model
    def _prepare_run(self, run):
        if not run:
            return {}
        return {
            "id": run.id,
            "name": run.display_name,
            "date_from": fields.Date.to_string(run.date_from),
            "horizon": run.horizon,
        }

    @api.model
    def _read_history(self, product, warehouse, date_from, date_to, freq):
        """Demand per period from the first one with demand, those after the run's start included (the actuals)."""
        period = SQL("date_trunc('week', date)::date") if freq == "W" else SQL("date")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %s AS period, sum(quantity)::float8, COALESCE(sum(quantity_returned), 0)::float8
                  FROM scm_demand_day
                 WHERE product_id = %s AND warehouse_id = %s AND date BETWEEN %s AND %s
              GROUP BY period
              ORDER BY period
                """,
                period,
                product.id,
                warehouse.id,
                date_from,
                date_to,
            )
        )
        return [[fields.Date.to_string(day), quantity, returned] for day, quantity, returned in rows]

    @api.model
    def _read_lines(self, forecast):
        if not forecast:
            return []
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT line.id, line.date, line.quantity, line.q05, line.q50, line.q80, line.q95, line.event_factor,
                       line.season_factor, line.quantity_override AS override, line.override_reason AS reason,
                       partner.name AS override_by
                  FROM scm_forecast_line line
             LEFT JOIN res_users users ON users.id = line.override_user_id
             LEFT JOIN res_partner partner ON partner.id = users.partner_id
                 WHERE line.forecast_id = %s
              ORDER BY line.date
                """,
                forecast.id,
            )
        )
        # what is not there is left out: XML-RPC knows no null
        known = [{name: value for name, value in row.items() if value is not None} for row in rows]
        return [row | {"date": fields.Date.to_string(row["date"])} for row in known]

    @api.model
    def _prepare_figures(self, forecast):
        if not forecast:
            return {}
        patterns = dict(forecast._fields["pattern"]._description_selection(self.env))
        return {
            "forecast_id": forecast.id,
            "pattern": forecast.pattern,
            "pattern_label": patterns.get(forecast.pattern, ""),
            "method": forecast.method or "",
            "weights": sorted((forecast.method_weights or {}).items(), key=lambda item: -item[1]),
            "mean_week": forecast.mean_week,
            "recent_week": forecast.recent_week,
            "sigma_week": forecast.sigma_week,
            "sample_count": forecast.sample_count,
            "mae": forecast.mae,
            "mae_moving_average": forecast.mae_moving_average,
            "mae_seasonal_naive": forecast.mae_seasonal_naive,
            "wape": forecast.wape,
            "bias": forecast.bias,
            "biased": forecast.biased,
            "lag_error": forecast.lag_error,
            "tracking_signal": forecast.tracking_signal,
            "tracking_count": forecast.tracking_count,
            "class": f"{forecast.abc_value or '–'}{forecast.xyz or ''}",
        }

    @api.model
    def _read_stockouts(self, product, warehouse, date_from):
        rows = self.env["scm.stockout"].search_read(
            [
                ("product_id", "=", product.id),
                ("warehouse_id", "=", warehouse.id),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date_from),
            ],
            ["date_from", "date_to", "lost_quantity"],
            order="date_from",
        )
        return [
            {
                "from": fields.Date.to_string(row["date_from"]),
                "to": fields.Date.to_string(row["date_to"]) or False,
                "lost": row["lost_quantity"],
            }
            for row in rows
        ]
