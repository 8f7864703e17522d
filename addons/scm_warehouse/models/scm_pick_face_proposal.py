from odoo import fields, models


class ScmPickFaceProposal(models.Model):
    """A quantity that should be brought from bulk to a pick face."""

    _name = "scm.pick.face.proposal"
    _description = "Refill of a Pick Face"
    _order = "urgency, needed_at, days_left, id"

    face_id = fields.Many2one("scm.pick.face", required=True, readonly=True, index=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    location_id = fields.Many2one("stock.location", "Place", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    bulk_location_id = fields.Many2one("stock.location", "From", required=True, readonly=True, ondelete="cascade")
    bulk_place_id = fields.Many2one(
        "stock.location",
        "Probably From",
        readonly=True,
        ondelete="set null",
        help="The bulk place with the oldest stock; the transfer reserves by the product's removal strategy.",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    refill_uom_id = fields.Many2one(related="face_id.refill_uom_id")
    quantity = fields.Float(readonly=True, digits="Product Unit")
    cases = fields.Float(readonly=True, digits=(16, 2), help="The quantity in cases or pallets of the face.")
    wanted_qty = fields.Float("Wanted", readonly=True, digits="Product Unit", help="Had bulk enough of it.")
    on_hand = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    taken = fields.Float("Taken by Orders", readonly=True, digits="Product Unit", aggregator=None)
    waiting = fields.Float(
        "Orders Waiting", readonly=True, digits="Product Unit", aggregator=None, help="Not reserved anywhere yet."
    )
    coming = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    days_left = fields.Float(readonly=True, digits=(16, 1), aggregator=None)
    needed_at = fields.Datetime(
        "Needed by", readonly=True, index=True, help="When the first order that empties it is picked."
    )
    urgency = fields.Selection([("now", "Now"), ("soon", "Soon")], required=True, readonly=True)
    state = fields.Selection(
        [("proposed", "Proposed"), ("applied", "Transfer"), ("done", "Done"), ("dismissed", "Dismissed")],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    dismissed_on = fields.Date(readonly=True, help="Not proposed again on this day.")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, index="btree_not_null")
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null", ondelete="set null")
    why = fields.Json(readonly=True)

    _one_open = models.UniqueIndex("(face_id) WHERE state = 'proposed'", "The face has an open proposal already.")
