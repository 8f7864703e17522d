from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today


class ScmPickFaceInput(models.Model):
    """What refilling reads, for all faces of a warehouse at once."""

    _inherit = "scm.pick.face"

    @api.model
    def _flush_stock(self):
        for model in ("stock.quant", "stock.move", "stock.move.line", "stock.picking", "stock.location", self._name):
            self.env[model].flush_model()

    @api.model
    def _read_faces(self, warehouse):
        """``{face_id: dict}``: on hand, taken by reserved orders and until when, coming (all, and reserved)."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH face AS (SELECT id, location_id, product_id FROM scm_pick_face
                               WHERE warehouse_id = %s AND active)
                SELECT f.id, COALESCE(q.quantity, 0)::float8 AS on_hand, COALESCE(o.quantity, 0)::float8 AS taken,
                       o.needed_at, (COALESCE(m.quantity, 0) + COALESCE(r.other, 0))::float8 AS coming,
                       COALESCE(r.quantity, 0)::float8 AS sure
                  FROM face f
             LEFT JOIN (SELECT f.id, sum(q.quantity) AS quantity FROM face f
                          JOIN stock_quant q ON q.location_id = f.location_id AND q.product_id = f.product_id
                      GROUP BY f.id) q ON q.id = f.id
             LEFT JOIN (SELECT f.id, sum(l.quantity_product_uom) AS quantity,
                               min(COALESCE(b.scm_cutoff_at, p.scheduled_date, l.date)) AS needed_at
                          FROM face f
                          JOIN stock_move_line l ON l.location_id = f.location_id AND l.product_id = f.product_id
                           AND l.state NOT IN ('done', 'cancel', 'draft') AND l.location_dest_id != f.location_id
                     LEFT JOIN stock_picking p ON p.id = l.picking_id
                     LEFT JOIN stock_picking_batch b ON b.id = p.batch_id
                      GROUP BY f.id) o ON o.id = f.id
             LEFT JOIN (SELECT f.id, sum(m.product_qty) AS quantity FROM face f
                          JOIN stock_move m ON m.location_dest_id = f.location_id AND m.product_id = f.product_id
                           AND m.state NOT IN ('done', 'cancel', 'draft')
                      GROUP BY f.id) m ON m.id = f.id
             LEFT JOIN (SELECT f.id, sum(l.quantity_product_uom) AS quantity,
                               sum(l.quantity_product_uom) FILTER (WHERE m.location_dest_id != f.location_id) AS other
                          FROM face f
                          JOIN stock_move_line l ON l.location_dest_id = f.location_id AND l.product_id = f.product_id
                           AND l.state NOT IN ('done', 'cancel', 'draft') AND l.location_id != f.location_id
                          JOIN stock_move m ON m.id = l.move_id
                      GROUP BY f.id) r ON r.id = f.id
                """,
                warehouse.id,
            )
        )
        return {row["id"]: row for row in rows}

    @api.model
    def _read_waiting(self, warehouse):
        """``{product_id: quantity}`` that open orders of the coming day want and have not reserved anywhere yet."""
        until = fields.Datetime.now() + timedelta(days=1)
        return {
            product_id: float(quantity)
            for product_id, quantity in self.env.execute_query(
                SQL(
                    """
                    SELECT m.product_id, sum(m.product_qty - COALESCE(l.quantity, 0))
                      FROM stock_move m
                      JOIN stock_location source ON source.id = m.location_id AND source.warehouse_id = %s
                      JOIN stock_location target ON target.id = m.location_dest_id
                 LEFT JOIN LATERAL (SELECT sum(quantity_product_uom) AS quantity FROM stock_move_line
                                     WHERE move_id = m.id) l ON TRUE
                     WHERE m.state IN ('confirmed', 'partially_available') AND m.scm_pick_face_id IS NULL
                       AND COALESCE(m.date_deadline, m.date) < %s
                       AND NOT starts_with(target.parent_path, %s)
                       AND m.product_id IN (SELECT product_id FROM scm_pick_face WHERE warehouse_id = %s AND active)
                  GROUP BY m.product_id
                    """,
                    warehouse.id,
                    until,
                    warehouse.lot_stock_id.parent_path,
                    warehouse.id,
                )
            )
        }

    @api.model
    def _read_bulk(self, warehouse):
        """Free stock outside the faces of its product: ``(product, place, its path, free)``, the oldest first."""
        expiry = SQL("q.removal_date,") if "removal_date" in self.env["stock.quant"]._fields else SQL()
        return self.env.execute_query(
            SQL(
                """
                SELECT q.product_id, q.location_id, l.parent_path, (q.quantity - q.reserved_quantity)::float8
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                 WHERE l.warehouse_id = %s AND l.usage = 'internal' AND l.scm_is_locked IS NOT TRUE
                   AND starts_with(l.parent_path, %s)
                   AND q.product_id IN (SELECT product_id FROM scm_pick_face WHERE warehouse_id = %s AND active)
                   AND NOT EXISTS (SELECT FROM scm_pick_face f
                                    WHERE f.location_id = q.location_id AND f.product_id = q.product_id AND f.active)
              ORDER BY %s q.in_date, q.id
                """,
                warehouse.id,
                warehouse.lot_stock_id.parent_path,
                warehouse.id,
                expiry,
            )
        )

    @api.model
    def _face_demand(self, warehouse, products):
        """Demand of products picked in a warehouse. Hook: others may know what is coming.

        :return: ``{product_id: {'per_day', 'busy', 'source', 'sample', 'from', 'to'}}``; products without a pick in
            the window are not in it
        """
        days = warehouse.scm_face_days
        today = local_today(warehouse.company_id, warehouse)
        first = today - timedelta(days=days)
        self.env["scm.pick.day"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, date - %s, sum(quantity)::float8 FROM scm_pick_day
                 WHERE warehouse_id = %s AND product_id = ANY(%s) AND date >= %s AND date < %s
              GROUP BY product_id, date
                """,
                first,
                warehouse.id,
                products.ids,
                first,
                today,
            )
        )
        if not rows:
            return {}
        found = sorted({row[0] for row in rows})
        position = {product_id: row for row, product_id in enumerate(found)}
        daily = np.zeros((len(found), days))
        for product_id, day, quantity in rows:
            daily[position[product_id], day] += quantity
        return self._demand_rows(found, daily, first, today)

    @api.model
    def _demand_rows(self, product_ids, daily, first, today):
        window = {"from": first.isoformat(), "to": (today - timedelta(days=1)).isoformat()}
        return {
            product_id: {
                "per_day": float(mean),
                "busy": float(busy),
                "source": "picks",
                "sample": int(active),
                "window": window,
            }
            for product_id, mean, busy, active in zip(
                product_ids, daily.mean(axis=1), self._busy(daily), (daily > 0).sum(axis=1), strict=True
            )
        }
