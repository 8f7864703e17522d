import pytz
from odoo import fields, models
from odoo.tools import SQL


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _scm_zones_query(self, companies):
        """Rows (warehouse_id, company_id, is_default, zone) of all warehouses, archived ones included.

        The zone is that of the warehouse's address, else of the company, else the one that most of the company's users
        have, else UTC; a zone that PostgreSQL does not know counts as none. ``is_default`` marks the warehouse that
        stands in where a sale names none.
        """
        return SQL(
            """
            WITH known AS MATERIALIZED (SELECT name FROM pg_timezone_names),
            of_users AS (
                SELECT u.company_id, mode() WITHIN GROUP (ORDER BY p.tz) AS tz
                  FROM res_users u
                  JOIN res_partner p ON p.id = u.partner_id
                 WHERE u.active AND NOT u.share AND p.tz IN (SELECT name FROM known)
              GROUP BY u.company_id
            )
            SELECT w.id AS warehouse_id,
                   w.company_id,
                   row_number() OVER (PARTITION BY w.company_id ORDER BY NOT w.active, w.sequence, w.id) = 1
                       AS is_default,
                   COALESCE(
                       CASE WHEN wp.tz IN (SELECT name FROM known) THEN wp.tz END,
                       CASE WHEN cp.tz IN (SELECT name FROM known) THEN cp.tz END,
                       of_users.tz,
                       'UTC'
                   ) AS zone
              FROM stock_warehouse w
              JOIN res_company c ON c.id = w.company_id
              JOIN res_partner cp ON cp.id = c.partner_id
         LEFT JOIN res_partner wp ON wp.id = w.partner_id AND w.partner_id <> c.partner_id
         LEFT JOIN of_users ON of_users.company_id = c.id
             WHERE w.company_id = ANY(%s)
            """,
            companies.ids,
        )

    def _scm_zones(self, companies):
        """``{warehouse id: time zone name}`` of the companies' warehouses."""
        self.env["res.partner"].flush_model(["tz"])
        self.env["stock.warehouse"].flush_model()
        rows = self.env.execute_query(SQL("SELECT warehouse_id, zone FROM (%s) z", self._scm_zones_query(companies)))
        return dict(rows)

    def _scm_todays(self, companies):
        """``{warehouse id: its local day}`` of the companies' warehouses."""
        now = pytz.utc.localize(fields.Datetime.now())
        zones = self._scm_zones(companies)
        return {warehouse: now.astimezone(pytz.timezone(zone)).date() for warehouse, zone in zones.items()}
