import json

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = (
    "run_id",
    "company_id",
    "level",
    "categ_id",
    "parent_categ_id",
    "warehouse_id",
    "country_id",
    "state_id",
    "published",
    "item_count",
    "mean_week",
    "recent_week",
    "sample_count",
    "wape",
    "bias",
    "method",
    "date_from",
    "history_from",
    "series",
)
WEEKS_SHOWN = 13


class ScmForecastNode(models.Model):
    """Forecast of a group of items: the sum of what its items are forecast, reconciled with what it says itself.

    ``series`` holds weekly lists: ``history`` from ``history_from`` on; from ``date_from`` on ``quantity`` (the sum of
    the items), ``base`` (the group's own forecast), ``low`` and ``high`` (its 5 and 95 % quantiles).  ``changes`` is
    what overrides add per week, renewed whenever they change.
    """

    _name = "scm.forecast.node"
    _description = "Forecast of a Group"
    _log_access = False
    _order = "mean_week desc, id"

    run_id = fields.Many2one("scm.forecast.run", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    level = fields.Selection(
        [
            ("company", "Company"),
            ("warehouse", "Warehouse"),
            ("category", "Category"),
            ("category_warehouse", "Category in a warehouse"),
            ("country", "Country"),
            ("state", "State"),
        ],
        required=True,
        readonly=True,
    )
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="cascade")
    parent_categ_id = fields.Many2one("product.category", "Parent Category", readonly=True, ondelete="set null")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="cascade", help="Empty: not known.")
    state_id = fields.Many2one("res.country.state", readonly=True, ondelete="cascade", help="Empty: not known.")
    published = fields.Boolean(readonly=True)
    item_count = fields.Integer("Items", readonly=True, help="Products x warehouses that it adds up.")
    mean_week = fields.Float("Per week", readonly=True, help="Expected demand per week, mean of the next 13 weeks.")
    recent_week = fields.Float("Last 13 weeks", readonly=True, help="Demand per week in the last 13 weeks.")
    sample_count = fields.Integer("Weeks compared", readonly=True, aggregator=None)
    wape = fields.Float("WAPE", readonly=True, aggregator="avg", help="Absolute errors / demand of its own forecast.")
    bias = fields.Float(readonly=True, aggregator="avg", help="Errors / demand; positive: forecast too high.")
    method = fields.Selection(
        [
            ("least_squares", "Reconciled by least squares with its own forecast"),
            ("bottom_up", "Sum of its items"),
            ("share", "Own forecasts of the regions, scaled to the company"),
        ],
        readonly=True,
    )
    date_from = fields.Date("First week", readonly=True)
    history_from = fields.Date(readonly=True)
    series = fields.Json(readonly=True)
    changes = fields.Json(readonly=True)

    _run_idx = models.Index("(run_id, level)")

    @api.depends("level", "categ_id", "warehouse_id", "country_id", "state_id", "company_id")
    def _compute_display_name(self):
        for node in self:
            place = node.state_id or node.country_id
            region = place.display_name or self.env._("Region not known")
            node.display_name = {
                "company": node.company_id.name,
                "warehouse": node.warehouse_id.name,
                "category": node.categ_id.display_name,
                "category_warehouse": f"{node.categ_id.display_name} · {node.warehouse_id.name}",
            }.get(node.level, region)

    @api.model
    def _keep(self, run, scopes, found, history_from, published):
        """Write nodes of a run.

        :param scopes: one dict per node: level and the ids that it has
        :param found: :class:`..kernel.reconcile.NodeForecast`
        """
        recent = np.nan_to_num(found.history[:, -WEEKS_SHOWN:]).mean(axis=1)
        demand = np.maximum(found.actual, 1e-9)
        rows = []
        for row, scope in enumerate(scopes):
            compared = int(found.compared[row]) if found.actual[row] > 0 else 0
            rows.append(
                (
                    run.id,
                    run.company_id.id,
                    scope["level"],
                    scope.get("categ_id"),
                    scope.get("parent_categ_id"),
                    scope.get("warehouse_id"),
                    scope.get("country_id"),
                    scope.get("state_id"),
                    published,
                    scope.get("item_count", 0),
                    float(found.quantity[row, :WEEKS_SHOWN].mean()),
                    float(recent[row]),
                    compared,
                    float(found.abs_error[row] / demand[row]) if compared else 0.0,
                    float(found.error[row] / demand[row]) if compared else 0.0,
                    scope.get("method") or ("least_squares" if found.heard[row] else "bottom_up"),
                    run.date_from,
                    history_from,
                    json.dumps(self._prepare_series(found, row)),
                )
            )
        self.env.cr.execute_values(
            f"INSERT INTO scm_forecast_node ({', '.join(COLUMNS)}) VALUES %s", rows, page_size=500
        )
        self.invalidate_model()

    @api.model
    def _prepare_series(self, found, row):
        tables = {
            "history": np.nan_to_num(found.history[row]),
            "quantity": found.quantity[row],
            "base": found.base[row],
            "low": found.quantile[row, 0],
            "high": found.quantile[row, -1],
        }
        return {name: np.round(np.asarray(values, dtype=float), 2).tolist() for name, values in tables.items()}

    @api.model
    def _delete_of(self, runs):
        self.env.cr.execute("DELETE FROM scm_forecast_node WHERE run_id = ANY(%s)", [runs.ids])
        self.invalidate_model()

    # ---------------------------------------------------------------- overrides

    @api.model
    def _renew_changes(self, run):
        """Add up what overrides change, for every node of the run; regions get their own and their part of the rest."""
        nodes = self.search_fetch(
            [("run_id", "=", run.id)], ["level", "categ_id", "warehouse_id", "country_id", "state_id", "series"]
        )
        sums = self._read_changes(run)
        if not sums and not nodes.filtered("changes"):
            return
        lineage = self._lineage()
        horizon = run.horizon
        totals = self._add_changes(run, sums, lineage, horizon)
        company = next((node for node in nodes if node.level == "company"), None)
        whole = np.array(company.series["quantity"]) if company else np.zeros(horizon)
        rows = []
        for node in nodes:
            change = self._node_change(node, totals, whole, horizon)
            rows.append((node.id, json.dumps(np.round(change, 2).tolist()) if np.abs(change).max() > 1e-6 else None))
        self.env.cr.execute_values(
            "UPDATE scm_forecast_node node SET changes = v.changes::jsonb FROM (VALUES %s) v (id, changes)"
            " WHERE node.id = v.id AND node.changes IS DISTINCT FROM v.changes::jsonb",
            rows,
            page_size=1000,
        )
        self.invalidate_model(["changes"])

    @api.model
    def _read_changes(self, run):
        """Rows (category, warehouse, country, state, day, change): change made by overrides, added up."""
        return self.env.execute_query(
            SQL(
                """
                SELECT f.categ_id, f.warehouse_id, o.country_id, o.state_id, line.date,
                       sum(line.quantity_override - line.quantity)
                  FROM scm_forecast_line line
                  JOIN scm_forecast f ON f.id = line.forecast_id
             LEFT JOIN scm_forecast_override o ON o.id = line.override_id
                 WHERE f.run_id = %s AND line.quantity_override IS NOT NULL
              GROUP BY 1, 2, 3, 4, 5
                """,
                run.id,
            )
        )

    @api.model
    def _lineage(self):
        """Dict category id -> ids of itself and all above."""
        rows = self.env.execute_query(SQL("SELECT id, parent_path FROM product_category"))
        return {categ_id: [int(part) for part in (path or "").split("/") if part] for categ_id, path in rows}

    @api.model
    def _add_changes(self, run, sums, lineage, horizon):
        """Dict node key -> change per week, float (h,)."""
        totals = {}
        for categ_id, warehouse_id, country_id, state_id, day, change in sums:
            week = (day - run.date_from).days // 7
            keys = [("company",), ("warehouse", warehouse_id)]
            for above in lineage.get(categ_id, []):
                keys += [("category", above), ("category_warehouse", above, warehouse_id)]
            keys.append(("region", country_id, state_id))
            for key in keys:
                totals.setdefault(key, np.zeros(horizon))[week] += change
        return totals

    @api.model
    def _node_change(self, node, totals, whole, horizon):
        none = np.zeros(horizon)
        if node.level == "company":
            return totals.get(("company",), none)
        if node.level == "warehouse":
            return totals.get(("warehouse", node.warehouse_id.id), none)
        if node.level == "category":
            return totals.get(("category", node.categ_id.id), none)
        if node.level == "category_warehouse":
            return totals.get(("category_warehouse", node.categ_id.id, node.warehouse_id.id), none)
        share = np.divide(np.array(node.series["quantity"]), whole, out=np.zeros(horizon), where=whole > 0)
        change = share * totals.get(("region", None, None), none)
        for (kind, *region), own in totals.items():
            if kind == "region" and region[0] and region[0] == node.country_id.id:
                country = node.level == "country"
                same = country or region[1] == node.state_id.id
                change = change + (own if same else none)
        return change
