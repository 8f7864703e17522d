from odoo import api, fields, models
from odoo.exceptions import AccessError

from .scm_vendor_terms import FILL

STATES = [("proposed", "Proposed"), ("released", "RFQ Created"), ("cancelled", "Cancelled")]
LIMITS = [("weight", "Weight"), ("volume", "Volume"), ("pallets", "Pallets")]
PROBLEMS = [
    ("no_open_day", "The vendor takes orders on no day of the plan: correct its weekdays or its shut-downs."),
    ("vendor_archived", "The vendor is archived: unarchive it, or give the products another vendor."),
    ("no_rate", "The vendor's currency has no rate: enter one, its prices are counted one to one."),
    ("over_capacity", "The vendor cannot make so much in one week: order in parts or agree on more."),
    ("below_minimum", "The order stays below the vendor's minimum: raise quantities or wait."),
]


class ScmVendorOrder(models.Model):
    """What to order from one vendor for one warehouse on one day: planned orders that go together.

    :meth:`_refresh` (scm.vendor.order.refresh) rewrites the proposed ones after each plan and keeps their ids; the
    order builder changes quantities; :meth:`create_rfqs` makes the quotation once.
    """

    _name = "scm.vendor.order"
    _description = "Vendor Order"
    _order = "date_order, value desc, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    vendor_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade")
    date_order = fields.Date("Order By", readonly=True, index=True, help="Day on which to order all of it.")
    date_receipt = fields.Date("First Receipt", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="proposed", index=True)
    line_ids = fields.One2many("scm.planned.order", "vendor_order_id", "Lines", readonly=True)
    line_count = fields.Integer("Number of Lines", readonly=True)
    late_count = fields.Integer("Late Lines", readonly=True, help="Lines that come too late even when ordered today.")
    value = fields.Monetary(readonly=True, help="Lines that are ordered, in company currency, without tax.")
    min_order_value = fields.Monetary("Minimum", readonly=True, aggregator=None)
    freight_free_value = fields.Monetary("Freight Free From", readonly=True, aggregator=None)
    freight = fields.Monetary(readonly=True, help="Freight that this order costs.")
    saving = fields.Monetary(
        readonly=True, help="Saved by ordering together, what it costs to hold the stock earlier deducted."
    )
    weight = fields.Float("Weight (kg)", digits=(16, 1), readonly=True)
    volume = fields.Float("Volume (m³)", digits=(16, 2), readonly=True)
    pallets = fields.Float(digits=(16, 1), readonly=True)
    unknown_count = fields.Integer(
        "Lines Without Measures",
        readonly=True,
        help="Neither weight nor volume nor pallets are known: not in the fill.",
    )
    container_type_id = fields.Many2one("scm.container.type", "Container", readonly=True, ondelete="set null")
    fill_mode = fields.Selection(FILL, "Filling", readonly=True)
    container_count = fields.Integer("Containers", readonly=True)
    fill = fields.Float("Filled (%)", digits=(16, 1), readonly=True, aggregator="avg")
    limit = fields.Selection(LIMITS, "Limited By", readonly=True)
    cut_count = fields.Integer("Lines Left Out", readonly=True, help="Left out or postponed, so that the budget holds.")
    cut_value = fields.Monetary("Value Left Out", readonly=True)
    margin_cut = fields.Monetary(
        "Margin at Risk", readonly=True, help="Margin of the units that are left out for want of budget."
    )
    problem = fields.Selection(PROBLEMS, readonly=True)
    edited = fields.Boolean(readonly=True, help="A planner changed quantities.")
    why = fields.Json(readonly=True)
    purchase_order_id = fields.Many2one(
        "purchase.order", "RFQ", readonly=True, index="btree_not_null", ondelete="set null"
    )
    purchase_order_ids = fields.One2many("purchase.order", "scm_vendor_order_id", "Purchase Orders", readonly=True)
    to_minimum = fields.Monetary("Missing to Minimum", compute="_compute_missing")
    to_freight_free = fields.Monetary("Missing to Freight Free", compute="_compute_missing")
    minimum_percent = fields.Float("Minimum (%)", compute="_compute_missing")

    _due_idx = models.Index("(company_id, state, date_order)")

    @api.depends("vendor_id", "warehouse_id", "date_order")
    def _compute_display_name(self):
        for order in self:
            day = fields.Date.to_string(order.date_order) if order.date_order else ""
            order.display_name = f"{order.vendor_id.display_name} ({order.warehouse_id.code}) {day}".strip()

    @api.depends("value", "min_order_value", "freight_free_value")
    def _compute_missing(self):
        for order in self:
            order.to_minimum = max(order.min_order_value - order.value, 0.0)
            order.to_freight_free = max(order.freight_free_value - order.value, 0.0)
            least = order.min_order_value
            order.minimum_percent = min(100.0 * order.value / least, 100.0) if least else 100.0

    @api.model
    def _refresh(self, companies):
        """Join the planned orders of these companies again. See scm.vendor.order.refresh."""
        return self.env["scm.vendor.order.refresh"]._run(companies)

    @api.model
    def refresh_orders(self):
        """Join the planned orders of the present company again; public. Returns the number of proposed orders."""
        self._check_manager()
        self._refresh(self.env.company)
        return self.search_count([("company_id", "=", self.env.company.id), ("state", "=", "proposed")])

    # Buttons

    def action_open_builder(self):
        """The order builder of this order."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("scm_planning.scm_order_builder_action")
        return action | {"name": self.display_name, "context": {"scm_vendor_order_id": self.id}}

    def action_open_purchase_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_rfq")
        action |= {"domain": [("id", "in", self.purchase_order_ids.ids)], "context": {}}
        if len(self.purchase_order_ids) == 1:
            action |= {"res_id": self.purchase_order_ids.id, "view_mode": "form", "views": [(False, "form")]}
        return action

    def _write_changed(self, values):
        """Write only what differs, so that a second run touches nothing."""
        self.ensure_one()
        before = {name: self[name].id if self._fields[name].relational else self[name] for name in values}
        changed = {
            name: value
            for name, value in values.items()
            if before[name] != value and not (isinstance(value, float) and abs(before[name] - value) < 1e-6)
        }
        if changed:
            self.write(changed)

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(
                self.env._("Only a supply-chain manager may do this. Ask one, or ask an administrator for the role.")
            )
