from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [("planned", "Planned"), ("running", "On the Road"), ("done", "Done"), ("cancelled", "Cancelled")]


class ScmRoute(models.Model):
    """What one vehicle does on one day."""

    _name = "scm.route"
    _description = "Delivery Route"
    _inherit = ["mail.thread"]
    _order = "date DESC, vehicle_id, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    date = fields.Date(required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Depot", required=True, readonly=True, check_company=True)
    vehicle_id = fields.Many2one("scm.vehicle", required=True, readonly=True, check_company=True, ondelete="restrict")
    driver_id = fields.Many2one("res.users", tracking=True, index=True)
    state = fields.Selection(STATES, required=True, default="planned", readonly=True, tracking=True)
    stop_ids = fields.One2many("scm.route.stop", "route_id", "Stops")
    stop_count = fields.Integer(compute="_compute_counts")
    done_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    distance = fields.Float("Distance (km)", readonly=True, digits=(10, 1), help="With the way back; estimated.")
    distance_before = fields.Float(
        "Distance before (km)", readonly=True, digits=(10, 1), help="In the order in which the deliveries were listed."
    )
    weight = fields.Float("Load (kg)", compute="_compute_load")
    load = fields.Float("Load (%)", compute="_compute_load", help="Share of the vehicle's capacity in weight.")
    date_start = fields.Datetime("Left", readonly=True)
    date_back = fields.Datetime("Back", readonly=True, help="Expected, once done as it was.")
    why = fields.Json(readonly=True)

    _vehicle_day = models.UniqueIndex(
        "(vehicle_id, date) WHERE state IN ('planned', 'running')",
        "This vehicle has a route on that day already.",
    )

    @api.depends("vehicle_id", "date")
    def _compute_name(self):
        for route in self:
            route.name = f"{route.vehicle_id.name} {route.date}" if route.date else route.vehicle_id.name

    @api.depends("stop_ids.state")
    def _compute_counts(self):
        for route in self:
            states = route.stop_ids.mapped("state")
            route.stop_count = len(states)
            route.done_count = states.count("delivered")
            route.failed_count = states.count("failed")

    @api.depends("stop_ids.weight", "vehicle_id")
    def _compute_load(self):
        for route in self:
            route.weight = sum(route.stop_ids.mapped("weight"))
            capacity = route.vehicle_id._capacity()[0] if route.vehicle_id else 0
            route.load = route.weight / capacity if capacity else 0.0

    def _check_dispatcher(self):
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("Routes are planned by people of the warehouse (Inventory: User)."))
        self.check_access("write")

    def action_start(self):
        """The vehicle leaves: its parcels are out for delivery."""
        self._check_dispatcher()
        self._start()
        return True

    def _start(self):
        for route in self.filtered(lambda route: route.state == "planned"):
            missing = route.stop_ids.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            if missing:
                names = ", ".join(missing[:5].mapped("name"))
                raise UserError(
                    self.env._(
                        "%(route)s cannot leave: validate %(transfers)s first, so that what is loaded is booked out.",
                        route=route.name,
                        transfers=names,
                    )
                )
            now = fields.Datetime.now()
            route.write({"state": "running", "date_start": now})
            route.stop_ids._load_parcels()
            route.stop_ids._tell("out_for_delivery", now)
            route._retime()

    def action_done(self):
        """The vehicle is back; what was not tried goes to the next plan."""
        self._check_dispatcher()
        for route in self.filtered(lambda route: route.state in ("planned", "running")):
            route.stop_ids.filtered(lambda stop: stop.state == "todo").unlink()
            route.write({"state": "done" if route.stop_ids else "cancelled", "date_back": fields.Datetime.now()})
        return True

    def action_cancel(self):
        """Give the stops of planned routes back."""
        self._check_dispatcher()
        planned = self.filtered(lambda route: route.state == "planned")
        planned.stop_ids.unlink()
        planned.state = "cancelled"
        return True
