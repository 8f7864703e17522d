"""First beat of the excess list: what is known of each product and warehouse, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.disposal import AGE_LIMITS
from .scm_policy_input import QUOTATIONS

#: bought together at least this often, and this much more often than by chance
MIN_JOINT, MIN_LIFT = 5, 1.2
#: orders with more lines say nothing about what goes together
MAX_BASKET = 40
PRICE_WEEKS = 104

ITEM_COLUMNS = (
    "product_id", "warehouse_id", "categ_id", "uom_id", "whole", "vendor_id", "proposal_id", "forecast_id", "abc",
    "xyz", "pattern", "on_hand", "incoming", "outgoing", "draft", "demand_day", "cover_days", "safety_stock", "maximum",
    "unit_cost", "price", "excess", "dead", "holding_rate", "cover_max", "return_percent", "return_days", "state",
    "dismissed_quantity", "committed",
)  # fmt: skip
ITEM_NUMBERS = (
    "on_hand", "incoming", "outgoing", "draft", "demand_day", "cover_days", "safety_stock", "maximum", "unit_cost",
    "price", "excess", "holding_rate", "cover_max", "return_percent", "return_days", "dismissed_quantity", "committed",
)  # fmt: skip


@dataclass(frozen=True)
class ExcessInput:
    """All items of one company; quantities in the product's unit, money in company currency.

    :param items: one row per product and warehouse, columns ``ITEM_COLUMNS``
    :param received: float (n, 4), units received within 90, 180, 365 days and within the vendor's return period
    :param moved_out: float (n,), units that left within 365 days
    :param expiring: float (n,), units whose lot expires within 90 days
    :param lines: open purchase lines that touch an item with too much: item, line_id, quantity, price, day, draft
    :param prices: per product: weeks, sxx, sxy, syy of its weekly logarithms
    :param pairs: per product the product it goes with best: partner_id, joint, count, partner_count, total
    :param today: local day of the company
    """

    items: pd.DataFrame
    received: np.ndarray
    moved_out: np.ndarray
    expiring: np.ndarray
    lines: pd.DataFrame
    prices: pd.DataFrame
    pairs: pd.DataFrame
    today: np.datetime64


class ScmExcessInput(models.AbstractModel):
    _name = "scm.excess.input"
    _description = "Input of Excess Stock"

    @api.model
    def _read_company(self, company):
        self.env.flush_all()
        today = self.env["scm.demand.day"]._scm_company_today(company)
        items = self._read_items(company)
        received, moved_out = self._read_moves(company, items, today)
        many = sorted({int(product) for product in items.loc[self._suspects(items, received, moved_out), "product_id"]})
        return ExcessInput(
            items=items,
            received=received,
            moved_out=moved_out,
            expiring=self._read_expiring(company, items, today),
            lines=self._read_lines(company, items, many, today),
            prices=self._read_prices(company, many, today),
            pairs=self._read_pairs(company, many, today),
            today=np.datetime64(today),
        )

    @api.model
    def _suspects(self, items, received, moved_out):
        """Items that may have too much: bool (n,)."""
        silent = (moved_out <= 0) & (received[:, 2] <= 0) & (items["on_hand"].to_numpy() > 0)
        return (items["excess"].to_numpy() > 0) | silent

    @api.model
    def _read_items(self, company):
        """Items of the plan, with what people decided about them before."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.product_id, p.warehouse_id, t.categ_id, t.uom_id, split_part(u.parent_path, '/', 1)::int = %s,
                       p.vendor_id, p.id, p.forecast_id, p.abc, p.xyz, p.pattern, p.on_hand::float8, p.incoming::float8,
                       p.outgoing::float8, p.on_order_draft::float8, p.demand_day::float8, p.cover_days::float8,
                       p.safety_stock::float8, p.max_proposed::float8, p.unit_cost::float8, t.list_price::float8,
                       p.excess_quantity::float8, p.dead,
                       COALESCE(policy.holding_rate, 0)::float8, COALESCE(policy.cover_max_days, 0)::float8,
                       s.scm_return_percent::float8, s.scm_return_days::float8, e.state, e.dismissed_quantity::float8,
                       COALESCE(action.quantity, 0)::float8
                  FROM scm_policy_proposal p
                  JOIN product_product product ON product.id = p.product_id AND product.active
                  JOIN product_template t ON t.id = product.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
             LEFT JOIN scm_inventory_policy policy ON policy.id = p.policy_id
             LEFT JOIN product_supplierinfo s ON s.id = p.supplierinfo_id
             LEFT JOIN scm_excess e ON e.product_id = p.product_id AND e.warehouse_id = p.warehouse_id
             LEFT JOIN LATERAL (SELECT sum(a.quantity) AS quantity FROM scm_excess_action a
                                 WHERE a.excess_id = e.id AND a.state = 'accepted') action ON TRUE
                 WHERE p.company_id = %s
              ORDER BY p.product_id, p.warehouse_id
                """,
                self.env.ref("uom.product_uom_unit").id,
                company.id,
            )
        )
        return pd.DataFrame(rows, columns=ITEM_COLUMNS).astype(dict.fromkeys(ITEM_NUMBERS, float))

    @api.model
    def _positions(self, items, rows):
        return self.env["scm.policy.input"]._positions(items, rows)

    @api.model
    def _read_moves(self, company, items, today):
        """Units received within each age limit and within the return period, and units that left within a year."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    SELECT l.product_id, side.warehouse_id, %(today)s - l.date::date AS age, side.quantity
                      FROM stock_move_line l
                      JOIN stock_location source ON source.id = l.location_id
                      JOIN stock_location target ON target.id = l.location_dest_id
                CROSS JOIN LATERAL (VALUES
                           (CASE WHEN target.usage = 'internal' THEN target.warehouse_id END, l.quantity_product_uom),
                           (CASE WHEN source.usage = 'internal' THEN source.warehouse_id END, -l.quantity_product_uom)
                           ) AS side (warehouse_id, quantity)
                     WHERE l.state = 'done' AND l.company_id = %(company)s AND l.date >= %(since)s
                       AND side.warehouse_id IS NOT NULL
                       AND (source.usage <> 'internal' OR target.usage <> 'internal'
                            OR source.warehouse_id IS DISTINCT FROM target.warehouse_id)
                )
                SELECT m.product_id, m.warehouse_id,
                       sum(quantity) FILTER (WHERE quantity > 0 AND age <= %(first)s)::float8,
                       sum(quantity) FILTER (WHERE quantity > 0 AND age <= %(second)s)::float8,
                       sum(quantity) FILTER (WHERE quantity > 0)::float8,
                       sum(quantity) FILTER (WHERE quantity > 0 AND age <= s.scm_return_days)::float8,
                       -sum(quantity) FILTER (WHERE quantity < 0)::float8
                  FROM moved m
             LEFT JOIN scm_policy_proposal p ON p.product_id = m.product_id AND p.warehouse_id = m.warehouse_id
             LEFT JOIN product_supplierinfo s ON s.id = p.supplierinfo_id
              GROUP BY m.product_id, m.warehouse_id
                """,
                today=today,
                company=company.id,
                since=today - timedelta(days=AGE_LIMITS[-1]),
                first=AGE_LIMITS[0],
                second=AGE_LIMITS[1],
            )
        )
        names = ["product_id", "warehouse_id", "first", "second", "third", "returnable", "out"]
        moves = pd.DataFrame(rows, columns=names)
        table = np.zeros((len(items), 5))
        places = self._positions(items, moves)
        values = np.nan_to_num(moves[names[2:]].to_numpy(float))
        table[places[places >= 0]] = values[places >= 0]
        return table[:, :4], table[:, 4]

    @api.model
    def _read_expiring(self, company, items, today):
        """Units of lots that expire within the first age limit; nothing where expiry is not kept."""
        result = np.zeros(len(items))
        if "expiration_date" not in self.env["stock.lot"]._fields:
            return result
        rows = self.env.execute_query(
            SQL(
                """
                SELECT q.product_id, location.warehouse_id, sum(q.quantity)::float8
                  FROM stock_quant q
                  JOIN stock_location location ON location.id = q.location_id AND location.usage = 'internal'
                  JOIN stock_lot lot ON lot.id = q.lot_id
                 WHERE q.company_id = %s AND lot.expiration_date < %s AND q.quantity > 0
              GROUP BY 1, 2
                """,
                company.id,
                today + timedelta(days=AGE_LIMITS[0]),
            )
        )
        found = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "quantity"])
        places = self._positions(items, found)
        result[places[places >= 0]] = found["quantity"].to_numpy(float)[places >= 0]
        return result

    @api.model
    def _read_lines(self, company, items, products, today):
        """Purchase lines that still bring something, quotations included."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.product_id, COALESCE(rule.warehouse_id, final.warehouse_id, type.warehouse_id), l.id,
                       ((l.product_qty - COALESCE(l.qty_received, 0)) * unit.factor / own.factor)::float8,
                       (l.price_subtotal / NULLIF(l.product_qty, 0) / COALESCE(NULLIF(o.currency_rate, 0), 1)
                        * own.factor / unit.factor)::float8,
                       l.date_planned::date - %s, o.state = ANY(%s)
                  FROM purchase_order_line l
                  JOIN purchase_order o ON o.id = l.order_id
                  JOIN stock_picking_type type ON type.id = o.picking_type_id
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = l.product_uom_id
                  JOIN uom_uom own ON own.id = t.uom_id
             LEFT JOIN stock_warehouse_orderpoint rule ON rule.id = l.orderpoint_id
             LEFT JOIN stock_location final ON final.id = l.location_final_id
                 WHERE o.state = ANY(%s) AND o.company_id = %s AND l.product_id = ANY(%s)
                   AND l.product_qty > COALESCE(l.qty_received, 0)
                   -- a cut that the vendor was asked for is not asked for twice
                   AND NOT EXISTS (SELECT FROM scm_excess_action a
                                    WHERE a.purchase_line_id = l.id AND a.state = 'accepted')
              ORDER BY l.id
                """,
                today,
                list(QUOTATIONS),
                [*QUOTATIONS, "purchase"],
                company.id,
                products,
            )
        )
        names = ["product_id", "warehouse_id", "line_id", "quantity", "price", "day", "draft"]
        lines = pd.DataFrame(rows, columns=names)
        lines["item"] = self._positions(items, lines)
        lines = lines[lines["item"] >= 0].astype({"quantity": float, "price": float, "day": float})
        return lines.fillna({"price": 0.0, "day": 0.0}).reset_index(drop=True)

    @api.model
    def _read_prices(self, company, products, today):
        """Sums of weekly log price and log quantity of each product, less what all products of a week had in common."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH week AS (
                    SELECT product_id, date_trunc('week', date)::date AS week, ln(sum(quantity)) AS quantity,
                           ln(sum(revenue) / sum(quantity)) AS price
                      FROM scm_demand_day
                     WHERE company_id = %s AND date >= %s AND product_id = ANY(%s)
                  GROUP BY product_id, date_trunc('week', date)
                    HAVING sum(quantity) > 0 AND sum(revenue) > 0
                ), item AS (
                    SELECT product_id, week, quantity - avg(quantity) OVER own AS quantity,
                           price - avg(price) OVER own AS price
                      FROM week WINDOW own AS (PARTITION BY product_id)
                ), plain AS (
                    SELECT product_id,
                           quantity - CASE WHEN count(*) OVER same >= 5 THEN avg(quantity) OVER same ELSE 0 END AS y,
                           price - CASE WHEN count(*) OVER same >= 5 THEN avg(price) OVER same ELSE 0 END AS x
                      FROM item WINDOW same AS (PARTITION BY week)
                )
                SELECT product_id, count(*), regr_sxx(y, x)::float8, regr_sxy(y, x)::float8, regr_syy(y, x)::float8
                  FROM plain GROUP BY product_id
                """,
                company.id,
                today - timedelta(weeks=PRICE_WEEKS),
                products,
            )
        )
        return pd.DataFrame(rows, columns=["product_id", "weeks", "sxx", "sxy", "syy"])

    @api.model
    def _read_pairs(self, company, products, today):
        """Per product the one that it is bought together with most above chance, from the orders of a year."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH line AS (
                    SELECT DISTINCT l.order_id, l.product_id
                      FROM sale_order_line l
                      JOIN sale_order o ON o.id = l.order_id
                     WHERE o.state = 'sale' AND o.company_id = %(company)s AND o.date_order >= %(since)s
                       AND l.product_id IS NOT NULL AND l.product_uom_qty > 0 AND l.display_type IS NULL
                ), basket AS (
                    SELECT line.order_id, line.product_id FROM line
                      JOIN (SELECT order_id FROM line GROUP BY order_id HAVING count(*) <= %(most)s) small
                     USING (order_id)
                ), bought AS (
                    SELECT product_id, count(*) AS orders FROM basket GROUP BY product_id
                ), total AS (
                    SELECT count(DISTINCT order_id) AS orders FROM basket
                ), pair AS (
                    SELECT a.product_id, b.product_id AS partner_id, count(*) AS joint
                      FROM basket a JOIN basket b ON b.order_id = a.order_id AND b.product_id <> a.product_id
                     WHERE a.product_id = ANY(%(products)s) AND b.product_id <> ALL(%(products)s)
                  GROUP BY 1, 2 HAVING count(*) >= %(least)s
                ), named AS MATERIALIZED (
                    -- kept apart: joined in one, all products would first be paired with all others
                    SELECT pair.*, own.orders FROM pair JOIN bought own ON own.product_id = pair.product_id
                )
                SELECT DISTINCT ON (pair.product_id) pair.product_id, pair.partner_id, pair.joint, pair.orders,
                       partner.orders, total.orders
                  FROM named pair
                  JOIN bought partner ON partner.product_id = pair.partner_id
            CROSS JOIN total
                 WHERE pair.joint::float8 * total.orders > %(lift)s * pair.orders * partner.orders
              ORDER BY pair.product_id, pair.joint DESC, pair.partner_id
                """,
                company=company.id,
                since=fields.Datetime.to_datetime(today - timedelta(days=365)),
                most=MAX_BASKET,
                products=products,
                least=MIN_JOINT,
                lift=MIN_LIFT,
            )
        )
        return pd.DataFrame(rows, columns=["product_id", "partner_id", "joint", "count", "partner_count", "total"])
