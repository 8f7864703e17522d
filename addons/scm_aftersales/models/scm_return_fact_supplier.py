from odoo import api, models
from odoo.tools import SQL


class ScmReturnFact(models.Model):
    """From which vendor a delivered unit had come."""

    _inherit = "scm.return.fact"

    @api.model
    def _load_suppliers(self, company):
        """Temporary tables: parcel of each transfer, vendor of each lot, receipts, products with a single vendor."""
        for name in ("sent", "lot", "receipt", "only"):
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", f"scm_return_{name}")))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE scm_return_sent ON COMMIT DROP AS
                SELECT DISTINCT ON (rel.picking_id) rel.picking_id, parcel.carrier_id, parcel.zone_id,
                       parcel.date_delivered, parcel.package_id
                  FROM scm_parcel parcel
                  JOIN scm_parcel_picking_rel rel ON rel.parcel_id = parcel.id
                 WHERE parcel.company_id = %(company)s AND parcel.direction = 'out'
                 ORDER BY rel.picking_id, parcel.date_delivered DESC NULLS LAST, parcel.id;
                CREATE UNIQUE INDEX ON scm_return_sent (picking_id);
                CREATE TEMPORARY TABLE scm_return_receipt ON COMMIT DROP AS
                SELECT move.product_id, line.lot_id, vendor.commercial_partner_id AS supplier_id, move.date,
                       line.quantity_product_uom AS quantity,
                       SUM(line.quantity_product_uom) OVER (
                           PARTITION BY move.product_id ORDER BY move.date, line.id) AS upto
                  FROM stock_move move
                  JOIN stock_move_line line ON line.move_id = move.id
                  JOIN stock_location source ON source.id = line.location_id AND source.usage = 'supplier'
                  JOIN purchase_order_line item ON item.id = move.purchase_line_id
                  JOIN purchase_order purchase ON purchase.id = item.order_id
                  JOIN res_partner vendor ON vendor.id = purchase.partner_id
                 WHERE move.company_id = %(company)s AND move.state = 'done' AND line.quantity_product_uom > 0;
                CREATE INDEX ON scm_return_receipt (product_id, upto);
                CREATE TEMPORARY TABLE scm_return_lot ON COMMIT DROP AS
                SELECT DISTINCT ON (lot_id) lot_id, supplier_id
                  FROM scm_return_receipt WHERE lot_id IS NOT NULL ORDER BY lot_id, date;
                CREATE UNIQUE INDEX ON scm_return_lot (lot_id);
                CREATE TEMPORARY TABLE scm_return_only ON COMMIT DROP AS
                SELECT product_id, MIN(supplier_id) AS supplier_id
                  FROM scm_return_receipt GROUP BY product_id HAVING MIN(supplier_id) = MAX(supplier_id);
                CREATE UNIQUE INDEX ON scm_return_only (product_id);
                ANALYZE scm_return_sent; ANALYZE scm_return_receipt; ANALYZE scm_return_lot; ANALYZE scm_return_only
                """,
                company=company.id,
            )
        )

    @api.model
    def _supply_first_in_first_out(self, company):
        """Vendor of units without lot of products that have several vendors.

        Receipts are a queue. Its last units, as many as are on hand, have not left; the ones delivered are those before
        them, the latest delivery nearest to them. Units before the first receipt (an opening stock) have no vendor.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH mixed AS (
                    SELECT product_id, MAX(upto) AS received FROM scm_return_receipt GROUP BY product_id
                    HAVING MIN(supplier_id) < MAX(supplier_id)),
                on_hand AS (
                    SELECT quant.product_id, SUM(quant.quantity) AS quantity
                      FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
                     WHERE quant.company_id = %(company)s AND place.usage IN ('internal', 'transit')
                       AND quant.product_id IN (SELECT product_id FROM mixed)
                     GROUP BY quant.product_id),
                queue AS (
                    SELECT fact.id, fact.product_id, fact.supplier_id, fact.sale_line_id,
                           mixed.received - COALESCE(on_hand.quantity, 0) + fact.delivered / 2
                           - SUM(fact.delivered) OVER (
                               PARTITION BY fact.product_id ORDER BY fact.delivery_date DESC, fact.id DESC) AS place
                      FROM scm_return_fact fact
                      JOIN mixed ON mixed.product_id = fact.product_id
                      LEFT JOIN on_hand ON on_hand.product_id = fact.product_id
                     WHERE fact.company_id = %(company)s)
                UPDATE scm_return_fact fact SET supplier_id = receipt.supplier_id
                  FROM queue CROSS JOIN LATERAL (
                       SELECT supplier_id FROM scm_return_receipt receipt
                        WHERE receipt.product_id = queue.product_id AND receipt.upto >= queue.place
                        ORDER BY receipt.upto LIMIT 1) receipt
                 WHERE fact.id = queue.id AND queue.supplier_id IS NULL AND queue.place > 0
                   AND queue.sale_line_id IN (SELECT sale_line_id FROM scm_return_touched)
                """,
                company=company.id,
            )
        )
