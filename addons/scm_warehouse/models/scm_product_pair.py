from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from psycopg2.extras import execute_values

from ..kernel.pairs import doubts, lifts

WINDOW_DAYS = 180
#: transfers with more products than this say nothing about pairs, and cost the square of it
WIDEST = 60
TOGETHER_LEAST = 8
LIFT_LEAST = 1.5
DOUBT_MOST = 0.01
#: pairs kept per warehouse, the most frequent ones
KEPT = 20_000


class ScmProductPair(models.Model):
    """Two products that customers take together more often than chance explains."""

    _name = "scm.product.pair"
    _description = "Products Bought Together"
    _log_access = False
    _order = "together desc, lift desc, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    other_id = fields.Many2one(
        "product.product", "Bought with", required=True, readonly=True, ondelete="cascade", index=True
    )
    together = fields.Integer("Deliveries with Both", readonly=True)
    product_count = fields.Integer("Deliveries of the First", readonly=True, aggregator=None)
    other_count = fields.Integer("Deliveries of the Second", readonly=True, aggregator=None)
    share = fields.Float(readonly=True, aggregator=None, help="Share of the rarer product's deliveries with both.")
    lift = fields.Float(
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="How many times as often as chance would put them together.",
    )
    date_from = fields.Date("Deliveries from", readonly=True)
    date_to = fields.Date("Deliveries to", readonly=True)

    _pair_uniq = models.UniqueIndex("(warehouse_id, product_id, other_id)", "A pair stands once per warehouse.")

    @api.model
    def refresh(self):
        """Find the pairs of the user's present companies again; public, also over RPC. For supply-chain managers.

        :return: how many pairs there are
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can look for pairs. Ask one of them."))
        # sudo: the role is checked above, the companies are the user's own; nobody writes pairs by hand
        return self.sudo()._refresh(self.env.companies)

    @api.model
    def action_refresh(self):
        """Button of :meth:`refresh`: look anew, then show what was found."""
        self.refresh()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_refresh(self):
        self._refresh(self.env["res.company"].search([]))  # pylint: disable=no-search-all

    @api.model
    def _refresh(self, companies):
        """Replace the pairs of these companies; one read and one write per warehouse with deliveries."""
        self.env.flush_all()
        today = fields.Date.context_today(self)
        window = (today - timedelta(days=WINDOW_DAYS), today - timedelta(days=1))
        rows = self._count(companies, *window)
        self.env.cr.execute(SQL("DELETE FROM scm_product_pair WHERE company_id = ANY(%s)", companies.ids))
        values = [value for part in self._by_warehouse(rows) for value in self._kept(part, window)]
        if values:
            execute_values(
                self.env.cr._obj,
                "INSERT INTO scm_product_pair (company_id, warehouse_id, product_id, other_id, together, "
                "product_count, other_count, share, lift, date_from, date_to) VALUES %s",
                values,
                page_size=5000,
            )
        self.invalidate_model()
        return len(values)

    @api.model
    def _count(self, companies, date_from, date_to):
        """Rows (company, warehouse, deliveries, product, other, of one, of other, together), the frequent ones."""
        return self.env.execute_query(
            SQL(
                """
                WITH line AS (
                    SELECT DISTINCT w.company_id, w.id AS warehouse_id, m.picking_id, m.product_id
                      FROM stock_move m
                      JOIN stock_picking_type t ON t.id = m.picking_type_id AND t.code = 'outgoing'
                      JOIN stock_warehouse w ON w.id = t.warehouse_id
                      JOIN product_product p ON p.id = m.product_id
                      JOIN product_template pt ON pt.id = p.product_tmpl_id AND pt.is_storable
                     WHERE m.state = 'done' AND m.company_id = ANY(%(companies)s) AND m.picking_id IS NOT NULL
                       AND m.date >= %(date_from)s AND m.date < %(date_to)s::date + 1
                ), wide AS (
                    SELECT picking_id FROM line GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(widest)s
                ), single AS (
                    SELECT warehouse_id, product_id, count(*) AS orders FROM line GROUP BY 1, 2
                ), total AS (
                    SELECT warehouse_id, count(DISTINCT picking_id) AS orders FROM line GROUP BY 1
                ), pair AS (
                    SELECT a.company_id, a.warehouse_id, a.product_id, b.product_id AS other_id, count(*) AS together
                      FROM line a
                      JOIN wide USING (picking_id)
                      JOIN line b ON b.picking_id = a.picking_id AND b.product_id > a.product_id
                  GROUP BY 1, 2, 3, 4 HAVING count(*) >= %(least)s
                )
                SELECT pair.company_id, pair.warehouse_id, total.orders, pair.product_id, pair.other_id,
                       one.orders, other.orders, pair.together
                  FROM pair
                  JOIN total USING (warehouse_id)
                  JOIN single one ON one.warehouse_id = pair.warehouse_id AND one.product_id = pair.product_id
                  JOIN single other ON other.warehouse_id = pair.warehouse_id AND other.product_id = pair.other_id
              ORDER BY pair.warehouse_id, pair.together DESC, pair.product_id, pair.other_id
                """,
                companies=companies.ids,
                date_from=date_from,
                date_to=date_to,
                widest=WIDEST,
                least=TOGETHER_LEAST,
            )
        )

    @api.model
    def _by_warehouse(self, rows):
        parts = {}
        for row in rows:
            parts.setdefault(row[1], []).append(row)
        return parts.values()

    @api.model
    def _kept(self, rows, window):
        """Rows to write: together clearly more often than chance, the most frequent first."""
        _company, _warehouse, orders, _product, _other, one, other, together = zip(*rows, strict=True)
        lift = lifts(orders[0], one, other, together)
        doubt = doubts(orders[0], one, other, together)
        kept = [
            (
                row[0], row[1], row[3], row[4], row[7], row[5], row[6],
                row[7] / min(row[5], row[6]), float(lift[i]), *window,
            )
            for i, row in enumerate(rows)
            if lift[i] >= LIFT_LEAST and doubt[i] <= DOUBT_MOST
        ]  # fmt: skip
        return kept[:KEPT]

    @api.model
    def _partners(self, warehouse, products):
        """``{product: (the product that it is most often bought with, lift)}``, in one query."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (one) one, other, lift::float8 FROM (
                    SELECT product_id AS one, other_id AS other, together, lift FROM scm_product_pair
                     WHERE warehouse_id = %(warehouse)s AND product_id = ANY(%(products)s)
                 UNION ALL
                    SELECT other_id, product_id, together, lift FROM scm_product_pair
                     WHERE warehouse_id = %(warehouse)s AND other_id = ANY(%(products)s)
                ) pair ORDER BY one, together DESC, other
                """,
                warehouse=warehouse.id,
                products=list(products),
            )
        )
        return {one: (other, lift) for one, other, lift in rows}
