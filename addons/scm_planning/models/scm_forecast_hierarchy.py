from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

SHOWN_WEEKS = 13
SPARK_WEEKS = 39
CHART_WEEKS = 104
PAGE = 40
LEVELS = ("company", "warehouse", "category", "region", "product")
NODE_FIELDS = (
    "level",
    "categ_id",
    "warehouse_id",
    "country_id",
    "state_id",
    "company_id",
    "item_count",
    "wape",
    "bias",
    "sample_count",
    "method",
    "date_from",
    "history_from",
    "series",
    "changes",
)


class ScmForecastHierarchy(models.AbstractModel):
    """What the page of the forecast hierarchy shows: one read per list, one per chart."""

    _name = "scm.forecast.hierarchy"
    _description = "Forecast Hierarchy"

    # ------------------------------------------------------------------ public

    @api.model
    @api.readonly
    def get_nodes(self, level="company", scope=None, offset=0, limit=PAGE, search=""):
        """A list of groups or products with their forecasts; public, also over RPC.

        :param level: ``company``, ``warehouse``, ``category``, ``region`` or ``product``
        :param scope: dict of what the list lies in: ``categ_id``, ``warehouse_id``, ``country_id``
        :param search: part of a product's name or code
        :return: dict ``rows``, ``total`` (their number without limit), ``level``, ``weeks`` (ISO Mondays of the 13
            weeks shown), ``can_override``. A row: ``key``, ``level`` (as overrides know it), ``scope`` (ids), ``name``,
            ``items``, ``next`` (final forecast of 13 weeks), ``stat`` (without overrides), ``last_year``, ``recent``,
            ``growth`` (False: not known), ``wape``, ``bias``, ``history`` (39 weeks), ``forecast`` (13 weeks),
            ``children`` (level of the list behind it, False: none)
        """
        self.env["scm.forecast.node"].check_access("read")
        if level not in LEVELS:
            raise UserError(self.env._("The levels are %(names)s.", names=", ".join(LEVELS)))
        scope = self._ids_of(scope)
        runs = self._current_runs()
        rows, total = (
            self._product_rows(runs, scope, int(offset), int(limit), str(search or ""))
            if level == "product"
            else self._node_rows(runs, level, scope, int(offset), int(limit), str(search or ""))
        )
        first = max(runs.mapped("date_from"), default=None)
        weeks = [fields.Date.to_string(first + timedelta(weeks=week)) for week in range(SHOWN_WEEKS)] if first else []
        user = self.env.user
        return {
            "rows": rows,
            "total": total,
            "level": level,
            "weeks": weeks,
            "can_override": user.has_group("scm_base.scm_group_user"),
            "can_override_groups": user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    @api.readonly
    def get_chart(self, level, scope=None):
        """History, forecast and overrides of one row; public, also over RPC.

        :param level: as a row of :meth:`get_nodes` has it: ``company``, ``warehouse``, ``category``, ``country``,
            ``state``, ``product``
        :param scope: the row's ``scope``
        :return: dict ``name``, ``history`` (list of [ISO Monday, demand]), ``forecast`` (list of dicts ``date``,
            ``stat``, ``final``, ``base``, ``low``, ``high``, ``last_year``), ``overrides``, ``method``, ``wape``,
            ``bias``
        """
        self.env["scm.forecast.node"].check_access("read")
        scope = self._ids_of(scope)
        runs = self._current_runs()
        found = self._product_chart(runs, scope) if level == "product" else self._node_chart(runs, level, scope)
        if not found:
            raise UserError(self.env._("The current forecast has no such group. Start a run under Planning Runs."))
        return found | {"level": level, "scope": scope, "overrides": self._read_overrides(level, scope)}

    @api.model
    def _ids_of(self, scope):
        """What a list lies in, without what was left out; all of it ids."""
        if scope and not isinstance(scope, dict):
            raise UserError(self.env._("scope: give named ids, not %(value)s.", value=scope))
        found = {name: value for name, value in (scope or {}).items() if value}
        for name, value in found.items():
            if isinstance(value, bool) or not isinstance(value, int):
                raise UserError(self.env._("%(name)s: give the id of a record, not %(value)s.", name=name, value=value))
        return found

    # ------------------------------------------------------------------- groups

    @api.model
    def _current_runs(self):
        return self.env["scm.forecast.run"].search(
            [("company_id", "in", self.env.companies.ids), ("freq", "=", "W"), ("current", "=", True)]
        )

    @api.model
    def _node_domain(self, runs, level, scope):
        domain = [("run_id", "in", runs.ids)]
        warehouse, category, country = (scope.get(name) for name in ("warehouse_id", "categ_id", "country_id"))
        if level == "category":
            domain += [("level", "=", "category_warehouse" if warehouse else "category")]
            domain += [("warehouse_id", "=", warehouse)] if warehouse else []
            return [*domain, ("parent_categ_id", "=", category or False)]
        if level == "region":
            if country:
                return [*domain, ("level", "=", "state"), ("country_id", "=", country)]
            return [*domain, ("level", "=", "country")]
        return [*domain, ("level", "=", level)]

    @api.model
    def _node_rows(self, runs, level, scope, offset, limit, search):
        model = self.env["scm.forecast.node"]
        domain = [*self._node_domain(runs, level, scope), *self._search_domain(level, search)]
        nodes = model.search_fetch(domain, NODE_FIELDS, offset=offset, limit=limit)
        total = len(nodes) if len(nodes) < limit and not offset else model.search_count(domain)
        parents = self._parents_with_children(nodes, runs)
        return [self._prepare_node(node, parents) for node in nodes], total

    @api.model
    def _search_domain(self, level, search):
        """Nodes of a list whose name has the text in it."""
        if not search:
            return []
        if level != "region":
            names = {"company": ["company_id.name"], "warehouse": ["warehouse_id.name"]}
            names = names.get(level, ["categ_id.complete_name", "warehouse_id.name"])
            return Domain.OR(Domain(name, "ilike", search) for name in names)
        # a node without a state bears the name of its country, and one without a country says so
        domain = Domain("state_id.name", "ilike", search)
        domain |= Domain("state_id", "=", False) & Domain("country_id.name", "ilike", search)
        if search.lower() in self.env._("Region not known").lower():
            domain |= Domain("country_id", "=", False)
        return domain

    @api.model
    def _parents_with_children(self, nodes, runs):
        """Ids of categories and countries among these that have nodes below them."""
        rows = self.env["scm.forecast.node"]._read_group(
            [
                ("run_id", "in", runs.ids),
                "|",
                "&",
                ("level", "=", "category"),
                ("parent_categ_id", "in", nodes.categ_id.ids),
                "&",
                ("level", "=", "state"),
                ("country_id", "in", nodes.country_id.ids),
            ],
            ["parent_categ_id", "country_id"],
            [],
        )
        return {("category", one.id) for one, _other in rows if one} | {("country", one.id) for _o, one in rows if one}

    @api.model
    def _prepare_node(self, node, parents):
        series = node.series
        final = np.array(series["quantity"]) + self._changes(node)
        level = "category" if node.level == "category_warehouse" else node.level
        scope = {name: node[name].id for name in ("categ_id", "warehouse_id", "country_id", "state_id") if node[name]}
        if node.level == "state":
            scope.pop("country_id", None)
        if node.level == "company":
            scope["company_id"] = node.company_id.id
        known = bool(
            node.level not in ("country", "state") or (node.country_id and (node.level == "country" or node.state_id))
        )
        return self._prepare_row(
            f"node-{node.id}",
            level,
            scope,
            node.display_name,
            series["history"],
            np.array(series["quantity"]),
            final,
        ) | {
            "items": node.item_count,
            "wape": node.wape if node.sample_count else False,
            "bias": node.bias if node.sample_count else False,
            "children": self._child_level(node, level, parents),
            "known": known,
        }

    @api.model
    def _child_level(self, node, level, parents):
        if level == "company":
            return "warehouse"
        if level == "warehouse":
            return "category"
        if level == "category":
            return "category" if ("category", node.categ_id.id) in parents else "product"
        return "region" if level == "country" and ("country", node.country_id.id) in parents else False

    @api.model
    def _changes(self, node):
        return np.array(node.changes) if node.changes else np.zeros(len(node.series["quantity"]))

    @api.model
    def _prepare_row(self, key, level, scope, name, history, stat, final):
        history = list(history)
        ago = history[len(history) - 52 : len(history) - 52 + SHOWN_WEEKS] if len(history) >= 52 else []
        following = float(final[:SHOWN_WEEKS].sum())
        last_year = float(sum(ago))
        return {
            "key": key,
            "level": level,
            "scope": scope,
            "name": name,
            "next": following,
            "stat": float(stat[:SHOWN_WEEKS].sum()),
            "last_year": last_year,
            "recent": float(sum(history[-SHOWN_WEEKS:])),
            "growth": following / last_year - 1 if last_year > 0 else False,
            "overridden": bool(np.abs(final - stat).max(initial=0) > 0.005),
            "history": [round(float(value), 1) for value in history[-SPARK_WEEKS:]],
            "forecast": [round(float(value), 1) for value in final[:SHOWN_WEEKS]],
        }

    @api.model
    def _node_chart(self, runs, level, scope):
        kind = "category_warehouse" if level == "category" and scope.get("warehouse_id") else level
        domain = [("run_id", "in", runs.ids), ("level", "=", kind)]
        domain += [(name, "=", value) for name, value in scope.items() if name in NODE_FIELDS]
        node = self.env["scm.forecast.node"].search_fetch(domain, NODE_FIELDS, limit=1)
        if not node:
            return {}
        series = {name: np.array(values) for name, values in node.series.items()}
        methods = dict(node._fields["method"]._description_selection(self.env))
        return {
            "name": node.display_name,
            "method": methods.get(node.method, ""),
            "wape": node.wape if node.sample_count else False,
            "bias": node.bias if node.sample_count else False,
            "sample_count": node.sample_count,
            "items": node.item_count,
        } | self._prepare_chart(node.date_from, node.history_from, series, series["quantity"] + self._changes(node))

    @api.model
    def _prepare_chart(self, date_from, history_from, series, final):
        history = series["history"]
        shown = history[-CHART_WEEKS:]
        first = history_from + timedelta(weeks=len(history) - len(shown))
        lines = []
        for week, quantity in enumerate(series["quantity"]):
            ago = len(history) + week - 52
            line = {
                "date": fields.Date.to_string(date_from + timedelta(weeks=week)),
                "stat": round(float(quantity), 2),
                "final": round(float(final[week]), 2),
                "low": round(float(series["low"][week]), 2),
                "high": round(float(series["high"][week]), 2),
                "last_year": round(float(history[ago]), 2) if 0 <= ago < len(history) else False,
            }
            lines.append(line | ({"base": round(float(series["base"][week]), 2)} if "base" in series else {}))
        return {
            "history": [
                [fields.Date.to_string(first + timedelta(weeks=week)), round(float(value), 2)]
                for week, value in enumerate(shown)
            ],
            "forecast": lines,
        }

    @api.model
    def _read_overrides(self, level, scope):
        """Active overrides of the very node."""
        domain = [("level", "=", level), ("state", "=", "active"), ("company_id", "in", self.env.companies.ids)]
        domain += [(name, "=", value) for name, value in scope.items() if name != "company_id"]
        if level in ("category", "product") and "warehouse_id" not in scope:
            domain.append(("warehouse_id", "=", False))
        return [
            {
                "id": one.id,
                "name": one.name,
                "text": one._change_text(),
                "reason": one.reason_id.name,
                "note": one.note or "",
                "user": one.user_id.name,
                "date_from": fields.Date.to_string(one.date_from),
                "date_to": fields.Date.to_string(one.date_to),
                "date_expire": fields.Date.to_string(one.date_expire) if one.date_expire else False,
            }
            for one in self.env["scm.forecast.override"].search(domain)
        ]
