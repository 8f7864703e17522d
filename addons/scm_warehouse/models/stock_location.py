from odoo import api, fields, models

#: what, when it changes, changes the ways
GEOMETRY = {"scm_aisle", "scm_bay", "scm_level", "scm_x", "scm_y", "location_id", "usage", "active"}


class StockLocation(models.Model):
    _inherit = "stock.location"

    scm_aisle = fields.Char("Aisle", help="Name of the aisle, as it is painted on the floor.")
    scm_bay = fields.Integer("Bay", help="Place along the aisle, counted from its front.", aggregator=None)
    scm_level = fields.Integer("Level", help="Height in the rack: 0 is the floor.", aggregator=None)
    scm_x = fields.Float("X (m)", digits=(16, 2), aggregator=None)
    scm_y = fields.Float("Y (m)", digits=(16, 2), aggregator=None)
    scm_z = fields.Float("Z (m)", digits=(16, 2), aggregator=None, help="Height of the place above the floor.")
    scm_distance = fields.Float(
        "Distance to Dock (m)",
        digits=(16, 1),
        readonly=True,
        copy=False,
        aggregator=None,
        help="Metres walked from the place to the dock, along the aisles. 0 with no way: no coordinates.",
    )
    scm_walk_sequence = fields.Integer(
        "Walking Order",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Rank of the place on a walk through the warehouse, aisle by aisle.",
    )
    scm_has_way = fields.Boolean("Has a Way", readonly=True, copy=False, help="Its distance to the dock is known.")
    scm_is_locked = fields.Boolean(
        "Locked", readonly=True, copy=False, index=True, help="Closed by an incident: nothing is reserved or put there."
    )

    @api.model_create_multi
    def create(self, vals_list):
        locations = super().create(vals_list)
        if any(vals.keys() & GEOMETRY for vals in vals_list):
            self.env["stock.warehouse"]._scm_travel_later()
        return locations

    def write(self, vals):
        done = super().write(vals)
        if vals.keys() & GEOMETRY:
            self.env["stock.warehouse"]._scm_travel_later()
        return done

    # Put-away

    @api.depends_context("scm_nearest_first")
    def _compute_child_internal_location_ids(self):
        """With ``scm_nearest_first``: places with a short way to the dock first, low levels first at one bay."""
        result = super()._compute_child_internal_location_ids()
        if self.env.context.get("scm_nearest_first"):
            for location in self:
                places = location.child_internal_location_ids
                location.child_internal_location_ids = places.sorted(
                    lambda place: (not place.scm_has_way, place.scm_distance, place.scm_level, place.scm_walk_sequence)
                )
        return result
