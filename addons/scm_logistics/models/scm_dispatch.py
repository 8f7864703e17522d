from odoo import api, fields, models

from odoo.addons.scm_base.tools.zones import local_today, zone_name


class ScmRoute(models.Model):
    """What the dispatcher's page shows."""

    _inherit = "scm.route"

    @api.model
    @api.readonly
    def get_dispatch(self, date=False, warehouse_id=False):
        """Routes of a day and depot with their stops, times in the depot's zone.

        :return: ``{'date', 'warehouse_id', 'warehouses': [{'id', 'name'}], 'depot': [lat, lon] or False, 'open': count
            of deliveries not on a route, 'routes': [{'id', 'name', 'vehicle', 'driver', 'state', 'distance', 'load',
            'weight', 'back', 'why', 'stops': [...]}], 'sums', 'may_plan'}``
        """
        self.check_access("read")
        vehicles = self.env["scm.vehicle"].search([("company_id", "=", self.env.company.id)])
        warehouses = vehicles.warehouse_id
        warehouse = warehouses.filtered(lambda one: one.id == warehouse_id) or warehouses[:1]
        may_plan = self.env.user.has_group("stock.group_stock_user")
        day = fields.Date.to_date(date) if date else local_today(self.env.company, warehouse)
        routes = self.search(
            [("date", "=", day), ("warehouse_id", "=", warehouse.id), ("state", "!=", "cancelled")],
            order="vehicle_id, id",
        )
        zone = zone_name(self.env.company, warehouse)
        # sudo: the routes were found with the reader's own rights; what is on them is counted, not shown
        routes = routes.sudo()
        rows = [route._dispatch_row(zone) for route in routes]
        place = self._positions([warehouse.partner_id]).get(warehouse.partner_id.id) if warehouse.partner_id else None
        return {
            "date": day.isoformat(),
            "warehouse_id": warehouse.id or False,
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "depot": list(place[:2]) if place else False,
            "open": self._count_open(warehouse, routes) if warehouse and may_plan else 0,
            "routes": rows,
            "sums": {
                "stops": sum(len(row["stops"]) for row in rows),
                "done": sum(row["done"] for row in rows),
                "distance": round(sum(row["distance"] for row in rows), 1),
                "before": round(max((route.distance_before for route in routes), default=0.0), 1),
            },
            "may_plan": may_plan,
        }

    def _count_open(self, warehouse, routes):
        parcels = self._open_parcels(warehouse, ()) - routes.stop_ids.parcel_ids
        pickings = self._open_pickings(warehouse, ()) - routes.stop_ids.picking_ids
        return len(parcels) + len(pickings)

    def _dispatch_row(self, zone):
        clock = self.with_context(tz=zone)
        hour = lambda moment: (  # noqa: E731
            fields.Datetime.context_timestamp(clock, moment).strftime("%H:%M") if moment else ""
        )
        return {
            "id": self.id,
            "name": self.name,
            "vehicle": self.vehicle_id.name,
            "driver": self.driver_id.name or "",
            "state": self.state,
            "distance": self.distance,
            "weight": self.weight,
            "load": self.load,
            "done": self.done_count + self.failed_count,
            "back": hour(self.date_back),
            "why": self.why or False,
            "stops": [
                {
                    "id": stop.id,
                    "name": stop.partner_id.name or "",
                    "address": ", ".join(filter(None, (stop.partner_id.street, stop.partner_id.city))),
                    "lat": stop.latitude,
                    "lon": stop.longitude,
                    "eta": hour(stop.date_done or stop.eta),
                    "late": stop.minutes_late,
                    "locked": stop.is_locked,
                    "fixed": stop.is_fixed,
                    "estimated": stop.is_estimated,
                    "state": stop.state,
                    "weight": stop.weight,
                    "window": f"{_clock(stop.window_from)}–{_clock(stop.window_to)}" if stop.window_to else "",
                    "count": len(stop.parcel_ids | stop.picking_ids.scm_parcel_ids) or len(stop.picking_ids),
                }
                for stop in self.stop_ids
            ],
        }


def _clock(hours):
    return f"{int(hours):02d}:{round(hours % 1 * 60):02d}"
