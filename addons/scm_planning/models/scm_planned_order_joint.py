from odoo import api, fields, models

BUDGET_ACTIONS = [("keep", "Ordered"), ("postpone", "Postponed"), ("cut", "Left out")]


class ScmPlannedOrder(models.Model):
    """The part of a planned order that its vendor order decides."""

    _inherit = "scm.planned.order"

    vendor_order_id = fields.Many2one(
        "scm.vendor.order", "Vendor Order", readonly=True, index="btree_not_null", ondelete="set null"
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

    def _prepare_builder_line(self, fact):
        """One line of the order builder; ``fact``: see ``_line_facts`` of the vendor order."""
        self.ensure_one()
        product, order, demand = self.product_id, self.vendor_order_id, fact["demand_day"]
        today = self.env["scm.demand.day"]._scm_company_today(self.company_id)
        pulled = (self.date_order - order.date_order).days if self.date_order and order.date_order else 0
        after = fact["position"] + fact["before"] + self.quantity
        measures = (product.weight, product.volume, product.scm_units_per_pallet)
        return {
            "id": self.id,
            "product_id": product.id,
            "name": product.display_name,
            "unit": self.uom_id.display_name or "",
            "quantity": self.quantity,
            "quantity_net": self.quantity_net,
            "step": fact["step"],
            "moq": fact["moq"],
            "date_need": fields.Date.to_string(self.date_need) or "",
            "date_order": fields.Date.to_string(self.date_order) or "",
            "date_receipt": fields.Date.to_string(self.date_receipt) or "",
            "pulled_days": pulled,
            "late": bool(self.late or (self.date_order and self.date_order < today)),
            "cover_days": round(max(after, 0.0) / demand, 0) if demand > 0 else -1.0,
            "cover_before": round(max(after - self.quantity, 0.0) / demand, 0) if demand > 0 else -1.0,
            "price": self.price_joint,
            "price_listed": self.price_unit,
            "value": self.currency_id.round(self.quantity * self.price_joint),
            "margin": self.margin_cut,
            "measured": any(measures),
            "firm": self.state == "firm",
            "action": self.budget_action or "keep",
            "budget": self.budget_id.display_name or "",
            "budget_month": fields.Date.to_string(self.budget_month) or "",
            "why": self.joint_why or {},
        }
