from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel import demand as kernel

# Items per block, so that memory does not grow with the number of items.
BLOCK = 1000


class ScmStockout(models.Model):
    """Whole local days on which a warehouse had none of a product that it had stocked before, from the stock ledger."""

    _name = "scm.stockout"
    _description = "Stock-out"
    _log_access = False
    _order = "date_from desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    categ_id = fields.Many2one(related="product_id.categ_id", string="Product Category")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, readonly=True, help="First whole day without stock.")
    date_to = fields.Date("To", readonly=True, help="Last whole day without stock. Empty: still out of stock.")
    days = fields.Integer(readonly=True, help="Whole days without stock; up to the last refresh when it still lasts.")
    expected_quantity = fields.Float(
        "Expected Demand",
        digits="Product Unit",
        readonly=True,
        help="Demand of comparable days in stock: the same weekdays of the eight weeks before and after, for at most "
        "the first 91 days.",
    )
    ordered_quantity = fields.Float(
        "Ordered Anyway", digits="Product Unit", readonly=True, help="Ordered without stock: demand, so not lost."
    )
    lost_quantity = fields.Float(
        "Lost Units", digits="Product Unit", readonly=True, help="Expected less ordered; never part of the demand."
    )
    lost_revenue = fields.Monetary(readonly=True, help="Lost units at the mean price of the time.")
    lost_share = fields.Float(
        readonly=True,
        aggregator=None,
        help="Share of the expected demand that was lost; 1 when nothing could be estimated.",
    )
    sample_days = fields.Integer(
        "Comparable Days", readonly=True, aggregator=None, help="Days on which the estimate rests; 14 are needed."
    )
    is_stale = fields.Boolean(readonly=True, help="The estimate has to be made again.")

    _start_uniq = models.Constraint("UNIQUE(warehouse_id, product_id, date_from)", "A stock-out is listed once.")
    _open_idx = models.Index("(warehouse_id, product_id) WHERE date_to IS NULL")
    _stale_idx = models.Index("(company_id) WHERE is_stale")

    @api.model
    def _refresh(self, companies, full):
        """Rebuild the stock-outs of products whose stock moved (``full``: of all), and estimate what was lost.

        Runs behind ``scm.demand.line._refresh``, which leaves the zones and the touched days in work tables.
        """
        self._build_intervals(companies, full)
        self._store_intervals(companies, full)
        self._mark_stale(companies, full)
        self._estimate(companies)
        self.invalidate_model()

    def action_open_demand(self):
        """Demand around the stock-out: from eight weeks before to eight weeks behind it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_planning.scm_demand_day_action")
        last = self.date_to or fields.Date.context_today(self)
        domain = [
            ("product_id", "=", self.product_id.id),
            ("warehouse_id", "=", self.warehouse_id.id),
            ("date", ">=", self.date_from - timedelta(days=kernel.WINDOW_DAYS)),
            ("date", "<=", last + timedelta(days=kernel.WINDOW_DAYS)),
        ]
        return action | {"name": self.product_id.display_name, "domain": domain, "context": {}}

    # Intervals

    @api.model
    def _build_intervals(self, companies, full):
        """Fill ``scm_moved`` (the products looked at) and ``scm_change`` (each time an item ran out or came in)."""
        cr = self.env.cr
        for table in ("scm_moved", "scm_change"):
            cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", table)))
        moved = self._all_products() if full else self._moved_products(companies)
        cr.execute(SQL("CREATE TEMP TABLE scm_moved ON COMMIT DROP AS %s", moved))
        cr.execute("ALTER TABLE scm_moved ADD PRIMARY KEY (product_id); ANALYZE scm_moved")
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        cr.execute(SQL("CREATE TEMP TABLE scm_change ON COMMIT DROP AS %s", self._change_query(digits)))

    @api.model
    def _all_products(self):
        return SQL(
            """
            SELECT pp.id AS product_id FROM product_product pp
              JOIN product_template pt ON pt.id = pp.product_tmpl_id AND pt.is_storable
            """
        )

    @api.model
    def _moved_products(self, companies):
        states = self.env["scm.demand.state"].search([("company_id", "in", companies.ids)])
        return SQL(
            """
            SELECT product_id FROM (%s) storable
             WHERE product_id IN (
                   SELECT product_id FROM stock_move_line WHERE write_date >= %s AND state = 'done'
                    UNION
                   SELECT product_id FROM stock_move_line WHERE id > %s AND state = 'done'
                    UNION
                   SELECT product_id FROM scm_changed_product)
            """,
            self._all_products(),
            min(states.mapped("watermark")),
            min(states.mapped("last_move_line_id")),
        )

    @api.model
    def _change_query(self, digits):
        """Moments at which an item of ``scm_moved`` ran out or came in, with the moment of the next such change.

        The balance is the running sum of what moved into less what moved out of the warehouse's internal locations,
        taken after all moves of one moment; moves within the warehouse cancel out.
        """
        return SQL(
            """
            WITH moved AS (
                SELECT sml.product_id, side.warehouse_id, sml.date, sum(side.quantity) AS quantity
                  FROM scm_moved
                  JOIN stock_move_line sml ON sml.product_id = scm_moved.product_id AND sml.state = 'done'
                  JOIN stock_location src ON src.id = sml.location_id
                  JOIN stock_location dest ON dest.id = sml.location_dest_id
            CROSS JOIN LATERAL (VALUES
                       (CASE WHEN dest.usage = 'internal' THEN dest.warehouse_id END, sml.quantity_product_uom),
                       (CASE WHEN src.usage = 'internal' THEN src.warehouse_id END, -sml.quantity_product_uom)
                       ) AS side (warehouse_id, quantity)
                 WHERE side.warehouse_id IN (SELECT warehouse_id FROM scm_zone)
              GROUP BY sml.product_id, side.warehouse_id, sml.date
            ), balance AS (
                SELECT product_id, warehouse_id, date,
                       round(sum(quantity) OVER item, %s) > 0 AS has_stock
                  FROM moved
                WINDOW item AS (PARTITION BY product_id, warehouse_id ORDER BY date)
            ), turn AS (
                SELECT *, lag(has_stock, 1, FALSE) OVER item AS had_stock
                  FROM balance
                WINDOW item AS (PARTITION BY product_id, warehouse_id ORDER BY date)
            )
            SELECT t.product_id, t.warehouse_id, z.company_id, t.has_stock,
                   t.date AT TIME ZONE 'UTC' AT TIME ZONE z.zone AS moment,
                   lead(t.date) OVER (PARTITION BY t.product_id, t.warehouse_id ORDER BY t.date)
                       AT TIME ZONE 'UTC' AT TIME ZONE z.zone AS next_moment
              FROM turn t
              JOIN scm_zone z ON z.warehouse_id = t.warehouse_id
             WHERE t.has_stock <> t.had_stock
            """,
            digits,
        )

    @api.model
    def _store_intervals(self, companies, full):
        """Write the whole days between running out and coming in, and each item's first day in stock.

        An item is out from the day behind the one on which it ran out (that very day when it ran out at midnight) to
        the day before the one on which it came in. Before its first receipt it was not stocked, so it was not out.
        """
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                WITH span AS (
                    SELECT company_id, warehouse_id, product_id,
                           (moment - interval '1 microsecond')::date + 1 AS date_from, next_moment::date - 1 AS date_to
                      FROM scm_change WHERE NOT has_stock
                ), new AS (
                    SELECT * FROM span WHERE date_to IS NULL OR date_to >= date_from
                ), gone AS (
                    DELETE FROM scm_stockout old
                     WHERE old.company_id = ANY(%s)
                       AND (%s OR old.product_id IN (SELECT product_id FROM scm_moved))
                       AND NOT EXISTS (SELECT FROM new WHERE new.warehouse_id = old.warehouse_id
                                          AND new.product_id = old.product_id AND new.date_from = old.date_from)
                )
                INSERT INTO scm_stockout AS old (company_id, warehouse_id, product_id, date_from, date_to, is_stale)
                SELECT company_id, warehouse_id, product_id, date_from, date_to, TRUE FROM new
                    ON CONFLICT (warehouse_id, product_id, date_from) DO UPDATE
                   SET date_to = excluded.date_to, company_id = excluded.company_id, is_stale = TRUE
                 WHERE old.date_to IS DISTINCT FROM excluded.date_to
                """,
                companies.ids,
                full,
            )
        )
        cr.execute(
            """
            INSERT INTO scm_demand_item AS old (company_id, warehouse_id, product_id, date_first_receipt)
                 SELECT company_id, warehouse_id, product_id, min(moment)::date
                   FROM scm_change WHERE has_stock
               GROUP BY company_id, warehouse_id, product_id
            ON CONFLICT (warehouse_id, product_id) DO UPDATE
                    SET date_first_receipt = excluded.date_first_receipt
                  WHERE old.date_first_receipt IS DISTINCT FROM excluded.date_first_receipt
            """
        )
        self.env["scm.demand.item"].invalidate_model()

    # What was lost

    @api.model
    def _today_values(self, companies):
        """SQL values (warehouse_id, local day of today)."""
        today = self.env["stock.warehouse"]._scm_todays(companies)
        return SQL(
            "(SELECT * FROM unnest(%s::int[], %s::date[]) AS t (warehouse_id, today))",
            list(today),
            list(today.values()),
        )

    @api.model
    def _mark_stale(self, companies, full):
        """Count the days of open stock-outs, and mark for estimation: those that are open or whose comparable days are
        not over yet or saw a change of demand.
        """
        touched = (
            SQL("TRUE")
            if full
            else SQL(
                """
                EXISTS (SELECT FROM scm_demand_dirty d
                         WHERE d.warehouse_id = o.warehouse_id AND d.product_id = o.product_id
                           AND d.date BETWEEN o.date_from - %(window)s AND COALESCE(o.date_to, t.today) + %(window)s)
                """,
                window=kernel.WINDOW_DAYS,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_stockout o
                   SET days = GREATEST(COALESCE(o.date_to + 1, t.today) - o.date_from, 0), is_stale = TRUE
                  FROM %s t
                 WHERE o.warehouse_id = t.warehouse_id
                   AND (o.is_stale OR o.date_to IS NULL OR o.date_to + %s >= t.today OR %s)
                """,
                self._today_values(companies),
                kernel.WINDOW_DAYS + 1,
                touched,
            )
        )

    @api.model
    def _estimate(self, companies):
        """Fill in what was lost in the stock-outs that are marked."""
        outs = self._read_outs(companies)
        if not len(outs["code"]):
            return
        start = int(outs["day_from"][outs["is_stale"] == 1].min()) - kernel.WINDOW_DAYS
        codes, known, demand = self._read_items(companies, start, outs)
        series = np.searchsorted(codes, outs["code"])
        results = {}
        for first in range(0, len(codes), BLOCK):
            mine = np.flatnonzero((series >= first) & (series < first + BLOCK))
            block = {name: values[mine] for name, values in outs.items()}
            table = self._block_demand(demand, first, min(BLOCK, len(codes) - first), start, outs)
            estimates = self._estimate_block(table, known[first : first + BLOCK], block, series[mine] - first, start)
            for name, values in estimates:
                results.setdefault(name, []).append(values)
        self._write_estimates({name: np.concatenate(parts) for name, parts in results.items()})

    @api.model
    def _read_outs(self, companies):
        """All stock-outs of the items that have a marked one, as arrays; days are counted from 1970."""
        names = ("id", "product", "warehouse", "day_from", "day_to", "today", "is_stale", "is_ended")
        columns = self.env["scm.demand.day"]._copy(
            SQL(
                """
                SELECT o.id, o.product_id, o.warehouse_id, o.date_from - DATE '1970-01-01',
                       COALESCE(o.date_to, GREATEST(t.today - 1, o.date_from)) - DATE '1970-01-01',
                       t.today - DATE '1970-01-01', o.is_stale::int,
                       (o.date_to IS NULL AND NOT (pp.active AND pt.sale_ok))::int
                  FROM scm_stockout o
                  JOIN %s t ON t.warehouse_id = o.warehouse_id
                  JOIN product_product pp ON pp.id = o.product_id
                  JOIN product_template pt ON pt.id = pp.product_tmpl_id
                 WHERE (o.warehouse_id, o.product_id) IN (%s)
                """,
                self._today_values(companies),
                self._stale_items(companies),
            ),
            *["i4"] * len(names),
        )
        outs = dict(zip(names, columns, strict=True))
        outs["code"] = (outs["product"].astype(np.int64) << 32) | outs["warehouse"]
        return outs

    @api.model
    def _stale_items(self, companies):
        return SQL(
            "SELECT warehouse_id, product_id FROM scm_stockout WHERE is_stale AND company_id = ANY(%s)", companies.ids
        )

    @api.model
    def _read_items(self, companies, start, outs):
        """Codes of the items, the day since which each is known, and their demand since ``start`` in that order."""
        days = self.env["scm.demand.day"]
        epoch = fields.Date.to_date("1970-01-01")
        product, warehouse, day, quantity = days._copy(
            SQL(
                """
                SELECT product_id, warehouse_id, date - DATE '1970-01-01', quantity::float8 FROM scm_demand_day
                 WHERE (warehouse_id, product_id) IN (%s) AND date >= %s
              ORDER BY product_id, warehouse_id, date
                """,
                self._stale_items(companies),
                epoch + timedelta(days=start),
            ),
            "i4",
            "i4",
            "i4",
            "f8",
        )
        codes = np.unique(outs["code"])
        item = np.searchsorted(codes, (product.astype(np.int64) << 32) | warehouse)
        product, warehouse, first_day = days._copy(
            SQL(
                """
                SELECT product_id, warehouse_id, LEAST(date_first_demand, date_first_receipt) - DATE '1970-01-01'
                  FROM scm_demand_item
                 WHERE (warehouse_id, product_id) IN (%s) AND LEAST(date_first_demand, date_first_receipt) IS NOT NULL
                """,
                self._stale_items(companies),
            ),
            "i4",
            "i4",
            "i4",
        )
        known = np.full(len(codes), np.iinfo(np.int32).max)
        known[np.searchsorted(codes, (product.astype(np.int64) << 32) | warehouse)] = first_day - start
        return codes, known, (item, day - start, quantity)

    @api.model
    def _block_demand(self, demand, first, count, start, outs):
        """Demand of ``count`` items from number ``first`` on as a table of days."""
        item, day, quantity = demand
        rows = slice(*np.searchsorted(item, [first, first + count]))
        days = int(outs["today"].max()) - start
        keep = day[rows] < days
        return kernel.table(item[rows][keep] - first, day[rows][keep], quantity[rows][keep], (count, days))

    @api.model
    def _estimate_block(self, demand, known, block, series, start):
        outs = kernel.StockOuts(series, block["day_from"] - start, block["day_to"] - start)
        found = kernel.lost_units(demand, known, outs)
        # Who stopped selling an item loses nothing by not having it.
        ended = block["is_ended"] == 1
        lost = np.where(ended, 0, found.lost)
        expected = np.where(ended, 0, np.nan_to_num(found.expected))
        blind = np.where(np.isnan(found.expected) & (found.ordered > 0), 0, 1)
        share = np.where(expected > 0, lost / np.where(expected > 0, expected, 1), blind)
        wanted = block["is_stale"] == 1
        columns = {
            "id": block["id"],
            "expected": expected,
            "ordered": found.ordered,
            "lost": lost,
            "share": share,
            "sample": found.sample,
        }
        return [(name, values[wanted]) for name, values in columns.items()]

    @api.model
    def _write_estimates(self, results):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_stockout o
                   SET expected_quantity = round(r.expected::numeric, %(digits)s),
                       ordered_quantity = round(r.ordered::numeric, %(digits)s),
                       lost_quantity = round(r.lost::numeric, %(digits)s),
                       lost_share = r.share, sample_days = r.sample, is_stale = FALSE,
                       lost_revenue = round(r.lost::numeric * COALESCE(price.mean, 0), cur.decimal_places)
                  FROM unnest(%(id)s::int[], %(expected)s::float8[], %(ordered)s::float8[], %(lost)s::float8[],
                              %(share)s::float8[], %(sample)s::int[])
                       AS r (id, expected, ordered, lost, share, sample)
                  JOIN scm_stockout s ON s.id = r.id
                  JOIN res_company c ON c.id = s.company_id
                  JOIN res_currency cur ON cur.id = c.currency_id
             LEFT JOIN LATERAL (
                       SELECT sum(d.revenue) / NULLIF(sum(d.quantity), 0) AS mean
                         FROM scm_demand_day d
                        WHERE r.lost > 0 AND d.warehouse_id = s.warehouse_id AND d.product_id = s.product_id
                          AND d.revenue > 0 AND d.date >= s.date_from - %(window)s
                          AND (s.date_to IS NULL OR d.date <= s.date_to + %(window)s)
                       ) price ON TRUE
                 WHERE o.id = r.id
                """,
                digits=digits,
                window=kernel.WINDOW_DAYS,
                **{name: values.tolist() for name, values in results.items()},
            )
        )
