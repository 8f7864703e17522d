from collections import Counter, defaultdict

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_day, zone_name

from ..kernel.wave import LATER, PAST, Limits, Slot, assign_slots, make_batches
from .scm_wave_input import READY

#: reasons that the kernel does not know
NOT_READY, LOCKED = "not_ready", "locked"
#: as many transfers in no wave are kept by name
MOST_NAMED = 500


class ScmWavePropose(models.Model):
    """Planning: read, let the kernel decide, hand over what to write."""

    _inherit = "scm.wave.plan"

    @api.model
    def plan_waves(self, warehouse_id=False, date=False):
        """Put the ready orders of a day into waves, as tours that a person releases. Planning twice changes nothing.

        Tours that are released, changed by hand or made by hand stay as they are. Needs the inventory user or the
        supply chain manager.

        :param warehouse_id: by default the first one of the user's company
        :param date: ISO day, by default the next one with a departure that can still be reached
        :return: ``{'plan_id', 'date', 'orders', 'lines', 'batches': [ids], 'created', 'changed', 'removed',
            'metres', 'metres_before', 'late', 'unplanned': [{'picking_id', 'name', 'code', 'reason'}]}``
        """
        self._check_planner()
        warehouse = self._checked_warehouse(warehouse_id)
        plans = self.sudo()  # sudo: role and company of the user are checked above; nobody writes plans by himself
        cutoffs = plans._cutoffs(warehouse)
        if not cutoffs:
            raise UserError(
                self.env._(
                    "%(warehouse)s has no cut-off yet. Add one under Configuration, Warehouse, Cut-offs of Waves.",
                    warehouse=warehouse.name or "",
                )
            )
        day = self._checked_day(warehouse, date) if date else plans._next_day(warehouse, cutoffs)
        return plans._plan(warehouse.sudo(), day, cutoffs)  # sudo: as above

    @api.model
    def _cutoffs(self, warehouse):
        return self.env["scm.wave.cutoff"].search([("warehouse_id", "=", warehouse.id)])

    @api.model
    def _next_day(self, warehouse, cutoffs):
        """Today as long as a departure can be reached, else the next day with one."""
        now, today = fields.Datetime.now(), self._checked_day(warehouse, False)
        for ahead in range(15):
            day = fields.Date.add(today, days=ahead)
            if any(cutoff._moments(day)[1] > now for cutoff in cutoffs._on(day)):
                return day
        return today

    @api.model
    def _plan(self, warehouse, day, cutoffs):
        inputs = self._inputs(warehouse, day, cutoffs)
        chosen, reasons = self._assign(inputs)
        tours = self._tours(warehouse, inputs, chosen)
        return self._write_plan(warehouse, day, inputs, tours, reasons)

    # First beat

    @api.model
    def _inputs(self, warehouse, day, cutoffs):
        """All that is read: orders with lines and sizes, departures with their room, places."""
        now = fields.Datetime.now()
        first, last = self._day_ends(warehouse, day)
        departures = cutoffs._on(day)
        until = fields.Datetime.add(last, days=max(departures.mapped("days_ahead"), default=0))
        orders = self._read_orders(cutoffs, until)
        lines = self._read_lines([order["id"] for order in orders if order["free"] and order["state"] in READY])
        places = self._read_places(warehouse, {line[1] for line in lines})
        stops, sizes = defaultdict(list), defaultdict(lambda: np.zeros(3))
        for picking_id, location_id, *size in lines:
            stops[picking_id].append(location_id)
            sizes[picking_id] += np.array([float(part or 0.0) for part in size])
        for order in orders:
            order["places"] = stops[order["id"]]
            order["lines"], order["kg"], order["litres"] = sizes[order["id"]].tolist()
            order["problem"] = self._problem(order, places)
        return {
            "now": now,
            "day": day,
            "first": first,
            "last": last,
            "zone": zone_name(warehouse.company_id, warehouse),
            "cutoffs": departures,
            "all_cutoffs": cutoffs,
            "orders": orders,
            "places": places,
            "taken": self._read_taken(departures, first, last),
        }

    @api.model
    def _problem(self, order, places):
        """Why an order cannot be picked, whatever the departure; None when it can."""
        if order["state"] not in READY or not order["places"]:
            return NOT_READY
        return LOCKED if any(places[place]["locked"] for place in order["places"]) else None

    # Second beat

    @api.model
    def _assign(self, inputs):
        """``({picking_id: cutoff}, {picking_id: code of the reason})`` of the orders that are free to be planned."""
        orders = [order for order in inputs["orders"] if order["free"] and not order["problem"]]
        keys = self._group_keys(orders)
        codes = {key: number for number, key in enumerate(sorted(set(keys.values()), key=str))}
        base = inputs["first"]
        slots = [self._slot(cutoff, inputs, codes, base) for cutoff in inputs["cutoffs"]]
        chosen, reasons = assign_slots(
            [_minutes(order["due"], base) for order in orders],
            [codes[keys[order["id"]]] for order in orders],
            [order["lines"] for order in orders],
            [order["kg"] for order in orders],
            slots,
            _minutes(inputs["now"], base),
            [order["urgent"] for order in orders],
        )
        problems = {
            order["id"]: order["problem"]
            for order in inputs["orders"]
            if order["free"] and order["problem"] and order["due"] < inputs["last"]
        }
        named = {order["id"]: reason for order, reason in zip(orders, reasons, strict=True) if reason}
        placed = {order["id"]: inputs["cutoffs"][slot] for order, slot in zip(orders, chosen, strict=True) if slot >= 0}
        return placed, problems | named

    @api.model
    def _slot(self, cutoff, inputs, codes, base):
        _begins, over, _leaves = cutoff._moments(inputs["day"])
        taken_all, taken_open = inputs["taken"][cutoff.id]
        taken = taken_open if cutoff.capacity_per == "hour" else taken_all
        room = np.array(cutoff._room(inputs["day"], inputs["now"])) - taken
        return Slot(
            groups=frozenset(codes[key] for key in cutoff._groups(set(codes))),
            closes=_minutes(over, base),
            takes_until=_minutes(fields.Datetime.add(inputs["last"], days=cutoff.days_ahead), base) - 1e-6,
            orders=float(room[0]),
            lines=float(room[1]),
            kg=float(room[2]),
        )

    @api.model
    def _tours(self, warehouse, inputs, chosen):
        """Tours as dicts: cutoff, orders, metres as a tour and order by order."""
        by_cutoff = defaultdict(list)
        for order in inputs["orders"]:
            if order["id"] in chosen:
                by_cutoff[chosen[order["id"]]].append(order)
        aisles = self._read_aisles(warehouse)
        tours = []
        for cutoff, orders in sorted(by_cutoff.items(), key=lambda item: (item[0].hour, item[0].id)):
            for members in self._batches(cutoff, orders, inputs["places"], aisles):
                tours.append({"cutoff": cutoff, "orders": [orders[index] for index in members]})
        self._measure(warehouse, tours)
        return tours

    @api.model
    def _batches(self, cutoff, orders, places, aisles):
        keys = sorted({places[place]["aisle"] for order in orders for place in order["places"]})
        column = {key: number for number, key in enumerate(keys)}
        visited = np.zeros((len(orders), len(keys)), bool)
        for row, order in enumerate(orders):
            visited[row, [column[places[place]["aisle"]] for place in order["places"]]] = True
        limits = (cutoff.batch_orders, cutoff.batch_lines, cutoff.batch_kg, cutoff.batch_litres)
        return make_batches(
            visited,
            [order["lines"] for order in orders],
            [order["kg"] for order in orders],
            [order["litres"] for order in orders],
            Limits(*(limit or float("inf") for limit in limits)),
            [aisles.get(key, (0.0, 1.0))[0] for key in keys],
            [aisles.get(key, (0.0, 1.0))[1] for key in keys],
            min((x for x, _length in aisles.values()), default=0.0),
        )

    # What is said about it

    @api.model
    def _late(self, order, inputs):
        """Promised for a day before the one on which it leaves."""
        return local_day(order["due"], inputs["zone"]) < inputs["day"]

    @api.model
    def _named(self, inputs, reasons):
        """Rows of the orders in no wave, the earliest promise first; those of later days are no news."""
        orders = [
            order
            for order in inputs["orders"]
            if reasons.get(order["id"]) and reasons[order["id"]] != LATER and order["due"] < inputs["last"]
        ]
        orders.sort(key=lambda order: (order["due"], order["id"]))
        return [{"picking_id": order["id"], "code": reasons[order["id"]]} for order in orders]

    @api.model
    def _reason_words(self):
        """``{code: what a person reads}``."""
        return {
            "no_cutoff": self.env._("No cut-off of this day takes it"),
            PAST: self.env._("Its last departure of the day is over"),
            "full:orders": self.env._("All its waves are full: orders"),
            "full:lines": self.env._("All its waves are full: lines"),
            "full:kg": self.env._("All its waves are full: weight"),
            NOT_READY: self.env._("Its goods are not reserved yet"),
            LOCKED: self.env._("Its goods lie in a locked place"),
        }

    @api.model
    def _tour_why(self, tour, inputs):
        cutoff, orders = tour["cutoff"], tour["orders"]
        _begins, over, _leaves = cutoff._moments(inputs["day"])
        why = {
            "method": "wave_savings",
            "formula": "wave_rule",
            "value": round(tour["metres"], 1),
            "unit": "m",
            "sample": len(orders),
            "terms": [
                {"code": "wave_orders", "value": len(orders)},
                {"code": "wave_lines", "value": int(sum(order["lines"] for order in orders))},
                {"code": "wave_kg", "value": round(sum(order["kg"] for order in orders), 2), "unit": "kg"},
                {"code": "wave_before", "value": round(tour["metres_before"], 1), "unit": "m"},
                {"code": "wave_until", "value": over.strftime("%Y-%m-%dT%H:%M:%SZ")},
                {"code": "wave_late", "value": sum(self._late(order, inputs) for order in orders)},
            ],
            "notes": [] if tour["has_way"] else ["wave_no_way"],
        }
        limits = (cutoff.batch_orders, cutoff.batch_lines, cutoff.batch_kg)
        sizes = (1, orders[0]["lines"], orders[0]["kg"])
        if len(orders) == 1 and any(limit and size > limit for limit, size in zip(limits, sizes, strict=True)):
            why["notes"].append("wave_alone")
        return why

    @api.model
    def _count_reasons(self, named):
        return dict(Counter(row["code"] for row in named))


def _minutes(moment, base):
    return (moment - base).total_seconds() / 60.0
