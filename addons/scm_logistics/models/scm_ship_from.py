from odoo import api, fields, models


class ScmShipFrom(models.Model):
    """From which warehouse an order should leave, with which carrier, and what the others would cost."""

    _name = "scm.ship.from"
    _description = "Where to Ship from"
    _order = "saving DESC, id DESC"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", "Delivery Address", readonly=True)
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="set null")
    warehouse_id = fields.Many2one("stock.warehouse", "Ships from", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Present Carrier", readonly=True)
    suggested_warehouse_id = fields.Many2one("stock.warehouse", "Better from", readonly=True)
    suggested_carrier_id = fields.Many2one("delivery.carrier", "With", readonly=True)
    score_present = fields.Monetary("Cost Now", readonly=True)
    score_suggested = fields.Monetary("Cost Suggested", readonly=True)
    saving = fields.Monetary(readonly=True)
    parcels_present = fields.Integer("Shipments Now", readonly=True, aggregator="avg")
    parcels_suggested = fields.Integer("Shipments Suggested", readonly=True, aggregator="avg")
    options = fields.Json(readonly=True)
    why = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("agreed", "Already Best"),
            ("applied", "Applied"),
            ("rejected", "Rejected"),
            ("obsolete", "Obsolete"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    date_decided = fields.Datetime("Decided on", readonly=True)
    reason = fields.Char(readonly=True)

    _one_open = models.UniqueIndex("(order_id) WHERE state <> 'obsolete'", "This order has a proposal already.")

    @api.depends("order_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = one.order_id.name
