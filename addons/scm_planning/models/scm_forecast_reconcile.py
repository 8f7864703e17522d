import logging
from datetime import timedelta

import numpy as np
from odoo import models
from odoo.tools import SQL

from ..kernel import hierarchy, reconcile
from ..kernel.datatypes import ForecastOptions
from .scm_forecast_compute import KERNEL_ERRORS, LEVELS

_logger = logging.getLogger(__name__)


class ScmForecastRun(models.Model):
    """Forecasts of products, categories, warehouses, regions and the company that add up."""

    _inherit = "scm.forecast.run"

    def _shape_result(self, keys, panel, result):
        """After all that is known of single items: their forecasts are reconciled with those of their groups."""
        result = super()._shape_result(keys, panel, result)
        if self.freq == "W":
            self._reconcile(keys, panel, result)
        return result

    def _reconcile(self, keys, panel, result):
        """Move the items of the result in place, and write the nodes."""
        pairs = np.array(keys, dtype=np.int64).reshape(-1, 2)
        nodes_model = self.env["scm.forecast.node"]
        lineage = nodes_model._lineage()
        parents = {categ_id: line[-2] if len(line) > 1 else 0 for categ_id, line in lineage.items()}
        categories = self.env["scm.event"]._category_of(pairs[:, 0])
        nodes = hierarchy.build(categories, pairs[:, 1], parents)
        calendar = self.env["scm.event"]._calendar(
            self.company_id, panel.start, self.date_from + timedelta(weeks=self.horizon), keys=keys
        )
        options = ForecastOptions(horizon=self.horizon, levels=LEVELS)
        found = reconcile.shape(nodes, panel, result, options, calendar)
        # a run whose file is gone is computed again: its nodes are replaced
        nodes_model._delete_of(self)
        nodes_model._keep(self, self._prepare_scopes(nodes, parents), found, panel.start, self.published)
        self._keep_regions(nodes, panel, found)
        if self.published:
            nodes_model._renew_changes(self)

    def _prepare_scopes(self, nodes, parents):
        columns = zip(
            nodes.level.tolist(), nodes.category.tolist(), nodes.warehouse.tolist(), nodes.count.tolist(), strict=True
        )
        return [
            {
                "level": level,
                "categ_id": category or None,
                "parent_categ_id": parents.get(category) or None,
                "warehouse_id": warehouse or None,
                "item_count": count,
            }
            for level, category, warehouse, count in columns
        ]

    # ----------------------------------------------------------------- regions

    def _keep_regions(self, nodes, panel, found):
        """Countries share the company's forecast out, states that of their country, each by its own history."""
        whole = int(np.flatnonzero(nodes.level == hierarchy.COMPANY)[0])
        history = self._read_regions(panel, np.nan_to_num(found.history[whole]))
        if len(history) < 2:
            # all goes to one place, or nothing is known of places
            return
        countries = {}
        for (country, _state), demand in history.items():
            countries[country] = countries.get(country, 0) + demand
        try:
            self._keep_parts(found.quantity[whole], {(one, None): rows for one, rows in countries.items()}, panel)
            self._keep_states(history, countries, panel)
        except KERNEL_ERRORS as error:
            _logger.warning("Regions left out of forecast run %s: %s", self.id, error)

    def _keep_states(self, history, countries, panel):
        written = self.env["scm.forecast.node"].search([("run_id", "=", self.id), ("level", "=", "country")])
        for node in written:
            country = node.country_id.id
            states = {key: rows for key, rows in history.items() if key[0] == country}
            if country and len(states) > 1:
                self._keep_parts(np.array(node.series["quantity"]), states, panel, level="state")

    def _keep_parts(self, whole, history, panel, level="country"):
        rows = np.array(list(history.values()))
        found = reconcile.forecast_parts(whole, rows, panel.start, panel.freq, LEVELS)
        scopes = [
            {"level": level, "country_id": country, "state_id": state, "method": "share"} for country, state in history
        ]
        self.env["scm.forecast.node"]._keep(self, scopes, found, panel.start, self.published)

    def _read_regions(self, panel, total):
        """Dict (country id, state id) -> weekly demand (T,) by delivery address; (None, None): not known."""
        periods = panel.n_periods
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.country_id, partner.state_id, (line.date - %(start)s) / 7, sum(line.quantity)::float8
                  FROM scm_demand_line line
                  JOIN sale_order_line sold ON sold.id = line.source_id
                  JOIN sale_order sale ON sale.id = sold.order_id
             LEFT JOIN res_partner partner ON partner.id = sale.partner_shipping_id
                 WHERE line.kind = 'sale' AND line.company_id = %(company)s
                   AND line.date >= %(start)s AND line.date < %(end)s
              GROUP BY 1, 2, 3
                """,
                start=panel.start,
                company=self.company_id.id,
                end=panel.start + timedelta(weeks=periods),
            )
        )
        history = {}
        for country, state, week, quantity in rows:
            key = (country, state) if country else (None, None)
            history.setdefault(key, np.zeros(periods))[week] += quantity
        known = sum(history.values()) if history else np.zeros(periods)
        rest = np.maximum(total - known, 0.0)
        if history and rest.sum() > 0.01 * total.sum():
            # history from before Odoo names no place
            history[None, None] = history.get((None, None), 0) + rest
        return history

    # ---------------------------------------------------------------- lifetime

    def _publish_forecast(self):
        if self.freq == "W":
            # before the new run is published: what the runs until now said of the weeks that are over
            self.env["scm.forecast.value.added"]._freeze(self)
        result = super()._publish_forecast()
        self.env.cr.execute(SQL("UPDATE scm_forecast_node SET published = TRUE WHERE run_id = %s", self.id))
        self.env["scm.forecast.node"].invalidate_model(["published"])
        return result

    def _drop_rows(self):
        self.env["scm.forecast.node"]._delete_of(self)
        return super()._drop_rows()
