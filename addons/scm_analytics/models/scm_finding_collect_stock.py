from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import series_change as kernel
from .scm_finding_item import Item, line_series, number, one_in, why

#: weeks of frozen errors of the forecast that are looked at, and the smallest bias that matters
BIAS_WEEKS, LEAST_BIAS = 26, 0.1
#: dimensions of the accuracy that are tested: others are made of the same products
BIAS_DIMENSIONS = {"category": "categ_id", "warehouse": "warehouse_id"}
#: cost of holding stock per year where no policy says
HOLDING_RATE = 0.2
#: share of the stock of the company that an excess must have to be a finding
LEAST_EXCESS = 0.01


class ScmFindingMeasure(models.AbstractModel):
    """Items about stock: bias of the forecast, and cash in excess."""

    _inherit = "scm.finding.measure"

    @api.model
    def _collect_bias(self, company, last):
        """Forecasts that are too high or too low on average, by category and by warehouse."""
        first = last - timedelta(days=7 * BIAS_WEEKS - 1)
        rows = self.env["scm.forecast.accuracy"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("dimension", "in", list(BIAS_DIMENSIONS)),
                ("date", ">=", first),
                ("date", "<=", last),
            ],
            ["date", "dimension", "key", "error", "actual", "abs_error", "value_error", "item_count"],
            limit=None,
        )
        cells, panel = {}, np.full((5, len({(row.dimension, row.key) for row in rows}), BIAS_WEEKS), np.nan)
        for row in rows.filtered(lambda one: (one.key or "").isdigit()):
            cell = cells.setdefault((row.dimension, int(row.key)), len(cells))
            values = row.error, row.actual, row.abs_error, row.value_error, row.item_count
            panel[:, cell, (row.date - first).days // 7] = values
        cells = self._existing(cells)
        if not cells:
            return []
        change = kernel.drift(panel[0], panel[1])
        rate = self._holding_rate(company)
        return [
            self._bias_item(company, dimension, key, panel[:, cell], change, cell, rate, first, last)
            for (dimension, key), cell in cells.items()
        ]

    @api.model
    def _existing(self, cells):
        """Cells whose category or warehouse still exists."""
        kept = {}
        for dimension, model in (("category", "product.category"), ("warehouse", "stock.warehouse")):
            ids = [key for of, key in cells if of == dimension]
            alive = set(self.env[model].browse(ids).exists().ids)
            kept |= {place: cell for place, cell in cells.items() if place[0] == dimension and place[1] in alive}
        return kept

    @api.model
    def _holding_rate(self, company):
        """Cost of holding stock for a year, as share of its cost: the mean of the policies."""
        groups = self.env["scm.inventory.policy"]._read_group(
            [("company_id", "in", [False, company.id]), ("holding_rate", ">", 0)], aggregates=["holding_rate:avg"]
        )
        return groups[0][0] or HOLDING_RATE

    @api.model
    def _bias_item(self, company, dimension, key, panel, change, cell, rate, first, last):
        errors, actual, sizes, money, items = panel
        weeks = np.isfinite(errors).sum()
        bias, total = change.change[cell], np.nansum(actual)
        # the errors in money, as far as they all point the same way, held for a year
        pointing = abs(np.nansum(errors)) / max(np.nansum(sizes), 1e-9)
        cost = -np.nansum(money) / max(weeks, 1) * 52 * pointing * rate
        tracking = np.nansum(errors) / max(np.nanmean(sizes), 1e-9) if weeks else 0.0
        window = first, last
        values = {
            "kind": "forecast_bias",
            "measure": "bias",
            "dimension": dimension,
            "area": "planning",
            "unit": "percent",
            "before": 0.0,
            "after": number(bias),
            "low": number(change.low[cell]),
            "high": number(change.high[cell]),
            "money": number(cost),
            "sample": int(np.nansum(items)),
            "date_from": first,
            "date_to": last,
            BIAS_DIMENSIONS[dimension]: key,
        }
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.where(actual > 0, errors / actual, np.nan)
        values["series"] = line_series(first, shares, np.zeros(len(shares)), weeks)
        terms = [
            ("change_after", bias, "percent"),
            ("change_low", change.low[cell], "percent"),
            ("change_high", change.high[cell], "percent"),
            ("change_tracking", tracking, ""),
            ("change_holding_rate", rate, "percent"),
            ("change_one_in", one_in(change.p[cell]), ""),
            ("change_weeks", weeks, ""),
            ("change_money", cost, company.currency_id.name),
        ]
        values["why"] = why(
            "change_drift", "change_formula_drift", bias, "percent", terms, window, weeks, ["change_note_drift"]
        )
        return Item(
            key=f"forecast_bias:bias:{dimension}:{key}",
            p=float(change.p[cell]) if total > 0 else np.nan,
            change=number(bias),
            own=number(bias),
            least=LEAST_BIAS,
            values=values,
        )

    @api.model
    def _collect_excess(self, company, last):
        """Cash in excess stock by category and warehouse; counted as it is today."""
        groups = self.env["scm.excess"]._read_group(
            [("company_id", "=", company.id), ("excess_value", ">", 0), ("state", "in", ("open", "accepted"))],
            ["categ_id", "warehouse_id"],
            ["excess_value:sum", "aged_value:sum", "net_recovered:sum", "__count"],
        )
        stock = self._stock_value(company)
        return [
            self._excess_item(company, categ, warehouse, sums, stock)
            for categ, warehouse, *sums in groups
            if categ and sums[0] >= LEAST_EXCESS * stock
        ]

    @api.model
    def _stock_value(self, company):
        """Stock of the company at cost."""
        today = local_today(company)
        facts = self.env["scm.metric.source"]._query("stock", company, today, today)
        [(value,)] = self.env.execute_query(SQL("SELECT SUM(value) FROM (%s) fact", facts))
        return float(value or 0.0)

    @api.model
    def _excess_item(self, company, categ, warehouse, sums, stock):
        excess, aged, net, count = sums
        today, money = local_today(company), company.currency_id.name
        terms = [
            ("change_excess_value", excess, money),
            ("change_aged_value", aged or 0.0, money),
            ("change_net_recovered", net or 0.0, money),
            ("change_stock_value", stock, money),
        ]
        values = {
            "kind": "excess",
            "measure": "excess",
            "dimension": "category",
            "area": "planning",
            "unit": "money",
            "before": 0.0,
            "after": excess,
            "low": 0.0,
            "high": 0.0,
            "money": -excess,
            "sample": count,
            "date_from": today,
            "date_to": today,
            "categ_id": categ.id,
            "warehouse_id": warehouse.id,
            "why": why(
                "change_excess",
                "change_formula_excess",
                excess,
                money,
                terms,
                (today, today),
                count,
                ["change_note_excess"],
            ),
        }
        share = excess / stock if stock else 1.0
        key = f"excess:excess:category:{categ.id},{warehouse.id}"
        return Item(key=key, p=None, change=share, own=share, least=0.0, values=values)

    @api.model
    def _collect_return_causes(self, company, _last):
        """What the search for causes of returns found; judged there, so taken over as it is."""
        findings = self.env["scm.return.finding"].search_fetch(
            [("company_id", "=", company.id), ("is_current", "=", True), ("state", "in", ("new", "improving"))],
            limit=None,
        )
        return [self._cause_item(company, finding) for finding in findings]

    @api.model
    def _cause_item(self, company, finding):
        terms = [
            ("change_after", finding.rate, "percent"),
            ("change_before", finding.group_rate, "percent"),
            ("change_q", finding.q_value, ""),
            ("change_money", -finding.money_year, company.currency_id.name),
        ]
        window = finding.date_from, finding.date_to
        over = finding.rate - finding.group_rate
        values = {
            "kind": "return_cause",
            "dimension": "group",
            "area": "aftersales",
            "unit": "percent",
            "before": finding.group_rate,
            "after": finding.rate,
            "low": finding.low - finding.group_rate,
            "high": finding.high - finding.group_rate,
            "money": -finding.money_year,
            "sample": int(finding.returned),
            "p_adjusted": finding.q_value,
            "group_name": finding.name,
            "date_from": finding.date_from,
            "date_to": finding.date_to,
            "res_model": finding._name,
            "res_id": finding.id,
            "why": why(
                "change_taken",
                "change_formula_taken",
                over,
                "percent",
                terms,
                window,
                finding.returned,
                ["change_note_taken"],
            ),
        }
        if finding.improvement_id:
            values |= {"improvement_id": finding.improvement_id.id, "state": "improving"}
        return Item(
            key=f"return_cause:{finding.id}", p=finding.p_value, change=over, own=over, least=0.0, values=values
        )
