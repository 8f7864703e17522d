from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import Column


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "orders.count": Column("1"),
            "orders.value": Column("fact.value"),
            "orders.average": Column("fact.value", "1"),
            "lines.count": Column("1"),
            "lines.revenue": Column("fact.revenue"),
            "lines.units": Column("fact.units"),
            "lines.margin": Column("fact.revenue - fact.cost"),
            "promises.otif": Column("(fact.in_full AND fact.on_time)::int", "1"),
            "promises.on_time": Column("fact.on_time::int", "1"),
            "promises.in_full": Column("fact.in_full::int", "1"),
            "promises.perfect": Column("(fact.in_full AND fact.on_time AND NOT fact.at_fault)::int", "1"),
            "fill.rate": Column("fact.in_time", "fact.wanted"),
            "shipped.count": Column("1"),
            "shipped.cycle": Column("fact.hours", "1"),
            "backlog.count": Column("1"),
            "backlog.age": Column("fact.age", "1"),
            "backlog.late": Column("fact.late::int", "1"),
        }

    @api.model
    def _record_models(self):
        return {
            **super()._record_models(),
            "orders": "sale.order",
            "lines": "sale.order.line",
            "promises": "sale.order",
            "fill": "sale.order.line",
            "shipped": "stock.picking",
            "backlog": "stock.picking",
        }

    @api.model
    def _source_orders(self, company, first, last):
        """Confirmed orders by the day on which they were placed."""
        return SQL(
            """SELECT day, sale.warehouse_id, NULL::int AS categ_id, region_id, sale.carrier_id,
                      NULL::int AS partner_id, sale.id AS record_id,
                      sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS value
                 FROM (%s) sale""",
            self._placed(company, first, last),
        )

    @api.model
    def _placed(self, company, first, last):
        """Confirmed orders of these days with their local day and region."""
        return SQL(
            """SELECT sale.*, %(day)s AS day, %(region)s AS region_id
                 FROM sale_order sale
                 JOIN res_partner ship ON ship.id = sale.partner_shipping_id
                 %(places)s
                WHERE sale.company_id = %(company)s AND sale.state = 'sale'
                  AND %(around)s AND %(day)s BETWEEN %(first)s AND %(last)s""",
            day=self._day(SQL("sale.date_order")),
            region=self._region("ship"),
            places=self._places(company, SQL("sale.warehouse_id")),
            company=company.id,
            around=self._around(SQL("sale.date_order"), first, last),
            first=first,
            last=last,
        )

    @api.model
    def _source_lines(self, company, first, last):
        """Lines of goods of confirmed orders by the day on which they were ordered; cost as it stands when read."""
        return SQL(
            """SELECT sale.day, sale.warehouse_id, template.categ_id, sale.region_id, sale.carrier_id,
                      NULL::int AS partner_id, line.id AS record_id,
                      line.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS revenue, quantity.units,
                      quantity.units * COALESCE((product.standard_price ->> %s)::numeric, 0) AS cost
                 FROM (%s) sale
                 JOIN sale_order_line line ON line.order_id = sale.id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id AND template.type = 'consu'
                 JOIN uom_uom unit ON unit.id = template.uom_id
                 JOIN uom_uom used ON used.id = line.product_uom_id
                CROSS JOIN LATERAL (SELECT line.product_uom_qty * used.factor / unit.factor AS units) quantity
                WHERE line.display_type IS NULL""",
            str(company.id),
            self._placed(company, first, last),
        )

    @api.model
    def _promised(self, company, first, last):
        """Confirmed orders by the day that the customer was promised."""
        return SQL(
            """SELECT sale.id, sale.scm_date_promised AS day, sale.warehouse_id, %(region)s AS region_id,
                      sale.carrier_id, %(zone)s AS zone
                 FROM sale_order sale
                 JOIN res_partner ship ON ship.id = sale.partner_shipping_id
                 %(places)s
                WHERE sale.company_id = %(company)s AND sale.state = 'sale'
                  AND sale.scm_date_promised BETWEEN %(first)s AND %(last)s""",
            region=self._region("ship"),
            zone=self._zone(),
            places=self._places(company, SQL("sale.warehouse_id")),
            company=company.id,
            first=first,
            last=last,
        )

    @api.model
    def _source_promises(self, company, first, last):
        """Orders with a parcel by their promised day: in full, on time, and whether something was our fault."""
        return SQL(
            """SELECT sale.day, sale.warehouse_id, NULL::int AS categ_id, sale.region_id, sale.carrier_id,
                      NULL::int AS partner_id, sale.id AS record_id, parcels.on_time, lines.in_full,
                      parcels.damaged OR EXISTS (
                          SELECT FROM scm_return_fact back
                           WHERE back.order_id = sale.id AND back.returned > 0
                             AND COALESCE(back.owner, 'customer') <> 'customer') AS at_fault
                 FROM (%s) sale
                CROSS JOIN LATERAL (
                    SELECT COUNT(*) AS count, BOOL_OR(parcel.is_damaged OR parcel.is_lost) AS damaged,
                           BOOL_AND(COALESCE(timezone(sale.zone, timezone('UTC', parcel.date_delivered))::date
                                             <= sale.day, FALSE)) AS on_time
                      FROM scm_parcel_sale_rel rel JOIN scm_parcel parcel ON parcel.id = rel.parcel_id
                     WHERE rel.order_id = sale.id AND parcel.direction = 'out') parcels
                CROSS JOIN LATERAL (
                    SELECT COALESCE(BOOL_AND(line.qty_delivered >= line.product_uom_qty OR %s), TRUE) AS in_full
                      FROM sale_order_line line
                      JOIN product_product product ON product.id = line.product_id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE line.order_id = sale.id AND template.type = 'consu') lines
                WHERE parcels.count > 0""",
            self._promised(company, first, last),
            self._sent_in_full(),
        )

    @api.model
    def _sent_in_full(self):
        """Whether all of an order line went out; alias ``line``.

        Odoo takes what comes back off the delivered quantity, but a return makes no delivery short. A kit went out in
        full when none of the moves of its parts is open or cancelled.
        """
        return SQL(
            """(SELECT CASE WHEN BOOL_OR(move.product_id <> line.product_id) THEN BOOL_AND(move.state = 'done')
                            ELSE SUM(move.quantity * used.factor) FILTER (WHERE move.state = 'done')
                                 >= line.product_uom_qty * MAX(sold.factor) - 1e-6 END
                  FROM stock_move move
                  JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
                  JOIN uom_uom used ON used.id = move.product_uom
                  JOIN uom_uom sold ON sold.id = line.product_uom_id
                 WHERE move.sale_line_id = line.id)"""
        )

    @api.model
    def _source_fill(self, company, first, last):
        """Units ordered by promised day, and how many of them had left by then."""
        return SQL(
            """SELECT sale.day, sale.warehouse_id, template.categ_id, sale.region_id, sale.carrier_id,
                      NULL::int AS partner_id, line.id AS record_id, move.product_qty AS wanted,
                      CASE WHEN move.state = 'done'
                            AND timezone(sale.zone, timezone('UTC', move.date))::date <= sale.day
                           THEN LEAST(move.quantity * used.factor / unit.factor, move.product_qty) ELSE 0 END AS in_time
                 FROM (%s) sale
                 JOIN sale_order_line line ON line.order_id = sale.id
                 JOIN stock_move move ON move.sale_line_id = line.id AND move.state <> 'cancel'
                 JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
                 JOIN product_product product ON product.id = move.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom unit ON unit.id = template.uom_id
                 JOIN uom_uom used ON used.id = move.product_uom
                WHERE move.origin_returned_move_id IS NULL""",
            self._promised(company, first, last),
        )

    @api.model
    def _source_shipped(self, company, first, last):
        """Done deliveries of orders by the day on which they left, with the hours since the order."""
        return SQL(
            """SELECT %(day)s AS day, kind.warehouse_id, NULL::int AS categ_id, %(region)s AS region_id,
                      sale.carrier_id, NULL::int AS partner_id, picking.id AS record_id,
                      EXTRACT(EPOCH FROM picking.date_done - sale.date_order) / 3600 AS hours
                 FROM stock_picking picking
                 JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
                 JOIN sale_order sale ON sale.id = picking.sale_id
                 JOIN res_partner ship ON ship.id = sale.partner_shipping_id
                 %(places)s
                WHERE picking.company_id = %(company)s AND picking.state = 'done'
                  AND %(around)s AND %(day)s BETWEEN %(first)s AND %(last)s""",
            day=self._day(SQL("picking.date_done")),
            region=self._region("ship"),
            places=self._places(company, SQL("kind.warehouse_id")),
            company=company.id,
            around=self._around(SQL("picking.date_done"), first, last),
            first=first,
            last=last,
        )

    @api.model
    def _source_backlog(self, company, _first, last):
        """Deliveries of orders that have not left, as they stand now; a level."""
        return SQL(
            """SELECT %(last)s::date AS day, kind.warehouse_id, NULL::int AS categ_id, %(region)s AS region_id,
                      sale.carrier_id, NULL::int AS partner_id, picking.id AS record_id,
                      EXTRACT(EPOCH FROM timezone('UTC', now()) - sale.date_order) / 86400 AS age,
                      COALESCE(sale.scm_date_promised <= %(last)s::date, FALSE) AS late
                 FROM stock_picking picking
                 JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
                 JOIN sale_order sale ON sale.id = picking.sale_id
                 JOIN res_partner ship ON ship.id = sale.partner_shipping_id
                WHERE picking.company_id = %(company)s AND picking.state IN ('waiting', 'confirmed', 'assigned')""",
            last=last,
            region=self._region("ship"),
            company=company.id,
        )
