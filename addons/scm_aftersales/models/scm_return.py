from odoo import api, fields, models

STATES = [
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("in_transit", "On Its Way"),
    ("received", "Received"),
    ("inspected", "Inspected"),
    ("settled", "Settled"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
#: states whose units are not free for another return
OPEN_STATES = ("requested", "approved", "in_transit", "received", "inspected")
#: what the customer may wish and a policy may allow
OUTCOMES = [
    ("refund", "Refund"),
    ("exchange", "Exchange"),
    ("repair", "Repair"),
    ("credit", "Store Credit"),
    ("keep", "Keep It, with Money Back"),
]
CHANNELS = [
    ("staff", "Staff"),
    ("portal", "Customer Portal"),
    ("tracking", "Tracking Page"),
    ("ticket", "Ticket"),
    ("api", "Integration"),
]


class ScmReturn(models.Model):
    """One request of a customer to give back parts of one order, from the first word to the money."""

    _name = "scm.return"
    _description = "Return"
    _inherit = ["portal.mixin", "rating.mixin", "mail.activity.mixin"]
    _order = "id DESC"
    _check_company_auto = True

    name = fields.Char("Number", required=True, copy=False, readonly=True, index="trigram", default="/")
    state = fields.Selection(
        STATES,
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="order_id.currency_id", help="Currency of the order.")
    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="restrict", check_company=True)
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="restrict")
    warehouse_id = fields.Many2one("stock.warehouse", "Comes Back to", required=True, index=True, check_company=True)
    channel = fields.Selection(CHANNELS, required=True, default="staff", readonly=True, index=True)
    user_id = fields.Many2one("res.users", "In Charge", domain=[("share", "=", False)], tracking=True, index=True)
    line_ids = fields.One2many("scm.return.line", "return_id", "Items", copy=True)
    parcel_ids = fields.One2many("scm.parcel", "scm_return_id", "Parcels", readonly=True)
    comment = fields.Text("Customer's Words")
    refusal = fields.Text("Why Refused", readonly=True, copy=False, help="In the words that the customer reads.")
    value = fields.Monetary(
        "Value of Goods", compute="_compute_value", store=True, help="What the customer paid for the items, with tax."
    )

    date_requested = fields.Datetime("Requested at", readonly=True, copy=False, default=fields.Datetime.now)
    date_approved = fields.Datetime("Approved at", readonly=True, copy=False)
    date_refused = fields.Datetime("Refused at", readonly=True, copy=False)
    date_in_transit = fields.Datetime("On Its Way since", readonly=True, copy=False)
    date_received = fields.Datetime("Received at", readonly=True, copy=False)
    date_inspected = fields.Datetime("Inspected at", readonly=True, copy=False)
    date_settled = fields.Datetime("Settled at", readonly=True, copy=False)
    date_closed = fields.Datetime("Closed at", readonly=True, copy=False)
    date_cancelled = fields.Datetime("Cancelled at", readonly=True, copy=False)
    state_since = fields.Datetime(compute="_compute_state_since", store=True, help="Start of the present state.")

    _company_idx = models.Index("(company_id, state)")
    _partner_idx = models.Index("(partner_id, id DESC)")

    @api.depends("line_ids.value")
    def _compute_value(self):
        for request in self:
            request.value = sum(request.line_ids.mapped("value"))

    @api.depends("state")
    def _compute_state_since(self):
        for request in self:
            request.state_since = request[f"date_{request.state}"] or request.date_requested

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for request in self:
            request.access_url = f"/my/returns/{request.id}"
        return result
