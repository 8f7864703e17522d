"""What is left of products that end: the last buy, what will remain, and no orders behind the end."""

import json

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from ..kernel import lifecycle
from ..kernel.intervals import lead_time_demand

LAST_BUY_LEVEL = 0.9
FIGURES = ("on_hand", "demand_to_end", "last_buy_quantity", "remaining_quantity", "remaining_value")


class ScmProductLifecycle(models.Model):
    _inherit = "scm.product.lifecycle"

    @api.model
    def _refresh_ends(self, company):
        """Write the figures of the lines that end, from tonight's forecast and plan."""
        self._refresh_stages(company)
        lines = self.search([("company_id", "=", company.id), ("stage", "in", ("ending", "ended"))])
        figures = self._end_figures(company, lines)
        rows = []
        for line in lines:
            values = dict.fromkeys(FIGURES, 0.0) | {"date_run_out": None} | figures.get(line.id, {})
            rows.append((line.id, *(values[name] for name in (*FIGURES, "date_run_out")), line._end_why(values)))
        self._write_rows((*FIGURES, "date_run_out", "why"), rows)

    @api.model
    def _end_figures(self, company, lines):
        """Dict line id -> values, the warehouses of a line added up."""
        items = {key: item for key, item in self._items(company).items() if item["id"] in set(lines.ids)}
        rows = self._read_proposals(company, {product_id for product_id, _place in items})
        result = {}
        spans = self._demand_to_end(company, [key for key in items if key in rows])
        for key, (mean, high) in spans.items():
            row, item = rows[key], items[key]
            there = row["on_hand"] + row["incoming"] - row["outgoing"]
            remains = max(there - mean, 0.0) if not (item["successor_id"] and item["use_up_stock"]) else 0.0
            values = result.setdefault(item["id"], dict.fromkeys(FIGURES, 0.0))
            values["on_hand"] += row["on_hand"]
            values["demand_to_end"] += round(mean, 2)
            values["last_buy_quantity"] += float(lifecycle.last_buy(np.array([high]), there, row["step"] or 1.0)[0])
            values["remaining_quantity"] += round(remains, 2)
            values["remaining_value"] += company.currency_id.round(remains * row["unit_cost"])
            last = self._last_day(item)
            runs_out = [day for day in (values.get("date_run_out"), row["date_run_out"]) if day and day < last]
            values["date_run_out"] = max(runs_out) if runs_out else None
        return result

    @api.model
    def _read_proposals(self, company, product_ids):
        self.env["scm.policy.proposal"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.product_id, p.warehouse_id, p.on_hand, p.incoming, p.outgoing, p.unit_cost, p.date_run_out,
                       1.0 AS step
                  FROM scm_policy_proposal p WHERE p.company_id = %s AND p.product_id = ANY(%s)
                """,
                company.id,
                list(product_ids),
            )
        )
        return {(row["product_id"], row["warehouse_id"]): row for row in rows}

    @api.model
    def _demand_to_end(self, company, keys):
        """Dict key -> (mean, quantile) of demand from today until the end of sales."""
        today = self.env["scm.demand.day"]._scm_company_today(company)
        days = np.clip(self._end_days(company, keys, today), 0, None)
        run = self.env["scm.forecast.run"].search(
            [("company_id", "=", company.id), ("freq", "=", "W"), ("current", "=", True)], limit=1
        )
        if not run or not keys:
            return dict.fromkeys(keys, (0.0, 0.0))
        forecast_keys, result, _extra = run._kernel_result()
        place = {key: number for number, key in enumerate(forecast_keys)}
        elapsed = max((today - run.date_from).days, 0) / 7
        until = np.ones(len(forecast_keys))
        for key, left in zip(keys, days, strict=True):
            if key in place:
                until[place[key]] = max(left / 7 + elapsed, 1e-6) if np.isfinite(left) else run.horizon
        mean, _sd, high = lead_time_demand(result, until, LAST_BUY_LEVEL)
        gone = lead_time_demand(result, max(elapsed, 1e-6), LAST_BUY_LEVEL)[0]
        mean, high = np.maximum(mean - gone, 0.0), np.maximum(high - gone, 0.0)
        return {
            key: (float(mean[place[key]]), float(high[place[key]])) if key in place and left > 0 else (0.0, 0.0)
            for key, left in zip(keys, days, strict=True)
        }

    def _end_why(self, values):
        """Why record of the last buy, as JSON."""
        unit = f"uom:{self.uom_id.id}"
        names = ("on_hand", "demand_to_end", "last_buy_quantity", "remaining_quantity")
        why = {
            "value": values["last_buy_quantity"],
            "unit": unit,
            "method": "last_buy",
            "formula": "last_buy_formula",
            "terms": [{"code": f"end_{name}", "value": values[name], "unit": unit} for name in names]
            + [{"code": "end_level", "value": LAST_BUY_LEVEL, "unit": "percent"}],
            "notes": ["ended"] if self.stage == "ended" else [],
        }
        return json.dumps(why)
