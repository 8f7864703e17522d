from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [("todo", "To do"), ("delivered", "Delivered"), ("failed", "Failed")]
REASONS = [
    ("nobody", "Nobody at home"),
    ("refused", "Refused"),
    ("address", "Address not found"),
    ("closed", "Closed"),
    ("damaged", "Damaged"),
    ("time", "No time"),
]


class ScmRouteStop(models.Model):
    """One address on a route, with all that goes there."""

    _name = "scm.route.stop"
    _description = "Stop of a Route"
    _order = "route_id, sequence, id"

    route_id = fields.Many2one("scm.route", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="route_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    partner_id = fields.Many2one("res.partner", "Address", required=True, readonly=True, index=True)
    picking_ids = fields.Many2many(
        "stock.picking", "scm_route_stop_picking_rel", "stop_id", "picking_id", "Transfers", readonly=True
    )
    parcel_ids = fields.Many2many(
        "scm.parcel", "scm_route_stop_parcel_rel", "stop_id", "parcel_id", "Parcels", readonly=True
    )
    latitude = fields.Float(digits=(10, 7), readonly=True)
    longitude = fields.Float(digits=(10, 7), readonly=True)
    is_estimated = fields.Boolean(
        "Place Estimated", readonly=True, help="The address has no position; its neighbours by zip code have."
    )
    weight = fields.Float("Weight (kg)", readonly=True)
    volume = fields.Float("Volume (l)", readonly=True)
    service_minutes = fields.Integer(readonly=True)
    window_from = fields.Float("From", readonly=True)
    window_to = fields.Float("Until", readonly=True)
    eta = fields.Datetime("Expected at", readonly=True)
    eta_planned = fields.Datetime("Planned at", readonly=True, help="As told when the vehicle left.")
    distance = fields.Float("Way (km)", readonly=True, digits=(10, 1), help="From the stop before.")
    minutes_late = fields.Integer(readonly=True, help="Minutes after its window.")
    is_locked = fields.Boolean("Locked", readonly=True, help="This stop and all before it stay where they are.")
    state = fields.Selection(STATES, required=True, default="todo", readonly=True, index=True)
    reason = fields.Selection(REASONS, readonly=True)
    note = fields.Char(readonly=True)
    signed_by = fields.Char(readonly=True)
    photo = fields.Image(max_width=1600, max_height=1600, readonly=True)
    signature = fields.Image(max_width=800, max_height=400, readonly=True)
    date_done = fields.Datetime("Done at", readonly=True)

    @api.depends("partner_id", "sequence")
    def _compute_display_name(self):
        for stop in self:
            stop.display_name = f"{stop.sequence}. {stop.partner_id.name}"

    def action_lock(self):
        """Lock or free these stops."""
        self.route_id._check_dispatcher()
        for stop in self:
            stop.is_locked = not stop.is_locked
        return True

    def _load_parcels(self):
        """Parcels that were made when the transfers were validated join their stop."""
        for stop in self:
            parcels = stop.picking_ids.scm_parcel_ids.filtered(lambda parcel: not parcel.is_final)
            stop.parcel_ids |= parcels

    def _tell(self, status, moment, **proof):
        """An event of the driver on all parcels of these stops, through the one intake."""
        for company, stops in self.grouped("company_id").items():
            rows = [
                {
                    "parcel_id": parcel.id,
                    "source": "driver",
                    "time": moment,
                    "raw_code": status,
                    "text": stop.note or "",
                    "status": status,
                    "place": stop.partner_id.city or "",
                    "user_id": self.env.uid,
                    **proof,
                }
                for stop in stops
                for parcel in stop.parcel_ids
            ]
            if rows:
                self.env["scm.parcel.event"]._ingest(company, rows)

    def _finish(self, state, reason=False, note="", signed_by="", photo=False, signature=False):
        """Delivered or failed, as the driver says; the rest of the route is timed again. Repeats change nothing.

        Callers check that the route is the driver's, or the user a dispatcher.
        """
        self.ensure_one()
        if self.route_id.state != "running":
            raise UserError(self.env._("%s has not left yet, or is over.", self.route_id.name))
        if self.state != "todo":
            return self
        if state == "failed" and reason not in dict(REASONS):
            raise UserError(self.env._("Say why %s could not be delivered.", self.partner_id.name))
        now = fields.Datetime.now()
        self.write(
            {
                "state": state,
                "reason": reason if state == "failed" else False,
                "note": (note or "")[:200],
                "signed_by": (signed_by or "")[:100],
                "photo": photo or False,
                "signature": signature or False,
                "date_done": now,
            }
        )
        proof = {"photo": photo or False, "signature": signature or False, "signed_by": signed_by or ""}
        self._tell("delivered" if state == "delivered" else "attempt_failed", now, **proof)
        self.route_id._retime()
        if all(stop.state != "todo" for stop in self.route_id.stop_ids):
            self.route_id.write({"state": "done", "date_back": now})
        return self
