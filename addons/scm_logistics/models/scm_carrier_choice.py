from odoo import api, fields, models


class ScmCarrierChoice(models.Model):
    """Which carrier a delivery should go with, what else could be had, what a person made of it and how it ended."""

    _name = "scm.carrier.choice"
    _description = "Choice of a Carrier"
    _order = "saving DESC, id DESC"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index="btree_not_null")
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True, ondelete="cascade", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Delivery Address", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    class_id = fields.Many2one("scm.customer.class", "Customer Class", readonly=True, ondelete="set null")
    rule_id = fields.Many2one("scm.carrier.rule", readonly=True, ondelete="set null")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="set null", index="btree_not_null")
    band_id = fields.Many2one("scm.weight.band", readonly=True, ondelete="set null")
    weight = fields.Float("Weight (kg)", readonly=True, digits="Stock Weight")
    value = fields.Monetary("Value of Goods", readonly=True)
    date_ship = fields.Date("Ships on", readonly=True)
    date_promised = fields.Date("Promised", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Present Carrier", readonly=True, index="btree_not_null")
    suggested_id = fields.Many2one("delivery.carrier", "Suggested Carrier", readonly=True, index="btree_not_null")
    chosen_id = fields.Many2one(
        "delivery.carrier", "Went With", readonly=True, help="The carrier with which the delivery goes by decision."
    )
    score_present = fields.Monetary("Cost Now", readonly=True, help="Expected: price, lateness, loss and damage.")
    score_suggested = fields.Monetary("Cost Suggested", readonly=True)
    saving = fields.Monetary(readonly=True, help="Expected cost now less expected cost suggested.")
    p_late_present = fields.Float("Late Now", readonly=True, aggregator="avg")
    p_late_suggested = fields.Float("Late Suggested", readonly=True, aggregator="avg")
    candidates = fields.Json(readonly=True)
    why = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("agreed", "Already Best"),
            ("applied", "Applied"),
            ("overridden", "Overridden"),
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
    is_automatic = fields.Boolean("Applied by Rule", readonly=True)
    is_measured = fields.Boolean("Outcome Known", readonly=True)
    is_late = fields.Boolean("Was Late", readonly=True)
    cost_real = fields.Monetary("Real Cost", readonly=True, help="Freight, lateness and loss as they came out.")
    regret = fields.Monetary(
        readonly=True, help="Real cost less what the carrier that was not taken was expected to cost. Above 0: a pity."
    )

    _one_open_picking = models.UniqueIndex(
        "(picking_id) WHERE picking_id IS NOT NULL AND state <> 'obsolete'", "This delivery has a choice already."
    )
    _one_open_order = models.UniqueIndex(
        "(order_id) WHERE picking_id IS NULL AND state <> 'obsolete'", "This order has a choice already."
    )
    _open_idx = models.Index("(company_id, state, saving DESC)")
    _outcome_idx = models.Index("(company_id) WHERE is_measured IS NOT TRUE AND state <> 'obsolete'")

    @api.depends("order_id", "picking_id")
    def _compute_display_name(self):
        for choice in self:
            choice.display_name = choice.picking_id.name or choice.order_id.name or self.env._("Choice of a carrier")
