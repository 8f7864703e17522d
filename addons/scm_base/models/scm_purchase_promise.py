from odoo import fields, models


class ScmPurchasePromise(models.Model):
    """One row per change of a promised date. Rows are written by the system and stay as they are."""

    _name = "scm.purchase.promise"
    _description = "Change of a Promised Date"
    _order = "date_changed DESC, id DESC"
    _rec_name = "line_id"

    line_id = fields.Many2one("purchase.order.line", "Order Line", required=True, readonly=True, ondelete="cascade")
    order_id = fields.Many2one("purchase.order", required=True, readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", "Vendor", required=True, readonly=True, index=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date_from = fields.Date("Expected before", required=True, readonly=True)
    date_to = fields.Date("Expected now", required=True, readonly=True)
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Units of the line that the change is about, in its unit. 0: the whole line.",
    )
    date_promised = fields.Date(
        "Promised Date",
        readonly=True,
        help="Day that was promised for these units, on a line with several dates. Empty: the line's promised date.",
    )
    date_changed = fields.Datetime("Changed on", required=True, readonly=True)
    notice_days = fields.Integer(
        "Notice (days)",
        readonly=True,
        aggregator="avg",
        help="Days between the change and the day that was expected before. Negative: told when overdue.",
    )
    requested_by = fields.Selection(
        [("vendor", "Vendor"), ("us", "Us")],
        "Asked by",
        required=True,
        readonly=True,
        help="A change that the vendor asked for does not move the promise by which he is judged; ours does.",
    )
    user_id = fields.Many2one("res.users", "Entered by", readonly=True)
    channel = fields.Selection(
        [("portal", "Portal"), ("backend", "Odoo"), ("rpc", "Interface"), ("import", "Import")],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)

    _line_idx = models.Index("(line_id, requested_by, date_changed)")
