from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

#: from level on, heaviest unit in kg, metres that a pick there is worth: bend, golden zone, stretch, ladder
USUAL_LEVELS = ((0, 0.0, 2.0), (1, 20.0, 0.0), (2, 12.0, 0.0), (3, 5.0, 6.0))
POSITIVE = ("scm_slotting_days", "scm_slotting_payback_days", "scm_slotting_load", "scm_slotting_products")


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_slotting_days = fields.Integer("Days of Picks", default=90, help="Picks of so many past days are counted.")
    scm_slotting_payback_days = fields.Integer(
        "Pays Back within (days)", default=60, help="Only moves that have earned their work after so many days."
    )
    scm_slotting_minutes = fields.Float(
        "Minutes per Trip", default=4.0, help="To take up, put down and book one load, the way not counted."
    )
    scm_slotting_load = fields.Float("Load of a Trip (kg)", default=150.0, digits="Stock Weight")
    scm_slotting_products = fields.Integer(
        "Products per Place",
        default=1,
        help="A place takes so many products, or as many as it holds already. A storage category that takes only one "
        "product is kept to.",
    )
    scm_slotting_moves = fields.Integer(
        "Most Moves", default=120, help="A proposal has at most so many moves, those that earn most. 0: all that pay."
    )
    scm_slotting_location_ids = fields.Many2many(
        "stock.location",
        "scm_slotting_location_rel",
        "warehouse_id",
        "location_id",
        "Zones to Rearrange",
        help="Only places in these zones; empty: all places of the stock.",
    )
    scm_slotting_level_ids = fields.One2many("scm.slotting.level", "warehouse_id", "Levels")

    @api.constrains(*POSITIVE, "scm_slotting_minutes", "scm_slotting_moves")
    def _check_scm_slotting(self):
        for warehouse in self:
            for name in POSITIVE:
                if warehouse[name] <= 0:
                    raise ValidationError(
                        self.env._(
                            "%(warehouse)s: “%(field)s” has to be more than zero.",
                            warehouse=warehouse.name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
            if warehouse.scm_slotting_minutes < 0 or warehouse.scm_slotting_moves < 0:
                raise ValidationError(
                    self.env._("%(warehouse)s: minutes and moves cannot be negative.", warehouse=warehouse.name)
                )

    @api.constrains("scm_slotting_location_ids")
    def _check_scm_slotting_zones(self):
        for warehouse in self:
            root = warehouse.lot_stock_id.parent_path or "-"
            if strange := warehouse.scm_slotting_location_ids.filtered(
                lambda zone, root=root: not (zone.parent_path or "").startswith(root)
            ):
                raise ValidationError(
                    self.env._(
                        "%(zone)s is no zone of the stock of %(warehouse)s.",
                        zone=strange[0].display_name,
                        warehouse=warehouse.name,
                    )
                )

    def action_scm_usual_levels(self):
        """Add the usual rules for levels where there are none: heavy low, golden zone between hip and shoulder."""
        self.check_access("read")
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can set rules for levels. Ask one of them."))
        self.env["scm.slotting.level"].create(
            [
                {"warehouse_id": warehouse.id, "level": level, "max_unit_kg": heaviest, "extra_metres": reach}
                for warehouse in self
                if not warehouse.scm_slotting_level_ids
                for level, heaviest, reach in USUAL_LEVELS
            ]
        )
        return True
