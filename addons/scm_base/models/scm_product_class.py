from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from psycopg2.extras import execute_values

from ..kernel.classes import abc_classes, xyz_classes_from_moments
from ..tools.zones import local_day_sql, local_today, zone_sql

MEASURES = ("abc_value", "abc_picks", "abc_volume", "xyz")
ABC = [("A", "A"), ("B", "B"), ("C", "C")]
STORED = (
    "company_id", "warehouse_id", "product_id", "categ_id", "value", "picks", "volume", "periods", "cv",
    *MEASURES, "date",
)  # fmt: skip


class ScmProductClass(models.Model):
    """What a product is to a warehouse: how much of the turnover (ABC), and how steady (XYZ)."""

    _name = "scm.product.class"
    _description = "Product Class"
    _order = "value desc, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="set null")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    abc_value = fields.Selection(ABC, "ABC by Value", readonly=True, index=True)
    abc_picks = fields.Selection(ABC, "ABC by Picks", readonly=True)
    abc_volume = fields.Selection(ABC, "ABC by Volume", readonly=True)
    xyz = fields.Selection(
        [("X", "X"), ("Y", "Y"), ("Z", "Z")], "XYZ", readonly=True, index=True, help="Empty: not enough data."
    )
    value = fields.Monetary("Consumption Value", readonly=True, help="Quantity consumed in the window, at cost.")
    picks = fields.Integer(readonly=True, help="Lines consumed in the window.")
    volume = fields.Float("Volume (m³)", readonly=True, digits=(16, 3))
    cv = fields.Float(
        "Variation", readonly=True, digits=(8, 2), aggregator="avg",
        help="Coefficient of variation of the weekly quantity; 0 when there is none to measure.",
    )  # fmt: skip
    periods = fields.Integer("Weeks of Data", readonly=True, aggregator="avg")
    date = fields.Date("Classed on", readonly=True)
    history_ids = fields.One2many("scm.product.class.history", "class_id", "Changes", readonly=True)

    _product_warehouse_uniq = models.Constraint(
        "UNIQUE(product_id, warehouse_id)", "A product has one class per warehouse."
    )

    @api.model
    def refresh(self):
        """Class the products of the user's companies now; for supply-chain managers, also over RPC."""
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can class products. Ask one to do it."))
        # sudo: the role is checked above, and nobody writes classes by hand
        return self.sudo()._refresh(self.env.companies)

    @api.model
    def _cron_refresh(self):
        self._refresh(self.env["res.company"].search([]))  # pylint: disable=no-search-all

    @api.model
    def _refresh(self, companies):
        """Class every product of these companies again and log what changed.

        The number of queries depends on the number of companies alone.

        :returns: number of products and warehouses classed
        """
        return sum(self._refresh_company(company) for company in companies)

    @api.model
    def _refresh_company(self, company):
        today = local_today(company)
        date_to = today - timedelta(days=today.weekday() + 1)
        date_from = date_to - timedelta(days=company.scm_class_window_days // 7 * 7 - 1)
        self.env.flush_all()
        rows = self._consumption(company, date_from, date_to)
        before = self._read_before(company)
        if rows:
            self._write_classes(company, today, rows, before)
        self._drop_gone(before, {row[:2] for row in rows})
        self.invalidate_model()
        return len(rows)

    def _write_classes(self, company, today, rows, before):
        keys = [row[:2] for row in rows]
        previous = [before.get(key, (None, {}))[1] for key in keys]
        numbers = np.array([row[3:] for row in rows], dtype=float)
        letters, cv = self._classify(company, np.array([key[0] for key in keys]), numbers, previous)
        values = [
            (company.id, key[0], key[1], row[2], *numbers[i, :3].tolist(), int(numbers[i, 3]), float(cv[i]),
             *(letters[measure][i] for measure in MEASURES), today)
            for i, (key, row) in enumerate(zip(keys, rows, strict=True))
        ]  # fmt: skip
        self._upsert(values)
        self._log_changes(company, today, keys, before, previous, letters)

    @api.model
    def _classify(self, company, warehouse, numbers, previous):
        """Letters per measure and the coefficient of variation, of all rows at once."""
        value, picks, volume, periods, total, squares = numbers.T
        cuts = (company.scm_abc_cut_a / 100, company.scm_abc_cut_b / 100)
        letters = {
            measure: abc_classes(amount, warehouse, [item.get(measure) for item in previous], cuts).labels
            for measure, amount in (("abc_value", value), ("abc_picks", picks), ("abc_volume", volume))
        }
        steadiness = xyz_classes_from_moments(
            periods, total, squares, [item.get("xyz") for item in previous],
            (company.scm_xyz_cut_x, company.scm_xyz_cut_y),
        )  # fmt: skip
        letters["xyz"] = steadiness.labels
        cv = np.where(np.isfinite(steadiness.measure), steadiness.measure, 0)
        return letters, cv

    @api.model
    def _consumption(self, companies, date_from, date_to):
        """What left the warehouses to customers and production; extensions may count demand instead.

        :param date_from: first day of the window, a Monday
        :param date_to: last day, a Sunday
        :returns: rows (warehouse_id, product_id, categ_id, value, picks, volume, weeks of data, total quantity, total
            of the squared weekly quantities); weeks count from the first consumption ever
        """
        return self.env.execute_query(self._consumption_sql(self._consumed_sql(companies), date_from, date_to))

    @api.model
    def _consumed_sql(self, companies):
        """Rows (company_id, warehouse_id, product_id, day, quantity, picks), of all days."""
        day = local_day_sql(SQL("l.date"), zone_sql("company_partner", "warehouse_partner"))
        return SQL(
            """
            SELECT l.company_id, w.id AS warehouse_id, l.product_id, %s AS day,
                   l.quantity_product_uom AS quantity, 1 AS picks
              FROM stock_move_line l
              JOIN stock_location source ON source.id = l.location_id AND source.usage = 'internal'
              JOIN stock_location target
                ON target.id = l.location_dest_id AND target.usage IN ('customer', 'production')
              JOIN stock_warehouse w ON w.id = source.warehouse_id
              JOIN res_company c ON c.id = l.company_id
              JOIN res_partner company_partner ON company_partner.id = c.partner_id
              LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = w.partner_id
             WHERE l.state = 'done' AND l.company_id IN %s
            """,
            day,
            companies._ids,
        )

    @api.model
    def _consumption_sql(self, consumed, date_from, date_to):
        """Sums per warehouse and product over rows of :meth:`_consumed_sql`."""
        return SQL(
            """
            WITH week AS (
                SELECT company_id, warehouse_id, product_id, date_trunc('week', day)::date AS start, MIN(day) AS day,
                       SUM(quantity) AS quantity, SUM(picks) AS picks
                  FROM (%(consumed)s) consumed
                 WHERE day <= %(date_to)s
                 GROUP BY 1, 2, 3, 4
            ), item AS (
                SELECT company_id, warehouse_id, product_id, MIN(day) AS first_day,
                       COALESCE(SUM(quantity) FILTER (WHERE start >= %(date_from)s), 0) AS quantity,
                       COALESCE(SUM(quantity ^ 2) FILTER (WHERE start >= %(date_from)s), 0) AS squares,
                       COALESCE(SUM(picks) FILTER (WHERE start >= %(date_from)s), 0) AS picks
                  FROM week
                 GROUP BY 1, 2, 3
            )
            SELECT i.warehouse_id, i.product_id, t.categ_id,
                   i.quantity * COALESCE((p.standard_price ->> i.company_id::text)::float8, 0),
                   i.picks, i.quantity * COALESCE(p.volume, 0),
                   (%(date_to)s + 1 - GREATEST(date_trunc('week', i.first_day)::date, %(date_from)s)) / 7,
                   i.quantity, i.squares
              FROM item i
              JOIN product_product p ON p.id = i.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE t.type = 'consu'
             ORDER BY 1, 2
            """,
            consumed=consumed,
            date_from=date_from,
            date_to=date_to,
        )

    @api.model
    def _read_before(self, company):
        """{(warehouse, product): (id, letters)} of the classes that stand."""
        rows = self.env.execute_query(
            SQL(
                "SELECT warehouse_id, product_id, id, abc_value, abc_picks, abc_volume, xyz "
                "FROM scm_product_class WHERE company_id = %s",
                company.id,
            )
        )
        return {row[:2]: (row[2], dict(zip(MEASURES, row[3:], strict=True))) for row in rows}

    def _upsert(self, values):
        columns = ", ".join(STORED)
        updated = ", ".join(f"{name} = EXCLUDED.{name}" for name in STORED[3:])
        execute_values(
            self.env.cr._obj,
            f"INSERT INTO scm_product_class ({columns}) VALUES %s "
            f"ON CONFLICT (product_id, warehouse_id) DO UPDATE SET {updated}",
            values,
            page_size=max(len(values), 1),
        )

    def _log_changes(self, company, today, keys, before, previous, letters):
        """Each class that is another than before; the first class of a product is no change."""
        changes = [
            (before[key][0], key[1], key[0], company.id, today, measure, previous[i][measure], letters[measure][i])
            for i, key in enumerate(keys)
            if previous[i]
            for measure in MEASURES
            if previous[i][measure] != letters[measure][i]
        ]
        if changes:
            execute_values(
                self.env.cr._obj,
                "INSERT INTO scm_product_class_history (class_id, product_id, warehouse_id, company_id, date, measure, "
                "class_from, class_to) VALUES %s",
                changes,
                page_size=len(changes),
            )
            self.env["scm.product.class.history"].invalidate_model()

    def _drop_gone(self, before, keys):
        """Rows of products that never were consumed, for example because their moves were taken back."""
        gone = [number for key, (number, _letters) in before.items() if key not in keys]
        self.browse(gone).unlink()
