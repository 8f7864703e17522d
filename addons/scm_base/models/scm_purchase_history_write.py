import json

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.zones import zone_name


class _PlayedBackError(Exception):
    """Takes back what was made only to be looked at."""


class ScmPurchaseHistoryWrite(models.AbstractModel):
    """Writes imported purchases in a handful of statements, however many there are.

    Odoo itself makes one order with one receipt; it is read back and undone. All others are rows like it, with their
    own values in the columns that differ, so that every stored field of whatever addon has the value that Odoo stores.
    """

    _name = "scm.purchase.history.write"
    _description = "Write of Purchase History"

    def _write_staged(self, job):
        """Write all checked rows of an import: orders, lines, promises and receipts."""
        # sudo: `_check_access` lets only supply-chain managers come here; the past is written by the system
        system = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True)
        system._stage_rows(job)
        system._create_missing()
        system._shape_rows()
        prototype = system._capture_prototype(system._history_location())
        for table in ("purchase_order", "purchase_order_line", "stock_picking", "stock_move", "stock_move_line"):
            getattr(system, f"_insert_{table}")(prototype[table])
        system._link_pickings()
        self.env.invalidate_all()

    # Shape

    def _stage_rows(self, job):
        """A typed table of the checked rows."""
        self.env.flush_all()
        for name in ("row", "order", "line", "move"):
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(f"scm_history_{name}")))
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE scm_history_row ON COMMIT DROP AS
                   SELECT number, data->>'order' AS name, data->>'line' AS line,
                          (data->>'vendor_id')::int AS vendor_id, data->>'vendor' AS vendor,
                          (data->>'product_id')::int AS product_id, data->>'product' AS product,
                          data->>'product_name' AS product_name, (data->>'uom_id')::int AS uom_id,
                          (data->>'quantity')::numeric AS quantity, (data->>'price')::numeric AS price,
                          COALESCE((data->>'currency_id')::int, %(currency)s) AS currency_id,
                          (data->>'warehouse_id')::int AS warehouse_id,
                          (data->>'ordered')::date AS ordered, (data->>'promised')::date AS promised,
                          (data->>'received')::date AS received, (data->>'received_qty')::numeric AS received_qty
                     FROM scm_import_row WHERE import_id = %(job)s""",
                currency=self.env.company.currency_id.id,
                job=job.id,
            )
        )

    def _create_missing(self):
        """Vendors and products that the file names and Odoo does not have."""
        for model, column, label in (
            ("res.partner", "vendor", "vendor"),
            ("product.product", "product", "product_name"),
        ):
            names = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (%(key)s) %(key)s, %(label)s FROM scm_history_row
                        WHERE %(id)s IS NULL ORDER BY 1""",
                    key=SQL.identifier(column),
                    label=SQL.identifier(label),
                    id=SQL.identifier(f"{column}_id"),
                )
            )
            values = [getattr(self, f"_prepare_{column}_vals")(key, name) for key, name in names]
            for record, (key, _name) in zip(self.env[model].create(values), names, strict=True):
                self.env.cr.execute(
                    SQL(
                        "UPDATE scm_history_row SET %s = %s WHERE %s = %s",
                        SQL.identifier(f"{column}_id"),
                        record.id,
                        SQL.identifier(column),
                        key,
                    )
                )

    def _prepare_vendor_vals(self, _key, name):
        """Values of a vendor that is created; an extension may add its own."""
        return {"name": name, "company_type": "company", "supplier_rank": 1}

    def _prepare_product_vals(self, code, name):
        """Values of a product that is created; an extension may add its own."""
        return {"name": name, "default_code": code, "type": "consu", "is_storable": True, "sale_ok": False}

    def _history_location(self):
        """Where goods of the past are received: outside the stock, so that neither stock nor its value changes."""
        locations = self.env["stock.location"].with_context(active_test=False)
        domain = [("company_id", "=", self.env.company.id), ("scm_is_history", "=", True)]
        return locations.search(domain, limit=1) or locations.create(
            {
                "name": self.env._("Received before Odoo"),
                "usage": "inventory",
                "company_id": self.env.company.id,
                "scm_is_history": True,
            }
        )

    def _shape_rows(self):
        """Orders, lines and receipts with the ids that they will have."""
        self.env.flush_all()
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE scm_history_order ON COMMIT DROP AS
                SELECT nextval(pg_get_serial_sequence('purchase_order', 'id')) AS id, header.*,
                       operation.id AS operation_id, COALESCE(place.tz, %(zone)s) AS zone
                  FROM (SELECT name, MIN(vendor_id) AS vendor_id, MIN(currency_id) AS currency_id,
                               COALESCE(MIN(warehouse_id), %(warehouse)s) AS warehouse_id, MIN(ordered) AS ordered,
                               MIN(promised) AS promised, MIN(received) AS received
                          FROM scm_history_row GROUP BY name) header
                  JOIN stock_warehouse warehouse ON warehouse.id = header.warehouse_id
                  JOIN stock_picking_type operation ON operation.id = warehouse.in_type_id
             LEFT JOIN res_partner place ON place.id = warehouse.partner_id;
                ANALYZE scm_history_row, scm_history_order;

                CREATE TEMPORARY TABLE scm_history_line ON COMMIT DROP AS
                SELECT nextval(pg_get_serial_sequence('purchase_order_line', 'id')) AS id, item.*,
                       ROW_NUMBER() OVER (PARTITION BY item.name ORDER BY item.number) AS sequence,
                       header.id AS order_id, header.vendor_id, header.currency_id, header.zone,
                       template.uom_id AS stock_uom_id, COALESCE(item.line_uom_id, template.uom_id) AS uom_id,
                       unit.factor / own.factor AS ratio,
                       CONCAT('[' || NULLIF(product.default_code, '') || '] ', template.name->>'en_US') AS description
                  FROM (SELECT name, line, MIN(number) AS number, MIN(product_id) AS product_id,
                               MIN(uom_id) AS line_uom_id, MIN(quantity) AS quantity, MIN(price) AS price,
                               MIN(ordered) AS ordered, MIN(promised) AS promised, SUM(received_qty) AS received_qty
                          FROM scm_history_row GROUP BY name, line) item
                  JOIN scm_history_order header ON header.name = item.name
                  JOIN product_product product ON product.id = item.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = COALESCE(item.line_uom_id, template.uom_id);
                CREATE INDEX ON scm_history_line (order_id);
                ANALYZE scm_history_line;

                CREATE TEMPORARY TABLE scm_history_move ON COMMIT DROP AS
                SELECT nextval(pg_get_serial_sequence('stock_move', 'id')) AS id, line.id AS line_id, line.order_id,
                       line.product_id, line.stock_uom_id, line.price, line.ratio, staged.received,
                       (staged.received_qty * line.ratio)::numeric AS quantity, NULL::bigint AS picking_id,
                       line.name, line.vendor_id, line.zone, header.operation_id,
                       (staged.received + time '12:00') AT TIME ZONE line.zone AT TIME ZONE 'UTC' AS moment
                  FROM scm_history_row staged
                  JOIN scm_history_line line ON line.name = staged.name AND line.line = staged.line
                  JOIN scm_history_order header ON header.id = line.order_id
                 WHERE staged.received_qty > 0;
                ANALYZE scm_history_move;

                UPDATE scm_history_move move SET picking_id = transfer.id
                  FROM (SELECT order_id, received, nextval(pg_get_serial_sequence('stock_picking', 'id')) AS id
                          FROM (SELECT DISTINCT order_id, received FROM scm_history_move) one) transfer
                 WHERE transfer.order_id = move.order_id AND transfer.received = move.received;
                """,
                zone=zone_name(self.env.company),
                warehouse=warehouse.id,
            )
        )

    # Prototype

    def _capture_prototype(self, location):
        """{table: row as Odoo stores it} of one received order, which is undone again."""
        rows = {}
        try:
            with self.env.cr.savepoint():
                line, move = self._play_prototype(location)
                self.env.flush_all()
                for record in (line.order_id, line, move.picking_id, move, move.move_line_ids):
                    ((row,),) = self.env.execute_query(
                        SQL(
                            "SELECT to_jsonb(stored) FROM %s stored WHERE id = %s",
                            SQL.identifier(record._table),
                            record.id,
                        )
                    )
                    rows[record._table] = row
                raise _PlayedBackError
        except _PlayedBackError:
            self.env.invalidate_all()
        return rows

    def _play_prototype(self, location):
        """An order of one unit, confirmed and received by Odoo itself."""
        ((operation_id,),) = self.env.execute_query(SQL("SELECT MIN(operation_id) FROM scm_history_order"))
        product = self.env["product.product"].create(
            {"name": "History", "type": "consu", "is_storable": True, "supplier_taxes_id": False}
        )
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "History"}).id,
                "name": "History",
                "company_id": self.env.company.id,
                "picking_type_id": operation_id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_qty": 1.0, "price_unit": 1.0, "tax_ids": False})
                ],
            }
        )
        order.write({"scm_is_history": True, "state": "purchase", "locked": True, "acknowledged": True})
        suppliers = self.env.ref("stock.stock_location_suppliers").id
        places = {"location_id": suppliers, "location_dest_id": location.id, "company_id": self.env.company.id}
        picking = self.env["stock.picking"].create({"picking_type_id": operation_id, "name": "History", **places})
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1.0,
                "product_uom": product.uom_id.id,
                "picking_id": picking.id,
                "purchase_line_id": order.order_line.id,
                **places,
            }
        )
        move._action_confirm(merge=False)
        move.write({"quantity": 1.0, "picked": True})
        move._action_done()
        return order.order_line, move

    # Write

    def _insert(self, prototype, source, columns):
        """Rows like the prototype, with ``columns`` {name: expression over the alias ``own`` of the source table}."""
        table = prototype.pop("_table")
        pairs = SQL(", ").join(SQL("%s, %s", name, expression) for name, expression in columns.items())
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s
                   SELECT filled.* FROM %(source)s own
                    CROSS JOIN LATERAL jsonb_populate_record(
                        NULL::%(table)s, %(prototype)s::jsonb || jsonb_build_object(%(pairs)s)) filled""",
                table=SQL.identifier(table),
                source=SQL.identifier(source),
                prototype=json.dumps(prototype),
                pairs=pairs,
            )
        )

    def _insert_purchase_order(self, prototype):
        noon = SQL("(COALESCE(own.ordered, own.promised) + time '12:00') AT TIME ZONE own.zone AT TIME ZONE 'UTC'")
        total = SQL(
            """(SELECT SUM(ROUND(quantity * price, currency.decimal_places)) FROM scm_history_line line
                  JOIN res_currency currency ON currency.id = line.currency_id WHERE line.order_id = own.id)"""
        )
        self._insert(
            prototype | {"_table": "purchase_order", "date_calendar_start": None, "origin": self._job().filename},
            "scm_history_order",
            {
                "id": SQL("own.id"),
                "name": SQL("own.name"),
                "partner_id": SQL("own.vendor_id"),
                "currency_id": SQL("own.currency_id"),
                "picking_type_id": SQL("own.operation_id"),
                "currency_rate": self._rate_sql(),
                "amount_untaxed": total,
                "amount_total": total,
                "amount_tax": SQL("0"),
                "amount_total_cc": SQL("%s / %s", total, self._rate_sql()),
                "access_token": SQL("gen_random_uuid()::text"),
                "date_order": noon,
                "date_approve": SQL("CASE WHEN own.ordered IS NOT NULL THEN %s END", noon),
                "create_date": noon,
                "date_planned": SQL("(own.promised + time '12:00') AT TIME ZONE own.zone AT TIME ZONE 'UTC'"),
                "effective_date": SQL("(own.received + time '12:00') AT TIME ZONE own.zone AT TIME ZONE 'UTC'"),
                "receipt_status": SQL("CASE WHEN own.received IS NOT NULL THEN 'full' END"),
            },
        )

    def _rate_sql(self):
        """Units of the order's currency for one of the company's, on the day of the order; 1 where no rate is known."""
        rate = SQL(
            """SELECT rate.rate FROM res_currency_rate rate
                WHERE rate.name <= COALESCE(own.ordered, own.promised)
                  AND (rate.company_id IS NULL OR rate.company_id = %s)""",
            self.env.company.root_id.id,
        )
        latest = SQL("ORDER BY rate.company_id NULLS LAST, rate.name DESC LIMIT 1")
        return SQL(
            """CASE WHEN own.currency_id = %(home)s THEN 1 ELSE
               COALESCE((%(rate)s AND rate.currency_id = own.currency_id %(latest)s), 1)
               / COALESCE((%(rate)s AND rate.currency_id = %(home)s %(latest)s), 1) END""",
            home=self.env.company.currency_id.id,
            rate=rate,
            latest=latest,
        )

    def _insert_purchase_order_line(self, prototype):
        subtotal = SQL(
            "ROUND(own.quantity * own.price, (SELECT decimal_places FROM res_currency WHERE id = own.currency_id))"
        )
        self._insert(
            prototype | {"_table": "purchase_order_line", "price_tax": 0, "qty_invoiced": 0, "qty_to_invoice": 0},
            "scm_history_line",
            {
                "id": SQL("own.id"),
                "order_id": SQL("own.order_id"),
                "sequence": SQL("own.sequence"),
                "partner_id": SQL("own.vendor_id"),
                "product_id": SQL("own.product_id"),
                "name": SQL("own.description"),
                "product_uom_id": SQL("own.uom_id"),
                "product_qty": SQL("own.quantity"),
                "product_uom_qty": SQL("own.quantity * own.ratio"),
                "price_unit": SQL("own.price"),
                "technical_price_unit": SQL("own.price"),
                "price_subtotal": subtotal,
                "price_total": subtotal,
                "qty_received": SQL("own.received_qty"),
                "date_planned": SQL("(own.promised + time '12:00') AT TIME ZONE own.zone AT TIME ZONE 'UTC'"),
                "create_date": SQL(
                    "(COALESCE(own.ordered, own.promised) + time '12:00') AT TIME ZONE own.zone AT TIME ZONE 'UTC'"
                ),
                "scm_promise_original": SQL("own.promised"),
                "scm_promise_date": SQL("own.promised"),
                "scm_date_confirmed": SQL("own.ordered"),
            },
        )

    def _insert_stock_picking(self, prototype):
        self.env.cr.execute(
            """CREATE TEMPORARY TABLE scm_history_picking ON COMMIT DROP AS
               SELECT DISTINCT ON (picking_id) picking_id, name, vendor_id, operation_id, moment,
                      CONCAT(name, '/IN/', received) AS reference
                 FROM scm_history_move ORDER BY picking_id"""
        )
        self._insert(
            # a batch that the prototype was put into by itself was undone with it
            prototype | {"_table": "stock_picking", "batch_id": None},
            "scm_history_picking",
            {
                "id": SQL("own.picking_id"),
                "name": SQL("own.reference"),
                "origin": SQL("own.name"),
                "partner_id": SQL("own.vendor_id"),
                "picking_type_id": SQL("own.operation_id"),
                **{name: SQL("own.moment") for name in ("scheduled_date", "date_deadline", "date_done", "create_date")},
            },
        )
        self.env.cr.execute("DROP TABLE scm_history_picking")

    def _insert_stock_move(self, prototype):
        self._insert(
            prototype | {"_table": "stock_move", "value": 0},
            "scm_history_move",
            {
                "id": SQL("own.id"),
                "purchase_line_id": SQL("own.line_id"),
                "product_id": SQL("own.product_id"),
                "product_uom": SQL("own.stock_uom_id"),
                "picking_id": SQL("own.picking_id"),
                "picking_type_id": SQL("own.operation_id"),
                "partner_id": SQL("own.vendor_id"),
                "origin": SQL("own.name"),
                "reference": SQL("CONCAT(own.name, '/IN/', own.received)"),
                "price_unit": SQL("own.price / own.ratio"),
                **{name: SQL("own.quantity") for name in ("product_qty", "product_uom_qty", "quantity")},
                **{name: SQL("own.moment") for name in ("date", "date_deadline", "create_date")},
            },
        )

    def _insert_stock_move_line(self, prototype):
        self._insert(
            prototype | {"_table": "stock_move_line"},
            "scm_history_move",
            {
                "id": SQL("nextval(pg_get_serial_sequence('stock_move_line', 'id'))"),
                "move_id": SQL("own.id"),
                "picking_id": SQL("own.picking_id"),
                "product_id": SQL("own.product_id"),
                "product_uom_id": SQL("own.stock_uom_id"),
                "quantity": SQL("own.quantity"),
                "quantity_product_uom": SQL("own.quantity"),
                "date": SQL("own.moment"),
                "create_date": SQL("own.moment"),
            },
        )

    def _link_pickings(self):
        self.env.cr.execute(
            """INSERT INTO purchase_order_stock_picking_rel (purchase_order_id, stock_picking_id)
               SELECT DISTINCT order_id, picking_id FROM scm_history_move"""
        )
