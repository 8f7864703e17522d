from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..kernel.aisle_graph import Layout

#: what, when it changes, changes the ways
LAYOUT_FIELDS = {
    "scm_aisle_spacing",
    "scm_bay_length",
    "scm_cross_margin",
    "scm_cross_front",
    "scm_cross_back",
    "scm_cross_middle",
    "scm_aisle_axis",
    "lot_stock_id",
    "active",
}


class StockWarehouse(models.Model):
    """How the hall is built."""

    _inherit = "stock.warehouse"

    scm_aisle_axis = fields.Selection(
        [("x", "Along X"), ("y", "Along Y")],
        "Aisles Run",
        help="Empty: found from the coordinates of the places.",
    )
    scm_aisle_spacing = fields.Float(
        "From Aisle to Aisle (m)", default=4.0, help="Used where places have no coordinates, only aisle and bay."
    )
    scm_bay_length = fields.Float("From Bay to Bay (m)", default=2.8, help="Used where places have no coordinates.")
    scm_level_height = fields.Float(
        "From Level to Level (m)", default=1.2, help="Used where places have no height of their own."
    )
    scm_cross_margin = fields.Float(
        "Racks to Cross Aisle (m)", default=2.0, help="From the first and the last bay to the cross aisle beyond it."
    )
    scm_cross_front = fields.Boolean("Cross Aisle at the Front", default=True, help="At the lower coordinates.")
    scm_cross_back = fields.Boolean("Cross Aisle at the Back", default=True)
    scm_cross_middle = fields.Char(
        "Cross Aisles Between", help="Metres along the aisles at which further cross aisles lie, for example: 20; 40."
    )
    scm_putaway_nearest = fields.Boolean(
        "Closest Location by Metres",
        default=True,
        help="Put-away rules to the closest location take the place with the shortest way to the dock, instead of the "
        "first one by its name.",
    )
    scm_dock_ids = fields.One2many("scm.dock", "warehouse_id", "Docks")
    scm_aisle_ids = fields.One2many("scm.aisle", "warehouse_id", "Aisles")
    scm_lost_names = fields.Char(readonly=True, copy=False, export_string_translation=False)
    scm_lost_reasons = fields.Json(readonly=True, copy=False)
    scm_travel_at = fields.Datetime("Ways Measured", readonly=True, copy=False)
    scm_place_count = fields.Integer("Places", readonly=True, copy=False)
    scm_lost_count = fields.Integer("Places without a Way", readonly=True, copy=False)

    @api.constrains("scm_aisle_spacing", "scm_bay_length", "scm_level_height", "scm_cross_margin")
    def _check_scm_lengths(self):
        for warehouse in self:
            lengths = (warehouse.scm_aisle_spacing, warehouse.scm_bay_length, warehouse.scm_level_height)
            if min(lengths) <= 0 or warehouse.scm_cross_margin < 0:
                raise ValidationError(
                    self.env._(
                        "%(name)s: give the distances between aisles, bays and levels in metres, more than zero.",
                        name=warehouse.name,
                    )
                )

    @api.constrains("scm_cross_front", "scm_cross_back", "scm_cross_middle")
    def _check_scm_cross(self):
        for warehouse in self:
            middle = warehouse._scm_middle()
            if not (warehouse.scm_cross_front or warehouse.scm_cross_back or middle):
                raise ValidationError(
                    self.env._("%(name)s: its aisles need at least one cross aisle.", name=warehouse.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        self._scm_travel_later()
        return warehouses

    def write(self, vals):
        done = super().write(vals)
        if vals.keys() & LAYOUT_FIELDS:
            self._scm_travel_later()
        return done

    # What others call

    def refresh_travel(self):
        """Measure the ways of these warehouses now; for supply-chain and stock managers, also over RPC.

        :return: ``{"places": number of places, "without_way": how many of them have no way}``
        """
        self._check_scm_layout_role()
        self.check_access("read")
        self._scm_refresh_travel()
        return {
            "places": sum(self.mapped("scm_place_count")),
            "without_way": sum(self.mapped("scm_lost_count")),
        }

    def action_refresh_travel(self):
        """Measure the ways and say what came of it."""
        found = self.refresh_travel()
        if found["without_way"]:
            message = self.env._(
                "%(lost)s of %(places)s places have no way yet: give them coordinates, or an aisle and a bay.",
                lost=found["without_way"],
                places=found["places"],
            )
        else:
            message = self.env._("The ways to %(places)s places are known.", places=found["places"])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if found["without_way"] else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_scm_places(self):
        """The places of the warehouse, those without a way first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_warehouse.scm_place_action")
        return action | {"domain": [("usage", "=", "internal"), ("warehouse_id", "=", self.id)], "context": {}}

    def _check_scm_layout_role(self):
        groups = ("scm_base.scm_group_manager", "stock.group_stock_manager")
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._("Only supply-chain managers and inventory managers may measure ways. Ask one of them.")
            )

    @api.model
    def _scm_travel_later(self):
        """Measure the ways when whoever changes the hall is done."""
        # sudo: starting the one cron of the ways needs no right of its own
        cron = self.env.ref("scm_warehouse.scm_travel_cron", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _cron_scm_travel(self):
        self.search([])._scm_refresh_travel()  # pylint: disable=no-search-all

    def _scm_middle(self):
        """Positions of the cross aisles between front and back."""
        self.ensure_one()
        words = (self.scm_cross_middle or "").replace(";", " ").split()
        try:
            return tuple(float(word) for word in words)
        except ValueError as problem:
            raise ValidationError(
                self.env._(
                    "%(name)s: “%(text)s” are no metres. Write the cross aisles like this: 20; 40.",
                    name=self.name,
                    text=self.scm_cross_middle,
                )
            ) from problem

    def _scm_layout(self):
        self.ensure_one()
        return Layout(
            spacing=self.scm_aisle_spacing,
            bay=self.scm_bay_length,
            margin=self.scm_cross_margin,
            front=self.scm_cross_front,
            back=self.scm_cross_back,
            middle=self._scm_middle(),
            axis=self.scm_aisle_axis or "",
        )
