from odoo import api, fields, models
from odoo.tools import SQL


class ScmDemandLine(models.Model):
    """What each sale line, and each return from a customer, adds to the demand of a product on a day.

    A plain ledger, filled by SQL alone, so that a document that was changed, cancelled, re-dated or deleted is taken
    out of the very day to which it was added. A kit gives one row per component.
    """

    _name = "scm.demand.line"
    _description = "Demand of a Sale Line"
    _log_access = False

    kind = fields.Selection([("sale", "Sale"), ("return", "Return")], required=True, readonly=True)
    # Plain numbers instead of relations: a foreign key costs a look-up per row, and a cascade would hide a deletion.
    source_id = fields.Integer(required=True, readonly=True, help="The sale line, or the stock move line of a return.")
    company_id = fields.Integer(required=True, readonly=True)
    warehouse_id = fields.Integer(required=True, readonly=True)
    product_id = fields.Integer(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, help="Local day of the warehouse.")
    quantity = fields.Float(digits=0, required=True, readonly=True, help="In the product's unit.")
    revenue = fields.Float(digits=0, readonly=True, help="Without taxes, in company currency.")

    _source_idx = models.Index("(source_id, kind)")
    _day_idx = models.Index("(warehouse_id, product_id, date)")

    def _get_redirect_suggested_company(self):
        # Odoo asks for the company, as a record, while it words a refusal
        return self.env["res.company"].browse(set(self.mapped("company_id")))

    @api.model
    def _refresh(self, companies, full):
        """Bring the lines of ``companies`` up to date; leave the days touched in the table ``scm_demand_dirty``.

        ``full``: read all documents again; then all days count as touched and the table stays empty.
        The same number of statements for one document and for millions.
        """
        self._make_work_tables(companies)
        self._collect_changed_products(companies)
        if not full:
            self._collect_touched(companies)
        self._remove_old(companies, full)
        self._insert_sales(companies, full)
        self._insert_returns(companies, full)
        self.env.cr.execute("ANALYZE scm_demand_dirty")
        self.invalidate_model()

    # Beat 1: what has to be read again

    @api.model
    def _make_work_tables(self, companies):
        cr = self.env.cr
        for table in ("scm_zone", "scm_kit", "scm_touched", "scm_changed_product", "scm_demand_dirty"):
            cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", table)))
        zones = self.env["stock.warehouse"]._scm_zones_query(companies)
        cr.execute(SQL("CREATE TEMP TABLE scm_zone ON COMMIT DROP AS %s", zones))
        cr.execute(
            """
            CREATE TEMP TABLE scm_kit (company_id int, product_id int, component_id int, factor numeric, share numeric)
                   ON COMMIT DROP;
            CREATE TEMP TABLE scm_touched (kind varchar, source_id int, PRIMARY KEY (kind, source_id)) ON COMMIT DROP;
            CREATE TEMP TABLE scm_changed_product (company_id int, product_id int) ON COMMIT DROP;
            CREATE TEMP TABLE scm_demand_dirty
                   (company_id int, warehouse_id int, product_id int, date date) ON COMMIT DROP;
            """
        )
        self._fill_kits(companies)

    @api.model
    def _fill_kits(self, companies):
        """Components of each kit per company, with the share of the kit's revenue: by quantity times list price."""
        rows = self.env["scm.demand.day"]._kit_components(companies)
        kit, company, component, factor = (
            (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_kit
                WITH given AS (
                    SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::float8[])
                        AS given (product_id, company_id, component_id, factor)
                ), one AS (
                    SELECT c.id AS company_id, g.product_id, g.component_id, sum(g.factor)::numeric AS factor
                      FROM given g
                      JOIN res_company c ON c.id = ANY(%s) AND (g.company_id = c.id OR g.company_id IS NULL)
                     WHERE g.factor > 0
                       AND (g.company_id IS NOT NULL OR NOT EXISTS (
                           SELECT FROM given own WHERE own.product_id = g.product_id AND own.company_id = c.id))
                  GROUP BY c.id, g.product_id, g.component_id
                ), priced AS (
                    SELECT one.*, one.factor * GREATEST(pt.list_price, 0) AS value,
                           sum(one.factor * GREATEST(pt.list_price, 0)) OVER kit AS kit_value,
                           sum(one.factor) OVER kit AS kit_factor
                      FROM one
                      JOIN product_product pp ON pp.id = one.component_id
                      JOIN product_template pt ON pt.id = pp.product_tmpl_id
                    WINDOW kit AS (PARTITION BY one.company_id, one.product_id)
                )
                SELECT company_id, product_id, component_id, factor,
                       CASE WHEN kit_value > 0 THEN value / kit_value ELSE factor / kit_factor END
                  FROM priced
                """,
                kit,
                [company_id or None for company_id in company],
                component,
                factor,
                companies.ids,
            )
        )

    @api.model
    def _collect_changed_products(self, companies):
        """Products whose type, unit or components are not those with which their sales were counted."""
        self.env.cr.execute(
            SQL(
                """
                WITH changed AS (
                    INSERT INTO scm_demand_basis AS old (company_id, product_id, basis)
                    SELECT c.id, pp.id, concat_ws('|', pt.type, pt.uom_id, kit.parts)
                      FROM res_company c
                      JOIN product_template pt ON pt.company_id IS NULL OR pt.company_id = c.id
                      JOIN product_product pp ON pp.product_tmpl_id = pt.id
                 LEFT JOIN (SELECT company_id, product_id,
                                   string_agg(component_id || ':' || factor, ',' ORDER BY component_id) AS parts
                              FROM scm_kit
                          GROUP BY company_id, product_id) kit
                        ON kit.company_id = c.id AND kit.product_id = pp.id
                     WHERE c.id = ANY(%s)
                        ON CONFLICT (company_id, product_id) DO UPDATE
                       SET basis = excluded.basis
                     WHERE old.basis <> excluded.basis
                    RETURNING old.company_id, old.product_id
                )
                INSERT INTO scm_changed_product SELECT company_id, product_id FROM changed
                """,
                companies.ids,
            )
        )

    @api.model
    def _collect_touched(self, companies):
        """Fill ``scm_touched`` with all documents that may have changed."""
        states = self.env["scm.demand.state"].search([("company_id", "in", companies.ids)])
        # Plain values, the oldest of all companies, let the database use its indexes; reading twice does no harm.
        since = min(states.mapped("watermark"))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_touched (kind, source_id)
                SELECT 'sale', id FROM (%s) sale
                 UNION
                SELECT 'return', id FROM (%s) move
                """,
                self._changed_sales(companies, since, min(states.mapped("last_line_id"))),
                self._changed_returns(since, min(states.mapped("last_move_line_id"))),
            )
        )
        self.env.cr.execute("ANALYZE scm_touched, scm_kit, scm_zone")

    @api.model
    def _changed_sales(self, companies, since, last_id):
        """Sale lines to read again: written since the watermark, or their order was; new by number (a bulk load may
        carry an old time or none); of products that changed; deleted.
        """
        return SQL(
            """
            SELECT sol.id FROM sale_order_line sol WHERE sol.write_date >= %(since)s
             UNION ALL
            SELECT sol.id FROM sale_order so JOIN sale_order_line sol ON sol.order_id = so.id
             WHERE so.write_date >= %(since)s
             UNION ALL
            SELECT sol.id FROM sale_order_line sol WHERE sol.id > %(last_id)s
             UNION ALL
            SELECT sol.id FROM scm_changed_product p JOIN sale_order_line sol ON sol.product_id = p.product_id
             UNION ALL
            SELECT unnest(%(deleted)s::int[])
            """,
            since=since,
            last_id=last_id,
            deleted=self._deleted_sales(companies),
        )

    @api.model
    def _deleted_sales(self, companies):
        """Numbers of the sale lines that were counted and are gone.

        A query of its own, since PostgreSQL compares two long lists with several processes only in a plain SELECT.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT dl.source_id FROM scm_demand_line dl
                 WHERE dl.kind = 'sale' AND dl.company_id = ANY(%s)
                   AND NOT EXISTS (SELECT FROM sale_order_line sol WHERE sol.id = dl.source_id)
                """,
                companies.ids,
            )
        )
        return [line_id for (line_id,) in rows]

    @api.model
    def _changed_returns(self, since, last_id):
        """Done stock move lines from customers to read again, of all companies: a move is never undone."""
        return SQL(
            """
            SELECT sml.id FROM stock_move_line sml
              JOIN stock_location src ON src.id = sml.location_id AND src.usage = 'customer'
             WHERE sml.state = 'done' AND sml.write_date >= %(since)s
             UNION ALL
            SELECT sml.id FROM stock_move_line sml
              JOIN stock_location src ON src.id = sml.location_id AND src.usage = 'customer'
             WHERE sml.state = 'done' AND sml.id > %(last_id)s
            """,
            since=since,
            last_id=last_id,
        )

    # Beat 2: take the old out

    @api.model
    def _remove_old(self, companies, full):
        if full:
            self.env.cr.execute(SQL("DELETE FROM scm_demand_line WHERE company_id = ANY(%s)", companies.ids))
            return
        self._ledger_change(
            SQL(
                """
                DELETE FROM scm_demand_line dl USING scm_touched t
                 WHERE dl.source_id = t.source_id AND dl.kind = t.kind AND dl.company_id = ANY(%s)
                """,
                companies.ids,
            ),
            full,
        )

    @api.model
    def _ledger_change(self, statement, full):
        """Run a DELETE or INSERT on the ledger and note the days that it touches."""
        if full:
            self.env.cr.execute(statement)
            return
        self.env.cr.execute(
            SQL(
                """
                WITH change AS (%s RETURNING company_id, warehouse_id, product_id, date)
                INSERT INTO scm_demand_dirty SELECT DISTINCT company_id, warehouse_id, product_id, date FROM change
                """,
                statement,
            )
        )

    # Beat 3: put the new in

    @api.model
    def _sale_source(self, full):
        """The sale lines to read; joined first, as PostgreSQL keeps the written order of so many joins."""
        if full:
            return SQL("sale_order_line sol")
        return SQL("scm_touched t JOIN sale_order_line sol ON sol.id = t.source_id AND t.kind = 'sale'")

    @api.model
    def _sale_query(self, companies, full):
        """The sale lines that are demand, with what goes into the ledger, and ``problem`` where it cannot.

        Demand is the quantity ordered of goods on confirmed orders, in the product's unit. Left out: services, notes,
        sections, down payments, re-invoiced expenses, and lines of 0 or less (Odoo receives those as a return).
        Lines that a route of their own sends past every warehouse (dropshipping) do not draw on stock.
        """
        return SQL(
            """
            SELECT sol.id, so.company_id, sol.product_id, sol.product_uom_qty, sol.product_uom_id,
                   COALESCE(own.warehouse_id, orders.warehouse_id, main.warehouse_id) AS warehouse_id,
                   so.date_order AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(own.zone, orders.zone, main.zone) AS moment,
                   CASE WHEN sol.product_uom_id IS NULL OR sol.product_uom_id = pt.uom_id THEN sol.product_uom_qty
                        ELSE sol.product_uom_qty * sold.factor / stocked.factor END AS quantity,
                   sol.price_subtotal / COALESCE(NULLIF(so.currency_rate, 0), 1) AS revenue,
                   CASE WHEN split_part(sold.parent_path, '/', 1) <> split_part(stocked.parent_path, '/', 1) THEN 'unit'
                        WHEN main.warehouse_id IS NULL THEN 'warehouse' END AS problem
              FROM %s
              JOIN sale_order so ON so.id = sol.order_id
              JOIN product_product pp ON pp.id = sol.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom stocked ON stocked.id = pt.uom_id
         LEFT JOIN uom_uom sold ON sold.id = sol.product_uom_id
         LEFT JOIN scm_zone own ON own.warehouse_id = sol.warehouse_id AND own.company_id = so.company_id
         LEFT JOIN scm_zone orders ON orders.warehouse_id = so.warehouse_id AND orders.company_id = so.company_id
         LEFT JOIN scm_zone main ON main.is_default AND main.company_id = so.company_id
             WHERE so.company_id = ANY(%s) AND so.state = 'sale' AND pt.type = 'consu' AND sol.display_type IS NULL
               AND sol.product_uom_qty > 0 AND sol.is_downpayment IS NOT TRUE AND sol.is_expense IS NOT TRUE
               AND (sol.warehouse_id IS NOT NULL OR NOT EXISTS (
                   SELECT FROM sale_order_line_stock_route_rel r WHERE r.sale_order_line_id = sol.id))
            """,
            self._sale_source(full),
            companies.ids,
        )

    @api.model
    def _insert_sales(self, companies, full):
        """Put the sale lines into the ledger, and those that cannot be counted on the list of problems.

        One statement, so that the sale lines are read once. On a full read no days need to be noted.
        """
        scope = SQL() if full else SQL("AND order_line_id IN (SELECT source_id FROM scm_touched WHERE kind = 'sale')")
        self.env.cr.execute(SQL("DELETE FROM scm_demand_problem WHERE company_id = ANY(%s) %s", companies.ids, scope))
        returning, note = SQL(), SQL("SELECT")
        if not full:
            returning = SQL("RETURNING company_id, warehouse_id, product_id, date")
            note = SQL(
                "INSERT INTO scm_demand_dirty SELECT DISTINCT company_id, warehouse_id, product_id, date FROM new"
            )
        self.env.cr.execute(
            SQL(
                """
                WITH line AS MATERIALIZED (%s), problem AS (
                    INSERT INTO scm_demand_problem (order_line_id, company_id, product_id, quantity, uom_id, kind)
                         SELECT id, company_id, product_id, product_uom_qty, product_uom_id, problem
                           FROM line WHERE problem IS NOT NULL
                ), new AS (
                    INSERT INTO scm_demand_line
                                (kind, source_id, company_id, warehouse_id, product_id, date, quantity, revenue)
                         SELECT 'sale', line.id, line.company_id, line.warehouse_id,
                                COALESCE(kit.component_id, line.product_id), line.moment::date,
                                line.quantity * COALESCE(kit.factor, 1), line.revenue * COALESCE(kit.share, 1)
                           FROM line
                      LEFT JOIN scm_kit kit ON kit.company_id = line.company_id AND kit.product_id = line.product_id
                          WHERE line.problem IS NULL
                    %s
                )
                %s
                """,
                self._sale_query(companies, full),
                returning,
                note,
            )
        )
        self.env["scm.demand.problem"].invalidate_model()

    @api.model
    def _insert_returns(self, companies, full):
        """Goods that came back from customers, on the local day on which they arrived."""
        scope = SQL() if full else SQL("AND sml.id IN (SELECT source_id FROM scm_touched WHERE kind = 'return')")
        self._ledger_change(
            SQL(
                """
                INSERT INTO scm_demand_line
                            (kind, source_id, company_id, warehouse_id, product_id, date, quantity, revenue)
                     SELECT 'return', sml.id, z.company_id, z.warehouse_id, sml.product_id,
                            (sml.date AT TIME ZONE 'UTC' AT TIME ZONE z.zone)::date, sml.quantity_product_uom, 0
                       FROM stock_move_line sml
                       JOIN stock_location src ON src.id = sml.location_id
                       JOIN stock_location dest ON dest.id = sml.location_dest_id
                       JOIN scm_zone z ON z.warehouse_id = dest.warehouse_id
                      WHERE sml.state = 'done' AND src.usage = 'customer' AND dest.usage = 'internal'
                        AND sml.quantity_product_uom > 0 %s
                """,
                scope,
            ),
            full,
        )
