import secrets

from odoo import fields, models

#: canonical statuses, in the order in which a parcel usually passes them
STATUSES = [
    ("info_received", "Label made"),
    ("in_transit", "In Transit"),
    ("out_for_delivery", "Out for Delivery"),
    ("attempt_failed", "Attempt Failed"),
    ("available_for_pickup", "Ready for Pickup"),
    ("delivered", "Delivered"),
    ("exception", "Exception"),
    ("returned", "Returned to Sender"),
    ("expired", "Expired"),
]


class ScmParcel(models.Model):
    """One package on its way. Its state is a function of its events; what was promised is kept as it was promised."""

    _name = "scm.parcel"
    _description = "Parcel"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id DESC"
    _rec_name = "name"
    _check_company_auto = True

    name = fields.Char(required=True, copy=False, index="trigram", help="Tracking number, else a number of ours.")
    tracking_ref = fields.Char("Tracking Number", copy=False, index=True)
    direction = fields.Selection([("out", "To Customer"), ("return", "Return")], required=True, default="out")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier_id = fields.Many2one("delivery.carrier", check_company=True, index=True)
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True, index=True)
    partner_id = fields.Many2one("res.partner", "Delivery Address", index=True)
    picking_ids = fields.Many2many(
        "stock.picking", "scm_parcel_picking_rel", "parcel_id", "picking_id", "Transfers", copy=False
    )
    sale_ids = fields.Many2many("sale.order", "scm_parcel_sale_rel", "parcel_id", "order_id", "Orders", copy=False)
    package_id = fields.Many2one("stock.package", "Package", copy=False, index="btree_not_null")
    # frozen from the address, because addresses change and the past does not
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    zone_id = fields.Many2one("scm.zone", readonly=True, index="btree_not_null")
    band_id = fields.Many2one("scm.weight.band", readonly=True)
    weight = fields.Float("Weight (kg)", digits="Stock Weight")
    value = fields.Monetary("Value of Goods")
    cost_expected = fields.Monetary("Expected Freight", help="Price of the carrier when the parcel was handed over.")
    cost_invoiced = fields.Monetary("Invoiced Freight", readonly=True, copy=False)

    status = fields.Selection(STATUSES, required=True, default="info_received", readonly=True, index=True)
    sub_status = fields.Char(readonly=True)
    status_at = fields.Datetime("Status since", readonly=True)
    last_event_at = fields.Datetime("Last News", readonly=True)
    last_text = fields.Char("Last News Says", readonly=True)
    last_place = fields.Char("Last Place", readonly=True)
    is_final = fields.Boolean("Finished", readonly=True, index=True, help="Nothing can change any more.")
    attempts = fields.Integer("Failed Attempts", readonly=True)
    is_lost = fields.Boolean("Lost", readonly=True)
    is_damaged = fields.Boolean("Damaged", readonly=True)

    date_ordered = fields.Datetime("Ordered", readonly=True)
    date_ready = fields.Datetime("Ready", readonly=True, help="Packed: the last step before the dock was done.")
    date_handed = fields.Datetime("Handed Over", readonly=True, help="Left our dock.")
    date_first_scan = fields.Datetime("First Scan", readonly=True, help="The carrier's first sign of the parcel.")
    date_delivered = fields.Datetime("Delivered", readonly=True, index=True)

    date_promised = fields.Date("Promised", readonly=True, index=True, help="Day promised at order time; stays.")
    date_expected = fields.Date("Expected", readonly=True, index=True, help="Day that is expected now.")
    days_late = fields.Integer(readonly=True, aggregator="avg", help="Days after the promised day, so far or at last.")
    is_late = fields.Boolean("Late", readonly=True, index=True)

    event_ids = fields.One2many("scm.parcel.event", "parcel_id", "Events")
    promise_ids = fields.One2many("scm.parcel.promise", "parcel_id", "Changes of the Date")
    access_token = fields.Char(
        copy=False, readonly=True, groups="base.group_system", default=lambda self: secrets.token_urlsafe(24)
    )
    why = fields.Json(readonly=True)

    _tracking_idx = models.Index("(company_id, tracking_ref)")
    _open_idx = models.Index("(company_id, status) WHERE is_final IS NOT TRUE")
