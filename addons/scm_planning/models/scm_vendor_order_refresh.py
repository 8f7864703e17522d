import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.budget import CUT, KEEP, POSTPONE, Budget, cut
from ..kernel.joint_lot import DIMENSIONS, measure
from ..kernel.joint_order import NEVER, Lines, join

ACTIONS = {KEEP: "keep", POSTPONE: "postpone", CUT: "cut"}
#: written on planned orders; the rest of their columns belongs to the order plan
LINE_WRITES = ("vendor_order_id", "price_joint", "budget_action", "budget_id", "budget_month", "margin_cut")
FIGURE_COLUMNS = (
    "budget_action", "quantity", "day", "late", "date_receipt", "margin_cut", "fixed", "term_freight_free_value",
    "term_freight_cost",
)  # fmt: skip


class ScmVendorOrderRefresh(models.AbstractModel):
    """Second and third beat of the vendor orders: the kernels decide, and only what differs is written."""

    _name = "scm.vendor.order.refresh"
    _description = "Refresh of Vendor Orders"

    @api.model
    def _run(self, companies):
        """Join the planned orders of these companies again; returns the number of proposed vendor orders."""
        return sum(self.with_company(company)._run_company(company) for company in companies)

    @api.model
    def _run_company(self, company):
        data = self.env["scm.vendor.order.input"]._read(company)
        lines, groups = data.lines, data.groups
        if not len(lines):
            self._drop_empty(company, [])
            return 0
        plan = join(self._kernel_lines(company, data), data.terms, data.today.weekday())
        lines["price_joint"] = plan.price.round(6)
        lines["margin_cut"] = self._margins(company, lines)
        lines["order"] = np.where(plan.order == NEVER, len(plan.orders) + lines["group"], plan.order)
        orders = self._frame_orders(company, data, plan)
        self._apply_budgets(company, data, lines, orders)
        orders["id"] = self._match(company, lines, orders)
        figures = self._figures(company, lines)
        self._write_orders(company, orders, groups, figures)
        self._write_lines(lines, orders)
        self._drop_empty(company, orders["id"].tolist())
        return len(orders)

    @api.model
    def _kernel_lines(self, company, data):
        lines = data.lines
        return Lines(
            group=lines["group"].to_numpy(int),
            item=lines["product_id"].to_numpy(int),
            order_day=lines["day"].to_numpy(int),
            quantity=lines["quantity"].to_numpy(float),
            price=lines["price"].fillna(0.0).to_numpy(float),
            demand_day=lines["demand_day"].to_numpy(float),
            cover_max_days=lines["cover_max_days"].to_numpy(float),
            holding_rate=lines["holding_rate"].to_numpy(float),
            line_cost=lines["line_cost"].to_numpy(float),
            measures=lines[list(DIMENSIONS)].to_numpy(float),
            fixed=lines["fixed"].to_numpy(bool),
            breaks=self.env["scm.vendor.order.input"]._read_breaks(company, lines, data.today),
        )

    @api.model
    def _margins(self, company, lines):
        """Margin of the units that are needed, lost when they are not ordered."""
        margin = (lines["sale_price"].fillna(0.0) - lines["price"].fillna(0.0)).clip(lower=0.0)
        needed = lines[["quantity_net", "quantity"]].min(axis=1).where(lines["quantity_net"] > 0, lines["quantity"])
        return (margin * needed).round(company.currency_id.decimal_places)

    @api.model
    def _frame_orders(self, company, data, plan):
        """One row per joint order; behind them one per vendor without any open day, with the day of its first line."""
        rows = [
            {"group": order.group, "day": order.day, "saving": order.saving, "holding": order.holding,
             "notes": order.notes, "closed": False}
            for order in plan.orders
        ]  # fmt: skip
        orders = pd.DataFrame(rows, columns=["group", "day", "saving", "holding", "notes", "closed"])
        shut = data.lines[plan.closed].groupby("group")["day"].min()
        for group, day in shut.items():
            orders.loc[len(plan.orders) + group] = [group, max(day, 0), 0.0, 0.0, [], True]
        orders["date_order"] = [
            fields.Date.add(data.today, days=int(day)) if day == day else data.today for day in orders["day"]
        ]
        no_rate = self.env["scm.vendor.order.input"]._currencies_without_rate(
            company, data.lines["seller_currency_id"].dropna().unique()
        )
        by_order = data.lines.groupby("order")
        orders["archived"] = ~by_order["vendor_active"].all().reindex(orders.index).fillna(True).astype(bool)
        orders["no_rate"] = (
            by_order["seller_currency_id"].agg(lambda ids: bool(no_rate & set(ids.dropna().astype(int))))
            if len(orders)
            else False
        )
        return orders

    # Budget

    @api.model
    def _apply_budgets(self, company, data, lines, orders):
        """Columns ``budget_action``, ``budget_id`` and ``budget_month`` of the lines."""
        budgets = self.env["scm.vendor.order.input"]._read_budgets(company, data.today)
        month_of = orders["date_order"].map(_month_number)
        month = lines["order"].map(month_of).to_numpy(int)
        own = np.maximum(pd.to_datetime(lines["date_order"]).map(_month_number).fillna(0).to_numpy(int), month)
        minimum = data.groups["min_order_value"].to_numpy(float)[orders["group"].to_numpy(int)]
        cuts = cut(
            (lines["quantity"] * lines["price_joint"]).to_numpy(float),
            lines["margin_cut"].to_numpy(float),
            month,
            own,
            lines["order"].to_numpy(int),
            dict(zip(orders.index.tolist(), minimum.tolist(), strict=True)),
            self._kernel_budgets(budgets, lines),
            lines["fixed"].to_numpy(bool),
        )
        lines["budget_action"] = [ACTIONS[action] for action in cuts.action.tolist()]
        ids = np.array([*budgets.ids, 0])
        lines["budget_id"] = ids[cuts.budget]
        lines["budget_month"] = [_month_text(number) for number in cuts.month.tolist()]

    @api.model
    def _kernel_budgets(self, budgets, lines):
        used = budgets._used()
        path = {categ.id: categ.parent_path for categ in self.env["product.category"].browse(
            int(value) for value in lines["categ_id"].dropna().unique())}  # fmt: skip
        paths = lines["categ_id"].map(path).fillna("")
        result = []
        for budget in budgets:
            spent = used.get((budget.id, "committed"), 0.0) + used.get((budget.id, "quoted"), 0.0)
            member = (
                paths.str.startswith(budget.categ_id.parent_path).to_numpy(bool)
                if budget.categ_id
                else np.ones(len(lines), bool)
            )
            result.append(Budget(_month_number(budget.month), member, max(budget.amount - spent, 0.0)))
        return result

    # Identity

    @api.model
    def _match(self, company, lines, orders):
        """Ids of the present proposed orders that these go on in, 0 = new: the one that has most of the lines."""
        present = self.env["scm.vendor.order"].search([("company_id", "=", company.id), ("state", "=", "proposed")])
        pairs = lines[lines["vendor_order_id"].isin(present.ids)].groupby(["order", "vendor_order_id"]).size()
        pairs = pairs.reset_index(name="count").sort_values(
            ["count", "vendor_order_id", "order"], ascending=[False, True, True]
        )
        ids, taken = dict.fromkeys(orders.index.tolist(), 0), set()
        place = {order.id: (order.vendor_id.id, order.warehouse_id.id) for order in present}
        keys = lines.groupby("order")[["vendor_id", "warehouse_id"]].first()
        keys = {order: tuple(map(int, row)) for order, row in zip(keys.index, keys.to_numpy(), strict=True)}
        for order, current, _count in pairs.itertuples(index=False):
            if not ids[order] and current not in taken and place[current] == keys[order]:
                ids[order] = int(current)
                taken.add(current)
        return pd.Series(ids, dtype=int).reindex(orders.index)

    # Figures

    @api.model
    def _figures(self, company, lines):
        """``{order: figures}`` of the lines of each ``order``; lines have the input's columns and the decisions."""
        columns = {name: lines[name].to_numpy() for name in FIGURE_COLUMNS}
        columns["measures"] = lines[list(DIMENSIONS)].to_numpy(float)
        columns["capacity"] = lines[["term_payload_kg", "term_volume_m3", "term_pallets"]].to_numpy(float)
        columns["amount"] = (lines["quantity"] * lines["price_joint"]).to_numpy(float)
        order = lines["order"].to_numpy(int)
        rows = np.argsort(order, kind="stable")
        parts = np.split(rows, np.flatnonzero(np.diff(order[rows])) + 1)
        return {
            int(order[part[0]]): self._figures_of(
                company.currency_id, {name: column[part] for name, column in columns.items()}
            )
            for part in parts
            if len(part)
        }

    @api.model
    def _figures_of(self, money, lines):
        """Figures of one order, of the lines that are kept; ``lines``: {column: array}."""
        kept = lines["budget_action"] == "keep"
        value = money.round(float(lines["amount"][kept].sum()))
        measures = lines["measures"][kept]
        capacity = lines["capacity"][0]
        load = measure(lines["quantity"][kept].astype(float), measures, capacity)
        free = 0 < lines["term_freight_free_value"][0] <= value
        receipts = [day for day in lines["date_receipt"][kept] if day]
        freight = float(lines["term_freight_cost"][0]) * max(load.containers, 1)
        return {
            "edited": bool(lines["fixed"][kept].any()),
            "line_count": int(kept.sum()),
            "late_count": int((lines["late"][kept].astype(bool) | (lines["day"][kept] < 0)).sum()),
            "date_receipt": min(receipts, default=False),
            "value": value,
            "freight": 0.0 if free or not kept.any() else money.round(freight),
            "weight": round(float(load.total[0]), 1),
            "volume": round(float(load.total[1]), 2),
            "pallets": round(float(load.total[2]), 1),
            "unknown_count": load.unknown if capacity.any() else int(np.isnan(measures).all(1).sum()),
            "container_count": load.containers,
            "fill": round(100.0 * load.fill, 1),
            "limit": DIMENSIONS[load.limit] if load.limit >= 0 else False,
            "cut_count": int((~kept).sum()),
            "cut_value": money.round(float(lines["amount"][~kept].sum())),
            "margin_cut": money.round(float(lines["margin_cut"][lines["budget_action"] == "cut"].sum())),
        }

    # Write

    @api.model
    def _write_orders(self, company, orders, groups, figures):
        model = self.env["scm.vendor.order"].sudo()  # sudo: only this step writes vendor orders, readonly for people
        present = model.browse(orders["id"][orders["id"] > 0].tolist())
        by_id = {order.id: order for order in present}
        new, ids = [], orders["id"].to_dict()
        for index, row in orders.iterrows():
            values = self._prepare_order_vals(company, row, groups.loc[row["group"]], figures[index])
            if row["id"]:
                by_id[row["id"]]._write_changed(values)
            else:
                new.append((index, values))
        for (index, _values), order in zip(new, model.create([values for _index, values in new]), strict=True):
            ids[index] = order.id
        orders["id"] = pd.Series(ids).reindex(orders.index)

    @api.model
    def _prepare_order_vals(self, company, row, group, figures):
        values = {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "vendor_id": int(group["vendor_id"]),
            "warehouse_id": int(group["warehouse_id"]),
            "date_order": row["date_order"],
            "min_order_value": float(group["min_order_value"]),
            "freight_free_value": float(group["freight_free_value"]),
            "container_type_id": int(group["container_type_id"]) or False,
            "fill_mode": group["fill"],
            "saving": company.currency_id.round(float(row["saving"])),
            **figures,
        }
        values["problem"] = self._problem(row, values)
        values["why"] = self._why(company, row, group, values)
        return values

    @api.model
    def _problem(self, row, values):
        checks = {
            "vendor_archived": row["archived"],
            "no_open_day": row["closed"],
            "no_rate": row["no_rate"],
            "over_capacity": "over_capacity" in row["notes"],
            "below_minimum": 0 < values["value"] < values["min_order_value"],
        }
        return next((code for code, holds in checks.items() if holds), False)

    @api.model
    def _why(self, company, row, group, values):
        money, container = company.currency_id.name, values["container_type_id"]
        terms = [
            ("joint_lines", values["line_count"], ""),
            ("joint_min_value", values["min_order_value"], money),
            ("joint_free_value", values["freight_free_value"], money),
            ("joint_freight_cost", float(group["freight_cost"]), money),
            ("joint_order_cost", float(group["order_cost"]), money),
            ("joint_window", int(group["window_days"]), "days"),
            ("joint_holding", company.currency_id.round(float(row["holding"])), money),
            ("joint_saving", values["saving"], money),
        ]
        terms += [("joint_containers", values["container_count"], "")] if container else []
        terms += [("joint_fill", values["fill"] / 100.0, "percent")] if container else []
        terms += [("joint_cut_value", values["cut_value"], money)] if values["cut_count"] else []
        notes = [f"joint_{code}" for code in row["notes"] if code != "below_minimum"]
        notes += ["joint_unknown"] if values["unknown_count"] else []
        notes += ["joint_no_terms"] if not group["id"] else []
        notes += [f"joint_{values['problem']}"] if values["problem"] else []
        return {
            "value": values["value"],
            "unit": money,
            "method": "joint_order",
            "formula": "joint_formula",
            "terms": [
                {"code": code, "value": value, **({"unit": unit} if unit else {})} for code, value, unit in terms
            ],
            "notes": list(dict.fromkeys(notes)),
        }

    @api.model
    def _write_lines(self, lines, orders):
        """By one statement, and only rows that differ."""
        table = pd.DataFrame(
            {
                "id": lines["id"],
                "vendor_order_id": lines["order"].map(orders["id"]),
                "price_joint": lines["price_joint"],
                "budget_action": lines["budget_action"],
                "budget_id": lines["budget_id"],
                "budget_month": lines["budget_month"],
                "margin_cut": lines["margin_cut"],
            }
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_planned_order p
                   SET vendor_order_id = n.vendor_order_id, price_joint = n.price_joint,
                       budget_action = n.budget_action, budget_id = NULLIF(n.budget_id, 0),
                       budget_month = n.budget_month, margin_cut = n.margin_cut
                  FROM unnest(%s::int[], %s::int[], %s::numeric[], %s::text[], %s::int[], %s::date[], %s::numeric[])
                       AS n (id, vendor_order_id, price_joint, budget_action, budget_id, budget_month, margin_cut)
                 WHERE n.id = p.id
                   AND (p.vendor_order_id, p.price_joint, p.budget_action, p.budget_id, p.budget_month, p.margin_cut)
                       IS DISTINCT FROM (n.vendor_order_id, n.price_joint, n.budget_action, NULLIF(n.budget_id, 0),
                                         n.budget_month, n.margin_cut)
                """,
                *(table[name].tolist() for name in ("id", *LINE_WRITES)),
            )
        )
        self.env["scm.planned.order"].invalidate_model([*LINE_WRITES, "joint_why"])
        self.env["scm.vendor.order"].invalidate_model(["line_ids"])

    @api.model
    def _drop_empty(self, company, order_ids):
        """Proposed orders that no line is in any more; nobody refers to them."""
        domain = [("company_id", "=", company.id), ("state", "=", "proposed"), ("id", "not in", order_ids)]
        # sudo: only this step removes vendor orders
        self.env["scm.vendor.order"].sudo().search(domain).unlink()


def _month_number(day):
    return day.year * 12 + day.month - 1 if day == day and day else np.nan


def _month_text(number):
    return f"{number // 12:04d}-{number % 12 + 1:02d}-01"
