from datetime import timedelta

from odoo import models
from odoo.tools import SQL

#: a receipt that is overdue by more than this is not counted on
OVERDUE = timedelta(days=7)
#: receipts due within so many days after the event could be pulled forward
LATER = timedelta(days=21)


class ScmEventWatch(models.Model):
    """What can be sold: stock when the event began, what came and went since, and what is due."""

    _inherit = "scm.event.watch"

    def _available_query(self):
        """SQL of warehouse_id, product_id, available: on hand when the event began, less what was sold before.

        Stock as it is now, less all that moved since; of sales before the event what had not left by then.
        """
        return SQL(
            """
            SELECT warehouse_id, product_id, sum(units)::float8 AS available FROM (
                SELECT place.warehouse_id, quant.product_id, quant.quantity AS units
                  FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
                 WHERE place.usage = 'internal' AND place.warehouse_id IS NOT NULL AND quant.company_id = %(company)s
                 UNION ALL
                SELECT warehouse_id, product_id, -units FROM (%(moved)s) moved
                 UNION ALL
                SELECT source.warehouse_id, move.product_id, -move.product_qty
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id AND source.usage = 'internal'
                  JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
                  JOIN sale_order_line line ON line.id = move.sale_line_id
                  JOIN sale_order sale ON sale.id = line.order_id AND sale.date_order < %(start)s
                 WHERE move.company_id = %(company)s AND source.warehouse_id IS NOT NULL
                   AND (move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                        OR move.state = 'done' AND move.date > %(start)s)
            ) part GROUP BY 1, 2
            """,
            company=self.company_id.id,
            start=self.date_start,
            moved=self._moved_query(self.date_start, None),
        )

    def _moved_query(self, first, last, sales=True):
        """SQL of warehouse_id, product_id, units by which moves between two moments changed the stock.

        :param sales: also deliveries to customers
        """
        return SQL(
            """
            SELECT part.warehouse_id, move.product_id, part.sign * detail.quantity_product_uom AS units
              FROM stock_move move
              JOIN stock_move_line detail ON detail.move_id = move.id AND detail.state = 'done'
              JOIN stock_location source ON source.id = detail.location_id
              JOIN stock_location target ON target.id = detail.location_dest_id
        CROSS JOIN LATERAL (VALUES (source.warehouse_id, -1, source.usage), (target.warehouse_id, 1, target.usage))
                   part (warehouse_id, sign, usage)
             WHERE move.company_id = %(company)s AND move.state = 'done' AND move.date > %(first)s
               AND (%(last)s::timestamp IS NULL OR move.date <= %(last)s::timestamp)
               AND part.usage = 'internal' AND part.warehouse_id IS NOT NULL
               AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
               AND (%(sales)s OR move.sale_line_id IS NULL OR target.usage <> 'customer')
            """,
            company=self.company_id.id,
            first=first,
            last=last,
            sales=sales,
        )

    def _due_query(self, now):
        """SQL of warehouse_id, product_id, due (units that arrive before the end), later (soon after it).

        As it was known at a moment: receipts that were planned by then and had not come.
        """
        return SQL(
            """
            SELECT warehouse_id, product_id,
                   COALESCE(sum(units) FILTER (WHERE day <= %(end)s), 0)::float8 AS due,
                   COALESCE(sum(units) FILTER (WHERE day > %(end)s), 0)::float8 AS later
              FROM (SELECT target.warehouse_id, move.product_id, move.product_qty AS units,
                           COALESCE(move.date_deadline, move.date) AS day
                      FROM (SELECT id FROM stock_move
                             WHERE state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                             UNION ALL
                            SELECT id FROM stock_move
                             WHERE state = 'done' AND date > %(now)s AND date <= %(known)s) open
                      JOIN stock_move move ON move.id = open.id
                      JOIN stock_location source ON source.id = move.location_id
                       AND source.usage IN ('supplier', 'transit', 'production')
                      JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'internal'
                 LEFT JOIN purchase_order_line line ON line.id = move.purchase_line_id
                 LEFT JOIN purchase_order purchase ON purchase.id = line.order_id
                     WHERE move.company_id = %(company)s AND target.warehouse_id IS NOT NULL
                       AND COALESCE(purchase.date_approve, move.create_date) <= %(now)s) move
             WHERE day > %(overdue)s AND day <= %(until)s
          GROUP BY 1, 2
            """,
            company=self.company_id.id,
            end=self.date_end,
            now=now,
            known=self.date_end + LATER,
            overdue=now - OVERDUE,
            until=self.date_end + LATER,
        )
