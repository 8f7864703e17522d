from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

# A transaction that was open this long when the last refresh looked is still seen by the next one.
OVERLAP_HOURS = 6
#: keeps the products and days that were touched
DIRTY = "JOIN scm_pick_dirty dirty ON dirty.product_id = l.product_id AND dirty.day = local.day"


class ScmPickDay(models.Model):
    """Picks of a product out of a place on a local day: how often somebody went there, and for how many units.

    A pick is a done transfer line that takes goods out of the stock of the warehouse: to packing, to customers, to
    production, to another warehouse, back to a vendor. One transfer line is one pick, however many lots or serial
    numbers it took. What stays inside the stock (put-away, slotting, refilling of pick faces) and what a count or
    scrap takes off the books is none.
    """

    _name = "scm.pick.day"
    _description = "Picks per Day"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    location_id = fields.Many2one("stock.location", "Place", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one(related="product_id.categ_id", string="Product Category")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    date = fields.Date(required=True, readonly=True, help="Day in the time zone of the warehouse.")
    picks = fields.Integer(readonly=True, help="Transfer lines that took it from this place on this day.")
    quantity = fields.Float(digits="Product Unit", readonly=True, help="Taken, in the product's unit.")

    _day_uniq = models.UniqueIndex("(location_id, product_id, date)", "There is one row per place, product and day.")
    _warehouse_idx = models.Index("(warehouse_id, date)")
    _product_idx = models.Index("(product_id, date)")

    @api.model
    def refresh_picks(self, company_ids=None, full=False):
        """Bring the picks of the companies (default: the user's present ones) up to date.

        ``full`` reads all transfers again instead of those that changed. For supply-chain managers; also over RPC.
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply-chain managers may refresh picks. Ask one of them."))
        companies = self.env["res.company"].browse(company_ids) if company_ids else self.env.companies
        if companies - self.env.user.company_ids:
            raise AccessError(self.env._("You can refresh the picks only of companies that you work for."))
        # sudo: role and companies are checked above; the facts are closed to all users for writing
        self.sudo()._scm_refresh(companies.sudo(), full=full)
        return True

    @api.model
    def action_refresh(self):
        """Refresh the user's present companies and show the picks anew."""
        self.refresh_picks()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_refresh(self):
        self._scm_refresh(self.env["res.company"].search([]))  # pylint: disable=no-search-all

    @api.model
    def _scm_refresh(self, companies, since=None, full=False):
        """Bring the picks up to date: by what changed since the last time, or since a moment, or wholly.

        A warehouse is read wholly the first time, and when its time zone or the place of its stock changed. The count
        of queries is the same for one warehouse and for many.

        :param companies: res.company
        :param since: naive UTC datetime; transfers that were written since then
        """
        self.env.flush_all()
        # A first read adds up millions of lines: sorted in memory where the server's default would spill to disk.
        self.env.cr.execute("SET LOCAL work_mem = '256MB'")
        now = fields.Datetime.now()
        states = self._states(companies)
        whole = [state["id"] for state in states if full or not state["read_at"] or state["basis"] != state["known"]]
        rest = [state["id"] for state in states if state["id"] not in set(whole)]
        if whole:
            self.env.cr.execute(SQL("DELETE FROM scm_pick_day WHERE warehouse_id = ANY(%s)", whole))
            self._write_days(self._picked_sql(SQL("w.id = ANY(%s)", whole)))
        if rest:
            read_at = min(state["read_at"] for state in states if state["id"] in set(rest))
            self._refresh_changed(companies, rest, since or read_at - timedelta(hours=OVERLAP_HOURS))
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_warehouse w SET scm_picks_read_at = %s, scm_picks_basis = known.basis
                  FROM (%s) known WHERE known.id = w.id
                """,
                now,
                self._states_sql(companies),
            )
        )
        self.env["stock.warehouse"].invalidate_model(["scm_picks_read_at", "scm_picks_basis"])
        self.invalidate_model()

    @api.model
    def _states(self, companies):
        return self.env.execute_query_dict(self._states_sql(companies))

    @api.model
    def _states_sql(self, companies):
        """Per warehouse what, when it changes, changes all of its past: its time zone and where its stock is."""
        return SQL(
            """
            SELECT w.id, w.scm_picks_read_at AS read_at, w.scm_picks_basis AS known,
                   %s || ' ' || stock.parent_path AS basis
              FROM stock_warehouse w
              JOIN stock_location stock ON stock.id = w.lot_stock_id
              JOIN res_company c ON c.id = w.company_id
              JOIN res_partner company_partner ON company_partner.id = c.partner_id
         LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = w.partner_id
             WHERE w.company_id = ANY(%s)
            """,
            zone_sql("company_partner", "warehouse_partner"),
            companies.ids,
        )

    @api.model
    def _picked_sql(self, condition, touched=None):
        """Rows of picks per place, product and day; ``touched``: a join that narrows products and days."""
        return SQL(
            """
            SELECT w.company_id, w.id AS warehouse_id, l.location_id, l.product_id, local.day AS date,
                   count(DISTINCT l.move_id) AS picks, round(sum(l.quantity_product_uom)::numeric, 6) AS quantity
              FROM stock_move_line l
              JOIN stock_location source ON source.id = l.location_id AND source.usage = 'internal'
              JOIN stock_location target ON target.id = l.location_dest_id AND target.usage <> 'inventory'
              JOIN stock_warehouse w ON w.id = source.warehouse_id
              JOIN stock_location stock ON stock.id = w.lot_stock_id
              JOIN res_company c ON c.id = w.company_id
              JOIN res_partner company_partner ON company_partner.id = c.partner_id
         LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = w.partner_id
        CROSS JOIN LATERAL (SELECT %s AS day) local
                   %s
             WHERE l.state = 'done' AND l.quantity_product_uom > 0
               AND starts_with(source.parent_path, stock.parent_path)
               AND NOT starts_with(COALESCE(target.parent_path, ''), stock.parent_path)
               AND %s
          GROUP BY w.company_id, w.id, l.location_id, l.product_id, local.day
            """,
            local_day_sql(SQL("l.date"), zone_sql("company_partner", "warehouse_partner")),
            touched or SQL(""),
            condition,
        )

    @api.model
    def _write_days(self, picked):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_pick_day (company_id, warehouse_id, location_id, product_id, date, picks, quantity)
                     SELECT company_id, warehouse_id, location_id, product_id, date, picks, quantity FROM (%s) picked
                ON CONFLICT (location_id, product_id, date) DO UPDATE
                        SET company_id = excluded.company_id, warehouse_id = excluded.warehouse_id,
                            picks = excluded.picks, quantity = excluded.quantity
                """,
                picked,
            )
        )

    @api.model
    def _refresh_changed(self, companies, warehouse_ids, since):
        """Add up anew the days, in all places, of products whose done transfer lines were written since then.

        A line that was booked late, or whose quantity, place or day somebody corrected, is found by the day that it
        has now; the day that it had before is among them where its transfer keeps one of the two.
        """
        # the UTC day and its neighbours hold the local day of every zone
        self.env.cr.execute("DROP TABLE IF EXISTS scm_pick_dirty")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE scm_pick_dirty ON COMMIT DROP AS
                SELECT DISTINCT l.product_id, span.moment::date + around.days AS day
                  FROM stock_move_line l
                  JOIN stock_move m ON m.id = l.move_id
            CROSS JOIN LATERAL (VALUES (l.date), (m.date), (l.create_date)) span (moment)
            CROSS JOIN (VALUES (-1), (0), (1)) around (days)
                 WHERE l.state = 'done' AND l.write_date >= %s AND l.company_id = ANY(%s) AND span.moment IS NOT NULL
                """,
                since,
                companies.ids,
            )
        )
        self.env.cr.execute("ANALYZE scm_pick_dirty")
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM scm_pick_day day USING scm_pick_dirty d
                 WHERE day.warehouse_id = ANY(%s) AND day.product_id = d.product_id AND day.date = d.day
                """,
                warehouse_ids,
            )
        )
        self._write_days(self._picked_sql(SQL("w.id = ANY(%s)", warehouse_ids), SQL(DIRTY)))
