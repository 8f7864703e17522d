from odoo import api, fields, models
from odoo.exceptions import UserError

from ..kernel import vrp


class ScmRouteStop(models.Model):
    """A dispatcher's hand: what stays, what goes where."""

    _inherit = "scm.route.stop"

    is_fixed = fields.Boolean(compute="_compute_is_fixed", help="Done, locked, or before a stop that is.")

    @api.depends("is_locked", "state", "sequence", "route_id.stop_ids.is_locked", "route_id.stop_ids.state")
    def _compute_is_fixed(self):
        for route, stops in self.grouped("route_id").items():
            last = max((s.sequence for s in route.stop_ids if s.is_locked or s.state != "todo"), default=-1)
            for stop in stops:
                stop.is_fixed = stop.sequence <= last

    def _as_kernel(self):
        """This stop as the kernel takes it."""
        self.ensure_one()
        return vrp.Stop(
            self.id,
            self.latitude,
            self.longitude,
            self.weight,
            self.volume,
            60 * self.service_minutes,
            int(self.window_from * 3600),
            int((self.window_to or 24) * 3600),
        )

    def move_to(self, route_id, position):
        """Put this stop on a place of a route (its own or another of the same depot and day), and lock it there.

        :param position: 1 is the first stop that is still to do
        :raises UserError: when stop or route are over
        """
        self.ensure_one()
        route = self.env["scm.route"].browse(route_id)
        route._check_dispatcher()
        source = self.route_id
        source._check_dispatcher()
        if self.state != "todo" or route.state not in ("planned", "running"):
            raise UserError(self.env._("%s is done already, or its route is over.", self.partner_id.name))
        if route != source and "running" in (route.state, source.state):
            raise UserError(self.env._("%s is on the road: what is on board stays on board.", route.name))
        if (route.warehouse_id, route.date) != (source.warehouse_id, source.date):
            raise UserError(self.env._("%s is a route of another depot or day.", route.name))
        others = route.stop_ids - self
        done, todo = others.filtered(lambda s: s.state != "todo"), others.filtered(lambda s: s.state == "todo")
        place = max(min(int(position), len(todo) + 1), 1) - 1
        self.route_id = route
        order = [*done, *todo[:place], self, *todo[place:]]
        for number, stop in enumerate(order, 1):
            stop.sequence = number
        self.is_locked = True
        (route | source).invalidate_recordset(["stop_ids"])
        (route | source)._retime()
        return True
