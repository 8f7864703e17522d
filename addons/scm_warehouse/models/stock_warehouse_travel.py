from dataclasses import dataclass

import numpy as np
from odoo import fields, models
from odoo.tools import SQL
from psycopg2.extras import Json

from ..kernel.aisle_graph import Graph, Located, build, locate
from ..kernel.walk import sequence, tour

#: of so many places without a way the names are in the alert
NAMED = 8


@dataclass(frozen=True)
class Hall:
    """A warehouse as the kernel sees it; arrays over ``ids``, the places, in the order of their ids."""

    ids: np.ndarray
    names: tuple
    level: np.ndarray
    height: np.ndarray  # metres above the floor
    located: Located
    graph: Graph
    docks: tuple  # (name, kind, x, y); empty while one is assumed
    pick_docks: np.ndarray  # numbers of the docks that picks are measured to

    @property
    def metres(self):
        """Metres from each place to the nearest dock for picks; infinite without a way."""
        return self.graph.to_docks(self.pick_docks).min(axis=1)

    def positions(self, location_ids):
        """Positions of locations in the arrays, -1 for those that are no place of this hall."""
        wanted = np.asarray(location_ids, dtype=int)
        if not len(self.ids):
            return np.full(len(wanted), -1)
        at = np.clip(np.searchsorted(self.ids, wanted), 0, len(self.ids) - 1)
        return np.where(self.ids[at] == wanted, at, -1)


class StockWarehouse(models.Model):
    """The ways in the hall."""

    _inherit = "stock.warehouse"

    def _scm_tours(self, groups):
        """Walks from a dock to groups of places and back, in walking order.

        :param groups: ``{key: ids of locations}``; a walk begins and ends at the packing dock that is nearest to it
        :return: ``{key: (metres, location ids in order, ids of locations without a way)}``
        """
        hall = self._scm_halls()[self.id]
        metres = hall.graph.to_docks(hall.pick_docks)
        found = {}
        for key, ids in groups.items():
            ids = np.array(ids, dtype=int)
            at = hall.positions(ids)
            reached = (at >= 0) & np.isfinite(metres[at].min(axis=1) if len(metres) else np.full(len(at), np.inf))
            places = at[reached]
            dock = hall.pick_docks[int(np.argmin(metres[places].sum(axis=0)))]
            walk = tour(hall.graph, places, dock)
            found[key] = (walk.metres, hall.ids[list(walk.order)].tolist(), ids[~reached].tolist())
        return found

    # Hall

    def _scm_places_sql(self):
        """Places of the warehouses: where stock lies, without the zones that only hold other locations."""
        return SQL(
            """
            SELECT l.id, l.warehouse_id, l.name, COALESCE(l.scm_aisle, '') AS aisle, COALESCE(l.scm_bay, 0) AS bay,
                   COALESCE(l.scm_level, 0) AS level, COALESCE(l.scm_x, 0)::float8 AS x,
                   COALESCE(l.scm_y, 0)::float8 AS y, COALESCE(l.scm_z, 0)::float8 AS z
              FROM stock_location l
              JOIN stock_warehouse w ON w.id = l.warehouse_id
              JOIN stock_location stock ON stock.id = w.lot_stock_id
             WHERE w.id = ANY(%s) AND l.usage = 'internal' AND l.active
               AND starts_with(l.parent_path, stock.parent_path)
               AND (l.scm_aisle > '' OR l.scm_x <> 0 OR l.scm_y <> 0
                    OR NOT EXISTS (SELECT FROM stock_location child WHERE child.location_id = l.id AND child.active))
             ORDER BY l.warehouse_id, l.id
            """,
            self.ids,
        )

    def _scm_halls(self):
        """``{warehouse id: Hall}``, in a constant number of queries."""
        self.env.flush_all()
        rows = {warehouse.id: [] for warehouse in self}
        for row in self.env.execute_query(self._scm_places_sql()):
            rows[row[1]].append(row)
        # sudo: docks and aisles of warehouses that the caller holds; pickers need the ways, not the settings
        own = self.sudo()
        docks = own.env["scm.dock"].search([("warehouse_id", "in", self.ids)]).grouped("warehouse_id")
        aisles = own.env["scm.aisle"].search([("warehouse_id", "in", self.ids)]).grouped("warehouse_id")
        return {
            warehouse.id: warehouse._scm_hall(
                rows[warehouse.id],
                docks.get(warehouse, self.env["scm.dock"]),
                aisles.get(warehouse, self.env["scm.aisle"]),
            )
            for warehouse in own
        }

    def _scm_hall(self, rows, docks, aisles):
        ids, _warehouses, names, aisle, bay, level, x, y, z = zip(*rows, strict=True) if rows else ((),) * 9
        layout = self._scm_layout()
        located = locate(aisle, bay, x, y, layout)
        graph = build(located, [(dock.x, dock.y) for dock in docks], layout, {a.name: a.direction for a in aisles})
        level, z = np.array(level, float), np.array(z, float)
        kinds = [dock.kind for dock in docks]
        for kind in ("pack", "ship", "receive"):
            if kind in kinds:
                break
        return Hall(
            ids=np.array(ids, dtype=int),
            names=names,
            level=level,
            height=np.where(z != 0, z, level * self.scm_level_height),
            located=located,
            graph=graph,
            docks=tuple((dock.name, dock.kind, dock.x, dock.y) for dock in docks),
            pick_docks=np.flatnonzero([here == kind for here in kinds]) if kinds else np.array([0]),
        )

    # Measure

    def _scm_refresh_travel(self):
        """Store distance, walking order and "has a way" of all places; open or close the alerts about lost ones."""
        self._scm_find_aisles()
        halls = self._scm_halls()
        metres = {number: hall.metres for number, hall in halls.items()}
        self._scm_store_ways(halls, metres)
        self._scm_store_counts(halls, metres)
        self._scm_lost_alerts()

    def _scm_find_aisles(self):
        """Aisles that places name, and no others unless somebody has said something about them."""
        self.env.flush_all()
        params = {"ids": self.ids, "uid": self.env.uid, "now": fields.Datetime.now()}
        self.env.cr.execute(
            """
            WITH named AS (
                SELECT DISTINCT warehouse_id, scm_aisle AS name FROM stock_location
                 WHERE active AND usage = 'internal' AND scm_aisle > '' AND warehouse_id = ANY(%(ids)s)
            ), gone AS (
                DELETE FROM scm_aisle a
                 WHERE a.warehouse_id = ANY(%(ids)s) AND a.direction = 'both'
                   AND NOT EXISTS (SELECT FROM named n WHERE n.warehouse_id = a.warehouse_id AND n.name = a.name)
            )
            INSERT INTO scm_aisle (warehouse_id, company_id, name, direction, create_uid, create_date, write_uid,
                                   write_date)
                 SELECT w.id, w.company_id, n.name, 'both', %(uid)s, %(now)s, %(uid)s, %(now)s
                   FROM named n JOIN stock_warehouse w ON w.id = n.warehouse_id
            ON CONFLICT (warehouse_id, name) DO NOTHING
            """,
            params,
        )
        self.env["scm.aisle"].invalidate_model()

    def _scm_store_ways(self, halls, metres):
        """One UPDATE, of the places whose way is another than before."""
        columns = [[], [], [], []]
        for number, hall in halls.items():
            far = metres[number]
            known = np.isfinite(far)
            graph = hall.graph
            lane = np.where(known, graph.lane, -1)
            ranks = sequence(lane, graph.along, hall.level, graph.up, graph.down)
            for column, values in zip(
                columns, (hall.ids, np.where(known, np.round(far, 1), 0), known, ranks), strict=True
            ):
                column += values.tolist()
        # a location that is no place any more has no way
        self.env.cr.execute(
            SQL(
                """
                WITH way AS (
                    SELECT * FROM unnest(%s::int[], %s::numeric[], %s::bool[], %s::int[]) AS r (id, metres, known, rank)
                )
                UPDATE stock_location l
                   SET scm_distance = COALESCE(way.metres, 0), scm_has_way = COALESCE(way.known, FALSE),
                       scm_walk_sequence = COALESCE(way.rank, 0)
                  FROM stock_location place LEFT JOIN way ON way.id = place.id
                 WHERE l.id = place.id AND place.warehouse_id = ANY(%s)
                   AND (COALESCE(l.scm_distance, 0), COALESCE(l.scm_has_way, FALSE), COALESCE(l.scm_walk_sequence, 0))
                       IS DISTINCT FROM (COALESCE(way.metres, 0), COALESCE(way.known, FALSE), COALESCE(way.rank, 0))
                """,
                *columns,
                self.ids,
            )
        )
        self.env["stock.location"].invalidate_model(["scm_distance", "scm_has_way", "scm_walk_sequence"])

    def _scm_store_counts(self, halls, metres):
        now = fields.Datetime.now()
        columns = [[], [], [], [], []]
        for number, hall in halls.items():
            lost = np.flatnonzero(np.isinf(metres[number]))
            names = ", ".join(hall.names[i] for i in lost[:NAMED]) + (", …" if len(lost) > NAMED else "")
            reasons = [hall.located.reason[i] or "no_way" for i in lost]
            counts = {reason: reasons.count(reason) for reason in sorted(set(reasons))}
            for column, value in zip(columns, (number, len(hall.ids), len(lost), names, Json(counts)), strict=True):
                column.append(value)
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_warehouse w
                   SET scm_place_count = r.places, scm_lost_count = r.lost, scm_lost_names = r.names,
                       scm_lost_reasons = r.reasons, scm_travel_at = %s
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::jsonb[])
                    AS r (id, places, lost, names, reasons)
                 WHERE w.id = r.id
                """,
                now,
                *columns,
            )
        )
        self.invalidate_model()

    def _scm_lost_alerts(self):
        """One alert per warehouse in which some places have a way and others have none; with their names."""
        # sudo: what the caller measured was his to measure; a check has to say all that holds for its companies
        own = self.sudo()
        companies = own.company_id
        found = own.search([("company_id", "in", companies.ids), ("scm_lost_count", ">", 0)])
        for company in companies:
            lost = found.filtered(lambda w, company=company: w.company_id == company)
            rows = [
                warehouse._scm_lost_row() for warehouse in lost if warehouse.scm_lost_count < warehouse.scm_place_count
            ]
            self.env["scm.alert"]._sync("place_without_way", company, rows)

    def _scm_lost_row(self):
        return {
            "subject_key": f"warehouse-{self.id}",
            "name": f"{self.name}: {self.scm_lost_names}",
            "warehouse_id": self.id,
            "res_model": "stock.warehouse",
            "res_id": self.id,
            "why": {
                "value": self.scm_lost_count,
                "unit": "places",
                "method": "aisle_graph",
                "terms": [{"code": code, "value": count} for code, count in (self.scm_lost_reasons or {}).items()],
                "sample": self.scm_place_count,
            },
        }
