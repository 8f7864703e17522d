from odoo import models
from odoo.tools import SQL


class ScmEventPage(models.AbstractModel):
    """Parcels behind: orders of the event that should have left by now."""

    _inherit = "scm.event.page"

    def _parcels(self, moment):
        """Deliveries of the event's orders that were due to leave and had not, by warehouse and carrier."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT warehouse_id, carrier_id, count(*)::int, max(age)::float8, avg(age)::float8,
                       sum(value / shared)::float8
                  FROM (SELECT kind.warehouse_id, sale.carrier_id,
                               extract(epoch FROM %(now)s::timestamp - picking.due) / 3600 AS age,
                               sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS value,
                               count(*) OVER (PARTITION BY sale.id) AS shared
                          FROM (%(behind)s) picking
                          JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
                          JOIN sale_order sale ON sale.id = picking.sale_id) late
              GROUP BY 1, 2
              ORDER BY 4 DESC
                """,
                now=moment.now,
                behind=self._behind_query(moment),
            )
        )
        # sudo: names of what the figures are of; the role was checked
        places = {one.id: one.name for one in self.env["stock.warehouse"].sudo().browse({row[0] for row in rows})}
        carriers = self.env["delivery.carrier"].sudo().browse({row[1] for row in rows if row[1]})
        names = {carrier.id: carrier.name for carrier in carriers}
        return {
            "count": sum(row[2] for row in rows),
            "value": round(sum(row[5] or 0.0 for row in rows), 2),
            "rows": [
                {
                    "warehouse_id": warehouse or False,
                    "warehouse": places.get(warehouse, ""),
                    "carrier_id": carrier or False,
                    "carrier": names.get(carrier) or self.env._("No carrier yet"),
                    "count": count,
                    "oldest": round(oldest, 1),
                    "age": round(age, 1),
                    "value": round(value or 0.0, 2),
                }
                for warehouse, carrier, count, oldest, age, value in rows
            ],
        }

    def _behind_query(self, moment):
        """SQL of id, sale_id, picking_type_id, due of the deliveries that are behind at the moment."""
        watch = moment.watch
        return SQL(
            """
            SELECT picking.id, picking.sale_id, picking.picking_type_id,
                   COALESCE(picking.date_deadline, picking.scheduled_date) AS due
              FROM sale_order sale
              JOIN stock_picking picking ON picking.sale_id = sale.id
              JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
             WHERE sale.company_id = %(company)s AND sale.state = 'sale'
               AND sale.date_order >= %(start)s AND sale.date_order < LEAST(%(end)s::timestamp, %(now)s::timestamp)
               AND picking.state NOT IN ('draft', 'cancel')
               AND NOT EXISTS (SELECT FROM stock_picking whole WHERE whole.id = picking.backorder_id
                                  AND (whole.date_done IS NULL OR whole.date_done > %(now)s))
               AND (picking.date_done IS NULL OR picking.date_done > %(now)s)
               AND COALESCE(picking.date_deadline, picking.scheduled_date) < %(now)s
               AND %(scope)s
            """,
            company=watch.company_id.id,
            start=watch.date_start,
            end=watch.date_end,
            now=moment.now,
            scope=self._order_scope(watch),
        )

    @staticmethod
    def _order_scope(watch):
        """SQL: whether an order has a product of the event."""
        event = watch.event_id
        if not (event.product_ids or event.category_ids or event.warehouse_ids):
            return SQL("TRUE")
        return SQL(
            "EXISTS (SELECT FROM sale_order_line line WHERE line.order_id = sale.id AND %s)",
            watch._scope(SQL("line.product_id"), SQL("sale.warehouse_id")),
        )
