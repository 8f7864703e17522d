"""Computes a stress test: what is planned, what of it the supplier sends, who else could; kernel; rows."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_planning.kernel.leadtime import lead_times
from odoo.addons.scm_planning.kernel.plan_types import INFLOWS, TERMS
from odoo.addons.scm_planning.kernel.supply_calendar import NEVER, arrival_day

from ..kernel.stress import Backups, Receipts, Stress, stress

OUTFLOWS = tuple(name for name in TERMS if name not in INFLOWS)


@dataclass(frozen=True)
class StressData:
    """Items of the plan that the supplier serves, the days of the plan, and what the kernel found."""

    items: pd.DataFrame
    offers: pd.DataFrame
    start: int
    horizon: int
    weekday: int
    found: Stress


class ScmStressTestRun(models.Model):
    _inherit = "scm.stress.test"

    def action_run(self):
        """Compute the test anew from the order plan of now; returns True. For users of the supply chain."""
        self.check_access("write")
        for test in self:
            test._write_result(test._compute_result())
        return True

    def _compute_result(self):
        self.ensure_one()
        company, today = self.company_id, self._today()
        self = self.with_company(company).sudo()  # the user may write the test; the plan and price lists are only read
        plan = self.env["scm.order.plan"].search([("company_id", "=", company.id)], limit=1)
        start = (self.date_from - today).days
        if not plan or plan.date_from != today - timedelta(days=today.weekday()):
            raise UserError(
                self.env._("%(company)s has no order plan of this week: run the planning first.", company=company.name)
            )
        horizon = plan.weeks * 7 - today.weekday()
        if not 0 <= start < horizon:
            last = fields.Date.to_string(today + timedelta(days=horizon - 1))
            raise UserError(
                self.env._("The supplier must stop within the order plan, between today and %(last)s.", last=last)
            )
        self.env.flush_all()
        items = self._read_stress_items(company)
        demand, inflow = self._daily(items, horizon, today.weekday())
        receipts, sent = self._read_receipts_of(company, items, today, horizon)
        offers = self._read_offers(company, items, today, start)
        backups, capacity = self._backups(company, items, offers)
        found = stress(
            items["opening"].to_numpy(float), demand, np.maximum(inflow - sent, 0.0), receipts, start, self.days,
            items["margin"].to_numpy(float), backups, capacity,
        )  # fmt: skip
        return StressData(items, offers, start, horizon, today.weekday(), found)

    def _today(self):
        return self.env["scm.demand.day"]._scm_company_today(self.company_id)

    # Input

    def _read_stress_items(self, company):
        """Rows of the plan that the supplier serves now or could: price list, open receipts, planned orders."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH vendor AS (SELECT id FROM res_partner WHERE commercial_partner_id = %(vendor)s),
                served AS (
                    SELECT product_id, warehouse_id FROM scm_planned_order
                     WHERE company_id = %(company)s AND kind = 'buy' AND state IN ('proposed', 'firm')
                       AND vendor_id IN (SELECT id FROM vendor)
                     UNION
                    SELECT product_id, warehouse_id FROM scm_order_plan_item
                     WHERE company_id = %(company)s AND vendor_id IN (SELECT id FROM vendor)
                     UNION
                    SELECT m.product_id, target.warehouse_id
                      FROM purchase_order o
                      JOIN purchase_order_line l ON l.order_id = o.id
                      JOIN stock_move m ON m.purchase_line_id = l.id AND m.state NOT IN ('done', 'cancel', 'draft')
                      JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                     WHERE o.company_id = %(company)s AND o.partner_id IN (SELECT id FROM vendor)
                )
                SELECT i.product_id, i.warehouse_id, i.categ_id, i.uom_id, i.opening::float8, i.unit_cost::float8,
                       t.list_price::float8, (p.standard_price->>%(key)s)::float8, i.weeks
                  FROM served
                  JOIN scm_order_plan_item i USING (product_id, warehouse_id)
                  JOIN product_product p ON p.id = i.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
              ORDER BY i.product_id, i.warehouse_id
                """,
                vendor=self.partner_id.commercial_partner_id.id,
                company=company.id,
                key=str(company.id),
            )
        )
        columns = ["product_id", "warehouse_id", "categ_id", "uom_id", "opening", "unit_cost", "list_price",
                   "standard_price", "weeks"]  # fmt: skip
        items = pd.DataFrame(rows, columns=columns)
        items["margin"] = (items["list_price"] - items["unit_cost"]).fillna(0.0).clip(lower=0.0)
        return items

    def _daily(self, items, horizon, weekday):
        """(demand, inflow) per day, float (n, horizon); a week's demand is spread over its days that are left."""
        weeks = (horizon + weekday) // 7
        empty = [0.0] * weeks

        def term(names):
            rows = [sum(np.array((row or {}).get(name) or empty, float)[:weeks] for name in names)
                    for row in items["weeks"]]  # fmt: skip
            return np.array(rows).reshape(len(items), weeks)

        week = (np.arange(horizon) + weekday) // 7
        length = np.bincount(week, minlength=weeks)
        demand = (term(OUTFLOWS) / length)[:, week]
        inflow = np.zeros((len(items), horizon))
        inflow[:, self._first_days(week)] = term(INFLOWS)
        return demand, inflow

    def _first_days(self, week):
        return np.flatnonzero(np.concatenate([[True], week[1:] != week[:-1]])) if len(week) else np.zeros(0, int)

    def _read_receipts_of(self, company, items, today, horizon):
        """(what the supplier is to send: kernel's receipts, the same as inflow at the first days of its weeks)."""
        opened = self._open_receipts(company, items, today)
        planned = self._planned_receipts(company, items, today)
        both = pd.concat([opened, planned], ignore_index=True)
        both = both[(both["item"] >= 0) & (both["arrival"] < horizon)].astype({"item": int, "arrival": int})
        week = (np.arange(horizon) + today.weekday()) // 7
        first = self._first_days(week)[week[np.maximum(both["arrival"].to_numpy(int), 0)]] if len(both) else []
        sent = np.zeros((len(items), horizon))
        np.add.at(sent, (both["item"].to_numpy(int), np.asarray(first, int)), both["quantity"].to_numpy(float))
        columns = (both[name].to_numpy(int) for name in ("item", "arrival", "ordered"))
        return Receipts(*columns, both["quantity"].to_numpy(float)), sent

    def _open_receipts(self, company, items, today):
        source = self.env["scm.order.plan.input"]
        days = np.full(len(items), np.datetime64(today))
        receipts = source._read_open_receipts(company, items, days)
        receipts["arrival"] = self.env["scm.order.plan.refresh"]._likely_days(
            items, receipts, source._read_lateness(company)
        )
        mine = receipts["partner_id"] == self.partner_id.commercial_partner_id.id
        return receipts.loc[mine, ["item", "arrival", "quantity"]].assign(ordered=-1).astype(float)

    def _planned_receipts(self, company, items, today):
        rows = self.env.execute_query(
            SQL(
                """SELECT o.product_id, o.warehouse_id, o.date_receipt - %(today)s::date,
                          COALESCE(o.date_order, o.date_receipt) - %(today)s::date, o.quantity::float8
                     FROM scm_planned_order o
                     JOIN res_partner v ON v.id = o.vendor_id
                    WHERE o.company_id = %(company)s AND o.kind = 'buy' AND o.state IN ('proposed', 'firm')
                      AND v.commercial_partner_id = %(vendor)s AND o.date_receipt IS NOT NULL""",
                today=today,
                company=company.id,
                vendor=self.partner_id.commercial_partner_id.id,
            )
        )
        planned = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "arrival", "ordered", "quantity"])
        planned["item"] = self.env["scm.policy.input"]._positions(items, planned)
        planned["ordered"] = planned["ordered"].clip(lower=0)
        return planned[["item", "arrival", "ordered", "quantity"]].astype(float)

    # Backups

    def _read_offers(self, company, items, today, start):
        """Vendors of the items, the stopped one included: one row per item and vendor, by who delivers first."""
        source, choice = self.env["scm.order.plan.input"], self.env["scm.vendor.choice"]
        plain = items.assign(template_id=0, whole=True)
        sellers, info = source._read_sellers(company, plain, np.full(len(items), np.datetime64(today)))
        lines = choice._with_standing(company, items, sellers, info)
        lines["partner"], lines["fits"] = sellers.partner, info["fits"].to_numpy(bool) & sellers.valid
        receipts = self.env["scm.policy.refresh"]._receipts(source._read_receipts(company))
        delay = info["delay"].to_numpy(float)
        times = lead_times(
            receipts.vendor, receipts.product, receipts.days, lines["vendor"], lines["product"],
            np.where(delay > 0, delay, np.nan),
        )  # fmt: skip
        lines["lead_days"] = np.ceil(times.mean + company.days_to_purchase)
        lines["switch_days"] = np.where(times.own_count > 0, 0, company.scm_switch_days)
        partners, last = lines["partner"].unique().tolist(), today + timedelta(days=365)
        calendar, rows = self.env["scm.event"]._supply_calendar(company, partners, today, last)
        ready = start + lines["switch_days"].to_numpy(int)
        row = lines["partner"].map(rows).fillna(-1).astype(int)
        lines["first_day"] = arrival_day(calendar, row, ready, lines["lead_days"])
        lines = lines[lines["fits"] & (lines["first_day"] < NEVER)]
        return lines.sort_values(["item", "first_day", "price"]).drop_duplicates(["item", "vendor"])

    def _backups(self, company, items, offers):
        """(kernel's backups, units per week of each of its vendors); their rows stay in ``offers`` as ``backup``."""
        mine = self.partner_id.commercial_partner_id.id
        own = offers[offers["vendor"] == mine].drop_duplicates("item").set_index("item")["price"]
        others = offers[(offers["vendor"] != mine) & ~offers["blocked"] & self._is_qualified(company, items, offers)]
        price = others["item"].map(own).fillna(items["unit_cost"].reindex(others["item"]).set_axis(others.index))
        codes, vendor = np.unique(others["vendor"].to_numpy(int), return_inverse=True)
        known = self.env["scm.vendor.choice.input"]._read_capacity(company, codes.tolist())
        capacity = np.array([known.get(int(code), np.inf) for code in codes])
        offers["backup"] = -1
        offers.loc[others.index, "backup"] = np.arange(len(others))
        backups = Backups(
            item=others["item"].to_numpy(int), vendor=vendor.astype(int), first_day=others["first_day"].to_numpy(int),
            extra_cost=(others["price"] - price).to_numpy(float),
        )  # fmt: skip
        return backups, capacity

    def _is_qualified(self, company, items, offers):
        """Whether each offer's vendor is qualified for the product; all are where the company does not ask for it."""
        if company.scm_qualification_gate == "off":
            return np.ones(len(offers), bool)
        category = pd.to_numeric(items["categ_id"]).fillna(0).to_numpy(int)[offers["item"].to_numpy(int)]
        pairs = list(zip(offers["vendor"].tolist(), category.tolist(), strict=True))
        status = self.env["scm.supplier.qualification"]._status_of(company, sorted(set(pairs)))
        return np.array([status.get(pair) in ("qualified", "conditional") for pair in pairs], bool)

    # Output

    def _write_result(self, data):
        found, today = data.found, self._today()
        rows = np.flatnonzero(found.run_out >= 0)
        main = data.offers[data.offers["backup"] >= 0].set_index("backup")
        with_backup = set(main["item"].tolist())
        lines = [self._prepare_line(data, row, main, row in with_backup, today) for row in rows.tolist()]
        # sudo: the user may write the test, checked before; its rows are written by the system only
        self.line_ids.sudo().unlink()
        self.env["scm.stress.test.line"].sudo().create(lines)
        first = found.run_out[rows].min() if len(rows) else None
        self.write({
            "date_computed": fields.Datetime.now(), "item_count": len(data.items), "hit_count": len(rows),
            "date_first": today + timedelta(days=int(first)) if first is not None else False,
            "lost_margin": found.lost_margin.sum(), "covered_margin": found.covered_margin.sum(),
            "open_margin": found.lost_margin.sum() - found.covered_margin.sum(),
            "extra_cost": found.extra_cost.sum(), "series": self._prepare_series(data, today),
        })  # fmt: skip
        # so that whoever goes on reads the rows in their order
        self.invalidate_recordset(["line_ids"])

    def _prepare_line(self, data, row, main, has_backup, today):
        item, found = data.items.iloc[row], data.found
        backup = main.loc[found.backup[row]] if found.backup[row] >= 0 else None
        lost, covered = float(found.lost_margin[row]), float(found.covered_margin[row])
        return {
            "test_id": self.id, "product_id": int(item["product_id"]), "warehouse_id": int(item["warehouse_id"]),
            "uom_id": int(item["uom_id"]), "date_run_out": today + timedelta(days=int(found.run_out[row])),
            "date_recovered": self._recovered(data, row, today),
            "lost_quantity": float(found.lost[row]), "covered_quantity": float(found.covered[row]),
            "lost_margin": lost, "covered_margin": covered, "open_margin": lost - covered,
            "extra_cost": float(found.extra_cost[row]), "single_source": not has_backup,
            "backup_id": int(backup["vendor"]) if backup is not None else False,
            "backup_date": today + timedelta(days=int(backup["first_day"])) if backup is not None else False,
            "why": self._prepare_why(item, found, row, backup),
        }  # fmt: skip

    def _recovered(self, data, row, today):
        """Day on which it can be sold again; none within the plan when it is still out at its end."""
        day = int(data.found.recovered[row])
        return today + timedelta(days=day) if day < data.horizon else False

    def _prepare_why(self, item, found, row, backup):
        unit, money = f"uom:{int(item['uom_id'])}", self.currency_id.name
        terms = [
            ("on_hand", round(float(item["opening"]), 2), unit),
            ("stress_stop_days", self.days, "days"),
            ("stress_lost", round(float(found.lost[row]), 2), unit),
            ("stress_unit_margin", round(float(item["margin"]), 2), money),
        ]
        if backup is not None:
            terms += [
                ("stress_backup_lead", float(backup["lead_days"]), "days"),
                ("stress_switch_days", int(backup["switch_days"]), "days"),
                ("stress_covered", round(float(found.covered[row]), 2), unit),
                ("stress_extra_cost", round(float(found.extra_cost[row]), 2), money),
            ]
        return {
            "value": round(float(found.lost_margin[row] - found.covered_margin[row]), 2), "unit": money,
            "method": "stress_test", "formula": "stress_formula",
            "terms": [{"code": code, "value": value, "unit": its} for code, value, its in terms], "notes": [],
        }  # fmt: skip

    @api.model
    def _prepare_series(self, data, today):
        week = (np.arange(data.horizon) + data.weekday) // 7
        monday = today - timedelta(days=data.weekday)
        alone, backed = (np.bincount(week, column) for column in (data.found.margin_alone, data.found.margin_backed))
        return {
            "weeks": [fields.Date.to_string(monday + timedelta(weeks=number)) for number in range(len(alone))],
            "alone": np.round(alone, 2).tolist(),
            "backed": np.round(np.maximum(backed, 0.0), 2).tolist(),
        }
