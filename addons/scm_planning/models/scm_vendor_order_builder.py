"""The order builder: one vendor order with its container, its limits and its budgets; what a planner changes there."""

from datetime import date

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, groupby

from ..kernel.budget import CUT, Budget, cut
from ..kernel.joint_lot import DIMENSIONS, fill_equal_cover, price_at, raise_to_value
from ..kernel.proposal import round_up

#: most days of demand that filling may buy of a product whose policy sets no limit
FILL_COVER_DAYS = 180.0


class ScmVendorOrder(models.Model):
    _inherit = "scm.vendor.order"

    # Read

    @api.readonly
    def get_builder(self):
        """All that the order builder shows of this vendor order; public.

        :return: dict, see ``docs/integration.md``; amounts in company currency, quantities in the product's unit
        """
        self.ensure_one()
        self.check_access("read")
        facts = self._line_facts()
        manager = self.env.user.has_group("scm_base.scm_group_manager")
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("state", "problem")}
        return {
            "id": self.id,
            "name": self.display_name,
            "vendor": {"id": self.vendor_id.id, "name": self.vendor_id.display_name},
            "warehouse": self.warehouse_id.display_name,
            "currency_id": self.currency_id.id,
            "state": self.state,
            "state_label": labels["state"][self.state],
            "date_order": fields.Date.to_string(self.date_order) or "",
            "date_receipt": fields.Date.to_string(self.date_receipt) or "",
            "today": fields.Date.to_string(self.env["scm.demand.day"]._scm_company_today(self.company_id)),
            "can_edit": manager and self.state == "proposed",
            "can_release": manager and self.state == "proposed" and self.env["purchase.order"].has_access("create"),
            "problem": self.problem or "",
            "problem_label": labels["problem"].get(self.problem, ""),
            "why": self.why or {},
            "edited": self.edited,
            "lines": [lines._prepare_builder_line(facts) for lines in self._product_lines()],
            "container": self._prepare_container(),
            "totals": self._prepare_totals(),
            "budgets": self._prepare_budgets(),
        }

    def _product_lines(self, kept_only=False):
        """Lines by product and by what happens to them, each by day: one row of the builder, one line of the RFQ."""
        lines = self.line_ids.sorted(lambda line: (line.date_order or date.min, line.id))
        if kept_only:
            lines = lines.filtered(lambda line: line.budget_action == "keep")
        groups = groupby(lines, lambda line: (line.product_id, line.supplierinfo_id, line.budget_action))
        groups = [lines.browse(line.id for line in same) for _key, same in groups]
        return sorted(groups, key=lambda same: (same[0].product_id.display_name or "", same[0].id))

    def _prepare_totals(self):
        names = (
            "value", "min_order_value", "freight_free_value", "freight", "saving", "to_minimum", "to_freight_free",
            "line_count", "late_count", "cut_count", "cut_value", "margin_cut", "unknown_count", "weight", "volume",
            "pallets",
        )  # fmt: skip
        return {name: self[name] for name in names}

    def _prepare_container(self):
        container = self.container_type_id
        if not container:
            return False
        capacity = (container.payload_kg, container.volume_m3, container.pallets)
        labels = dict(self._fields["limit"]._description_selection(self.env))
        count = max(self.container_count, 1)
        bars = [
            {
                "code": code,
                "label": labels[code],
                "used": self[code],
                "capacity": most * count,
                "percent": round(100.0 * self[code] / (most * count), 1),
            }
            for code, most in zip(DIMENSIONS, capacity, strict=True)
            if most > 0
        ]
        return {
            "name": container.name,
            "count": self.container_count,
            "fill": self.fill,
            "limit": self.limit or "",
            "limit_label": labels.get(self.limit, ""),
            "bars": bars,
            "unknown": self.unknown_count,
        }

    def _prepare_budgets(self):
        """Budgets that pay for lines of this order."""
        budgets = self._budgets()
        return [
            {
                "id": budget.id,
                "name": budget.display_name,
                "category": budget.categ_id.display_name or "",
                "month": fields.Date.to_string(budget.month),
                "amount": budget.amount,
                "committed": budget.committed,
                "quoted": budget.quoted,
                "planned": budget.planned,
                "this": sum(
                    line.quantity * line.price_joint
                    for line in self.line_ids
                    if line.budget_action == "keep" and budget._pays_for(line)
                ),
                "left": budget.open,
                "message": budget.message,
            }
            for budget in budgets
        ]

    def _budgets(self):
        month = self.date_order and self.date_order.replace(day=1)
        budgets = self.env["scm.purchase.budget"].search(
            [("company_id", "=", self.company_id.id), ("month", "=", month)]
        )
        # they count what other records cost, so a value of before a change in this call must not stand
        budgets.invalidate_recordset(["committed", "quoted", "planned", "cut", "open", "used_percent", "message"])
        budgets = budgets.filtered(lambda budget: any(budget._pays_for(line) for line in self.line_ids))
        return budgets.sorted(lambda budget: (not budget.categ_id, budget.id))

    def _line_facts(self):
        """``{planned order: {'position', 'demand_day', 'before', 'cover_max', 'step', 'moq'}}`` in one query.

        ``position``: stock, receipts and quotations less what customers took; ``before``: planned orders of the same
        product that come before this one.
        """
        self.env["scm.vendor.order.input"]._flush()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, COALESCE(o.position, 0)::float8 AS position,
                       COALESCE(o.demand_day, 0)::float8 AS demand_day,
                       COALESCE(i.cover_max_days, 0)::float8 AS cover_max, s.step, COALESCE(s.moq, 0) AS moq,
                       (SELECT COALESCE(sum(b.quantity), 0)::float8
                          FROM scm_planned_order b
                         WHERE b.company_id = p.company_id AND b.product_id = p.product_id
                           AND b.warehouse_id = p.warehouse_id AND b.id <> p.id
                           AND b.state IN ('proposed', 'firm') AND (b.date_order, b.id) < (p.date_order, p.id)
                           AND COALESCE(b.budget_action, 'keep') = 'keep') AS before
                  FROM scm_planned_order p
                  JOIN product_product pp ON pp.id = p.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                  JOIN uom_uom own ON own.id = t.uom_id
             LEFT JOIN scm_policy_proposal o ON o.product_id = p.product_id AND o.warehouse_id = p.warehouse_id
             LEFT JOIN scm_inventory_policy i ON i.id = o.policy_id
             LEFT JOIN product_supplierinfo info ON info.id = p.supplierinfo_id
             LEFT JOIN LATERAL (
                           SELECT max(unit.factor / own.factor)::float8 AS step,
                                  min(l.min_qty * unit.factor / own.factor)::float8 AS moq
                             FROM product_supplierinfo l
                             JOIN uom_uom unit ON unit.id = l.product_uom_id
                            WHERE l.partner_id = p.vendor_id AND l.product_tmpl_id = t.id
                              AND l.product_uom_id = info.product_uom_id
                              AND (l.product_id IS NULL OR l.product_id = p.product_id)
                              AND (l.company_id IS NULL OR l.company_id = p.company_id)
                       ) s ON TRUE
                 WHERE p.vendor_order_id = ANY(%s)
                """,
                self.ids,
            )
        )
        facts = {row.pop("id"): row for row in rows}
        for line in self.line_ids:
            step = facts[line.id]["step"] or 1.0
            # a multiple below one piece (grams of kilograms) would make steps that nobody can see
            facts[line.id]["step"] = (
                step if step >= line.product_id.uom_id.rounding else line.product_id.uom_id.rounding
            )
        return facts

    # Change

    def set_quantity(self, line_id, quantity):
        """Set what is ordered of the product of a line, rounded up to the vendor's multiple and least quantity.

        Public; needs the role supply-chain manager. The product's lines of this order become one firm line, whose
        quantity the next plan keeps; 0 leaves them out. :return: as :meth:`get_builder`
        """
        lines = next((same for same in self._changeable()._product_lines() if line_id in same.ids), None)
        if not lines:
            raise UserError(self.env._("This line is not in %(order)s any more. Reload.", order=self.display_name))
        if not 0 <= quantity < 1e12:
            raise UserError(
                self.env._("%(product)s: enter a quantity of zero or more.", product=lines[0].product_id.display_name)
            )
        if not quantity:
            return self.leave_out(lines.ids)
        fact = self._line_facts()[lines[0].id]
        self._set_quantities([(lines, float(round_up(max(quantity, fact["moq"]), fact["step"])))])
        return self.get_builder()

    def leave_out(self, line_ids):
        """Do not order these lines now; the next plan looks at them again. Public; returns :meth:`get_builder`."""
        lines = self._changeable().line_ids.filtered(lambda line: line.id in line_ids)
        # sudo: role was checked by _changeable
        lines.sudo().write({"budget_action": "cut", "budget_id": False})
        self._update_figures()
        return self.get_builder()

    def take_back(self, line_ids):
        """Order lines after all that were left out. Public; returns :meth:`get_builder`."""
        lines = self._changeable().line_ids.filtered(lambda line: line.id in line_ids)
        # sudo: role was checked by _changeable
        lines.sudo().write({"budget_action": "keep", "budget_id": False})
        self._update_figures()
        return self.get_builder()

    def fill_container(self):
        """Fill the last container with what runs out first, in equal days of cover. Public; :meth:`get_builder`."""
        self._changeable()
        container = self.container_type_id
        if not container:
            raise UserError(
                self.env._(
                    "%(vendor)s has no container type. Choose one in the vendor's terms, then fill it.",
                    vendor=self.vendor_id.display_name,
                )
            )
        capacity = np.array([container.payload_kg, container.volume_m3, container.pallets])
        used = np.array([self.weight, self.volume, self.pallets])
        free = np.where(capacity > 0, capacity * max(self.container_count, 1) - used, np.inf)
        groups, columns = self._fill_columns()
        measures = self._measures(groups)
        added = fill_equal_cover(columns["cover"], columns["demand"], columns["step"], columns["room"], measures, free)
        self._add(groups, added)
        return self.get_builder()

    def reach_minimum(self):
        """Raise quantities, what runs out first before all, to the minimum order value, or if that is reached, to the
        freight-free limit. Public; returns :meth:`get_builder`."""
        self._changeable()
        missing = self.to_minimum or self.to_freight_free
        if not missing:
            return self.get_builder()
        groups, columns = self._fill_columns()
        price = np.array([same[0].price_joint for same in groups])
        added, left = raise_to_value(
            columns["cover"], columns["demand"], columns["step"], columns["room"], price, missing
        )
        if left > 0:
            raise UserError(
                self.env._(
                    "Even with the most cover that the policies allow, %(amount)s are missing. Raise quantities by "
                    "hand, or order later.",
                    amount=self.currency_id.format(left),
                )
            )
        self._add(groups, added)
        return self.get_builder()

    def cut_to_budget(self):
        """Leave out lines, least margin at risk per money first, until every budget holds. Public.

        Lines that were left out are looked at again. :return: as :meth:`get_builder`
        """
        self._changeable()
        # sudo: role was checked by _changeable
        lines = self.line_ids.sudo()
        lines.write({"budget_action": "keep", "budget_id": False})
        self._update_figures()
        budgets = self._budgets()
        month = self.date_order.year * 12 + self.date_order.month - 1
        cost = np.array([line.quantity * line.price_joint for line in lines])
        kernel = []
        for budget in budgets:
            member = np.array([budget._pays_for(line) for line in lines], bool)
            kernel.append(Budget(month, member, max(budget.open + float(cost[member].sum()), 0.0)))
        count = np.full(len(lines), month)
        cuts = cut(
            cost, lines.mapped("margin_cut"), count, count, np.zeros(len(lines), int), {0: self.min_order_value}, kernel
        )
        for line, action, source in zip(lines, cuts.action.tolist(), cuts.budget.tolist(), strict=True):
            if action == CUT:
                line.write({"budget_action": "cut", "budget_id": budgets[source].id})
        self._update_figures()
        return self.get_builder()

    # Helpers

    def _changeable(self):
        self.ensure_one()
        self._check_manager()
        self.check_access("read")
        if self.state != "proposed":
            raise UserError(
                self.env._("%(order)s is released or cancelled: change its RFQ instead.", order=self.display_name)
            )
        return self

    def _fill_columns(self):
        """Lines that are ordered by product, and arrays for the kernel."""
        facts, groups = self._line_facts(), self._product_lines(kept_only=True)
        first = [facts[same[0].id] for same in groups]
        cover = [
            fact["position"] + fact["before"] + sum(same.mapped("quantity"))
            for same, fact in zip(groups, first, strict=True)
        ]
        demand = np.array([fact["demand_day"] for fact in first])
        most = np.array([fact["cover_max"] or FILL_COVER_DAYS for fact in first])
        return groups, {
            "cover": np.array(cover),
            "demand": demand,
            "step": np.array([fact["step"] for fact in first]),
            "room": np.maximum(most * demand - cover, 0.0),
        }

    def _measures(self, groups):
        facts = self.env["scm.vendor.order.input"]._read(self.company_id, self.ids).lines.set_index("id")
        return facts.loc[[same[0].id for same in groups], list(DIMENSIONS)].to_numpy(float).reshape(-1, 3)

    def _add(self, groups, added):
        self._set_quantities(
            [
                (same, sum(same.mapped("quantity")) + more)
                for same, more in zip(groups, added.tolist(), strict=True)
                if more > 0
            ]
        )

    def _set_quantities(self, quantities):
        """Firm quantities: list of (lines of one product, quantity); figures follow.

        The first line takes it all. The others are proposals that it replaces, and go.
        """
        products = {lines[0].product_id.id for lines, _quantity in quantities}
        for lines, quantity in quantities:
            first, others = lines[0].sudo(), lines[1:].sudo()  # sudo: role was checked by _changeable
            first.write(
                {
                    "quantity": quantity,
                    "quantity_net": sum(lines.mapped("quantity_net")),
                    "margin_cut": sum(lines.mapped("margin_cut")),
                    "value": self.currency_id.round(quantity * first.price_unit),
                    "state": "firm",
                    "budget_action": "keep",
                    "budget_id": False,
                    "quantity_before": sum(lines.mapped("quantity")),
                    "user_id": self.env.uid,
                    "reason": self.env._("Order builder"),
                }
            )
            others.unlink()
        if products:
            self._reprice(products)
            self._update_figures()

    def _reprice(self, product_ids):
        """Price of these products at the quantity that is ordered together."""
        reader = self.env["scm.vendor.order.input"]
        data = reader._read(self.company_id, self.ids)
        data_lines = data.lines[data.lines["product_id"].isin(product_ids)]
        breaks = reader._read_breaks(self.company_id, data_lines, data.today)
        for line in self.line_ids.filtered(
            lambda line: line.product_id.id in breaks and line.product_id.id in product_ids
        ):
            minimums, prices = breaks[line.product_id.id]
            same = self.line_ids.filtered(
                lambda other, line=line: other.product_id == line.product_id and other.budget_action == "keep"
            )
            # sudo: as in _set_quantities
            line.sudo().price_joint = price_at(sum(same.mapped("quantity")), minimums, prices)

    def _update_figures(self):
        """Figures of these orders after a change by hand; terms stay as the plan read them."""
        self.env["scm.planned.order"].flush_model()
        for company in self.company_id:
            orders = self.filtered(lambda order, company=company: order.company_id == company)
            lines = self.env["scm.vendor.order.input"]._read(company, orders.ids).lines
            lines["order"] = lines["vendor_order_id"].astype(int)
            figures = self.env["scm.vendor.order.refresh"]._figures(company, lines)
            for order in orders.sudo():  # sudo: vendor orders are read-only for people; the role was checked
                values = figures.get(order.id)
                if values:
                    order._write_changed(values | order._values_after_edit(values))

    def _values_after_edit(self, values):
        problem = self.problem
        if problem in (False, "below_minimum"):
            problem = "below_minimum" if 0 < values["value"] < self.min_order_value else False
        why = dict(self.why or {})
        replaced = {
            "joint_lines": values["line_count"],
            "joint_containers": values["container_count"],
            "joint_fill": values["fill"] / 100.0,
            "joint_cut_value": values["cut_value"],
        }
        terms = [term | {"value": replaced.get(term["code"], term["value"])} for term in why.get("terms", [])]
        notes = [note for note in why.get("notes", []) if note not in ("joint_below_minimum", "joint_edited")]
        notes += ["joint_below_minimum"] if problem == "below_minimum" else []
        notes += ["joint_edited"] if values["edited"] else []
        return {"problem": problem, "why": why | {"value": values["value"], "terms": terms, "notes": notes}}
