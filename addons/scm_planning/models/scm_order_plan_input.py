"""First beat of the order plan: all that it needs beside the input of the policy, in a fixed number of queries."""

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from .scm_policy_input import MOVES_TO_COME, QUOTATIONS


class ScmOrderPlanInput(models.AbstractModel):
    """Reads as ``scm.policy.input`` does, and also plans warehouses that only supply others."""

    _name = "scm.order.plan.input"
    _inherit = "scm.policy.input"
    _description = "Input of the Order Plan"

    # Items

    @api.model
    def _forecast_keys_query(self, company):
        """Products of the forecast, what resupply routes draw from, and what customers or firm orders wait for."""
        return SQL(
            """%s
             UNION
            SELECT product_id, supplier_id FROM (%s) resupply
             UNION
            SELECT product_id, warehouse_id FROM scm_planned_order WHERE company_id = %s AND state = 'firm'""",
            super()._forecast_keys_query(company),
            self._resupply_query(company),
            company.id,
        )

    @api.model
    def _resupply_query(self, company):
        """Rows (product, warehouse, warehouse that supplies it, days) of Odoo's resupply routes.

        A route holds for a product that names it, itself, by its category or by the route of its reordering rule; of
        several the first in Odoo's order.
        """
        return SQL(
            """
            SELECT DISTINCT ON (named.product_id, route.supplied_wh_id)
                   named.product_id, route.supplied_wh_id AS warehouse_id, route.supplier_wh_id AS supplier_id,
                   (SELECT COALESCE(sum(rule.delay), 0) FROM stock_rule rule
                     WHERE rule.route_id = route.id AND rule.active)::float8 AS days
              FROM stock_route route
              JOIN stock_warehouse own ON own.id = route.supplied_wh_id AND own.company_id = %(company)s AND own.active
              JOIN stock_warehouse source ON source.id = route.supplier_wh_id AND source.company_id = %(company)s
               AND source.active
              JOIN LATERAL (
                    SELECT p.id AS product_id, 1 AS priority
                      FROM stock_route_product link
                      JOIN product_product p ON p.product_tmpl_id = link.product_id
                     WHERE link.route_id = route.id
                     UNION ALL
                    SELECT p.id, 2
                      FROM stock_route_categ link
                      JOIN product_category named ON named.id = link.categ_id
                      JOIN product_category c ON c.parent_path LIKE named.parent_path || '%%'
                      JOIN product_template t ON t.categ_id = c.id
                      JOIN product_product p ON p.product_tmpl_id = t.id
                     WHERE link.route_id = route.id
                     UNION ALL
                    SELECT o.product_id, 0
                      FROM stock_warehouse_orderpoint o
                     WHERE o.route_id = route.id AND o.warehouse_id = route.supplied_wh_id AND o.active
                   ) named ON TRUE
             WHERE route.active
          ORDER BY named.product_id, route.supplied_wh_id, named.priority, route.sequence, route.id
            """,
            company=company.id,
        )

    @api.model
    def _read_sources(self, company, items):
        """(item that supplies each item or -1, days on the way), int and float (n,)."""
        rows = self.env.execute_query(self._resupply_query(company))
        routes = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "supplier_id", "days"])
        source, days = np.full(len(items), -1), np.zeros(len(items))
        positions = self._positions(items, routes)
        suppliers = self._positions(items, routes.assign(warehouse_id=routes["supplier_id"]))
        known = (positions >= 0) & (suppliers >= 0)
        source[positions[known]], days[positions[known]] = suppliers[known], routes["days"].to_numpy(float)[known]
        return source, days

    @api.model
    def _read_levels(self, company, items):
        """Safety stock and order quantity that the policy proposes, and what is known only there: columns per item."""
        rows = self.env.execute_query(
            SQL(
                """SELECT product_id, warehouse_id, safety_stock::float8, (max_proposed - min_proposed)::float8,
                          demand_day::float8
                     FROM scm_policy_proposal WHERE company_id = %s AND product_id = ANY(%s)""",
                company.id,
                self._products(items),
            )
        )
        columns = ["product_id", "warehouse_id", "safety_stock", "lot", "demand_day"]
        known = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], float))
        return items[["product_id", "warehouse_id"]].merge(known, on=columns[:2], how="left").fillna(0.0)

    # Forecast

    @api.model
    def _read_forecast(self, company, items, monday):
        """Expected demand per week from ``monday`` on, float (n, h); 0 without a forecast."""
        run = self.env["scm.forecast.run"].search(
            [("company_id", "=", company.id), ("freq", "=", "W"), ("current", "=", True)], limit=1
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.product_id, f.warehouse_id,
                       string_agg(round(COALESCE(line.quantity_override, line.quantity)::numeric, 4)::text, ' '
                                  ORDER BY line.date)
                  FROM scm_forecast f
                  JOIN scm_forecast_line line ON line.forecast_id = f.id AND line.date >= %s
                 WHERE f.run_id = %s AND f.product_id = ANY(%s)
              GROUP BY f.product_id, f.warehouse_id
                """,
                monday,
                run.id or 0,
                self._products(items),
            )
        )
        known = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "weeks"])
        positions = self._positions(items, known)
        values = [np.array(text.split(" "), float) for text in known["weeks"]]
        horizon = max((len(value) for value in values), default=1)
        result = np.zeros((len(items), horizon))
        for position, value in zip(positions, values, strict=True):
            if position >= 0:
                result[position, : len(value)] = value
        return result

    # Stock to come and to go

    @api.model
    def _read_open_receipts(self, company, items, today):
        """Open receipts: columns item, day that is named now, promise_day, partner_id (0 = no vendor), quantity."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH zone AS (%(zones)s)
                SELECT m.product_id, target.warehouse_id, (m.date AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date,
                       COALESCE(CASE WHEN l.scm_is_split IS NOT TRUE THEN l.scm_promise_date END,
                                (m.date AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date),
                       COALESCE(v.commercial_partner_id, 0), sum(m.product_qty)::float8
                  FROM stock_move m
                  JOIN stock_location source ON source.id = m.location_id
                  JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                  JOIN zone ON zone.warehouse_id = target.warehouse_id
             LEFT JOIN purchase_order_line l ON l.id = m.purchase_line_id
             LEFT JOIN purchase_order o ON o.id = l.order_id
             LEFT JOIN res_partner v ON v.id = o.partner_id
                 WHERE m.state IN %(states)s AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
                   AND m.product_id = ANY(%(products)s)
              GROUP BY 1, 2, 3, 4, 5
                 UNION ALL
                %(drafts)s
                """,
                zones=self.env["stock.warehouse"]._scm_zones_query(company),
                states=MOVES_TO_COME,
                products=self._products(items),
                drafts=self._drafts_query(company, items),
            )
        )
        columns = ["product_id", "warehouse_id", "date", "promise", "partner_id", "quantity"]
        receipts = pd.DataFrame(rows, columns=columns)
        # vendors of quotations are told by a negative number
        receipts["draft"] = receipts["partner_id"] < 0
        receipts["partner_id"] = receipts["partner_id"].abs()
        receipts["item"] = self._positions(items, receipts)
        receipts = receipts[receipts["item"] >= 0].reset_index(drop=True)
        for column in ("date", "promise"):
            days = receipts[column].to_numpy(dtype="datetime64[D]") - today[receipts["item"].to_numpy(int)]
            receipts[column] = days.astype(int)
        return receipts

    @api.model
    def _drafts_query(self, company, items):
        """Quotations as receipts, with the vendor's number below zero."""
        return SQL(
            """
            SELECT l.product_id, COALESCE(rule.warehouse_id, final.warehouse_id, type.warehouse_id),
                   (l.date_planned AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date,
                   (l.date_planned AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date,
                   -v.commercial_partner_id, sum(l.product_qty * unit.factor / own.factor)::float8
              FROM purchase_order_line l
              JOIN purchase_order o ON o.id = l.order_id
              JOIN res_partner v ON v.id = o.partner_id
              JOIN stock_picking_type type ON type.id = o.picking_type_id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom unit ON unit.id = l.product_uom_id
              JOIN uom_uom own ON own.id = t.uom_id
         LEFT JOIN stock_warehouse_orderpoint rule ON rule.id = l.orderpoint_id
         LEFT JOIN stock_location final ON final.id = l.location_final_id
              JOIN zone ON zone.warehouse_id = COALESCE(rule.warehouse_id, final.warehouse_id, type.warehouse_id)
             WHERE o.state IN %s AND o.company_id = %s AND l.product_id = ANY(%s)
          GROUP BY 1, 2, 3, 4, 5
            """,
            QUOTATIONS,
            company.id,
            self._products(items),
        )

    @api.model
    def _read_deliveries(self, company, items, today):
        """Open deliveries: columns item, day, customer (bool), quantity. Overdue ones have days below 0."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH zone AS (%(zones)s)
                SELECT m.product_id, source.warehouse_id, (m.date AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date,
                       target.usage = 'customer', sum(m.product_qty)::float8
                  FROM stock_move m
                  JOIN stock_location source ON source.id = m.location_id
                  JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                  JOIN zone ON zone.warehouse_id = source.warehouse_id
                 WHERE m.state IN %(states)s AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
                   AND m.product_id = ANY(%(products)s)
              GROUP BY 1, 2, 3, 4
                """,
                zones=self.env["stock.warehouse"]._scm_zones_query(company),
                states=MOVES_TO_COME,
                products=self._products(items),
            )
        )
        moves = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "date", "customer", "quantity"])
        moves["item"] = self._positions(items, moves)
        moves = moves[moves["item"] >= 0].reset_index(drop=True)
        days = moves["date"].to_numpy(dtype="datetime64[D]") - today[moves["item"].to_numpy(int)]
        return moves.assign(day=days.astype(int))

    @api.model
    def _read_lateness(self, company):
        """Rows (vendor, product, days late) of the receipts of the last two years."""
        facts = self.env["scm.receipt.fact"]
        for model, names in facts._depends.items():
            self.env[model].flush_model(names)
        since = fields.Date.subtract(fields.Date.context_today(self), years=2)
        rows = self.env.execute_query(
            SQL(
                """SELECT vendor.commercial_partner_id, line.product_id, (movement.day - fact.promise)::float8
                     FROM %(lines)s
                     JOIN LATERAL (%(movements)s) movement
                       ON movement.kind = 'receipt' AND movement.moment > %(since)s::date
                    WHERE %(where)s AND line.company_id = %(company)s AND purchase.state = 'purchase'""",
                lines=facts._from(),
                movements=facts._movements(),
                since=since,
                where=facts._where(),
                company=company.id,
            )
        )
        return pd.DataFrame(rows, columns=["partner_id", "product_id", "days"]).astype({"days": float})

    # What people decided

    @api.model
    def _read_decided(self, company, items):
        """Firm and cancelled planned orders: columns item, source (item or -1), kind, state, quantity, dates."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id, product_id, warehouse_id, source_warehouse_id, kind, state, quantity::float8, date_order,
                          date_receipt
                     FROM scm_planned_order
                    WHERE company_id = %s AND state IN ('firm', 'cancelled') AND product_id = ANY(%s)""",
                company.id,
                self._products(items),
            )
        )
        columns = ["id", "product_id", "warehouse_id", "source_id", "kind", "state", "quantity", "date_order",
                   "date_receipt"]  # fmt: skip
        decided = pd.DataFrame(rows, columns=columns)
        decided["item"] = self._positions(items, decided)
        source = pd.to_numeric(decided["source_id"]).fillna(0)
        decided["source"] = self._positions(items, decided.assign(warehouse_id=source))
        return decided[(decided["item"] >= 0) & decided["date_receipt"].notna()].reset_index(drop=True)

    @api.model
    def _read_substitutes(self, items):
        """Pairs (item, item that could take its place in the warehouse), int (s, 2)."""
        rows = self.env.execute_query(self._substitutes_query(self._products(items)))
        pairs = pd.DataFrame(rows, columns=["product_id", "other_id"])
        keys = items[["product_id", "warehouse_id"]].reset_index(names="item")
        pairs = pairs.merge(keys, on="product_id")
        pairs["other"] = self._positions(items, pairs.assign(product_id=pairs["other_id"]))
        return pairs.loc[pairs["other"] >= 0, ["item", "other"]].to_numpy(int)

    @api.model
    def _substitutes_query(self, product_ids):
        """Hook: rows (product, product that customers may take instead). Variants of the template, optional products.

        An extension adds its own with UNION.
        """
        return SQL(
            """
            SELECT p.id, other.id
              FROM product_product p
              JOIN product_product other ON other.product_tmpl_id = p.product_tmpl_id AND other.id <> p.id
             WHERE p.id = ANY(%(products)s) AND other.active
             UNION
            SELECT p.id, other.id
              FROM product_product p
              JOIN product_optional_rel link ON link.src_id = p.product_tmpl_id
              JOIN product_product other ON other.product_tmpl_id = link.dest_id AND other.active
             WHERE p.id = ANY(%(products)s)
            """,
            products=product_ids,
        )
