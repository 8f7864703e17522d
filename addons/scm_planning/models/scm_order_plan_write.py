"""Third beat of the order plan: rows and planned orders by COPY and a few statements, touching only what changed."""

import csv
import io

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.plan_match import match
from ..kernel.plan_risk import REMEDIES
from ..kernel.plan_types import INFLOWS, TERMS
from ..kernel.proposal import QUANTITY_EPS

ITEM_KEPT = ("create_uid", "create_date")
#: an order whose other columns are as before is not written
ORDER_COMPARED = ("quantity", "quantity_net", "date_order", "date_receipt", "date_need", "vendor_id",
                  "supplierinfo_id", "price_unit", "late", "late_quantity", "margin_at_risk", "remedy")  # fmt: skip
ORDER_NUMBERS = ("quantity", "quantity_net", "price_unit", "late_quantity", "margin_at_risk", "vendor_id",
                 "supplierinfo_id", "late")  # fmt: skip
ORDER_DATES = ("date_order", "date_receipt", "date_need")
TOTALS = ("receipts", "planned", "stock")


def _number(column):
    return pd.to_numeric(column, errors="coerce").fillna(0.0).to_numpy(float)


def _text(column):
    return column.where(column.notna(), "").to_numpy(object)


def _days(column):
    """Days as numbers, of texts or dates."""
    return column.to_numpy(dtype="datetime64[D]").astype(int)


class ScmOrderPlanWrite(models.AbstractModel):
    _name = "scm.order.plan.write"
    _inherit = "scm.order.plan.row"
    _description = "Writer of the Order Plan"

    @api.model
    def _write_plan(self, data, product_ids, first=False, anew=False):
        """Write the plan of a company, or of some products of it; returns the number of rows.

        :param anew: the products are a part of a plan of all, of which ``first`` is the first part
        """
        plan = self._ensure_plan(data)
        before = self._money_before(data, product_ids, anew)
        if first:
            plan.totals = {}
        orders = self._order_table(data)
        rows = self._item_rows(data, plan, orders)
        names = self._item_columns()
        self._copy("scm_plan_item_new", "scm_order_plan_item", names, rows)
        self._upsert_items(data.company, names, product_ids)
        self._write_orders(data, orders, product_ids)
        self._write_totals(data, plan, before)
        for model in ("scm.order.plan", "scm.order.plan.item", "scm.planned.order"):
            self.env[model].invalidate_model()
        return len(rows)

    @api.model
    def _ensure_plan(self, data):
        plan = self.env["scm.order.plan"].search([("company_id", "=", data.company.id)], limit=1)
        values = {
            "currency_id": data.company.currency_id.id,
            "date": data.today,
            "date_from": data.monday,
            "weeks": data.options.weeks,
            "date_computed": fields.Datetime.now(),
        }
        if plan:
            plan.write(values)
        else:
            plan = plan.create(values | {"company_id": data.company.id})
        plan.flush_recordset()
        return plan

    # Rows

    @api.model
    def _copy(self, temporary, table, names, rows):
        """Temporary table with these columns of a table, filled with rows; JSON is given as text."""
        cr = self.env.cr
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", temporary)))
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s LIMIT 0",
                SQL.identifier(temporary),
                columns,
                SQL.identifier(table),
            )
        )
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        stream.seek(0)
        cr.copy_expert(f"COPY {temporary} FROM STDIN WITH (FORMAT csv)", stream)

    @api.model
    def _upsert_items(self, company, names, product_ids):
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        updates = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in names
            if name not in ITEM_KEPT
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_order_plan_item (%s) SELECT %s FROM scm_plan_item_new
                   ON CONFLICT (product_id, warehouse_id) DO UPDATE SET %s""",
                columns,
                columns,
                updates,
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM scm_order_plan_item i
                    WHERE i.company_id = %s AND %s
                      AND NOT EXISTS (SELECT FROM scm_plan_item_new n
                                       WHERE n.product_id = i.product_id AND n.warehouse_id = i.warehouse_id)""",
                company.id,
                self._of_products("i", product_ids),
            )
        )

    @api.model
    def _of_products(self, alias, product_ids):
        column = SQL.identifier(alias, "product_id")
        return self.env["scm.policy.input"]._product_condition(column, product_ids)

    # Orders

    @api.model
    def _write_orders(self, data, orders, product_ids):
        """Bring the proposed orders up to date. Firm, released and cancelled ones stay as people left them."""
        old = self._stored_orders(data, product_ids)
        orders["key"], old["key"] = self._keys(data, orders), self._keys(data, old)
        monday = np.datetime64(data.monday)
        for table in (orders, old):
            days = table["date_need"].to_numpy(dtype="datetime64[D]") - monday
            table["week"] = days.astype(int) // 7
        found = match(old["key"], old["week"], orders["key"], orders["week"])
        kept = found >= 0
        before = old.iloc[np.where(kept, found, 0)].reset_index(drop=True) if len(old) else None
        orders = self._with_changes(orders, before, kept)
        gone = np.setdiff1d(np.arange(len(old)), found[kept])
        self._delete_orders(old["id"].to_numpy(int)[gone].tolist())
        self._upsert_orders(data, orders)
        self._release_lost(data.company)

    @api.model
    def _stored_orders(self, data, product_ids):
        names = ["id", "product_id", "warehouse_id", "kind", "source_warehouse_id", *ORDER_COMPARED, "change_code"]
        rows = self.env.execute_query(
            SQL(
                """SELECT %s FROM scm_planned_order o
                    WHERE o.company_id = %s AND o.state = 'proposed' AND %s ORDER BY o.id""",
                SQL(", ").join(SQL.identifier("o", name) for name in names),
                data.company.id,
                self._of_products("o", product_ids),
            )
        )
        return pd.DataFrame(rows, columns=names)

    @api.model
    def _keys(self, data, orders):
        """Item and way of supply as one number; orders of items that are gone have -1 and match nothing new."""
        item = self.env["scm.policy.input"]._positions(data.items, orders)
        source = self.env["scm.policy.input"]._positions(
            data.items, orders.assign(warehouse_id=_number(orders["source_warehouse_id"]).astype(int))
        )
        kind = np.searchsorted(("buy", "make", "transfer"), orders["kind"].to_numpy(str))
        key = (item * 3 + kind) * (len(data.items) + 1) + source + 1
        return np.where(item >= 0, key, -1)

    @api.model
    def _with_changes(self, orders, before, kept):
        """Orders with their id, what changed, and whether they must be written."""
        n = len(orders)
        orders["id"] = np.where(kept, before["id"], 0) if before is not None else np.zeros(n, int)
        code, write = np.full(n, "new", object), ~kept
        if before is not None and kept.any():
            differs = {name: self._differs(orders, before, name) for name in ORDER_COMPARED}
            quantity = np.abs(orders["quantity"] - before["quantity"].astype(float)).to_numpy() > QUANTITY_EPS
            changes = [quantity, differs["date_receipt"] | differs["date_order"], differs["vendor_id"]]
            code = np.where(kept, np.select(changes, ["quantity", "date", "vendor"], "same"), "new")
            other = np.any(list(differs.values()), axis=0)
            write = ~kept | other | (before["change_code"].fillna("") != code).to_numpy()
            orders["quantity_before"] = np.where(kept, before["quantity"].astype(float), 0.0)
            orders["date_before"] = before["date_receipt"].where(kept, None)
        else:
            orders["quantity_before"], orders["date_before"] = 0.0, None
        orders["change_code"] = code
        return orders[write]

    @api.model
    def _differs(self, orders, before, name):
        new, old = orders[name], before[name]
        if name in ORDER_NUMBERS:
            return np.abs(_number(new) - _number(old)) > 0.005
        if name in ORDER_DATES:
            return _days(new) != _days(old)
        return _text(new) != _text(old)

    @api.model
    def _delete_orders(self, ids):
        if ids:
            self.env["scm.planned.order"].browse(ids)._dropped()
            self.env.cr.execute("DELETE FROM scm_planned_order WHERE id = ANY(%s)", [ids])

    @api.model
    def _drop_others(self, company, product_ids):
        """Rows and proposed orders of products that a plan of all did not have."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM scm_planned_order
                    WHERE company_id = %s AND state = 'proposed' AND product_id <> ALL(%s)""",
                company.id,
                product_ids,
            )
        )
        self._delete_orders([order_id for (order_id,) in rows])
        self.env.cr.execute(
            SQL(
                "DELETE FROM scm_order_plan_item WHERE company_id = %s AND product_id <> ALL(%s)",
                company.id,
                product_ids,
            )
        )
        self.env["scm.order.plan.item"].invalidate_model()

    @api.model
    def _upsert_orders(self, data, orders):
        if not len(orders):
            return
        names, rows = self._order_rows(data, orders)
        self._copy("scm_planned_order_new", "scm_planned_order", names, rows)
        columns = [name for name in names if name != "id"]
        updates = SQL(", ").join(
            SQL("%s = n.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns if name not in ITEM_KEPT
        )
        listed = SQL(", ").join(SQL.identifier(name) for name in columns)
        self.env.cr.execute(
            SQL("UPDATE scm_planned_order o SET %s FROM scm_planned_order_new n WHERE n.id = o.id", updates)
        )
        self.env.cr.execute(
            SQL("INSERT INTO scm_planned_order (%s) SELECT %s FROM scm_planned_order_new WHERE id = 0", listed, listed)
        )

    @api.model
    def _release_lost(self, company):
        """Released orders whose purchase order or transfer was cancelled or deleted do not stand for anything."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM scm_planned_order o
                 WHERE o.company_id = %s AND o.state = 'released'
                   AND NOT EXISTS (SELECT FROM purchase_order_line l JOIN purchase_order p ON p.id = l.order_id
                                    WHERE l.id = o.purchase_line_id AND p.state <> 'cancel')
                   AND NOT EXISTS (SELECT FROM stock_move m WHERE m.id = o.move_id AND m.state <> 'cancel')
                   AND o.write_date < now() AT TIME ZONE 'UTC' - interval '1 minute'
                """,
                company.id,
            )
        )

    # Totals

    @api.model
    def _money(self, data):
        """Money per week over the planned rows: dict name -> list."""
        plan, cost = data.plan, data.unit_cost
        inflow = plan.terms["receipts"] + plan.terms["draft"]
        money = {
            "receipts": cost @ inflow,
            "planned": cost @ plan.terms["planned"],
            "stock": cost @ np.maximum(plan.closing, 0.0),
        }
        return {name: np.round(values, 2) for name, values in money.items()}

    @api.model
    def _money_before(self, data, product_ids, anew):
        """What these products contribute to the stored totals; None where the totals are made of them alone."""
        if product_ids is None:
            return None
        return dict.fromkeys(TOTALS, 0.0) if anew else self._stored_money(data, product_ids)

    @api.model
    def _stored_money(self, data, product_ids):
        """The same of the rows as they are stored, before some products are planned again."""
        rows = self.env.execute_query(
            SQL(
                """SELECT opening::float8, unit_cost::float8, weeks
                     FROM scm_order_plan_item i WHERE i.company_id = %s AND %s""",
                data.company.id,
                self._of_products("i", product_ids),
            )
        )
        return self._sum_money([(opening, cost, weeks or {}) for opening, cost, weeks in rows], data.options.weeks)

    @api.model
    def _sum_money(self, rows, weeks):
        """Money per week of rows (opening, unit cost, stored weeks)."""
        result = {name: np.zeros(weeks) for name in TOTALS}
        if not rows:
            return result
        cost = np.array([row[1] or 0.0 for row in rows])
        empty = [0.0] * weeks
        terms = {name: np.array([row[2].get(name) or empty for row in rows], float)[:, :weeks] for name in TERMS}
        change = sum(terms[name] if name in INFLOWS else -terms[name] for name in TERMS)
        closing = np.array([row[0] for row in rows])[:, None] + np.cumsum(change, axis=1)
        result["receipts"] = cost @ (terms["receipts"] + terms["draft"])
        result["planned"] = cost @ terms["planned"]
        result["stock"] = cost @ np.maximum(closing, 0.0)
        return result

    @api.model
    def _write_totals(self, data, plan, before):
        money = self._money(data)
        if before is not None:
            stored = plan.totals or {}
            empty = [0.0] * data.options.weeks
            money = {name: np.array(stored.get(name) or empty) - before[name] + money[name] for name in TOTALS}
        totals = {name: np.round(values, 2).tolist() for name, values in money.items()}
        [(items, late, margin, orders)] = self.env.execute_query(
            SQL(
                """SELECT count(*), count(*) FILTER (WHERE late), COALESCE(sum(margin_at_risk), 0)::float8,
                          (SELECT count(*) FROM scm_planned_order WHERE company_id = %s AND state <> 'cancelled')
                     FROM scm_order_plan_item WHERE company_id = %s""",
                data.company.id,
                data.company.id,
            )
        )
        plan.write(
            {"totals": totals, "item_count": items, "late_count": late, "margin_at_risk": margin, "order_count": orders}
        )
        plan.flush_recordset()

    @api.model
    def _remedy_names(self, index):
        names = np.array([*REMEDIES, None], object)
        return names[np.asarray(index)]
