"""What the order plan screen reads and writes; the same for integrators."""

from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..kernel.plan_types import INFLOWS, TERMS

MOST_ROWS = 200
FILTERS = {
    "warehouse_id": "warehouse_id",
    "vendor_id": "vendor_id",
    "categ_id": "categ_id",
    "abc": "abc",
    "supply": "supply",
    "product_id": "product_id",
}
STATUSES = ("exception", "late", "stock_out", "below_safety", "moq_above_max", "problem", "to_order")


class ScmOrderPlan(models.Model):
    _inherit = "scm.order.plan"

    @api.model
    def get_grid(self, filters=None, offset=0, limit=50, company_id=None):
        """A page of the order plan: products with their weeks. For supply chain users.

        :param filters: dict with any of ``warehouse_id``, ``vendor_id``, ``categ_id`` (with its children), ``abc``,
            ``supply``, ``product_id`` (id or list), ``search`` (text), ``status`` (``exception``, ``late``,
            ``stock_out``, ``below_safety``, ``moq_above_max``, ``problem``, ``to_order``)
        :param limit: rows of a page, at most 200
        :return: ``{'plan': {...}, 'weeks': [{'date', 'number'}], 'total': rows in all, 'rows': [...]}``. A row
            has its product, ``terms`` (a list per week of each term), ``opening``, ``closing``, ``safety`` and
            ``orders`` (planned orders with their ``week``); quantities are in the product's unit. Without a plan
            ``plan`` is False.
        """
        plan = self._plan_of(company_id)
        if not plan:
            return {"plan": False, "weeks": [], "total": 0, "rows": []}
        items = self.env["scm.order.plan.item"]
        domain = self._grid_domain(plan, filters or {})
        found = items.search(domain, offset=max(int(offset or 0), 0), limit=min(max(int(limit or 50), 1), MOST_ROWS))
        return {
            "plan": plan._grid_head(),
            "weeks": plan._grid_weeks(),
            "total": items.search_count(domain),
            "rows": plan._grid_rows(found),
        }

    @api.model
    def get_totals(self, filters=None, company_id=None):
        """Money per week over all products of the filters: ``{'receipts', 'planned', 'stock'}``, each a list.

        Receipts are open purchase orders and quotations at cost, planned what is proposed or firm, stock the closing.
        """
        plan = self._plan_of(company_id)
        if not plan:
            return {"receipts": [], "planned": [], "stock": []}
        if not any((filters or {}).values()):
            return {name: list(values) for name, values in (plan.totals or {}).items()}
        items = self.env["scm.order.plan.item"].search_fetch(
            self._grid_domain(plan, filters), ["opening", "unit_cost", "weeks"]
        )
        rows = [(item.opening, item.unit_cost, item.weeks or {}) for item in items]
        money = self.env["scm.order.plan.write"]._sum_money(rows, plan.weeks)
        return {name: np.round(values, 2).tolist() for name, values in money.items()}

    @api.model
    def get_filters(self, company_id=None):
        """What can be filtered by: lists of ``{'id', 'name'}`` of warehouses, vendors and categories of the plan."""
        plan = self._plan_of(company_id)
        if not plan:
            return {"warehouses": [], "vendors": [], "categories": []}
        groups = {"warehouses": "warehouse_id", "vendors": "vendor_id", "categories": "categ_id"}
        found = self.env["scm.order.plan.item"]._read_grouping_sets(
            [("plan_id", "=", plan.id)], [[name] for name in groups.values()], []
        )
        return {
            key: sorted(
                ({"id": record.id, "name": record.display_name} for (record,) in rows if record),
                key=lambda entry: entry["name"],
            )
            for key, rows in zip(groups, found, strict=True)
        }

    @api.model
    def get_cell(self, item_id, week):
        """Why a cell is as it is: the terms of one week of a row, and its planned orders with their reasons.

        :param week: number of the week, 0 is the first
        :return: ``{'why': why record of the closing stock, 'orders': [{..., 'why'}]}``
        """
        item = self._item(item_id)
        week = self._checked_week(item.plan_id, week)
        row = item.plan_id._grid_rows(item)[0]
        unit = f"uom:{item.uom_id.id}"
        before = row["closing"][week - 1] if week else row["opening"]
        entries = [("plan_opening", before, unit)]
        entries += [(f"plan_{name}", row["terms"][name][week], unit) for name in TERMS if row["terms"][name][week]]
        entries += [("safety_stock", item.safety_stock, unit), ("lead_time_days", item.lead_time_days, "days")]
        notes = [note for note in (item.why or {}).get("notes", []) if note != "plan_late" or item.late]
        rows = self.env["scm.order.plan.row"]
        why = rows._why_record(
            row["closing"][week], unit, "order_plan", "order_plan_formula", entries, notes
        )
        orders = self.env["scm.planned.order"].browse([order["id"] for order in row["orders"] if order["week"] == week])
        listed = [
            order | {"why": record.why or False, "reason": record.reason or "", "change": record.change_code or ""}
            for order, record in zip((o for o in row["orders"] if o["week"] == week), orders, strict=True)
        ]
        return {"why": why, "orders": listed}

    @api.model
    def set_planned(self, item_id, week, quantity, reason=""):
        """Set what is planned to come in a week of a row, by hand. For supply-chain managers.

        The order of that week becomes firm with this quantity, or a firm one is made; 0 cancels what is planned
        there. The product is planned again at once, in all its warehouses.

        :return: the product's rows as ``get_grid`` gives them
        """
        orders = self.env["scm.planned.order"]
        orders._check_manager()
        item = self._item(item_id)
        week = self._checked_week(item.plan_id, week)
        if quantity != 0 or isinstance(quantity, bool):
            orders._check_quantity(quantity)
        # sudo: the role is checked above, and that the user may see the row by reading it
        item.sudo()._set_planned(week, float(quantity), str(reason or "").strip())
        rows = self.env["scm.order.plan.item"].search(
            [("plan_id", "=", item.plan_id.id), ("product_id", "=", item.product_id.id)]
        )
        return item.plan_id._grid_rows(rows)

    # Reading

    @api.model
    def _plan_of(self, company_id):
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        return self.search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _item(self, item_id):
        self.check_access("read")
        item = self.env["scm.order.plan.item"].browse(item_id).exists()
        if not item:
            raise UserError(self.env._("This row of the plan is gone: the plan was made again. Reload it."))
        item.check_access("read")
        return item

    @api.model
    def _checked_week(self, plan, week):
        if not isinstance(week, int) or isinstance(week, bool) or not 0 <= week < plan.weeks:
            raise ValidationError(
                self.env._(
                    "The plan has the weeks 0 to %(last)s; there is no week %(week)s.", last=plan.weeks - 1, week=week
                )
            )
        return week

    @api.model
    def _grid_domain(self, plan, filters):
        unknown = set(filters) - {*FILTERS, "search", "status"}
        if unknown:
            raise UserError(self.env._("The order plan has no filter %(names)s.", names=", ".join(sorted(unknown))))
        domain = Domain("plan_id", "=", plan.id)
        for name, value in filters.items():
            if name in FILTERS and value:
                operator = "child_of" if name == "categ_id" else "in" if isinstance(value, list) else "="
                domain &= Domain(FILTERS[name], operator, value)
        if filters.get("search"):
            domain &= Domain("product_id", "ilike", str(filters["search"]))
        return domain & self._status_domain(plan, filters.get("status"))

    @api.model
    def _status_domain(self, plan, status):
        if not status:
            return Domain.TRUE
        if status not in STATUSES:
            raise UserError(
                self.env._(
                    "There is no status “%(status)s”. Choose one of: %(known)s.",
                    status=status,
                    known=", ".join(STATUSES),
                )
            )
        if status == "problem":
            return Domain("problem", "!=", False)
        if status == "to_order":
            return Domain("date_next_order", "<=", plan.date + timedelta(days=6))
        return Domain(status, "=", True)

    def _grid_head(self):
        self.ensure_one()
        return {
            "id": self.id,
            "company": self.company_id.name,
            "currency_id": self.currency_id.id,
            "date": fields.Date.to_string(self.date),
            "date_computed": fields.Datetime.to_string(self.date_computed),
            "item_count": self.item_count,
            "late_count": self.late_count,
            "margin_at_risk": self.margin_at_risk,
            "can_edit": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    def _grid_weeks(self):
        days = [self.date_from + timedelta(weeks=number) for number in range(self.weeks)]
        return [{"date": fields.Date.to_string(day), "number": day.isocalendar().week} for day in days]

    def _grid_rows(self, items):
        orders = self._grid_orders(items)
        return [self._grid_row(item, orders.get((item.product_id.id, item.warehouse_id.id), [])) for item in items]

    def _grid_row(self, item, orders):
        weeks, empty = item.weeks or {}, [0.0] * self.weeks
        terms = {name: weeks.get(name) or empty for name in TERMS}
        change = sum(np.array(terms[name]) if name in INFLOWS else -np.array(terms[name]) for name in TERMS)
        selection = {name: dict(item._fields[name]._description_selection(self.env)) for name in ("remedy", "problem")}
        return {
            "id": item.id,
            "product_id": item.product_id.id,
            "name": item.product_id.display_name,
            "warehouse_id": item.warehouse_id.id,
            "warehouse": item.warehouse_id.code,
            "uom": item.uom_id.name or "",
            "abc": f"{item.abc or ''}{item.xyz or ''}",
            "supply": item.supply or "",
            "vendor": item.vendor_id.display_name or item.source_warehouse_id.display_name or "",
            "lead_time_days": item.lead_time_days,
            "unit_cost": item.unit_cost,
            "opening": item.opening,
            "safety": item.safety_stock,
            "terms": terms,
            "closing": np.round(item.opening + np.cumsum(change), 3).tolist(),
            "orders": orders,
            "late": item.late,
            "late_quantity": item.late_quantity,
            "margin_at_risk": item.margin_at_risk,
            "stock_out": item.stock_out,
            "below_safety": item.below_safety,
            "moq_above_max": item.moq_above_max,
            "remedy": selection["remedy"].get(item.remedy, ""),
            "problem": selection["problem"].get(item.problem, ""),
            "why": item.why or False,
        }

    def _grid_orders(self, items):
        """``{(product, warehouse): [order]}`` of planned orders that come within the plan."""
        found = self.env["scm.planned.order"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("product_id", "in", items.product_id.ids),
                ("date_receipt", ">=", self.date_from),
                ("date_receipt", "<", self.date_from + timedelta(weeks=self.weeks)),
            ],
            order="date_receipt, id",
        )
        result = {}
        for order in found:
            key = (order.product_id.id, order.warehouse_id.id)
            result.setdefault(key, []).append(order._grid_order(self))
        return result
