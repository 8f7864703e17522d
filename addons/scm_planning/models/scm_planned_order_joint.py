from odoo import api, fields, models

BUDGET_ACTIONS = [("keep", "Ordered"), ("postpone", "Postponed"), ("cut", "Left out")]


class ScmPlannedOrder(models.Model):
    """The part of a planned order that its vendor order decides."""

    _inherit = "scm.planned.order"

    vendor_order_id = fields.Many2one(
        "scm.vendor.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    price_joint = fields.Float(
        "Price Together",
        digits="Product Price",
        readonly=True,
        aggregator=None,
        help="Price per unit in company currency at the quantity that is ordered together.",
    )
    budget_action = fields.Selection(BUDGET_ACTIONS, "Budget Says", readonly=True, default="keep")
    budget_id = fields.Many2one(
        "scm.purchase.budget", readonly=True, index="btree_not_null", ondelete="set null", help="That said so."
    )
    budget_month = fields.Date("Paid From", readonly=True, help="Month whose budget pays for it.")
    margin_cut = fields.Monetary(
        "Margin If Left Out", readonly=True, help="Margin of the units needed, lost when they are not ordered."
    )
    joint_why = fields.Json("Why in This Order", compute="_compute_joint_why")

    @api.depends("vendor_order_id", "budget_action", "price_joint", "quantity", "date_order")
    def _compute_joint_why(self):
        for line in self:
            line.joint_why = line.vendor_order_id and line._prepare_joint_why()

    def _prepare_joint_why(self):
        order, unit, money = self.vendor_order_id, f"uom:{self.uom_id.id}", self.currency_id.name
        terms = [
            ("joint_need", self.quantity_net, unit),
            ("qty_to_order", self.quantity, unit),
            ("joint_own_day", fields.Date.to_string(self.date_order), ""),
            ("joint_day", fields.Date.to_string(order.date_order), ""),
            ("joint_price", self.price_joint, money),
            ("joint_margin", self.margin_cut, money),
        ]
        pulled = (self.date_order - order.date_order).days if self.date_order and order.date_order else 0
        notes = ["joint_pulled"] if pulled > 0 else ["joint_late"] if pulled < 0 else []
        notes += [f"budget_{self.budget_action}"] if self.budget_action in ("postpone", "cut") else []
        # an order of which nothing is left was dropped whole: what the budget leaves would not reach the minimum
        notes += ["budget_below_minimum"] if self.budget_id and order.min_order_value and not order.value else []
        notes += ["joint_by_hand"] if self.state == "firm" else []
        notes += ["joint_moq"] if self.quantity > self.quantity_net > 0 and self.state != "firm" else []
        return {
            "value": self.quantity,
            "unit": unit,
            "method": "joint_line",
            "formula": "joint_formula",
            "terms": [{"code": code, "value": value, **({"unit": its} if its else {})} for code, value, its in terms],
            "notes": notes,
        }

    def _prepare_builder_line(self, facts):
        """One row of the order builder: these lines of one product; ``facts``: ``_line_facts`` of the vendor order."""
        first, last = self[0], self[-1]
        product, order, fact = first.product_id, first.vendor_order_id, facts[first.id]
        demand, quantity = fact["demand_day"], sum(self.mapped("quantity"))
        days = [line.date_order for line in self if line.date_order]
        before = fact["position"] + fact["before"]
        today = self.env["scm.demand.day"]._scm_company_today(first.company_id)
        return {
            "id": first.id,
            "line_ids": self.ids,
            "product_id": product.id,
            "name": product.display_name,
            "unit": first.uom_id.display_name or "",
            "quantity": quantity,
            "quantity_net": sum(self.mapped("quantity_net")),
            "step": fact["step"],
            "moq": fact["moq"],
            "date_need": fields.Date.to_string(min(filter(None, self.mapped("date_need")), default=False)) or "",
            "date_order": fields.Date.to_string(min(days, default=False)) or "",
            "date_receipt": fields.Date.to_string(first.date_receipt) or "",
            "pulled_days": max([(day - order.date_order).days for day in days if order.date_order], default=0),
            "late": any(line.late or (line.date_order and line.date_order < today) for line in self),
            "cover_days": round(max(before + quantity, 0.0) / demand, 0) if demand > 0 else -1.0,
            "cover_before": round(max(before, 0.0) / demand, 0) if demand > 0 else -1.0,
            "price": first.price_joint,
            "price_listed": first.price_unit,
            "value": first.currency_id.round(sum(line.quantity * line.price_joint for line in self)),
            "margin": sum(self.mapped("margin_cut")),
            "measured": any((product.weight, product.volume, product.scm_units_per_pallet)),
            "firm": any(line.state == "firm" for line in self),
            "action": first.budget_action or "keep",
            "budget": first.budget_id.display_name or "",
            "budget_month": fields.Date.to_string(first.budget_month) or "",
            "why": last.joint_why if last.budget_action != "keep" else self._joint_why_together(),
        }

    def _joint_why_together(self):
        """Why record of these lines of one product as one."""
        why = dict(self[0].joint_why or {})
        if not why or len(self) == 1:
            return why
        totals = {
            "joint_need": sum(self.mapped("quantity_net")),
            "qty_to_order": sum(self.mapped("quantity")),
            "joint_margin": sum(self.mapped("margin_cut")),
        }
        terms = [{"code": "joint_lines", "value": len(self)}]
        terms += [term | {"value": totals.get(term["code"], term["value"])} for term in why["terms"]]
        notes = list(dict.fromkeys(note for line in self for note in line.joint_why["notes"]))
        return why | {"value": totals["qty_to_order"], "terms": terms, "notes": notes}
