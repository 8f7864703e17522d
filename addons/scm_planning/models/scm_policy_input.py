"""First beat of the proposals: everything that they need, in a fixed number of queries per company."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.proposal import Sellers, sort_sellers

MOVES_TO_COME = ("waiting", "confirmed", "assigned", "partially_available")
QUOTATIONS = ("draft", "sent", "to approve")

ITEM_COLUMNS = (
    "product_id", "warehouse_id", "tmpl_id", "categ_id", "uom_id", "whole", "standard_price", "list_price",
    "policy_id", "abc", "xyz", "orderpoint_id", "min_current", "max_current", "rule_seller_id", "rule_multiple",
    "on_hand", "state", "rejected_min", "rejected_max", "applied_min", "applied_max",
)  # fmt: skip
#: those that are numbers or None; as floats, None is NaN
ITEM_NUMBERS = (
    "standard_price", "list_price", "policy_id", "orderpoint_id", "min_current", "max_current", "rule_seller_id",
    "rule_multiple", "on_hand", "rejected_min", "rejected_max", "applied_min", "applied_max",
)  # fmt: skip
SELLER_COLUMNS = (
    "product_id", "id", "partner", "company_partner", "sequence", "minimum", "price", "discount", "currency_id",
    "uom_id", "delay", "date_start", "date_end", "uom_factor", "fits",
)  # fmt: skip


@dataclass(frozen=True)
class PolicyInput:
    """What is known of each product and warehouse (an item) of one company; quantities in the product's unit.

    :param items: one row per item, ordered by product and warehouse, columns ``ITEM_COLUMNS``
    :param today: datetime64[D] (n,), local day of the item's warehouse
    :param incoming: columns item, day (int days from today, 0 or more), quantity
    :param outgoing: the same
    :param draft: float (n,), in quotations that are not confirmed
    :param sellers: :class:`Sellers`, item by item
    :param seller_info: one row per line of ``sellers``: company_partner (the vendor's company), delay, uom_id,
        uom_factor (product units per vendor unit), fits (the units can be converted)
    :param route_days: float (n,), delay of a route that makes or transfers the product, NaN = there is none
    :param receipts: rows of ``scm.receipt.fact._lead_times``
    """

    items: pd.DataFrame
    today: np.ndarray
    incoming: pd.DataFrame
    outgoing: pd.DataFrame
    draft: np.ndarray
    sellers: Sellers
    seller_info: pd.DataFrame
    route_days: np.ndarray
    receipts: list


class ScmPolicyInput(models.AbstractModel):
    _name = "scm.policy.input"
    _description = "Input of Replenishment Proposals"

    @api.model
    def _read_company(self, company, product_ids=None):
        """:class:`PolicyInput` of one company, or of some of its products."""
        self.env.flush_all()
        zones = self._read_today(company)
        items = self._read_items(company, product_ids)
        items = items[items["warehouse_id"].isin(zones)].reset_index(drop=True)
        today = np.array([zones[warehouse_id] for warehouse_id in items["warehouse_id"]], dtype="datetime64[D]")
        incoming, outgoing = self._read_moves(company, items, today)
        sellers, seller_info = self._read_sellers(company, items, today)
        return PolicyInput(
            items=items,
            today=today,
            incoming=incoming,
            outgoing=outgoing,
            draft=self._read_drafts(company, items),
            sellers=sellers,
            seller_info=seller_info,
            route_days=self._read_route_days(company, items),
            receipts=self._read_receipts(company),
        )

    # Items

    @api.model
    def _read_today(self, company):
        """``{warehouse id: local day}`` of the company's active warehouses."""
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        zones = warehouses._scm_zones(company)
        now = fields.Datetime.now()
        today = {
            zone: fields.Datetime.context_timestamp(self.with_context(tz=zone), now).date()
            for zone in set(zones.values())
        }
        return {warehouse_id: today[zones[warehouse_id]] for warehouse_id in warehouses.ids}

    @api.model
    def _read_items(self, company, product_ids):
        rows = self.env.execute_query(
            SQL(
                """
                WITH stock AS (
                    SELECT q.product_id, l.warehouse_id, sum(q.quantity) AS quantity
                      FROM stock_quant q
                      JOIN stock_location l ON l.id = q.location_id
                      JOIN stock_warehouse w ON w.id = l.warehouse_id
                     WHERE l.usage = 'internal' AND w.company_id = %(company)s AND %(product_of_quant)s
                  GROUP BY q.product_id, l.warehouse_id
                ),
                rule AS (
                    SELECT o.*
                      FROM stock_warehouse_orderpoint o
                      JOIN stock_warehouse w ON w.id = o.warehouse_id AND w.lot_stock_id = o.location_id
                     WHERE o.active AND o.company_id = %(company)s
                ),
                keys AS (
                    SELECT product_id, warehouse_id FROM (%(forecasts)s) forecast
                     UNION
                    SELECT product_id, warehouse_id FROM rule
                     UNION
                    SELECT product_id, warehouse_id FROM stock WHERE quantity <> 0
                ),
                last_change AS (
                    SELECT DISTINCT ON (proposal_id) proposal_id, min_after, max_after
                      FROM scm_policy_change
                     WHERE company_id = %(company)s AND state = 'applied'
                  ORDER BY proposal_id, id DESC
                )
                SELECT p.id, k.warehouse_id, t.id, t.categ_id, t.uom_id,
                       split_part(u.parent_path, '/', 1)::int = %(unit)s,
                       (p.standard_price->>%(company_key)s)::float8, t.list_price::float8,
                       (t.scm_policy_id->>%(company_key)s)::int, c.abc_value, c.xyz,
                       r.id, r.product_min_qty::float8, r.product_max_qty::float8, r.supplier_id,
                       rule_unit.factor::float8 / u.factor::float8, COALESCE(s.quantity, 0)::float8,
                       o.state, o.rejected_min::float8, o.rejected_max::float8,
                       h.min_after::float8, h.max_after::float8
                  FROM keys k
                  JOIN product_product p ON p.id = k.product_id AND p.active
                  JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable AND t.type = 'consu'
                  JOIN uom_uom u ON u.id = t.uom_id
             LEFT JOIN stock s ON s.product_id = k.product_id AND s.warehouse_id = k.warehouse_id
             LEFT JOIN rule r ON r.product_id = k.product_id AND r.warehouse_id = k.warehouse_id
             LEFT JOIN uom_uom rule_unit ON rule_unit.id = r.replenishment_uom_id
             LEFT JOIN scm_product_class c ON c.product_id = k.product_id AND c.warehouse_id = k.warehouse_id
             LEFT JOIN scm_policy_proposal o ON o.product_id = k.product_id AND o.warehouse_id = k.warehouse_id
             LEFT JOIN last_change h ON h.proposal_id = o.id
                 WHERE %(product)s
              ORDER BY p.id, k.warehouse_id
                """,
                company=company.id,
                company_key=str(company.id),
                unit=self.env.ref("uom.product_uom_unit").id,
                forecasts=self._forecast_keys_query(company),
                product_of_quant=self._product_condition(SQL.identifier("q", "product_id"), product_ids),
                product=self._product_condition(SQL.identifier("p", "id"), product_ids),
            )
        )
        return pd.DataFrame(rows, columns=ITEM_COLUMNS).astype(dict.fromkeys(ITEM_NUMBERS, float))

    @api.model
    def _forecast_keys_query(self, company):
        """Products and warehouses of the published current forecast."""
        return SQL(
            """SELECT f.product_id, f.warehouse_id
                 FROM scm_forecast f
                 JOIN scm_forecast_run run ON run.id = f.run_id
                WHERE f.published AND run.current AND f.freq = 'W' AND f.company_id = %s""",
            company.id,
        )

    @api.model
    def _product_condition(self, column, product_ids):
        return SQL("TRUE") if product_ids is None else SQL("%s = ANY(%s)", column, list(product_ids))

    # Stock to come and to go

    @api.model
    def _read_moves(self, company, items, today):
        """Open receipts and deliveries per item and local day, as Odoo's own forecast of a warehouse counts them.

        A move goes where its chain ends (``location_final_id``). An overdue delivery leaves today, an overdue receipt
        comes tomorrow at the earliest.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH zone AS (%(zones)s),
                move AS (
                    SELECT m.product_id, m.product_qty, m.date, source.warehouse_id AS source_id,
                           target.warehouse_id AS target_id
                      FROM stock_move m
                      JOIN stock_location source ON source.id = m.location_id
                      JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                     WHERE m.state IN %(states)s
                       AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
                       AND m.product_id = ANY(%(products)s)
                )
                SELECT 1, m.product_id, m.target_id, (m.date AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date AS day,
                       sum(m.product_qty)::float8
                  FROM move m JOIN zone ON zone.warehouse_id = m.target_id
              GROUP BY m.product_id, m.target_id, day
                 UNION ALL
                SELECT -1, m.product_id, m.source_id, (m.date AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::date AS day,
                       sum(m.product_qty)::float8
                  FROM move m JOIN zone ON zone.warehouse_id = m.source_id
              GROUP BY m.product_id, m.source_id, day
                """,
                zones=self.env["stock.warehouse"]._scm_zones_query(company),
                states=MOVES_TO_COME,
                products=self._products(items),
            )
        )
        moves = pd.DataFrame(rows, columns=["sign", "product_id", "warehouse_id", "date", "quantity"])
        moves["item"] = self._positions(items, moves)
        moves = moves[moves["item"] >= 0]
        days = moves["date"].to_numpy(dtype="datetime64[D]") - today[moves["item"].to_numpy(dtype=int)]
        days = days.astype(int)
        overdue = np.where(moves["sign"] > 0, 1, 0)
        moves = moves.assign(day=np.where(days < 0, overdue, days)).sort_values(["item", "day"])
        columns = ["item", "day", "quantity"]
        return moves.loc[moves["sign"] > 0, columns], moves.loc[moves["sign"] < 0, columns]

    @api.model
    def _read_drafts(self, company, items):
        """Quantity in purchase quotations per item (``product.product._get_quantity_in_progress``, set based)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.product_id, COALESCE(rule.warehouse_id, final.warehouse_id, type.warehouse_id) AS warehouse_id,
                       sum(l.product_qty * unit.factor / own.factor)::float8
                  FROM purchase_order_line l
                  JOIN purchase_order o ON o.id = l.order_id
                  JOIN stock_picking_type type ON type.id = o.picking_type_id
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = l.product_uom_id
                  JOIN uom_uom own ON own.id = t.uom_id
             LEFT JOIN stock_warehouse_orderpoint rule ON rule.id = l.orderpoint_id
             LEFT JOIN stock_location final ON final.id = l.location_final_id
                 WHERE o.state IN %s AND o.company_id = %s AND l.product_id = ANY(%s)
              GROUP BY 1, 2
                """,
                QUOTATIONS,
                company.id,
                self._products(items),
            )
        )
        drafts = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "quantity"])
        positions = self._positions(items, drafts)
        known = positions >= 0
        return np.bincount(positions[known], drafts["quantity"].to_numpy(float)[known], len(items))

    # Supply

    @api.model
    def _read_sellers(self, company, items, today):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, s.id, s.partner_id, v.commercial_partner_id, s.sequence, s.min_qty::float8,
                       s.price::float8, COALESCE(s.discount, 0)::float8, s.currency_id, s.product_uom_id, s.delay,
                       s.date_start, s.date_end, unit.factor::float8 / own.factor::float8,
                       split_part(unit.parent_path, '/', 1) = split_part(own.parent_path, '/', 1)
                  FROM product_supplierinfo s
                  JOIN product_product p
                    ON p.product_tmpl_id = s.product_tmpl_id AND (s.product_id IS NULL OR s.product_id = p.id)
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = s.product_uom_id
                  JOIN uom_uom own ON own.id = t.uom_id
                  JOIN res_partner v ON v.id = s.partner_id AND v.active
                 WHERE (s.company_id IS NULL OR s.company_id = %s) AND p.id = ANY(%s)
                """,
                company.id,
                self._products(items),
            )
        )
        lines = pd.DataFrame(
            rows,
            columns=SELLER_COLUMNS,
        )
        lines = items[["product_id"]].reset_index(names="item").merge(lines, on="product_id")
        sellers = self._seller_arrays(company, lines, today)
        ordered = sort_sellers(sellers)
        info = lines.assign(key=lines["item"] * 2**32 + lines["id"]).set_index("key")
        info = info.loc[ordered.item * 2**32 + ordered.id, ["company_partner", "delay", "uom_id", "uom_factor", "fits"]]
        return ordered, info.reset_index(drop=True)

    @api.model
    def _seller_arrays(self, company, lines, today):
        rates = self._currency_rates(company, lines["currency_id"].unique())
        factor = lines["uom_factor"].to_numpy(float)
        price = np.nan_to_num(lines["price"].to_numpy(float))
        rate = np.array([rates[currency_id] for currency_id in lines["currency_id"]], dtype=float)
        item = lines["item"].to_numpy(int)
        day = today[item]
        start = lines["date_start"].to_numpy(dtype="datetime64[D]")
        end = lines["date_end"].to_numpy(dtype="datetime64[D]")
        return Sellers(
            item=item,
            partner=lines["partner"].to_numpy(int),
            sequence=np.nan_to_num(lines["sequence"].to_numpy(float)),
            minimum=lines["minimum"].to_numpy(float) * factor,
            price=price,
            unit_price=price / factor * (1 - lines["discount"].to_numpy(float) / 100) * rate,
            valid=(np.isnat(start) | (start <= day)) & (np.isnat(end) | (end >= day)),
            id=lines["id"].to_numpy(int),
        )

    @api.model
    def _currency_rates(self, company, currency_ids):
        """``{currency id: amount in company currency of one unit}``; a handful of currencies, rates prefetched."""
        today = fields.Date.context_today(self)
        currencies = self.env["res.currency"].browse(int(currency_id) for currency_id in currency_ids)
        return {
            currency.id: currency._get_conversion_rate(currency, company.currency_id, company, today)
            for currency in currencies
        }

    @api.model
    def _read_route_days(self, company, items):
        """Delay of a rule that makes or transfers the product into the warehouse's stock, NaN without such a rule."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH route AS (
                    SELECT p.id AS product_id, r.route_id
                      FROM product_product p
                      JOIN stock_route_product r ON r.product_id = p.product_tmpl_id
                     WHERE p.id = ANY(%(products)s)
                     UNION
                    SELECT p.id, r.route_id
                      FROM product_product p
                      JOIN product_template t ON t.id = p.product_tmpl_id
                      JOIN product_category c ON c.id = t.categ_id
                      JOIN product_category parent ON c.parent_path LIKE parent.parent_path || '%%'
                      JOIN stock_route_categ r ON r.categ_id = parent.id
                     WHERE p.id = ANY(%(products)s)
                )
                SELECT route.product_id, w.id, min(COALESCE(rule.delay, 0))::float8
                  FROM route
                  JOIN stock_rule rule ON rule.route_id = route.route_id AND rule.active
                   AND rule.action NOT IN ('buy', 'push')
                  JOIN stock_route r ON r.id = route.route_id AND r.active
                  JOIN stock_warehouse w ON w.lot_stock_id = rule.location_dest_id AND w.company_id = %(company)s
              GROUP BY route.product_id, w.id
                """,
                products=self._products(items),
                company=company.id,
            )
        )
        routes = pd.DataFrame(rows, columns=["product_id", "warehouse_id", "days"])
        result = np.full(len(items), np.nan)
        positions = self._positions(items, routes)
        result[positions[positions >= 0]] = routes["days"].to_numpy(float)[positions >= 0]
        return result

    @api.model
    def _read_receipts(self, company):
        """Measured lead times of the last two years."""
        today: date = fields.Date.context_today(self)
        return self.env["scm.receipt.fact"]._lead_times(company, fields.Date.subtract(today, years=2))

    # Helpers

    @api.model
    def _products(self, items):
        return [int(product_id) for product_id in items["product_id"].unique()]

    @api.model
    def _positions(self, items, rows):
        """Row number in ``items`` of each row's product and warehouse, int array, -1 where it is not an item."""
        keys = pd.MultiIndex.from_frame(items[["product_id", "warehouse_id"]])
        wanted = pd.MultiIndex.from_frame(rows[["product_id", "warehouse_id"]])
        return keys.get_indexer(wanted)
