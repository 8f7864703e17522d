from odoo import api, fields, models

from .scm_order_plan_item import REMEDIES

KINDS = [("buy", "Buy"), ("transfer", "Transfer"), ("make", "Make")]
STATES = [("proposed", "Proposed"), ("firm", "Firm"), ("released", "Released"), ("cancelled", "Cancelled")]
CHANGES = [
    ("new", "New"),
    ("quantity", "Quantity changed"),
    ("date", "Date changed"),
    ("vendor", "Vendor changed"),
    ("same", "Unchanged"),
]


class ScmPlannedOrder(models.Model):
    """One order that the plan proposes. It keeps its id as long as it serves the same need."""

    _name = "scm.planned.order"
    _description = "Planned Order"
    _order = "date_order, value desc, id"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="set null")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    kind = fields.Selection(KINDS, required=True, readonly=True, default="buy")
    vendor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="set null")
    supplierinfo_id = fields.Many2one("product.supplierinfo", "Price List Line", readonly=True, ondelete="set null")
    source_warehouse_id = fields.Many2one("stock.warehouse", "From Warehouse", readonly=True, ondelete="set null")
    quantity = fields.Float(digits="Product Unit", required=True)
    quantity_net = fields.Float(
        "Needed", digits="Product Unit", readonly=True, help="Before the vendor's least quantity and multiples."
    )
    date_order = fields.Date("Order By", readonly=True, index=True, help="Last day on which to order.")
    date_receipt = fields.Date("Receipt", help="Day on which the goods come when ordered by that day.")
    date_need = fields.Date("Needed On", readonly=True, help="Day on which stock would fall below safety stock.")
    price_unit = fields.Float(
        "Unit Price", digits="Product Price", readonly=True, aggregator=None, help="In company currency."
    )
    value = fields.Monetary(readonly=True, help="Quantity at this price, in company currency.")
    late = fields.Boolean("Too Late", readonly=True, help="Stock runs out before an order placed today can arrive.")
    late_quantity = fields.Float("Units Short", digits="Product Unit", readonly=True)
    margin_at_risk = fields.Monetary(readonly=True, help="Margin of the units that cannot be delivered in time.")
    remedy = fields.Selection(REMEDIES, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="proposed")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one("stock.move", "Stock Move", readonly=True, index="btree_not_null", ondelete="set null")
    change_code = fields.Selection(CHANGES, "Change", readonly=True, default="new")
    quantity_before = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    date_before = fields.Date(readonly=True, help="Receipt day before the last change.")
    reason = fields.Char(help="Why a planner changed it.")
    user_id = fields.Many2one("res.users", "Changed By", readonly=True, ondelete="set null")
    why = fields.Json(readonly=True)

    # no more than these: a large company writes a million rows a week, and each index is written with them
    _item_idx = models.Index("(company_id, product_id, warehouse_id)")
    _due_idx = models.Index("(company_id, state, date_order)")
    _quantity_positive = models.Constraint("CHECK(quantity >= 0)", "A planned quantity must not be negative.")

    @api.depends("product_id", "warehouse_id", "date_receipt")
    def _compute_display_name(self):
        for order in self:
            day = fields.Date.to_string(order.date_receipt) if order.date_receipt else ""
            order.display_name = f"{order.product_id.display_name} ({order.warehouse_id.code}) {day}".strip()

    def _dropped(self):
        """Hook: these proposed orders are about to be deleted, because the plan does not need them any more."""

    def _grid_order(self, plan):
        return {
            "id": self.id,
            "week": (self.date_receipt - plan.date_from).days // 7,
            "kind": self.kind,
            "state": self.state,
            "quantity": self.quantity,
            "date_order": fields.Date.to_string(self.date_order) if self.date_order else "",
            "date_receipt": fields.Date.to_string(self.date_receipt),
            "value": self.value,
            "late": self.late,
            "overdue": bool(self.date_order and self.date_order <= plan.date and self.state in ("proposed", "firm")),
            "partner": self.vendor_id.display_name or self.source_warehouse_id.display_name or "",
        }
