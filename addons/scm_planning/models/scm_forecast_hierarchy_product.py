from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from .scm_forecast_hierarchy import CHART_WEEKS, SHOWN_WEEKS

HISTORY_WEEKS = 52


class ScmForecastHierarchy(models.AbstractModel):
    """Products at the lower end of the hierarchy: a page of them, over their warehouses or in one."""

    _inherit = "scm.forecast.hierarchy"

    @api.model
    def _product_domain(self, runs, scope, search):
        domain = [("run_id", "in", runs.ids)]
        if category := scope.get("categ_id"):
            domain.append(("categ_id", "child_of", category))
        if warehouse := scope.get("warehouse_id"):
            domain.append(("warehouse_id", "=", warehouse))
        if product := scope.get("product_id"):
            domain.append(("product_id", "=", product))
        if search:
            domain += ["|", ("product_id.name", "ilike", search), ("product_id.default_code", "ilike", search)]
        return domain

    @api.model
    def _product_rows(self, runs, scope, offset, limit, search):
        model = self.env["scm.forecast"]
        domain = self._product_domain(runs, scope, search)
        page = model._read_group(
            domain,
            ["product_id"],
            ["id:array_agg", "wape:avg", "bias:avg", "sample_count:max"],
            order="mean_week:sum desc, product_id",
            offset=offset,
            limit=limit,
        )
        total = len(page)
        if len(page) == limit or offset:
            total = model._read_group(domain, [], ["product_id:count_distinct"])[0][0]
        products = self.env["product.product"].union(*(row[0] for row in page)) if page else model.product_id
        lines = self._read_product_lines([one for row in page for one in row[1]])
        history = self._read_product_history(runs, products.ids, scope.get("warehouse_id"), HISTORY_WEEKS)
        products.fetch(["display_name"])
        narrow = {"warehouse_id": scope["warehouse_id"]} if scope.get("warehouse_id") else {}
        rows = []
        for product, ids, wape, bias, sample in page:
            stat, final = lines.get(product.id, (np.zeros(SHOWN_WEEKS), np.zeros(SHOWN_WEEKS)))
            row = self._prepare_row(
                f"product-{product.id}",
                "product",
                {"product_id": product.id} | narrow,
                product.display_name,
                history.get(product.id, np.zeros(HISTORY_WEEKS)).tolist(),
                stat,
                final,
            )
            known = {"wape": wape or 0.0, "bias": bias or 0.0} if sample else {"wape": False, "bias": False}
            rows.append(row | known | {"items": len(ids), "children": False, "known": True})
        return rows, total

    @api.model
    def _read_product_lines(self, forecast_ids):
        """Dict product -> (statistical, final) forecast of the next 13 weeks, added up over warehouses."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.product_id, (line.date - f.date_from) / 7, sum(line.quantity),
                       sum(COALESCE(line.quantity_override, line.quantity))
                  FROM scm_forecast f JOIN scm_forecast_line line ON line.forecast_id = f.id
                 WHERE f.id = ANY(%s) AND line.date < f.date_from + %s
              GROUP BY 1, 2
                """,
                list(forecast_ids),
                7 * SHOWN_WEEKS,
            )
        )
        found = {}
        for product_id, week, stat, final in rows:
            pair = found.setdefault(product_id, (np.zeros(SHOWN_WEEKS), np.zeros(SHOWN_WEEKS)))
            pair[0][week], pair[1][week] = stat, final
        return found

    @api.model
    def _read_product_history(self, runs, product_ids, warehouse_id, weeks):
        """Dict product -> weekly demand float (weeks,) until the first forecast week."""
        end = max(runs.mapped("date_from"), default=None)
        if not end or not product_ids:
            return {}
        place = SQL("AND warehouse_id = %s", warehouse_id) if warehouse_id else SQL()
        start = end - timedelta(weeks=weeks)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, (date - %s) / 7, sum(quantity)::float8
                  FROM scm_demand_day
                 WHERE product_id = ANY(%s) AND company_id = ANY(%s) AND date >= %s AND date < %s %s
              GROUP BY 1, 2
                """,
                start,
                list(product_ids),
                runs.company_id.ids,
                start,
                end,
                place,
            )
        )
        found = {}
        for product_id, week, quantity in rows:
            found.setdefault(product_id, np.zeros(weeks))[week] = quantity
        return found

    @api.model
    def _product_chart(self, runs, scope):
        forecasts = self.env["scm.forecast"].search(self._product_domain(runs, scope, ""))
        if not scope.get("product_id") or not forecasts:
            return {}
        product = forecasts[0].product_id
        date_from = forecasts[0].date_from
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sum(quantity), sum(COALESCE(quantity_override, quantity)),
                       GREATEST(sum(quantity) - sqrt(sum(GREATEST(quantity - q05, 0) ^ 2)), 0),
                       sum(quantity) + sqrt(sum(GREATEST(q95 - quantity, 0) ^ 2))
                  FROM scm_forecast_line
                 WHERE forecast_id = ANY(%s)
              GROUP BY date ORDER BY date
                """,
                forecasts.ids,
            )
        )
        stat, final, low, high = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
        history = self._read_product_history(runs, product.ids, scope.get("warehouse_id"), CHART_WEEKS)
        demand = history.get(product.id, np.zeros(CHART_WEEKS))
        count = sum(forecasts.mapped("sample_count"))
        shown = forecasts.filtered("sample_count")
        mean = {name: sum(shown.mapped(name)) / len(shown) if shown else False for name in ("wape", "bias")}
        return {
            "name": product.display_name,
            "method": self.env._("Sum of its warehouses") if len(forecasts) > 1 else self.env._("Forecast of the item"),
            "sample_count": count,
            "items": len(forecasts),
            **mean,
        } | self._prepare_chart(
            date_from,
            date_from - timedelta(weeks=CHART_WEEKS),
            {"history": demand, "quantity": stat, "low": low, "high": high},
            final,
        )
