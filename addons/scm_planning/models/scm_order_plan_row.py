"""Rows of the order plan from the kernel's figures, each with the terms that made it."""

import json

import numpy as np
import pandas as pd
from odoo import api, models

from ..kernel.plan_types import TERMS

ITEM_COLUMNS = (
    "plan_id", "company_id", "currency_id", "product_id", "warehouse_id", "categ_id", "uom_id", "abc", "xyz", "supply",
    "vendor_id", "supplierinfo_id", "source_warehouse_id", "lead_time_days", "unit_cost", "opening", "safety_stock",
    "date_stock_out", "date_below_safety", "date_next_order", "planned_quantity", "planned_value", "stock_out",
    "below_safety", "late", "late_quantity", "margin_at_risk", "remedy", "moq_above_max", "problem", "exception",
    "create_uid", "create_date", "write_uid", "write_date", "weeks", "why",
)  # fmt: skip
ORDER_COLUMNS = (
    "id", "company_id", "currency_id", "product_id", "warehouse_id", "categ_id", "uom_id", "kind", "vendor_id",
    "supplierinfo_id", "source_warehouse_id", "quantity", "quantity_net", "date_order", "date_receipt", "date_need",
    "price_unit", "value", "late", "late_quantity", "margin_at_risk", "remedy", "state", "change_code",
    "quantity_before", "date_before", "create_uid", "create_date", "write_uid", "write_date", "why",
)  # fmt: skip


class ScmOrderPlanRow(models.AbstractModel):
    _name = "scm.order.plan.row"
    _description = "Rows of the Order Plan"

    # Orders

    @api.model
    def _order_table(self, data):
        """The kernel's orders as a table with the columns of ``scm.planned.order`` that depend on the plan."""
        orders, items, money = data.plan.orders, data.items, data.company.currency_id
        item, source = orders.item, orders.source
        bought = (orders.kind == 0) & (source < 0) & (data.kind[item] == "buy")
        made = (orders.kind == 0) & (source < 0) & ~bought
        line = self._order_lines(data, orders, bought)
        warehouses = items["warehouse_id"].to_numpy(int)
        cost = np.where(bought & (orders.price > 0), orders.price, data.unit_cost[item])
        table = pd.DataFrame({
            "item": item,
            "product_id": items["product_id"].to_numpy(int)[item],
            "warehouse_id": warehouses[item],
            "kind": np.select([bought, made], ["buy", "make"], "transfer"),
            "vendor_id": self._of_lines(data.sellers.partner, line),
            "supplierinfo_id": self._of_lines(data.sellers.id, line),
            "source_warehouse_id": self._optional_ids(np.where(source >= 0, warehouses[source], 0)),
            "quantity": np.round(orders.quantity, 6),
            "quantity_net": np.round(orders.net, 4),
            "date_order": self._days(data, orders.order_day),
            "date_receipt": self._days(data, orders.receipt_day),
            "date_need": self._days(data, orders.need_day),
            "price_unit": np.round(cost, 6),
            "stock": orders.stock,
            "last_week": orders.last_week,
        })  # fmt: skip
        table["value"] = self._round(money, table["quantity"] * table["price_unit"])
        return self._with_risk(data, table)

    @api.model
    def _order_lines(self, data, orders, bought):
        """Line of the vendor's price list of each order, -1 = none."""
        line = np.where(bought, data.supply.seller[orders.item], -1)
        if data.break_lines.shape[1]:
            chosen = data.break_lines[orders.item, np.maximum(orders.price_break, 0)]
            line = np.where(bought & (orders.price_break >= 0) & (chosen >= 0), chosen, line)
        return line

    @api.model
    def _with_risk(self, data, table):
        """What cannot be saved is said at the first order of the item."""
        first = ~table["item"].duplicated().to_numpy()
        item = table["item"].to_numpy(int)
        risk, money = data.risk, data.company.currency_id
        late = first & risk.late[item]
        table["late"] = late
        table["late_quantity"] = np.where(late, np.round(risk.short[item], 4), 0.0)
        table["margin_at_risk"] = self._round(money, np.where(late, risk.margin[item], 0.0))
        table["remedy"] = self._remedy_names(np.where(late, risk.remedy[item], -1))
        return table

    @api.model
    def _order_rows(self, data, orders):
        """(column names, rows) of orders that must be written."""
        item = orders["item"].to_numpy(int)
        items = data.items
        now, n = self.env["scm.order.plan.refresh"]._now(), len(orders)
        columns = {
            "company_id": np.full(n, data.company.id),
            "currency_id": np.full(n, data.company.currency_id.id),
            "categ_id": self._optional_ids(pd.to_numeric(items["categ_id"]).fillna(0).to_numpy(int)[item]),
            "uom_id": items["uom_id"].to_numpy(int)[item],
            "state": np.full(n, "proposed"),
            "create_uid": np.full(n, self.env.uid), "create_date": np.full(n, now),
            "write_uid": np.full(n, self.env.uid), "write_date": np.full(n, now),
        }  # fmt: skip
        lists = [self._plain(columns.get(name, orders.get(name))) for name in ORDER_COLUMNS[:-1]]
        facts, told = self._facts(data), self._order_facts(data, orders)
        rows = []
        for index, told_of, values in zip(item.tolist(), told, zip(*lists, strict=True), strict=True):
            row = dict(zip(ORDER_COLUMNS, values, strict=False))
            rows.append((*values, self._order_why(row, facts, index, *told_of)))
        return ORDER_COLUMNS, rows

    @api.model
    def _order_facts(self, data, orders):
        """Per order what its why record says and no column has: stock before, last day covered, notes."""
        item, last = orders["item"].to_numpy(int), orders["last_week"].to_numpy(int)
        monday = np.datetime64(data.monday)
        until = (monday + (7 * last + 6).astype("timedelta64[D]")).astype(str)
        need, receipt = (orders[name].to_numpy(dtype="datetime64[D]") for name in ("date_need", "date_receipt"))
        week = (need - monday).astype(int) // 7
        # a shut-down makes the order come before its need, or last longer than a lot would
        forward = (last - week >= data.kernel.lot_weeks[item]) | (receipt < need)
        transfer = orders["kind"].eq("transfer").to_numpy()
        change = orders["change_code"].to_numpy(str)
        marks = [
            np.where((data.kernel.calendar_row[item] >= 0) & forward, '"plan_pulled_forward"', ""),
            np.where(receipt > need, '"plan_after_need"', ""),
            np.where(data.plan.moq_above_max[item], '"plan_moq_above_max"', ""),
            np.where(transfer & orders["stock"].isna().to_numpy(), '"plan_surplus"', ""),
            np.where(np.isin(change, ("new", "same")), "", np.char.add(np.char.add('"plan_change_', change), '"')),
            np.where(orders["late"].to_numpy(bool), '"plan_late"', ""),
        ]
        notes = [",".join(filter(None, row)) for row in zip(*(mark.tolist() for mark in marks), strict=True)]
        return zip(orders["stock"].tolist(), until.tolist(), notes, strict=True)

    @api.model
    def _facts(self, data):
        """Per item what why records name, as lists."""
        kernel, supply = data.kernel, data.supply
        sources = np.where(kernel.source >= 0, "route", supply.source.astype(str))
        columns = {
            "safety_stock": np.round(kernel.safety, 2), "lead_time_days": np.round(kernel.lead_days, 1),
            "source": sources, "sample": supply.sample, "moq": kernel.moq, "multiple": kernel.multiple,
            "lot_weeks": kernel.lot_weeks,
        }  # fmt: skip
        facts = {name: np.asarray(column).tolist() for name, column in columns.items()}
        covered = np.round(data.risk.covered, 2)
        currency = data.company.currency_id.name
        return facts | {"covered": covered.tolist(), "currency": currency, "money": json.dumps(currency)}

    @api.model
    def _order_why(self, row, facts, index, stock, until, notes):
        """The record as JSON text, because a large plan has a million of them."""
        unit, money = f'"uom:{row["uom_id"]}"', facts["money"]
        terms = [("plan_stock_before", round(stock, 2), unit)] if stock == stock else []
        terms += [
            ("safety_stock", facts["safety_stock"][index], unit),
            ("plan_covers_until", f'"{until}"', '""'),
            ("plan_needed", row["quantity_net"], unit),
            *((name, facts[name][index], unit) for name in ("moq", "multiple") if facts[name][index] > 0),
            ("lead_time_days", facts["lead_time_days"][index], '"days"'),
            ("lead_time_source", f'"source_{facts["source"][index]}"', '""'),
            ("price_unit", row["price_unit"], money),
            ("plan_value", row["value"], money),
        ]
        if row["late"]:
            terms += [("plan_short", row["late_quantity"], unit), *self._remedy_terms(facts, index, unit)]
        listed = ",".join([f'{{"code":"{code}","value":{value},"unit":{of}}}' for code, value, of in terms])
        method = "planned_transfer" if row["kind"] == "transfer" else "planned_order"
        return (
            f'{{"value":{row["quantity"]},"unit":{unit},"method":"{method}","formula":"planned_order_formula",'
            f'"terms":[{listed}],"notes":[{notes}]}}'
        )

    @api.model
    def _remedy_terms(self, facts, index, unit):
        names = ("plan_expedite", "plan_transfer", "plan_substitute")
        return [(name, value, unit) for name, value in zip(names, facts["covered"][index], strict=True) if value > 0]

    @api.model
    def _why_record(self, value, unit, method, formula, entries, notes):
        return {
            "value": value, "unit": unit, "method": method, "formula": formula,
            "terms": [{"code": code, "value": number, "unit": of} for code, number, of in entries], "notes": notes,
        }  # fmt: skip

    # Items

    @api.model
    def _item_columns(self):
        return ITEM_COLUMNS

    @api.model
    def _item_rows(self, data, plan, orders):
        columns = self._item_values(data, plan, orders)
        lists = [self._plain(columns[name]) for name in ITEM_COLUMNS[:-2]]
        facts, weeks = self._facts(data), self._weeks(data)
        encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
        rows = []
        for index, values in enumerate(zip(*lists, strict=True)):
            row = dict(zip(ITEM_COLUMNS, values, strict=False))
            rows.append((*values, encode(weeks[index]), encode(self._item_why(row, facts, index))))
        return rows

    @api.model
    def _item_values(self, data, plan, orders):
        items, kernel, risk, company = data.items, data.kernel, data.risk, data.company
        n, money, now = len(items), company.currency_id, self.env["scm.order.plan.refresh"]._now()
        seller = data.supply.seller
        bought = (data.kind == "buy") & (seller >= 0)
        source = np.where(data.kind == "transfer", kernel.source, -1)
        planned = data.plan.terms["planned"].sum(axis=1)
        stock_out, below = risk.stock_out_week >= 0, risk.below_safety_week >= 0
        return {
            "plan_id": np.full(n, plan.id), "company_id": np.full(n, company.id), "currency_id": np.full(n, money.id),
            "product_id": items["product_id"], "warehouse_id": items["warehouse_id"],
            "categ_id": self._optional_ids(pd.to_numeric(items["categ_id"]).fillna(0).to_numpy(int)),
            "uom_id": items["uom_id"],
            "abc": self._texts(items["abc"]), "xyz": self._texts(items["xyz"]), "supply": data.kind,
            "vendor_id": self._of_lines(data.sellers.partner, np.where(bought, seller, -1)),
            "supplierinfo_id": self._of_lines(data.sellers.id, np.where(bought, seller, -1)),
            "source_warehouse_id": self._optional_ids(
                np.where(source >= 0, items["warehouse_id"].to_numpy(int)[source] if n else 0, 0)
            ),
            "lead_time_days": np.round(kernel.lead_days, 1), "unit_cost": np.round(data.unit_cost, 6),
            "opening": kernel.opening, "safety_stock": np.round(kernel.safety, 2),
            "date_stock_out": self._weeks_as_days(data, risk.stock_out_week),
            "date_below_safety": self._weeks_as_days(data, risk.below_safety_week),
            "date_next_order": self._next_orders(n, orders),
            "planned_quantity": np.round(planned, 4), "planned_value": self._round(money, planned * data.unit_cost),
            "stock_out": stock_out, "below_safety": below & ~stock_out, "late": risk.late,
            "late_quantity": np.round(risk.short, 4), "margin_at_risk": self._round(money, risk.margin),
            "remedy": self._remedy_names(risk.remedy), "moq_above_max": data.plan.moq_above_max,
            "problem": self._texts(pd.Series(data.problem)),
            "exception": stock_out | below | risk.late | (data.problem != "") | data.plan.moq_above_max,
            "create_uid": np.full(n, self.env.uid), "create_date": np.full(n, now),
            "write_uid": np.full(n, self.env.uid), "write_date": np.full(n, now),
        }  # fmt: skip

    @api.model
    def _next_orders(self, n, orders):
        result = np.full(n, None, object)
        first = orders.sort_values("date_order", kind="stable").drop_duplicates("item")
        result[first["item"].to_numpy(int)] = first["date_order"].to_numpy()
        return result

    @api.model
    def _weeks(self, data):
        """Per item its terms of the weeks; those that are zero in all weeks are left out."""
        result = [{} for _item in range(len(data.items))]
        for name in TERMS:
            table = np.round(data.plan.terms[name], 3)
            for index in np.flatnonzero(table.any(axis=1)).tolist():
                result[index][name] = table[index].tolist()
        return result

    @api.model
    def _item_why(self, row, facts, index):
        unit = f"uom:{row['uom_id']}"
        entries = [
            ("on_hand", row["opening"], unit),
            ("safety_stock", row["safety_stock"], unit),
            ("lead_time_days", row["lead_time_days"], "days"),
            ("lead_time_source", f"source_{facts['source'][index]}", ""),
            ("lead_time_sample", facts["sample"][index], ""),
            ("plan_lot_weeks", facts["lot_weeks"][index], "weeks"),
            *((name, facts[name][index], unit) for name in ("moq", "multiple") if facts[name][index] > 0),
            ("plan_planned", row["planned_quantity"], unit),
            ("plan_value", row["planned_value"], facts["currency"]),
        ]
        notes = [row["problem"]] if row["problem"] else []
        if row["late"]:
            entries += [
                ("plan_short", row["late_quantity"], unit),
                ("plan_margin_at_risk", row["margin_at_risk"], facts["currency"]),
                *self._remedy_terms(facts, index, unit),
            ]
            notes.append("plan_late")
        notes += ["plan_moq_above_max"] if row["moq_above_max"] else []
        return self._why_record(row["planned_quantity"], unit, "order_plan", "order_plan_formula", entries, notes)

    # Helpers

    @api.model
    def _plain(self, column):
        """A column as a list of plain values, None where there is nothing."""
        values = column.to_numpy() if isinstance(column, pd.Series) else np.asarray(column)
        return [None if value is None or value != value else value for value in values.tolist()]

    @api.model
    def _optional_ids(self, values):
        """Ids with None for 0."""
        values = np.asarray(values)
        return np.where(values > 0, values, None).astype(object)

    @api.model
    def _of_lines(self, values, lines):
        """Value of each line of the price lists as an id, None for line -1."""
        return self._optional_ids(np.append(values, 0)[lines])

    @api.model
    def _texts(self, column):
        return column.where(column.notna() & (column != ""), None).to_numpy(object)

    @api.model
    def _round(self, money, values):
        return np.round(np.asarray(values, float) / money.rounding) * money.rounding

    @api.model
    def _days(self, data, days):
        """Days from today as text."""
        dates = np.datetime64(data.today) + np.asarray(days, int).astype("timedelta64[D]")
        return dates.astype(str).astype(object)

    @api.model
    def _weeks_as_days(self, data, weeks):
        day = np.maximum(7 * np.asarray(weeks) - data.options.weekday, 0)
        return np.where(np.asarray(weeks) >= 0, self._days(data, day), None)
