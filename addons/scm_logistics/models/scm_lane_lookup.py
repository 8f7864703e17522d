from odoo import api, models
from odoo.tools import SQL

#: what a lane is called by how exact it is
LEVELS = ("company", "carrier", "zone", "lane", "lane_warehouse")


class ScmLane(models.Model):
    _inherit = "scm.lane"

    @api.model
    def _lookup(self, company, keys):
        """What is known of lanes, from the most exact one that was measured; one query.

        :param keys: iterable of (carrier_id, warehouse_id, zone_id, band_id), each id or False
        :return: ``{key: {'pmf': [...], 'median', 'p90', 'late', 'lost', 'damaged', 'cost', 'cost_kg', 'sample',
            'level', 'lane_id'}}``; ``level`` is one of company, carrier, zone, lane, lane_warehouse, or none with an
            empty ``pmf``. Days are working days of the carrier, rates are shrunk, money is the company's.
        """
        keys = list(keys)
        carriers = list({key[0] or 0 for key in keys} | {0})
        known = {}
        self.flush_model()
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT id AS lane_id, COALESCE(carrier_id, 0) AS carrier, COALESCE(warehouse_id, 0) AS warehouse,
                       COALESCE(zone_id, 0) AS zone, COALESCE(band_id, 0) AS band, transit_pmf AS pmf,
                       transit_median AS median, transit_p90 AS p90, late_rate AS late, lost_rate AS lost,
                       damaged_rate AS damaged, cost_parcel AS cost, cost_kg, sample, level
                  FROM scm_lane WHERE company_id = %s AND COALESCE(carrier_id, 0) = ANY(%s)
                """,
                company.id,
                carriers,
            )
        ):
            place = tuple(row.pop(part) for part in ("carrier", "warehouse", "zone", "band"))
            row.update(
                level=LEVELS[int(row["level"])], cost=float(row["cost"] or 0), cost_kg=float(row["cost_kg"] or 0)
            )
            known[place] = row
        return {key: self._best_of(known, *(part or 0 for part in key)) for key in keys}

    @api.model
    def _best_of(self, known, carrier, warehouse, zone, band):
        for key in (
            (carrier, warehouse, zone, band),
            (carrier, 0, zone, band),
            (carrier, 0, zone, 0),
            (carrier, 0, 0, 0),
            (0, 0, 0, 0),
        ):
            if key in known:
                return known[key]
        empty = dict.fromkeys(("median", "p90", "late", "lost", "damaged", "cost", "cost_kg"), 0.0)
        return {**empty, "pmf": [], "sample": 0, "level": "none", "lane_id": False}
