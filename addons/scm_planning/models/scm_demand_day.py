from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class PlainMany2one(fields.Many2one):
    """A many2one without foreign key: the look-up per row would cost a fifth of the time of a first read.

    For a company alone, which the warehouse beside it already holds.
    """

    def update_db_foreign_key(self, model, column):
        pass


class ScmDemandDay(models.Model):
    """Demand of a product in a warehouse on a local day. The one place where forecasts read history from.

    Demand is what customers ordered (``scm.demand.line`` says how a sale line counts). What they sent back stands
    beside it and is not netted; what they would have ordered, had there been stock, stands in ``scm.stockout``.
    """

    _name = "scm.demand.day"
    _description = "Demand per Day"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "product_id"

    company_id = PlainMany2one("res.company", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one(related="product_id.categ_id", string="Product Category")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, help="Day in the time zone of the warehouse.")
    origin = fields.Selection(
        [("sale", "Odoo Sales"), ("import", "Imported")], required=True, readonly=True, help="Where the day comes from."
    )
    quantity = fields.Float(
        "Demand",
        digits="Product Unit",
        readonly=True,
        help="Ordered on this day, in the product's unit; kits as components.",
    )
    quantity_returned = fields.Float(
        "Returned",
        digits="Product Unit",
        readonly=True,
        help="Came back from customers on this day, whenever it was ordered.",
    )
    revenue = fields.Monetary(readonly=True, help="Without taxes, in company currency at the rate of the order.")
    line_count = fields.Integer("Order Lines", readonly=True)

    _day_uniq = models.Constraint(
        "UNIQUE(product_id, warehouse_id, date, origin)", "There is one row per warehouse, product, day and origin."
    )
    _date_idx = models.Index("(date DESC, id DESC)")

    # Refresh

    @api.model
    def refresh_demand(self, company_ids=None, full=False):
        """Bring demand and stock-outs of the companies (default: the user's present ones) up to date.

        ``full`` reads all sales again instead of those that changed. For supply-chain managers; also over RPC.
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply-chain managers may refresh demand. Ask one of them."))
        companies = self.env["res.company"].browse(company_ids) if company_ids else self.env.companies
        if companies - self.env.user.company_ids:
            raise AccessError(self.env._("You can refresh the demand only of companies that you work for."))
        # Role and companies are checked above; the ledgers are closed to all users for writing.
        self.sudo()._refresh(companies.sudo(), full=full)
        return True

    @api.model
    def action_refresh(self):
        """Refresh the user's present companies and show the demand anew."""
        self.refresh_demand()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_sales(self):
        """The sale lines that make up these days."""
        if not self:
            return False
        self.check_access("read")
        keys = self.mapped(lambda day: (day.warehouse_id.id, day.product_id.id, day.date))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT source_id FROM scm_demand_line
                 WHERE kind = 'sale' AND (warehouse_id, product_id, date) IN (
                       SELECT * FROM unnest(%s::int[], %s::int[], %s::date[]))
                """,
                *(list(column) for column in zip(*keys, strict=True)),
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sales"),
            "res_model": "sale.order.line",
            "view_mode": "list,form",
            "views": [(self.env.ref("scm_planning.sale_order_line_view_list_demand").id, "list"), (False, "form")],
            "domain": [("id", "in", [row[0] for row in rows])],
            "context": {"create": False, "edit": False},
        }

    @api.model
    def _refresh(self, companies=None, full=False):
        """Bring demand, items and stock-outs up to date: by increments, or wholly when ``full``.

        A company is also read wholly the first time, and when a time zone or the size of a unit changed.
        """
        self.env.flush_all()
        # A first read adds up millions of lines: sorted in memory where the server's default would spill to disk.
        self.env.cr.execute("SET LOCAL work_mem = '256MB'")
        # sudo: the companies themselves, for the nightly job
        companies = companies or self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        states = self.env["scm.demand.state"]._ensure(companies)
        watermark = self.env["scm.demand.state"]._next_watermark()
        bases = self._bases(companies)
        whole = states.filtered(lambda state: full or not state.watermark or state.basis != bases[state.company_id.id])
        for part, is_full in ((whole, True), (states - whole, False)):
            if part:
                self._refresh_companies(part.company_id, is_full)
        self._mark_read(states, watermark, bases)

    @api.model
    def _bases(self, companies):
        """Per company what, when it changes, changes all of its past: the zones of its warehouses and the units."""
        units = {str(uom.id): uom.factor for uom in self.env["uom.uom"].with_context(active_test=False).search([])}
        bases = {company.id: {"units": units, "zones": {}} for company in companies}
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, warehouse_id, zone FROM (%s) z",
                self.env["stock.warehouse"]._scm_zones_query(companies),
            )
        )
        for company_id, warehouse_id, zone in rows:
            bases[company_id]["zones"][str(warehouse_id)] = zone
        return bases

    @api.model
    def _refresh_companies(self, companies, full):
        self.env["scm.demand.line"]._refresh(companies, full)
        if full:
            self.env.cr.execute(
                SQL("DELETE FROM scm_demand_day WHERE origin = 'sale' AND company_id = ANY(%s)", companies.ids)
            )
            dirty = SQL(
                """
                (SELECT warehouse_id, product_id FROM scm_demand_day WHERE company_id = ANY(%(companies)s)
                  UNION ALL
                 SELECT warehouse_id, product_id FROM scm_demand_item WHERE company_id = ANY(%(companies)s))
                """,
                companies=companies.ids,
            )
        else:
            dirty = SQL("scm_demand_dirty")
        self._write_days(companies, full)
        self.env["scm.demand.item"]._refresh_demand_days(dirty)
        self.env["scm.stockout"]._refresh(companies, full)
        self.invalidate_model()

    @api.model
    def _write_days(self, companies, full):
        """Add the ledger up to days: all of the companies, or those that were touched."""
        scope = (
            SQL("FROM scm_demand_line dl WHERE dl.company_id = ANY(%s)", companies.ids)
            if full
            else SQL(
                """
                FROM (SELECT DISTINCT warehouse_id, product_id, date FROM scm_demand_dirty) d
                JOIN scm_demand_line dl USING (warehouse_id, product_id, date)
                """
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_demand_day (company_id, warehouse_id, product_id, date, origin,
                                            quantity, quantity_returned, revenue, line_count)
                     SELECT day.company_id, day.warehouse_id, day.product_id, day.date, 'sale',
                            round(day.sold, 6), round(day.returned, 6),
                            round(day.revenue, 6), day.lines
                       FROM (SELECT dl.company_id, dl.warehouse_id, dl.product_id, dl.date,
                                    COALESCE(sum(dl.quantity) FILTER (WHERE dl.kind = 'sale'), 0) AS sold,
                                    COALESCE(sum(dl.quantity) FILTER (WHERE dl.kind = 'return'), 0) AS returned,
                                    sum(dl.revenue) AS revenue,
                                    count(*) FILTER (WHERE dl.kind = 'sale') AS lines
                                    %s
                           GROUP BY dl.company_id, dl.warehouse_id, dl.product_id, dl.date) day
                   ORDER BY day.warehouse_id, day.product_id, day.date
                ON CONFLICT (warehouse_id, product_id, date, origin) DO UPDATE
                        SET company_id = excluded.company_id, quantity = excluded.quantity,
                            quantity_returned = excluded.quantity_returned, revenue = excluded.revenue,
                            line_count = excluded.line_count
                """,
                scope,
            )
        )
        if not full:
            self.env.cr.execute(
                """
                DELETE FROM scm_demand_day day USING scm_demand_dirty d
                 WHERE day.origin = 'sale' AND day.warehouse_id = d.warehouse_id AND day.product_id = d.product_id
                   AND day.date = d.date
                   AND NOT EXISTS (SELECT FROM scm_demand_line dl
                                    WHERE dl.warehouse_id = d.warehouse_id AND dl.product_id = d.product_id
                                      AND dl.date = d.date)
                """
            )

    @api.model
    def _mark_read(self, states, watermark, bases):
        (last_line_id, last_move_line_id) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE((SELECT max(id) FROM sale_order_line), 0),
                       COALESCE((SELECT max(id) FROM stock_move_line), 0)
                """
            )
        )[0]
        for state in states:
            state.basis = bases[state.company_id.id]
        states.write(
            {
                "watermark": watermark,
                "last_line_id": last_line_id,
                "last_move_line_id": last_move_line_id,
                "date_refreshed": fields.Datetime.now(),
            }
        )

    @api.model
    def _kit_components(self, companies):
        """Hook: what kits consist of, for addons that know kits.

        :return: rows ``(kit_product_id, company_id or None, component_product_id, factor)``; ``factor`` is the quantity
            of the component, in its own unit, in one unit of the kit. Rows without a company hold for the companies
            that have no row of their own for that kit. Components are final: nothing here explodes them further.
        """
        return []
