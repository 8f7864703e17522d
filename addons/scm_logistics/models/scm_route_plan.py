from collections import defaultdict
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_moment, local_today, utc_moment, zone_name

from ..kernel import vrp

MOST_STOPS = 600
SERVICE_MINUTES = 5
#: seconds to search; about 100 stops and 5 vehicles are done well before
SEARCH_SECONDS = 12


class ScmRoute(models.Model):
    """Planning: deliveries of a day become stops, stops become routes; what is locked or done stays."""

    _inherit = "scm.route"

    @api.model
    def plan_day(self, date, warehouse_id, picking_ids=(), max_seconds=SEARCH_SECONDS):
        """Plan, or plan again, the routes of a day for all vehicles of a depot.

        Deliveries: of ``picking_ids`` (in their order, with which the plan is compared), else all ready or loaded ones
        of the depot's own carriers, and what is on routes of that day already. Stops that are locked or done stay, and
        all before them; vehicles on the road go on from there.

        :param date: ISO date or date
        :return: ``{'routes': [ids], 'unserved': [names], 'unplaced': [names], 'distance': km, 'distance_before': km}``
        :raises UserError: without vehicles, or with more than 600 stops
        """
        self._check_dispatcher()
        date = fields.Date.to_date(date)
        warehouse = self.env["stock.warehouse"].browse(warehouse_id)
        warehouse.check_access("read")
        vehicles = self.env["scm.vehicle"].search([("warehouse_id", "=", warehouse.id)])
        if not vehicles:
            raise UserError(
                self.env._("%s has no vehicle. Add one under Configuration, Delivery, Vehicles.", warehouse.name)
            )
        routes = self._routes_of(date, vehicles)
        running = self.browse().union(*routes.values()).filtered(lambda route: route.state == "running")
        for route in running:
            route._reorder(max_seconds)  # what is on board stays on board
        vehicles -= running.vehicle_id
        routes = {vehicle: route for vehicle, route in routes.items() if route not in running}
        groups = self._gather(date, warehouse, routes, picking_ids)
        if len(groups) > MOST_STOPS:
            raise UserError(
                self.env._("%(count)s stops are more than one plan takes (%(most)s). Plan fewer at a time.",
                           count=len(groups), most=MOST_STOPS)
            )  # fmt: skip
        placed = self._positions(list(groups))
        unplaced = [partner.display_name for partner in groups if partner.id not in placed]
        stops = {p: self._kernel_stop(p, goods, placed[p.id]) for p, goods in groups.items() if p.id in placed}
        made = self._lay(date, warehouse, vehicles, routes, groups, stops, max_seconds)
        return made | {"routes": running.ids + made["routes"], "unplaced": unplaced}

    def _routes_of(self, date, vehicles):
        """Open routes of the day by vehicle; missing ones are not made yet."""
        found = self.search(
            [("date", "=", date), ("vehicle_id", "in", vehicles.ids), ("state", "in", ("planned", "running"))]
        )
        return {route.vehicle_id: route for route in found}

    def _gather(self, date, warehouse, routes, picking_ids):
        """What goes where: ``{partner: (pickings, parcels)}`` of all that is not fixed on a route."""
        fixed = self.browse().union(*routes.values()).stop_ids.filtered("is_fixed")
        free = self.browse().union(*routes.values()).stop_ids - fixed
        taken = (
            self.env["scm.route.stop"].search(
                [("route_id.state", "in", ("planned", "running")), ("id", "not in", free.ids), ("state", "=", "todo")]
            )
            | fixed
        )
        pickings = self._open_pickings(warehouse, picking_ids) | free.picking_ids
        pickings -= taken.picking_ids
        parcels = self._open_parcels(warehouse, picking_ids) | free.parcel_ids.filtered(lambda one: not one.is_final)
        parcels -= taken.parcel_ids
        listed = {id_: number for number, id_ in enumerate(picking_ids)}
        pickings = pickings.sorted(lambda picking: listed.get(picking.id, len(listed)))
        groups = defaultdict(lambda: (self.env["stock.picking"], self.env["scm.parcel"]))
        for picking in pickings.filtered("partner_id"):
            mine = groups[picking.partner_id]
            groups[picking.partner_id] = (mine[0] | picking, mine[1])
        for parcel in parcels.filtered(lambda one: one.partner_id and not (one.picking_ids & pickings)):
            mine = groups[parcel.partner_id]
            groups[parcel.partner_id] = (mine[0], mine[1] | parcel)
        return dict(groups)

    def _open_pickings(self, warehouse, picking_ids):
        """Ready deliveries of the own fleet, or those asked for."""
        domain = Domain("picking_type_id.warehouse_id", "=", warehouse.id) & Domain(
            "picking_type_code", "=", "outgoing"
        )
        domain &= Domain("state", "=", "assigned")
        if picking_ids:
            return self.env["stock.picking"].search(domain & Domain("id", "in", list(picking_ids)))
        return self.env["stock.picking"].search(domain & Domain("carrier_id.scm_is_manual", "=", True))

    def _open_parcels(self, warehouse, picking_ids):
        """Parcels that left the shelf but not the yard, or came back after a failed attempt."""
        domain = Domain("warehouse_id", "=", warehouse.id) & Domain("is_final", "=", False)
        domain &= Domain("direction", "=", "out") & Domain("carrier_id.scm_is_manual", "=", True)
        if picking_ids:
            domain &= Domain("picking_ids", "in", list(picking_ids))
        return self.env["scm.parcel"].search(domain)

    @api.model
    def _positions(self, partners):
        """``{partner id: (latitude, longitude, estimated)}``: their own, else the mean of neighbours with their zip."""
        found, rest = {}, []
        for partner in partners:
            if partner.partner_latitude or partner.partner_longitude:
                found[partner.id] = (partner.partner_latitude, partner.partner_longitude, False)
            elif partner.zip:
                rest.append(partner)
        if rest:
            # sudo: a mean of positions, for dispatchers who may not read all contacts
            rows = (
                self.env["res.partner"]
                .sudo()
                ._read_group(
                    [
                        ("zip", "in", [partner.zip for partner in rest]),
                        ("partner_latitude", "!=", 0),
                    ],
                    ["zip", "country_id"],
                    ["partner_latitude:avg", "partner_longitude:avg"],
                )
            )
            means = {(code, country.id): (lat, lon, True) for code, country, lat, lon in rows}
            for partner in rest:
                if (partner.zip, partner.country_id.id) in means:
                    found[partner.id] = means[partner.zip, partner.country_id.id]
        return found

    def _kernel_stop(self, partner, goods, place):
        pickings, parcels = goods
        factor = self.env["scm.parcel"]._weight_factor()
        weight = sum(pickings.mapped("shipping_weight")) * factor + sum(parcels.mapped("weight"))
        volume = 1000 * sum(
            move.product_id.volume * move.product_qty for move in (pickings | parcels.picking_ids).move_ids
        )
        return vrp.Stop(
            partner.id, place[0], place[1], weight, volume,
            60 * (partner.scm_service_minutes or SERVICE_MINUTES),
            int(partner.scm_window_from * 3600),
            int((partner.scm_window_to or 24) * 3600),
        )  # fmt: skip

    def _lay(self, date, warehouse, vehicles, routes, groups, stops, max_seconds):
        """Let the kernel plan, and store what it says."""
        zone = zone_name(warehouse.company_id, warehouse)
        cars = [self._kernel_vehicle(vehicle, routes.get(vehicle), date, zone) for vehicle in vehicles]
        cars = [car for car in cars if car]
        made = vrp.plan(list(stops.values()), cars, max_seconds=max_seconds) if cars else None
        tours = made.tours if made else {}
        before = vrp.follow(list(stops.values()), cars[0]).distance / 1000 if cars and stops else 0.0
        by_partner = {partner.id: (partner, groups[partner], stop) for partner, stop in stops.items()}
        kept = self.browse()
        for vehicle in vehicles:
            tour = tours.get(vehicle.id)
            route = routes.get(vehicle)
            if not route and not (tour and tour.visits):
                continue
            route = route or self._new_route(date, warehouse, vehicle)
            route._store_tour(tour, by_partner, zone)
            route.distance_before = before
            kept |= route
        kept._explain(made, max_seconds)
        unserved = made.unserved if made else list(by_partner)
        return {
            "routes": kept.ids,
            "unserved": [by_partner[id_][0].display_name for id_ in unserved],
            "distance": round(sum(kept.mapped("distance")), 1),
            "distance_before": round(before, 1),
        }

    def _reorder(self, max_seconds):
        """The best order of what a vehicle on the road still has on board, from where it is."""
        self.ensure_one()
        free = self.stop_ids.filtered(lambda stop: not stop.is_fixed)
        zone = zone_name(self.company_id, self.warehouse_id)
        car = self._kernel_vehicle(self.vehicle_id, self, self.date, zone)
        if car and len(free) > 1:
            made = vrp.plan([stop._as_kernel() for stop in free], [car], max_seconds=max_seconds)
            order = [visit.stop for visit in made.tours[car.id].visits] + made.unserved
            for number, stop_id in enumerate(order, len(self.stop_ids - free) + 1):
                free.browse(stop_id).sequence = number
            self.invalidate_recordset(["stop_ids"])
        self._retime()

    def _kernel_vehicle(self, vehicle, route, date, zone):
        """The vehicle from where its fixed stops leave it; None when its day is over."""
        depot = self._depot(vehicle.warehouse_id)
        weight, volume = vehicle._capacity()
        early, place, used = int(vehicle.hour_from * 3600), depot, []
        if route:
            used = list(route.stop_ids.filtered("is_fixed"))
            if used:
                last = used[-1]
                place = (last.latitude, last.longitude)
                left = last.date_done or (last.eta and last.eta + timedelta(minutes=last.service_minutes))
                early = max(early, _second(left, zone, date) if left else early)
        if date == local_today(vehicle.company_id, vehicle.warehouse_id):
            early = max(early, _second(fields.Datetime.now(), zone, date))
        late = int(vehicle.hour_to * 3600)
        if early >= late:
            return None
        todo = [stop for stop in used if stop.state == "todo"]
        return vrp.Vehicle(
            vehicle.id, *place, *depot,
            max(weight - sum(stop.weight for stop in todo), 0.01) if weight else 0.0,
            max(volume - sum(stop.volume for stop in todo), 0.01) if volume else 0.0,
            max(vehicle.stop_capacity - len(used), 1) if vehicle.stop_capacity else 0,
            early, late, vehicle.cost_km, vehicle.cost_hour, speed=vehicle.speed,
        )  # fmt: skip

    @api.model
    def _depot(self, warehouse):
        """Position of a depot; from its address, its neighbours, or an error that says what to do."""
        found = self._positions([warehouse.partner_id]) if warehouse.partner_id else {}
        place = found.get(warehouse.partner_id.id)
        if not place:
            raise UserError(
                self.env._(
                    "%s has no position. Give its address a latitude and longitude (or a zip code that customers "
                    "with a position have).",
                    warehouse.name,
                )
            )
        return place[:2]

    def _new_route(self, date, warehouse, vehicle):
        return self.create(
            {
                "date": date,
                "company_id": warehouse.company_id.id,
                "warehouse_id": warehouse.id,
                "vehicle_id": vehicle.id,
                "driver_id": vehicle.driver_id.id,
            }
        )

    def _store_tour(self, tour, by_partner, zone):
        """Replace the free stops of a route by those of a tour."""
        fixed = self.stop_ids.filtered("is_fixed")
        (self.stop_ids - fixed).unlink()
        place = len(fixed)
        vals = []
        for number, visit in enumerate(tour.visits if tour else (), 1):
            partner, (pickings, parcels), stop = by_partner[visit.stop]
            vals.append(
                {
                    "route_id": self.id,
                    "sequence": place + number,
                    "partner_id": partner.id,
                    "picking_ids": [(6, 0, pickings.ids)],
                    "parcel_ids": [(6, 0, parcels.ids)],
                    "latitude": stop.latitude,
                    "longitude": stop.longitude,
                    "is_estimated": not (partner.partner_latitude or partner.partner_longitude),
                    "weight": stop.weight,
                    "volume": stop.volume,
                    "service_minutes": stop.service // 60,
                    "window_from": partner.scm_window_from,
                    "window_to": partner.scm_window_to,
                }
            )
        self.env["scm.route.stop"].create(vals)
        if self.state == "running":
            self.stop_ids._load_parcels()
        self._retime()

    def _retime(self):
        """Times and distances of all stops from what has happened so far; no search."""
        for route in self:
            vehicle, zone = route.vehicle_id, zone_name(route.company_id, route.warehouse_id)
            depot = route._depot(route.warehouse_id)
            done = route.stop_ids.filtered(lambda stop: stop.state != "todo").sorted("date_done")
            todo = route.stop_ids - done
            early, place = int(vehicle.hour_from * 3600), depot
            begun = done[-1:].date_done or route.date_start
            if begun:
                early = _second(begun, zone, route.date)
            elif route.date == local_today(route.company_id, route.warehouse_id):
                early = max(early, _second(fields.Datetime.now(), zone, route.date))
            if done:
                place = (done[-1].latitude, done[-1].longitude)
            order = [stop._as_kernel() for stop in todo]
            tour = vrp.follow(order, vrp.Vehicle(vehicle.id, *place, *depot, early=early, speed=vehicle.speed))
            for stop, visit in zip(todo, tour.visits, strict=True):
                eta = _moment(visit.begin, zone, route.date)
                stop.write(
                    {
                        "eta": eta,
                        "distance": visit.distance / 1000,
                        "minutes_late": -(-visit.late // 60),
                        **({} if stop.eta_planned and route.state == "running" else {"eta_planned": eta}),
                    }
                )
            route.write(
                {
                    "distance": tour.distance / 1000 + sum(done.mapped("distance")),
                    "date_back": _moment(tour.end, zone, route.date),
                }
            )

    def _explain(self, made, max_seconds):
        for route in self:
            route.why = {
                "value": round(route.distance, 1),
                "unit": "km",
                "method": "route_search",
                "formula": "route_objective",
                "sample": len(route.stop_ids),
                "terms": [
                    {"code": "route_stops", "value": len(route.stop_ids)},
                    {"code": "route_load", "value": round(route.weight, 1), "unit": "kg"},
                    {"code": "route_before", "value": round(route.distance_before, 1), "unit": "km"},
                    {"code": "route_unserved", "value": len(made.unserved) if made else 0},
                    {"code": "route_seconds", "value": max_seconds},
                ],
                "notes": ["route_estimated_roads"],
            }


def _second(moment, zone, date):
    """Seconds after local midnight of a day, of a naive UTC datetime."""
    return int((local_moment(moment, zone) - datetime.combine(date, datetime.min.time())).total_seconds())


def _moment(second, zone, date):
    """The reverse of :func:`_second`."""
    return utc_moment(datetime.combine(date, datetime.min.time()) + timedelta(seconds=int(second)), zone)
