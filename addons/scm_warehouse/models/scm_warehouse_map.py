from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

COLOURS = ("picks", "class", "fill", "distance", "locked")
#: letters as the map counts them; 0 is nothing
CLASS_RANK = {"A": 3, "B": 2, "C": 1}
#: fill of a place without limits: nothing lies there, something does
EMPTY, USED = -1.0, -2.0
MAX_DAYS = 1095
SHOWN_PRODUCTS = 30


class ScmWarehouseMap(models.AbstractModel):
    """The plan of a warehouse with what is known about each place, in arrays; a constant number of queries."""

    _name = "scm.warehouse.map"
    _description = "Warehouse Map"

    # Public

    @api.model
    @api.readonly
    def get_map(self, warehouse_id=False, colour="picks", days=90):
        """Everything that the map shows, for people of the supply chain and of the warehouse.

        :param warehouse_id: by default the first warehouse of the company that has places
        :param colour: ``picks``, ``class`` (best class by picks of what lies there: 3 A, 2 B, 1 C, 0 none), ``fill``
            (share of the storage category's limit; -1 empty and -2 used where there is no limit), ``distance``
            (metres; -1 without a way) or ``locked``
        :param days: of how many days picks are counted, until yesterday
        :return: dict with ``places``, columns over places (ids, names, x, y, cell level, picks, distance, value,
            locked), ``lanes``, ``crosses``, ``docks``, ``totals`` and what one can choose from
        """
        self._check_map_role()
        days = self._checked_days(days)
        warehouses = self.env["stock.warehouse"].search([("company_id", "in", self.env.companies.ids)])
        warehouse = self._chosen_warehouse(warehouses, warehouse_id)
        shell = {
            "warehouses": [{"id": each.id, "name": each.name} for each in warehouses],
            "warehouse_id": warehouse.id,
            "days": days,
            "can_edit": self.env["stock.location"].has_access("write"),
            "can_measure": self._can_measure(),
            "colour": self._checked_colour(colour),
        }
        if not warehouse:
            return shell | {"places": self._no_places(), "lanes": [], "crosses": [], "docks": [], "totals": {}}
        hall = warehouse._scm_halls()[warehouse.id]
        return shell | self._drawing(warehouse, hall) | self._figures(warehouse, hall, colour, days)

    @api.model
    @api.readonly
    def get_place(self, location_id, days=90):
        """What lies in a place, how often it was picked and when it is counted next; same people as :meth:`get_map`."""
        self._check_map_role()
        days = self._checked_days(days)
        place = self.env["stock.location"].browse(int(location_id)).exists()
        if not place:
            raise UserError(self.env._("This place does not exist any more. Load the map again."))
        place.check_access("read")
        if not place.warehouse_id:
            raise UserError(self.env._("%(place)s lies in no warehouse.", place=place.complete_name))
        since, until = self._window(place.warehouse_id, days)
        return {
            "id": place.id,
            "name": place.name,
            "full_name": place.complete_name,
            "barcode": place.barcode or "",
            "aisle": place.scm_aisle or "",
            "bay": place.scm_bay,
            "level": place.scm_level,
            "has_way": place.scm_has_way,
            "distance": place.scm_distance,
            "rank": place.scm_walk_sequence,
            "locked": place.scm_is_locked,
            "category": place.storage_category_id.name or "",
            "next_count": fields.Date.to_string(self._next_count(place)) or "",
            "last_count": fields.Date.to_string(place.scm_counted_on or place.last_inventory_date) or "",
            "since": fields.Date.to_string(since),
            "days": days,
            "products": self._products(place, since, until),
        }

    def _next_count(self, place):
        return place.scm_count_due or place.next_inventory_date

    # Guards

    def _check_map_role(self):
        groups = ("scm_base.scm_group_user", "stock.group_stock_user")
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("The map is for people of the supply chain and of the warehouse."))

    def _can_measure(self):
        groups = ("scm_base.scm_group_manager", "stock.group_stock_manager")
        return any(self.env.user.has_group(group) for group in groups)

    def _checked_days(self, days):
        if not isinstance(days, int) or not 1 <= days <= MAX_DAYS:
            raise UserError(self.env._("Choose between 1 and %(max)s days.", max=MAX_DAYS))
        return days

    def _checked_colour(self, colour):
        if colour not in COLOURS:
            raise UserError(
                self.env._(
                    "The map has no colour “%(colour)s”. Choose one of: %(known)s.",
                    colour=colour,
                    known=", ".join(COLOURS),
                )
            )
        return colour

    def _chosen_warehouse(self, warehouses, warehouse_id):
        if not warehouse_id:
            return warehouses.filtered("scm_place_count")[:1] or warehouses[:1]
        chosen = warehouses.filtered(lambda warehouse: warehouse.id == warehouse_id)
        if not chosen:
            raise UserError(self.env._("This warehouse is not one of the companies that you work in now."))
        return chosen

    def _window(self, warehouse, days):
        today = local_today(warehouse.company_id, warehouse)
        return today - timedelta(days=days), today - timedelta(days=1)

    # Drawing

    def _no_places(self):
        return {name: [] for name in ("id", "name", "x", "y", "level", "picks", "distance", "locked", "value")}

    def _drawing(self, warehouse, hall):
        """Lines and points of the plan: aisles, cross aisles, docks."""
        located, graph = hall.located, hall.graph
        turned = located.axis == "x"
        ways = {aisle.name: aisle.direction for aisle in warehouse.scm_aisle_ids}
        lanes = []
        for number, (name, across) in enumerate(located.lanes):
            along = located.along[located.lane == number]
            ends = [(across, float(along.min())), (across, float(along.max()))]
            lanes.append(
                {
                    "name": name,
                    "direction": ways.get(name, "both"),
                    "ends": [end[::-1] if turned else end for end in ends],
                }
            )
        left, right = (float(graph.position[0]), float(graph.position[-1])) if len(lanes) else (0.0, 0.0)
        crosses = [[(left, float(at)), (right, float(at))] for at in graph.crosses] if lanes else []
        docks = [{"name": name, "kind": kind, "x": x, "y": y} for name, kind, x, y in hall.docks]
        if not docks and lanes:
            x, y = graph.docks[0][::-1] if turned else graph.docks[0]
            docks = [{"name": "", "kind": "assumed", "x": float(x), "y": float(y)}]
        return {
            "lanes": lanes,
            "crosses": [[end[::-1] if turned else end for end in line] for line in crosses],
            "docks": docks,
            "axis": located.axis,
        }

    # Figures

    def _figures(self, warehouse, hall, colour, days):
        """Columns over the places that can be drawn, and the totals."""
        since, until = self._window(warehouse, days)
        metres = hall.metres if len(hall.ids) else np.array([])
        picks = self._column(hall, self._picks(warehouse, since, until))
        locked = self._column(hall, self._locked(warehouse))
        value = {"picks": picks, "locked": locked, "distance": np.where(np.isinf(metres), -1, metres)}.get(colour)
        if value is None:
            value = self._column(hall, getattr(self, f"_{colour}_values")(warehouse))
        drawn = np.flatnonzero(hall.located.reason == "")
        xy = np.round(hall.located.xy[drawn], 2)
        places = {
            "id": hall.ids[drawn].tolist(),
            "name": [hall.names[i] for i in drawn],
            "x": xy[:, 0].tolist(),
            "y": xy[:, 1].tolist(),
            "level": hall.level[drawn].astype(int).tolist(),
            "picks": picks[drawn].astype(int).tolist(),
            "distance": [round(far, 1) if np.isfinite(far) else -1 for far in metres[drawn].tolist()],
            "locked": locked[drawn].astype(int).tolist(),
            "value": np.round(value[drawn], 3).tolist(),
        }
        return {"places": places, "totals": self._totals(warehouse, metres, picks, days, len(drawn), since, until)}

    def _totals(self, warehouse, metres, picks, days, drawn, since, until):
        known = np.isfinite(metres)
        walked = float((picks[known] * metres[known]).sum() * 2)
        counted = float(picks[known].sum())
        return {
            "places": len(metres),
            "drawn": drawn,
            "without_way": int((~known).sum()),
            "picks": int(picks.sum()),
            "metres_per_day": round(walked / days, 1),
            "metres_per_pick": round(walked / counted, 1) if counted else 0.0,
            "since": fields.Date.to_string(since),
            "until": fields.Date.to_string(until),
            "measured_at": fields.Datetime.to_string(warehouse.scm_travel_at) or "",
        }

    def _column(self, hall, values):
        """``{location id: value}`` as an array over the places of the hall."""
        column = np.zeros(len(hall.ids))
        at = hall.positions(list(values))
        column[at[at >= 0]] = np.fromiter(values.values(), float, len(values))[at >= 0]
        return column

    def _picks(self, warehouse, since, until):
        self.env["scm.pick.day"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT location_id, sum(picks)::float8 FROM scm_pick_day
                     WHERE warehouse_id = %s AND date BETWEEN %s AND %s GROUP BY location_id
                    """,
                    warehouse.id,
                    since,
                    until,
                )
            )
        )

    def _locked(self, warehouse):
        rows = self.env.execute_query(
            SQL("SELECT id FROM stock_location WHERE warehouse_id = %s AND scm_is_locked", warehouse.id)
        )
        return {place: 1.0 for (place,) in rows}

    def _class_values(self, warehouse):
        """The best class by picks among the products in each place."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT q.location_id, min(c.abc_picks)
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id AND l.warehouse_id = %(warehouse)s
                  JOIN scm_product_class c ON c.product_id = q.product_id AND c.warehouse_id = %(warehouse)s
                 WHERE q.quantity > 0 AND c.abc_picks IS NOT NULL
              GROUP BY q.location_id
                """,
                warehouse=warehouse.id,
            )
        )
        return {place: float(CLASS_RANK[letter]) for place, letter in rows}

    def _fill_values(self, warehouse):
        """How much of the limits of its storage category each place uses: weight, products or packages."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH lies AS (
                    SELECT q.location_id, q.product_id, l.storage_category_id AS category, sum(q.quantity) AS quantity,
                           sum(q.quantity) * COALESCE(p.weight, 0) AS weight
                      FROM stock_quant q
                      JOIN stock_location l ON l.id = q.location_id AND l.warehouse_id = %(warehouse)s
                      JOIN product_product p ON p.id = q.product_id
                     WHERE q.quantity > 0
                  GROUP BY q.location_id, q.product_id, l.storage_category_id, p.weight
                ), packed AS (
                    SELECT q.location_id, k.package_type_id AS type, l.storage_category_id AS category,
                           count(DISTINCT k.id) AS packages
                      FROM stock_quant q
                      JOIN stock_location l ON l.id = q.location_id AND l.warehouse_id = %(warehouse)s
                      JOIN stock_package k ON k.id = q.package_id
                     WHERE q.quantity > 0 AND k.package_type_id IS NOT NULL
                  GROUP BY q.location_id, k.package_type_id, l.storage_category_id
                ), share AS (
                    SELECT location_id, sum(weight) / max(s.max_weight) AS used
                      FROM lies JOIN stock_storage_category s ON s.id = lies.category AND s.max_weight > 0
                  GROUP BY location_id
                     UNION ALL
                    SELECT location_id, sum(lies.quantity / c.quantity)
                      FROM lies
                      JOIN stock_storage_category_capacity c
                        ON c.storage_category_id = lies.category AND c.product_id = lies.product_id AND c.quantity > 0
                  GROUP BY location_id
                     UNION ALL
                    SELECT location_id, sum(packed.packages / c.quantity)
                      FROM packed
                      JOIN stock_storage_category_capacity c
                        ON c.storage_category_id = packed.category AND c.package_type_id = packed.type
                       AND c.quantity > 0
                  GROUP BY location_id
                )
                SELECT l.id,
                       COALESCE(max(share.used)::float8,
                                CASE WHEN EXISTS (SELECT FROM lies WHERE lies.location_id = l.id) THEN %(used)s
                                     WHEN s.max_weight > 0 OR EXISTS (SELECT FROM stock_storage_category_capacity c
                                                                       WHERE c.storage_category_id = s.id) THEN 0
                                     ELSE %(empty)s END)
                  FROM stock_location l
             LEFT JOIN share ON share.location_id = l.id
             LEFT JOIN stock_storage_category s ON s.id = l.storage_category_id
                 WHERE l.warehouse_id = %(warehouse)s AND l.usage = 'internal'
              GROUP BY l.id, s.id, s.max_weight
                """,
                warehouse=warehouse.id,
                used=USED,
                empty=EMPTY,
            )
        )
        return {place: float(used) for place, used in rows}

    def _products(self, place, since, until):
        """What lies in the place, most picked first."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH lies AS (
                    SELECT product_id, sum(quantity) AS quantity, sum(reserved_quantity) AS reserved,
                           count(DISTINCT lot_id) AS lots
                      FROM stock_quant WHERE location_id = %(place)s GROUP BY product_id
                ), taken AS (
                    SELECT product_id, sum(picks) AS picks, sum(quantity) AS quantity FROM scm_pick_day
                     WHERE location_id = %(place)s AND date BETWEEN %(since)s AND %(until)s GROUP BY product_id
                ), line AS (
                    SELECT product_id, COALESCE(lies.quantity, 0) AS quantity, COALESCE(reserved, 0) AS reserved,
                           COALESCE(lots, 0) AS lots, COALESCE(picks, 0) AS picks,
                           COALESCE(taken.quantity, 0) AS taken
                      FROM lies FULL JOIN taken USING (product_id)
                )
                SELECT line.*, c.abc_picks, c.xyz
                  FROM line
             LEFT JOIN scm_product_class c ON c.product_id = line.product_id AND c.warehouse_id = %(warehouse)s
              ORDER BY line.quantity = 0, line.picks DESC, line.product_id LIMIT %(limit)s
                """,
                place=place.id,
                warehouse=place.warehouse_id.id,
                since=since,
                until=until,
                limit=SHOWN_PRODUCTS,
            )
        )
        products = self.env["product.product"].browse([row[0] for row in rows])
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "unit": product.uom_id.name,
                "quantity": float(quantity),
                "reserved": float(reserved),
                "lots": lots,
                "picks": int(picks),
                "taken": float(taken),
                "abc": abc or "",
                "xyz": xyz or "",
            }
            for product, (_id, quantity, reserved, lots, picks, taken, abc, xyz) in zip(products, rows, strict=True)
        ]
