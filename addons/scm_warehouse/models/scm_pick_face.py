from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmPickFace(models.Model):
    """A place from which one product is picked, filled again from bulk."""

    _name = "scm.pick.face"
    _description = "Pick Face"
    _order = "warehouse_id, location_id, product_id"
    _rec_names_search = ["location_id", "product_id"]

    active = fields.Boolean(default=True)
    location_id = fields.Many2one(
        "stock.location",
        "Place",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('usage', '=', 'internal'), ('warehouse_id', '!=', False)]",
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade", domain="[('is_storable', '=', True)]"
    )
    warehouse_id = fields.Many2one(related="location_id.warehouse_id", store=True, index=True)
    company_id = fields.Many2one(related="location_id.company_id", store=True, index=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    bulk_location_id = fields.Many2one(
        "stock.location",
        "Bulk",
        domain="[('usage', 'in', ('internal', 'view')), ('warehouse_id', '=', warehouse_id)]",
        help="Zone from which it is filled. Empty: anywhere in the warehouse but the product's pick faces.",
    )
    is_auto = fields.Boolean("From Demand", default=True, help="Minimum and maximum follow demand, once a night.")
    min_qty = fields.Float("Minimum", digits="Product Unit", help="Below it the face is filled.")
    max_qty = fields.Float("Maximum", digits="Product Unit", help="Up to which it is filled.")
    cover_days = fields.Float("Fill Every (days)", default=3.0, aggregator=None)
    reserve_days = fields.Float(
        "Reserve (days)", default=1.0, aggregator=None, help="Usual demand of this many days lies there at least."
    )
    refill_uom_id = fields.Many2one("uom.uom", "Brought in", help="Case or pallet. Empty: single units of the product.")
    room_qty = fields.Float("Room", digits="Product Unit", help="What the place can hold. 0: not known, no limit.")
    demand_per_day = fields.Float(readonly=True, digits=(16, 2), aggregator=None)
    busy_qty = fields.Float(
        "Busy Day", readonly=True, digits=(16, 2), aggregator=None, help="Not exceeded on nine days of ten."
    )
    demand_source = fields.Selection(
        [("picks", "Picks of the past"), ("forecast", "Forecast"), ("none", "No demand")], readonly=True
    )
    on_hand = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    taken = fields.Float(readonly=True, digits="Product Unit", aggregator=None, help="Reserved there by open orders.")
    coming = fields.Float(readonly=True, digits="Product Unit", aggregator=None, help="On its way there.")
    days_left = fields.Float(
        readonly=True, digits=(16, 1), aggregator=None, help="Until it is empty at the usual demand; 999: not picked."
    )
    status = fields.Selection(
        [
            ("now", "Fill now"),
            ("soon", "Fill soon"),
            ("empty", "No bulk"),
            ("locked", "Locked"),
            ("fine", "Enough"),
        ],
        readonly=True,
        index=True,
    )
    checked_at = fields.Datetime("Checked", readonly=True)
    why = fields.Json(readonly=True)
    proposal_ids = fields.One2many("scm.pick.face.proposal", "face_id")

    _place_product_uniq = models.UniqueIndex(
        "(location_id, product_id)", "This product has its pick face there already; it may be archived."
    )

    @api.depends("location_id", "product_id")
    def _compute_display_name(self):
        for face in self:
            face.display_name = f"{face.product_id.display_name or ''} @ {face.location_id.name or ''}"

    @api.constrains("min_qty", "max_qty", "room_qty", "cover_days", "reserve_days")
    def _check_quantities(self):
        for face in self:
            if min(face.min_qty, face.max_qty, face.room_qty, face.cover_days, face.reserve_days) < 0:
                raise ValidationError(
                    self.env._("%(face)s: quantities and days cannot be negative.", face=face.display_name)
                )
            if not face.is_auto and face.min_qty > face.max_qty:
                raise ValidationError(
                    self.env._("%(face)s: the minimum is more than the maximum.", face=face.display_name)
                )

    @api.constrains("location_id", "bulk_location_id", "product_id", "refill_uom_id")
    def _check_places(self):
        for face in self:
            place, bulk = face.location_id, face.bulk_location_id
            if place.usage != "internal" or not place.warehouse_id:
                raise ValidationError(
                    self.env._("%(place)s is not a place of stock in a warehouse.", place=place.display_name)
                )
            if bulk and (bulk == place or bulk.warehouse_id != place.warehouse_id):
                raise ValidationError(
                    self.env._("%(face)s: bulk has to be another place of the same warehouse.", face=face.display_name)
                )
            if face.product_id.company_id and face.product_id.company_id != place.company_id:
                raise ValidationError(
                    self.env._("%(face)s: the product belongs to another company.", face=face.display_name)
                )
            unit = face.refill_uom_id
            if unit and not unit._has_common_reference(face.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(face)s is counted in %(unit)s and cannot be brought in %(other)s.",
                        face=face.display_name,
                        unit=face.product_id.uom_id.name,
                        other=unit.name,
                    )
                )

    def _multiples(self):
        """``{face: units of the product in one case}``, at least the product's own rounding."""
        return {
            face: face.refill_uom_id._compute_quantity(1.0, face.product_id.uom_id, round=False)
            if face.refill_uom_id
            else (face.product_id.uom_id.rounding if face.product_id.uom_id.rounding > 1 else 1.0)
            for face in self
        }
