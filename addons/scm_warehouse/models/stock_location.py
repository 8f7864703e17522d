from odoo import fields, models


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
