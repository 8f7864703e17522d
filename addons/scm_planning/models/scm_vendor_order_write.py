"""Third beat of the vendor orders: figures of all orders at once, written by COPY and a few statements."""

import json

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.joint_lot import DIMENSIONS, loads

#: written on planned orders; the rest of their columns belongs to the order plan
LINE_WRITES = ("vendor_order_id", "price_joint", "budget_action", "budget_id", "budget_month", "margin_cut")
#: what the plan decides about a vendor order; an order that is the same in all of it is not written
ORDER_WRITES = (
    "company_id", "currency_id", "vendor_id", "warehouse_id", "date_order", "date_receipt", "line_count", "late_count",
    "value", "min_order_value", "freight_free_value", "freight", "saving", "weight", "volume", "pallets",
    "unknown_count", "container_type_id", "fill_mode", "container_count", "fill", "limit", "cut_count", "cut_value",
    "margin_cut", "problem", "edited", "why",
)  # fmt: skip
CREATED = ("id", "state", "create_uid", "create_date", "write_uid", "write_date")
#: limits by the number of the kernel; the last one stands for -1
LIMIT_NAMES = np.array([*DIMENSIONS, False], object)
PROBLEM_ORDER = ("vendor_archived", "no_open_day", "no_rate", "over_capacity", "below_minimum")


class ScmVendorOrderWrite(models.AbstractModel):
    _name = "scm.vendor.order.write"
    _description = "Writer of Vendor Orders"

    # Figures

    @api.model
    def _figures(self, company, lines):
        """``{order: figures}`` of the lines of each ``order``; lines have the input's columns and the decisions."""
        table = self._figure_table(company, lines)
        columns = [table[name].tolist() for name in table]
        rows = zip(table.index.tolist(), *columns, strict=True)
        return {order: dict(zip(table.columns, row, strict=True)) for order, *row in rows}

    @api.model
    def _figure_table(self, company, lines):
        """The same as a table, a row per order; values as the fields of a vendor order have them."""
        numbers, first, order = np.unique(lines["order"].to_numpy(int), return_index=True, return_inverse=True)
        n, order = len(numbers), order.reshape(-1)
        kept = lines["budget_action"].eq("keep").to_numpy()
        amount = (lines["quantity"] * lines["price_joint"]).to_numpy(float)
        late = lines["late"].eq(True).to_numpy() | (lines["day"] < 0).to_numpy()
        cut = lines["budget_action"].eq("cut").to_numpy()
        terms = lines[["term_freight_free_value", "term_freight_cost"]].to_numpy(float)[first].reshape(n, 2)
        value = self._money(company, self._sums(order, n, amount, kept))
        kept_count = self._sums(order, n, None, kept)
        load, unmeasured = self._loads(lines, order, n, first, kept)
        free = (terms[:, 0] > 0) & (terms[:, 0] <= value) | (kept_count == 0)
        freight = self._money(company, terms[:, 1] * np.maximum(load.containers, 1))
        table = {
            "edited": self._sums(order, n, None, kept & lines["fixed"].to_numpy(bool)) > 0,
            "line_count": kept_count,
            "late_count": self._sums(order, n, None, kept & late),
            "date_receipt": self._first_days(lines["date_receipt"], order, n, kept),
            "value": value,
            "freight": np.where(free, 0.0, freight),
            "weight": self._rounded(load.total[:, 0], 1),
            "volume": self._rounded(load.total[:, 1], 2),
            "pallets": self._rounded(load.total[:, 2], 1),
            "unknown_count": unmeasured,
            "container_count": load.containers,
            "fill": self._rounded(100.0 * load.fill, 1),
            "limit": LIMIT_NAMES[load.limit],
            "cut_count": self._sums(order, n, None, ~kept),
            "cut_value": self._money(company, self._sums(order, n, amount, ~kept)),
            "margin_cut": self._money(company, self._sums(order, n, lines["margin_cut"].to_numpy(float), cut)),
        }
        return pd.DataFrame(table, index=numbers)

    @api.model
    def _loads(self, lines, order, n, first, kept):
        """(load of each order, lines without the measures that its container needs, or without any)."""
        measures = lines[list(DIMENSIONS)].to_numpy(float)
        capacity = lines[["term_payload_kg", "term_volume_m3", "term_pallets"]].to_numpy(float)[first].reshape(n, 3)
        load = loads(order[kept], n, lines["quantity"].to_numpy(float)[kept], measures[kept], capacity)
        nothing = self._sums(order, n, None, kept & np.isnan(measures).all(axis=1))
        return load, np.where(capacity.any(axis=1), load.unknown, nothing)

    @api.model
    def _sums(self, order, n, values, rows):
        """Sums of these rows of each order, or their number."""
        if values is None:
            return np.bincount(order[rows], minlength=n)
        return np.bincount(order[rows], values[rows], minlength=n)

    @api.model
    def _money(self, company, values):
        """Rounded as Odoo rounds money, so that what was written before is the same to the last cent."""
        rounded = company.currency_id.round
        return np.array([rounded(value) for value in values.tolist()], float)

    @api.model
    def _rounded(self, values, digits):
        return np.array([round(value, digits) for value in values.tolist()], float)

    @api.model
    def _first_days(self, days, order, n, rows):
        """Earliest day of these rows of each order as dates, False where there is none."""
        never = np.iinfo(np.int64).max
        rows = rows & days.notna().to_numpy()
        result = np.full(n, never)
        np.minimum.at(result, order[rows], days.to_numpy(dtype="datetime64[D]")[rows].astype(np.int64))
        known = result < never
        values = np.full(n, False, object)
        values[known] = result[known].astype("datetime64[D]").astype(object)
        return values

    # Orders

    @api.model
    def _write_orders(self, company, orders, groups, figures):
        """Column ``id`` of the orders gets its new ids; only what differs is written, by two statements."""
        new = (orders["id"] == 0).to_numpy()
        ids = orders["id"].to_numpy(int).copy()
        ids[new] = self._new_ids(int(new.sum()))
        orders["id"] = ids
        table = self._order_table(company, orders, groups, figures)
        now = fields.Datetime.to_string(fields.Datetime.now())
        stamps = {"id": ids.tolist(), "state": "proposed", "create_uid": self.env.uid, "create_date": now,
                  "write_uid": self.env.uid, "write_date": now}  # fmt: skip
        names = [*CREATED, *ORDER_WRITES]
        columns = [stamps.get(name, table.get(name)) for name in names]
        columns = [column if isinstance(column, list) else [column] * len(ids) for column in columns]
        rows = zip(*columns, strict=True)
        self.env["scm.order.plan.write"]._copy("scm_vendor_order_new", "scm_vendor_order", names, rows)
        self._upsert_orders(names)

    @api.model
    def _new_ids(self, count):
        rows = self.env.execute_query(
            SQL("SELECT nextval('scm_vendor_order_id_seq') FROM generate_series(1, %s)", count)
        )
        return [order_id for (order_id,) in rows]

    @api.model
    def _upsert_orders(self, names):
        def listed(alias, wanted):
            return SQL(", ").join(SQL.identifier(alias, name) for name in wanted)

        changes = [*ORDER_WRITES, "write_uid", "write_date"]
        self.env.cr.execute(
            SQL(
                """UPDATE scm_vendor_order o SET %s FROM scm_vendor_order_new n
                    WHERE n.id = o.id AND (%s) IS DISTINCT FROM (%s)""",
                SQL(", ").join(SQL("%s = %s", SQL.identifier(name), SQL.identifier("n", name)) for name in changes),
                listed("o", ORDER_WRITES),
                listed("n", ORDER_WRITES),
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_vendor_order (%s) SELECT %s FROM scm_vendor_order_new n
                    WHERE NOT EXISTS (SELECT FROM scm_vendor_order o WHERE o.id = n.id)""",
                SQL(", ").join(SQL.identifier(name) for name in names),
                listed("n", names),
            )
        )
        self.env["scm.vendor.order"].invalidate_model()

    @api.model
    def _order_table(self, company, orders, groups, figures):
        """``{column: list}`` of the columns that the plan decides, ``why`` as text."""
        group = groups.iloc[orders["group"].to_numpy(int)]
        optional = group["container_type_id"].astype(int)
        table = {name: figures[name].tolist() for name in figures}
        table |= {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "vendor_id": group["vendor_id"].astype(int).tolist(),
            "warehouse_id": group["warehouse_id"].astype(int).tolist(),
            "date_order": orders["date_order"].to_numpy(dtype="datetime64[D]").astype(object).tolist(),
            "min_order_value": self._money(company, group["min_order_value"].astype(float)).tolist(),
            "freight_free_value": self._money(company, group["freight_free_value"].astype(float)).tolist(),
            "container_type_id": optional.tolist(),
            "fill_mode": group["fill"].tolist(),
            "saving": self._money(company, orders["saving"]).tolist(),
        }
        table["problem"] = self._problems(orders, table)
        table["why"] = self._whys(company, orders, group, table)
        for name in ("container_type_id", "date_receipt", "limit", "problem"):
            table[name] = [value or None for value in table[name]]
        return table

    @api.model
    def _problems(self, orders, table):
        value, least = np.array(table["value"]), np.array(table["min_order_value"])
        checks = {
            "vendor_archived": orders["archived"].to_numpy(bool),
            "no_open_day": orders["closed"].to_numpy(bool),
            "no_rate": orders["no_rate"].to_numpy(bool),
            "over_capacity": np.array(["over_capacity" in notes for notes in orders["notes"]], bool),
            "below_minimum": (value > 0) & (value < least),
        }
        return np.select([checks[name] for name in PROBLEM_ORDER], PROBLEM_ORDER, "").tolist()

    @api.model
    def _whys(self, company, orders, group, table):
        """Why record of each order, as JSON text."""
        money = company.currency_id.name
        columns = {name: values for name, values in table.items() if isinstance(values, list)} | {
            "freight_cost": group["freight_cost"].astype(float).tolist(),
            "order_cost": group["order_cost"].astype(float).tolist(),
            "window_days": group["window_days"].astype(int).tolist(),
            "terms_id": group["id"].astype(int).tolist(),
            "holding": self._money(company, orders["holding"]).tolist(),
            "joined": orders["notes"].tolist(),
        }
        encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
        rows = zip(*columns.values(), strict=True)
        return [encode(self._why(money, dict(zip(columns, row, strict=True)))) for row in rows]

    @api.model
    def _why(self, money, row):
        terms = [
            ("joint_lines", row["line_count"], ""),
            ("joint_min_value", row["min_order_value"], money),
            ("joint_free_value", row["freight_free_value"], money),
            ("joint_freight_cost", row["freight_cost"], money),
            ("joint_order_cost", row["order_cost"], money),
            ("joint_window", row["window_days"], "days"),
            ("joint_holding", row["holding"], money),
            ("joint_saving", row["saving"], money),
        ]
        if row["container_type_id"]:
            terms.append(("joint_containers", row["container_count"], ""))
            terms.append(("joint_fill", row["fill"] / 100.0, "percent"))
        if row["cut_count"]:
            terms.append(("joint_cut_value", row["cut_value"], money))
        notes = [f"joint_{code}" for code in row["joined"] if code != "below_minimum"]
        notes += ["joint_unknown"] if row["unknown_count"] else []
        notes += [] if row["terms_id"] else ["joint_no_terms"]
        notes += [f"joint_{row['problem']}"] if row["problem"] else []
        return {
            "value": row["value"],
            "unit": money,
            "method": "joint_order",
            "formula": "joint_formula",
            "terms": [
                {"code": code, "value": value, **({"unit": unit} if unit else {})} for code, value, unit in terms
            ],
            "notes": list(dict.fromkeys(notes)),
        }

    # Lines

    @api.model
    def _write_lines(self, lines, orders, before):
        """By one statement, and only rows on which something else stands than ``before``, as it was read."""
        place = orders.index.get_indexer(lines["order"])
        table = pd.DataFrame(
            {
                "id": lines["id"],
                "vendor_order_id": orders["id"].to_numpy(int)[place],
                "price_joint": lines["price_joint"],
                "budget_action": lines["budget_action"],
                "budget_id": lines["budget_id"],
                "budget_month": lines["budget_month"].to_numpy(dtype="datetime64[D]"),
                "margin_cut": lines["margin_cut"],
            }
        )
        table = table[self._changed_lines(table, before)]
        if len(table):
            columns = [table[name].tolist() for name in ("id", "vendor_order_id", "price_joint", "budget_action")]
            columns.append([number or None for number in table["budget_id"].tolist()])
            columns.append(table["budget_month"].to_numpy(dtype="datetime64[D]").astype(str).tolist())
            columns.append(table["margin_cut"].tolist())
            rows, names = zip(*columns, strict=True), ("id", *LINE_WRITES)
            self.env["scm.order.plan.write"]._copy("scm_vendor_line_new", "scm_planned_order", names, rows)
            changes = SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), SQL.identifier("n", name)) for name in LINE_WRITES
            )
            self.env.cr.execute(
                SQL("UPDATE scm_planned_order p SET %s FROM scm_vendor_line_new n WHERE n.id = p.id", changes)
            )
        self.env["scm.planned.order"].invalidate_model([*LINE_WRITES, "joint_why"])
        self.env["scm.vendor.order"].invalidate_model(["line_ids"])

    @api.model
    def _changed_lines(self, table, before):
        """bool (n,)"""
        changed = np.zeros(len(table), bool)
        for name in LINE_WRITES:
            old = before[name].fillna(0) if name == "budget_id" else before[name]
            changed |= ~old.eq(table[name]).to_numpy()
        return changed

    @api.model
    def _drop_empty(self, company, order_ids):
        """Proposed orders that no line is in any more; nobody refers to them."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM scm_vendor_order WHERE company_id = %s AND state = 'proposed' AND id <> ALL(%s)",
                company.id,
                order_ids,
            )
        )
        for model in ("scm.vendor.order", "scm.planned.order", "purchase.order"):
            self.env[model].invalidate_model()
