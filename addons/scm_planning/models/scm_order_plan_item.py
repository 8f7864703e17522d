import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .scm_inventory_policy import ABC, XYZ

SUPPLY = [("buy", "Buy"), ("transfer", "Transfer"), ("make", "Make"), ("none", "None")]
REMEDIES = [
    ("expedite", "Expedite an open receipt"),
    ("transfer", "Transfer from another warehouse"),
    ("substitute", "Offer another product"),
    ("tell", "Tell the customers"),
]
PROBLEMS = [
    ("no_vendor", "No vendor: add one on the product's Purchase page, or a route that supplies it."),
    ("no_lead_time", "The vendor has no lead time: type one in the price list or receive an order."),
    ("unit_mismatch", "The vendor's unit cannot be converted into the product's: correct it in the price list."),
    ("circular_transfer", "Warehouses resupply each other in a circle: correct the resupply routes."),
    ("no_open_day", "The vendor has no open day within the plan: correct its shut-downs."),
]

#: orders of a week: the one that an edit changes first
EDIT_ORDER = {"firm": 0, "proposed": 1}


class ScmOrderPlanItem(models.Model):
    """The plan of one product in one warehouse. Rows are written by SQL."""

    _name = "scm.order.plan.item"
    _description = "Order Plan of a Product"
    _order = "margin_at_risk desc, planned_value desc, id"
    _rec_name = "product_id"
    _check_company_auto = True

    plan_id = fields.Many2one("scm.order.plan", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, index=True, ondelete="set null")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    abc = fields.Selection(ABC, "ABC", readonly=True)
    xyz = fields.Selection(XYZ, "XYZ", readonly=True)
    supply = fields.Selection(SUPPLY, readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="set null")
    supplierinfo_id = fields.Many2one("product.supplierinfo", "Price List Line", readonly=True, ondelete="set null")
    source_warehouse_id = fields.Many2one("stock.warehouse", "From Warehouse", readonly=True, ondelete="set null")
    lead_time_days = fields.Float("Lead Time (days)", digits=(16, 1), readonly=True, aggregator="avg")
    unit_cost = fields.Float(digits="Product Price", readonly=True, aggregator=None)

    opening = fields.Float("On Hand", digits="Product Unit", readonly=True)
    safety_stock = fields.Float(digits="Product Unit", readonly=True)
    weeks = fields.Json(
        readonly=True,
        help="Per week: receipts, draft (quotations), orders, forecast, planned, transfer_in, transfer_out, "
        "dependent. A term that is zero in all weeks is left out. Read it through get_grid or get_item.",
    )
    date_stock_out = fields.Date("Out of Stock", readonly=True, help="First week in which stock does not suffice.")
    date_below_safety = fields.Date("Below Safety Stock", readonly=True, help="First week below safety stock.")
    date_next_order = fields.Date("Order By", readonly=True, help="Day by which the next order must be placed.")
    planned_quantity = fields.Float("Planned", digits="Product Unit", readonly=True, help="Within the plan.")
    planned_value = fields.Monetary(readonly=True)
    stock_out = fields.Boolean("Stock-Out", readonly=True)
    below_safety = fields.Boolean(readonly=True)
    late = fields.Boolean("Cannot Be Saved by Ordering Today", readonly=True)
    late_quantity = fields.Float("Units Short", digits="Product Unit", readonly=True)
    margin_at_risk = fields.Monetary(readonly=True)
    remedy = fields.Selection(REMEDIES, readonly=True)
    moq_above_max = fields.Boolean("Minimum Lot Above Maximum Stock", readonly=True)
    problem = fields.Selection(PROBLEMS, readonly=True)
    exception = fields.Boolean(readonly=True, help="Late, out of stock, below safety stock, or cannot be planned.")
    why = fields.Json(readonly=True)

    _product_uniq = models.Constraint(
        "UNIQUE(product_id, warehouse_id)", "A product has one row of the plan in each warehouse."
    )
    _list_idx = models.Index("(company_id, margin_at_risk DESC, planned_value DESC, id)")
    _exception_idx = models.Index("(company_id) WHERE exception")

    @api.depends("product_id", "warehouse_id")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.product_id.display_name} ({item.warehouse_id.code})"

    # By hand

    def _set_planned(self, week, quantity, reason):
        """Make what is planned to come in a week this quantity; the caller has checked role and access."""
        self.ensure_one()
        first = self.plan_id.date_from + timedelta(weeks=week)
        day = self._earliest(first) if quantity else first
        orders = self.env["scm.planned.order"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("state", "in", ("proposed", "firm", "cancelled")),
                ("date_receipt", ">=", first),
                ("date_receipt", "<", first + timedelta(weeks=1)),
            ]
        )
        live = orders.filtered(lambda order: order.state != "cancelled")
        chosen = live.sorted(lambda order: (EDIT_ORDER[order.state], order.kind == "transfer", order.id))[:1]
        values = {"user_id": self.env.uid} | ({"reason": reason} if reason else {})
        if not quantity:
            live.write(values | {"state": "cancelled"})
        else:
            (orders - live).unlink()
            (live - chosen).write(values | {"state": "cancelled"})
            chosen = chosen or self._new_planned(day)
            before = {"quantity_before": chosen.quantity, "date_before": chosen.date_receipt}
            chosen.write(values | before | {"quantity": quantity, "state": "firm"})
            chosen._follow()
        self.env["scm.order.plan"]._refresh(self.company_id, self.product_id.ids)

    def _earliest(self, first):
        """First day of the week that starts on ``first`` on which an order placed today can be there."""
        earliest = self.plan_id.date + timedelta(days=math.ceil(self.lead_time_days))
        if earliest > first + timedelta(days=6):
            raise UserError(
                self.env._(
                    "%(product)s ordered today comes on %(day)s. Plan it for the week of that day or a later one.",
                    product=self.display_name,
                    day=format_date(self.env, earliest),
                )
            )
        return max(first, earliest)

    def _new_planned(self, day):
        if self.supply == "none":
            raise UserError(
                self.env._(
                    "%(product)s cannot be ordered: nobody supplies it. Add a vendor on its Purchase page.",
                    product=self.display_name,
                )
            )
        return self.env["scm.planned.order"].create(
            {
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "product_id": self.product_id.id,
                "warehouse_id": self.warehouse_id.id,
                "categ_id": self.categ_id.id,
                "uom_id": self.uom_id.id,
                "kind": self.supply,
                "vendor_id": self.vendor_id.id,
                "supplierinfo_id": self.supplierinfo_id.id,
                "source_warehouse_id": self.source_warehouse_id.id,
                "quantity": 0.0,
                "date_receipt": day,
                "date_need": day,
                "price_unit": self.unit_cost,
            }
        )
