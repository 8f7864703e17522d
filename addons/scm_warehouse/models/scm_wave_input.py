from collections import defaultdict
from datetime import datetime, time, timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import utc_moment, zone_name

#: states of a transfer that could be picked, and of one that waits for its goods
READY, WAITING = ("assigned",), ("waiting", "confirmed")


class ScmWaveInput(models.Model):
    """What the planning of waves reads: orders, where their goods lie, and what is taken already."""

    _inherit = "scm.wave.plan"

    @api.model
    def _day_ends(self, warehouse, day):
        """Naive UTC moments at which a local day of the warehouse begins and ends."""
        zone = zone_name(warehouse.company_id, warehouse)
        return tuple(utc_moment(datetime.combine(one, time()), zone) for one in (day, day + timedelta(days=1)))

    @api.model
    def _read_orders(self, cutoffs, until):
        """Open transfers of the cut-offs' operations that are promised before a moment, each a dict."""
        self.env["stock.picking"].flush_model()
        self.env["stock.picking.batch"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, p.name, p.state, p.picking_type_id, p.priority = '1' AS urgent, p.batch_id,
                       COALESCE(p.date_deadline, p.scheduled_date) AS due,
                       b.id IS NULL OR (b.scm_is_planned AND b.state = 'draft' AND b.scm_is_fixed IS NOT TRUE) AS free
                  FROM stock_picking p
             LEFT JOIN stock_picking_batch b ON b.id = p.batch_id
                 WHERE p.picking_type_id IN %s AND p.state IN %s
                   AND COALESCE(p.date_deadline, p.scheduled_date) < %s
              ORDER BY p.id
                """,
                tuple(cutoffs.picking_type_id.ids),
                READY + WAITING,
                until,
            )
        )

    @api.model
    def _read_lines(self, picking_ids):
        """What has to be fetched: ``(picking, place, lines, kg, litres)`` of open lines."""
        if not picking_ids:
            return []
        for model in ("stock.move.line", "product.product", "product.template"):
            self.env[model].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT l.picking_id, l.location_id, count(*), sum(l.quantity_product_uom * COALESCE(p.weight, 0)),
                       sum(l.quantity_product_uom * COALESCE(p.volume, 0)) * 1000
                  FROM stock_move_line l
                  JOIN product_product p ON p.id = l.product_id
                 WHERE l.picking_id = ANY(%s) AND l.state NOT IN ('done', 'cancel') AND l.quantity_product_uom > 0
              GROUP BY l.picking_id, l.location_id
              ORDER BY l.picking_id, l.location_id
                """,
                list(picking_ids),
            )
        )

    @api.model
    def _read_taken(self, cutoffs, first, last):
        """``{cutoff_id: ((orders, lines, kg) of all tours that stand, the same of what is still to pick)}`` of a day.

        Tours that are not to be planned again: released, or left alone.
        """
        self.env["stock.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.scm_cutoff_id, p.state = 'done', count(DISTINCT p.id), count(l.id),
                       COALESCE(sum(l.quantity_product_uom * COALESCE(pp.weight, 0)), 0)
                  FROM stock_picking_batch b
                  JOIN stock_picking p ON p.batch_id = b.id AND p.state != 'cancel'
             LEFT JOIN stock_move_line l ON l.picking_id = p.id
             LEFT JOIN product_product pp ON pp.id = l.product_id
                 WHERE b.scm_cutoff_id = ANY(%s) AND b.scm_cutoff_at >= %s AND b.scm_cutoff_at < %s
                   AND b.state != 'cancel'
                   AND NOT (b.scm_is_planned AND b.state = 'draft' AND b.scm_is_fixed IS NOT TRUE)
              GROUP BY 1, 2
                """,
                cutoffs.ids,
                first,
                last,
            )
        )
        taken = defaultdict(lambda: (np.zeros(3), np.zeros(3)))
        for cutoff_id, is_done, *sizes in rows:
            taken[cutoff_id][0][:] += sizes
            if not is_done:
                taken[cutoff_id][1][:] += sizes
        return taken

    @api.model
    def _group_keys(self, orders):
        """Hook: ``{picking_id: key}``, a tuple that begins with the operation type; orders of one key travel alike."""
        return {order["id"]: (order["picking_type_id"],) for order in orders}

    @api.model
    def _read_places(self, warehouse, location_ids):
        """Places by id: aisle key, whether locked, coordinates. Places without an aisle share that of their parent."""
        self.env["stock.location"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, scm_aisle, location_id AS parent_id, scm_is_locked AS locked, scm_x AS x, scm_y AS y
                  FROM stock_location WHERE id = ANY(%s)
                """,
                list(location_ids),
            )
        )
        return {row["id"]: row | {"aisle": row["scm_aisle"] or f"#{row['parent_id']}"} for row in rows}

    @api.model
    def _read_aisles(self, warehouse):
        """``{aisle: (x, length)}`` of the warehouse: metres along the cross aisle, metres from end to end."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT scm_aisle, min(scm_x), max(scm_x), min(scm_y), max(scm_y)
                  FROM stock_location
                 WHERE warehouse_id = %s AND usage = 'internal' AND active AND COALESCE(scm_aisle, '') != ''
              GROUP BY scm_aisle
                """,
                warehouse.id,
            )
        )
        if not rows:
            return {}
        low_x, high_x, low_y, high_y = (np.array(column, float) for column in list(zip(*rows, strict=True))[1:])
        # aisles run along the axis on which their places spread
        if (high_y - low_y).sum() >= (high_x - low_x).sum():
            across, along = (low_x + high_x) / 2, high_y - low_y
        else:
            across, along = (low_y + high_y) / 2, high_x - low_x
        return {row[0]: (x, max(length, 1.0)) for row, x, length in zip(rows, across, along, strict=True)}
