import numpy as np
import pandas as pd
from odoo import api, models
from odoo.tools import SQL

from ..kernel.budget import CUT, KEEP, POSTPONE, Budget, cut
from ..kernel.joint_lot import DIMENSIONS
from ..kernel.joint_order import NEVER, Lines, join
from .scm_vendor_order_write import LINE_WRITES

#: in the order of the kernel's numbers
ACTIONS = np.empty(3, object)
ACTIONS[[KEEP, POSTPONE, CUT]] = "keep", "postpone", "cut"


class ScmVendorOrderRefresh(models.AbstractModel):
    """Second beat of the vendor orders: the kernels decide. Written by ``scm.vendor.order.write``."""

    _name = "scm.vendor.order.refresh"
    _inherit = "scm.vendor.order.write"
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
        before = lines[list(LINE_WRITES)].copy()
        plan = join(self._kernel_lines(company, data), data.terms, data.today.weekday())
        lines["price_joint"] = plan.price.round(6)
        lines["margin_cut"] = self._margins(company, lines)
        lines["order"] = np.where(plan.order == NEVER, len(plan.orders) + lines["group"], plan.order)
        orders = self._frame_orders(company, data, plan)
        self._apply_budgets(company, data, lines, orders)
        orders["id"] = self._match(company, lines, orders)
        figures = self._figure_table(company, lines).reindex(orders.index)
        self._write_orders(company, orders, groups, figures)
        self._write_lines(lines, orders, before)
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
        open_, shut = plan.orders, data.lines["day"][plan.closed].groupby(data.lines["group"][plan.closed]).min()
        late = shut.clip(lower=0)
        orders = pd.DataFrame(
            {
                "group": np.array([order.group for order in open_] + late.index.tolist(), int),
                "day": np.array([order.day for order in open_] + late.tolist(), int),
                "saving": np.array([order.saving for order in open_] + [0.0] * len(late), float),
                "holding": np.array([order.holding for order in open_] + [0.0] * len(late), float),
                "closed": np.arange(len(open_) + len(late)) >= len(open_),
            },
            index=np.r_[: len(open_), len(open_) + late.index.to_numpy(int)],
        )
        orders["notes"] = [order.notes for order in open_] + [[] for _group in late]
        orders["date_order"] = np.datetime64(data.today) + orders["day"].to_numpy().astype("timedelta64[D]")
        no_rate = self.env["scm.vendor.order.input"]._currencies_without_rate(
            company, data.lines["seller_currency_id"].dropna().unique()
        )
        facts = {"archived": ~data.lines["vendor_active"], "no_rate": data.lines["seller_currency_id"].isin(no_rate)}
        for name, holds in facts.items():
            orders[name] = orders.index.isin(data.lines["order"][holds])
        return orders

    # Budget

    @api.model
    def _apply_budgets(self, company, data, lines, orders):
        """Columns ``budget_action``, ``budget_id`` and ``budget_month`` of the lines."""
        budgets = self.env["scm.vendor.order.input"]._read_budgets(company, data.today)
        place = orders.index.get_indexer(lines["order"])
        month = _months(orders["date_order"])[place]
        own = np.maximum(np.where(lines["date_order"].notna(), _months(lines["date_order"]), 0), month)
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
        lines["budget_action"] = ACTIONS[cuts.action]
        ids = np.array([*budgets.ids, 0])
        lines["budget_id"] = ids[cuts.budget]
        lines["budget_month"] = cuts.month.astype("datetime64[M]").astype("datetime64[s]")

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
            result.append(Budget(int(_months([budget.month])[0]), member, max(budget.amount - spent, 0.0)))
        return result

    # Identity

    @api.model
    def _match(self, company, lines, orders):
        """Ids of the present proposed orders that these go on in, 0 = new: the one that has most of the lines."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id, vendor_id, warehouse_id FROM scm_vendor_order
                    WHERE company_id = %s AND state = 'proposed'""",
                company.id,
            )
        )
        place = {order_id: key for order_id, *key in rows}
        pairs = lines[lines["vendor_order_id"].isin(place.keys())].groupby(["order", "vendor_order_id"]).size()
        pairs = pairs.reset_index(name="count").sort_values(
            ["count", "vendor_order_id", "order"], ascending=[False, True, True]
        )
        ids, taken = dict.fromkeys(orders.index.tolist(), 0), set()
        keys = lines.drop_duplicates("order").set_index("order")[["vendor_id", "warehouse_id"]]
        keys = dict(zip(keys.index.tolist(), keys.to_numpy(int).tolist(), strict=True))
        for order, current in zip(pairs["order"].tolist(), pairs["vendor_order_id"].astype(int).tolist(), strict=True):
            if not ids[order] and current not in taken and place[current] == keys[order]:
                ids[order] = current
                taken.add(current)
        return pd.Series(ids, dtype=int).reindex(orders.index)


def _months(days):
    """Months as whole numbers in their order."""
    return np.asarray(days, dtype="datetime64[M]").astype(int)
