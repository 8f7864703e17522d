"""First beat of the vendor orders: lines, terms, calendar and budgets in a fixed number of queries per company."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.joint_order import Terms
from .scm_vendor_terms import WEEKDAYS

POUND_KG, CUBIC_FOOT_M3 = 0.45359237, 0.0283168466
#: taken where a policy says nothing
HOLDING_RATE = 0.2
#: as many days of the vendor's calendar are read
HORIZON_DAYS = 366
#: rows that are held as Python objects before they become arrays
FETCHED_AT_ONCE = 20_000
NO_TERMS = {
    "id": 0, "order_cost": 0.0, "freight_cost": 0.0, "min_order_value": 0.0, "freight_free_value": 0.0,
    "window_days": 0, "interval_days": 0, "weekly_capacity": 0.0, "container_type_id": 0, "fill": "never",
    "payload_kg": 0.0, "volume_m3": 0.0, "pallets": 0.0, **dict.fromkeys(WEEKDAYS, True),
}  # fmt: skip


@dataclass(frozen=True)
class VendorOrderInput:
    """What is known; quantities in the product's unit, money in company currency.

    :param lines: one row per planned order; ``group`` is the row of ``groups``, ``day`` the order-by day from today
    :param groups: one row per vendor and warehouse, with its terms
    :param terms: :class:`Terms`, the same rows
    """

    today: date
    lines: pd.DataFrame
    groups: pd.DataFrame
    terms: Terms


class ScmVendorOrderInput(models.AbstractModel):
    _name = "scm.vendor.order.input"
    _description = "Input of Vendor Orders"

    @api.model
    def _read(self, company, order_ids=None):
        """:class:`VendorOrderInput` of a company, or only of some vendor orders."""
        self._flush()
        today = self.env["scm.demand.day"]._scm_company_today(company)
        lines = self._read_lines(company, order_ids)
        lines["day"] = (lines["date_order"] - pd.Timestamp(today)).dt.days.fillna(0).astype(int)
        groups = lines[["vendor_id", "warehouse_id"]].drop_duplicates().reset_index(drop=True)
        lines["group"] = lines.merge(groups.reset_index(names="group"), how="left")["group"].to_numpy(int)
        groups = groups.merge(self._read_terms(company, groups["vendor_id"]), how="left", on="vendor_id")
        for name, default in NO_TERMS.items():
            groups[name] = groups[name].where(groups[name].notna(), default)
        for name in ("payload_kg", "volume_m3", "pallets", "freight_free_value", "freight_cost"):
            lines[f"term_{name}"] = groups[name].to_numpy(float)[lines["group"].to_numpy(int)]
        return VendorOrderInput(today, lines, groups, self._terms(company, groups, today))

    @api.model
    def _flush(self):
        for model in ("scm.planned.order", "scm.vendor.order", "scm.vendor.terms", "scm.container.type", "res.partner"):
            self.env[model].flush_model()
        for model in ("product.supplierinfo", "scm.policy.proposal", "scm.inventory.policy"):
            self.env[model].flush_model()
        self.env["product.product"].flush_model(["weight", "volume"])
        self.env["product.template"].flush_model(["scm_units_per_pallet", "list_price", "categ_id"])

    @api.model
    def _read_lines(self, company, order_ids):
        condition = SQL("TRUE") if order_ids is None else SQL("p.vendor_order_id = ANY(%s)", list(order_ids))
        self.env.cr.execute(
            SQL(
                """
                SELECT p.id, p.product_id, p.warehouse_id, p.vendor_id, p.supplierinfo_id, p.vendor_order_id,
                       p.state = 'firm' AS fixed, p.quantity::float8, p.quantity_net::float8, p.date_order,
                       p.date_receipt, p.late, p.price_unit::float8 AS price, p.price_joint::float8, p.budget_action,
                       p.budget_id, p.budget_month, p.margin_cut::float8, t.categ_id,
                       t.list_price::float8 AS sale_price,
                       NULLIF(pp.weight, 0)::float8 AS weight, NULLIF(pp.volume, 0)::float8 AS volume,
                       1 / NULLIF(t.scm_units_per_pallet, 0)::float8 AS pallets,
                       COALESCE(o.demand_day, 0)::float8 AS demand_day,
                       COALESCE(i.cover_max_days, 0)::float8 AS cover_max_days,
                       COALESCE(i.holding_rate, %(rate)s)::float8 AS holding_rate,
                       COALESCE(i.ordering_cost, 0)::float8 AS line_cost,
                       v.active AS vendor_active, s.currency_id AS seller_currency_id
                  FROM scm_planned_order p
                  JOIN product_product pp ON pp.id = p.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                  JOIN res_partner v ON v.id = p.vendor_id
             LEFT JOIN product_supplierinfo s ON s.id = p.supplierinfo_id
             LEFT JOIN scm_policy_proposal o ON o.product_id = p.product_id AND o.warehouse_id = p.warehouse_id
             LEFT JOIN scm_inventory_policy i ON i.id = o.policy_id
                 WHERE p.company_id = %(company)s AND p.kind = 'buy' AND p.state IN ('proposed', 'firm')
                   AND p.quantity > 0 AND %(condition)s
              ORDER BY p.id
                """,
                company=company.id,
                rate=HOLDING_RATE,
                condition=condition,
            )
        )
        lines = self._fetch_lines()
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: units of measure of the data base, not secret
        pounds = parameters.get_param("product.weight_in_lbs") == "1"
        feet = parameters.get_param("product.volume_in_cubic_feet") == "1"
        lines["weight"] = lines["weight"].astype(float) * (POUND_KG if pounds else 1.0)
        lines["volume"] = lines["volume"].astype(float) * (CUBIC_FOOT_M3 if feet else 1.0)
        return lines

    @api.model
    def _fetch_lines(self):
        """Rows of the query just made, so many at a time that they are held as arrays and not as objects."""
        parts = [self._line_frame([])]
        while rows := self.env.cr.fetchmany(FETCHED_AT_ONCE):
            parts.append(self._line_frame(rows))
        return pd.concat(parts[1:], ignore_index=True) if len(parts) > 2 else parts[-1]

    @api.model
    def _line_frame(self, rows):
        lines = pd.DataFrame(rows, columns=LINE_COLUMNS)
        kinds = {name: kind for kind, names in LINE_KINDS.items() for name in names}
        return lines.assign(late=lines["late"].eq(True)).astype(kinds)

    @api.model
    def _read_terms(self, company, vendor_ids):
        """One row per vendor; a contact without own terms has those of its firm."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (v.id) v.id AS vendor_id, t.id, t.order_cost::float8, t.freight_cost::float8,
                       t.min_order_value::float8, t.freight_free_value::float8, t.window_days, t.interval_days,
                       t.weekly_capacity::float8, t.container_type_id, t.fill, c.payload_kg::float8,
                       c.volume_m3::float8, c.pallets::float8, %(days)s
                  FROM res_partner v
                  JOIN scm_vendor_terms t ON t.partner_id IN (v.id, v.commercial_partner_id) AND t.active
             LEFT JOIN scm_container_type c ON c.id = t.container_type_id
                 WHERE t.company_id = %(company)s AND v.id = ANY(%(vendors)s)
              ORDER BY v.id, t.partner_id <> v.id
                """,
                days=SQL(", ").join(SQL.identifier("t", day) for day in WEEKDAYS),
                company=company.id,
                vendors=[int(vendor_id) for vendor_id in set(vendor_ids)],
            )
        )
        return pd.DataFrame(rows, columns=["vendor_id", *NO_TERMS])

    @api.model
    def _terms(self, company, groups, today):
        capacity = groups[["payload_kg", "volume_m3", "pallets"]].to_numpy(float)
        return Terms(
            order_cost=groups["order_cost"].to_numpy(float),
            freight_cost=groups["freight_cost"].to_numpy(float),
            minimum_value=groups["min_order_value"].to_numpy(float),
            freight_free_value=groups["freight_free_value"].to_numpy(float),
            window_days=groups["window_days"].to_numpy(int),
            interval_days=groups["interval_days"].to_numpy(int),
            weekly_capacity=groups["weekly_capacity"].to_numpy(float),
            capacity=np.where(capacity > 0, capacity, np.nan),
            fill=groups["fill"].to_numpy(str),
            open_days=self._open_days(company, groups, today),
        )

    @api.model
    def _open_days(self, company, groups, today):
        """bool (v, D): weekdays on which the vendor takes orders, without its shut-downs."""
        end = today + timedelta(days=HORIZON_DAYS - 1)
        weekday = (np.arange(HORIZON_DAYS) + today.weekday()) % 7
        open_days = groups[list(WEEKDAYS)].to_numpy(bool)[:, weekday]
        calendar, rows = self.env["scm.event"]._supply_calendar(company, groups["vendor_id"].tolist(), today, end)
        for position, vendor_id in enumerate(groups["vendor_id"].tolist()):
            row = rows.get(vendor_id, -1)
            if row >= 0:
                open_days[position] &= ~(calendar.closed[row] | calendar.no_intake[row])
        return open_days

    @api.model
    def _read_breaks(self, company, lines, today):
        """``{product id: (minimums, prices)}`` of products that a vendor of ours sells at more than one price.

        A product bought from two vendors at once keeps the price of its line: its breaks are left out.
        """
        vendors = lines.groupby("product_id")["vendor_id"].agg(["nunique", "first"])
        single = vendors[vendors["nunique"] == 1]["first"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, s.min_qty * unit.factor / own.factor,
                       s.price * (1 - COALESCE(s.discount, 0) / 100) / unit.factor * own.factor, s.currency_id
                  FROM unnest(%s::int[], %s::int[]) AS asked (product_id, vendor_id)
                  JOIN product_product p ON p.id = asked.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN product_supplierinfo s ON s.product_tmpl_id = t.id AND s.partner_id = asked.vendor_id
                       AND (s.product_id IS NULL OR s.product_id = p.id)
                  JOIN uom_uom unit ON unit.id = s.product_uom_id
                  JOIN uom_uom own ON own.id = t.uom_id
                 WHERE (s.company_id IS NULL OR s.company_id = %s)
                   AND (s.date_start IS NULL OR s.date_start <= %s) AND (s.date_end IS NULL OR s.date_end >= %s)
                """,
                [int(value) for value in single.index],
                [int(value) for value in single],
                company.id,
                today,
                today,
            )
        )
        table = pd.DataFrame(rows, columns=["product", "minimum", "price", "currency_id"])
        rates = self.env["scm.policy.input"]._currency_rates(company, table["currency_id"].unique())
        table["price"] = table["price"].astype(float) * table["currency_id"].map(rates).astype(float)
        several = table[table.duplicated("product", keep=False)]
        return {
            int(product): (rows["minimum"].to_numpy(float), rows["price"].to_numpy(float))
            for product, rows in several.groupby("product")
        }

    @api.model
    def _currencies_without_rate(self, company, currency_ids):
        """Those of these currencies that Odoo would convert one to one, for want of a rate."""
        wanted = {int(value) for value in currency_ids if value == value and value} - {company.currency_id.id}
        if not wanted:
            return set()
        rated = self.env["res.currency.rate"]._read_group(
            [("currency_id", "in", list(wanted)), ("company_id", "in", [False, company.root_id.id])], ["currency_id"]
        )
        return wanted - {currency.id for [currency] in rated}

    @api.model
    def _read_budgets(self, company, today):
        """Budgets of the present month and later ones; those of categories first, the deepest of all first."""
        budgets = self.env["scm.purchase.budget"].search(
            [("company_id", "=", company.id), ("month", ">=", fields.Date.to_string(today.replace(day=1)))]
        )
        return budgets.sorted(lambda budget: (not budget.categ_id, budget.month, budget.id))


LINE_COLUMNS = (
    "id", "product_id", "warehouse_id", "vendor_id", "supplierinfo_id", "vendor_order_id", "fixed", "quantity",
    "quantity_net", "date_order", "date_receipt", "late", "price", "price_joint", "budget_action", "budget_id",
    "budget_month", "margin_cut", "categ_id", "sale_price", "weight", "volume", "pallets", "demand_day",
    "cover_max_days", "holding_rate", "line_cost", "vendor_active", "seller_currency_id",
)  # fmt: skip
#: kinds of the columns, so that rows of several fetches fit together; what may be missing is a float
LINE_KINDS = {
    "int": ("id", "product_id", "warehouse_id", "vendor_id"),
    "bool": ("fixed", "late", "vendor_active"),
    "datetime64[s]": ("date_order", "date_receipt", "budget_month"),
    "object": ("budget_action",),
    "float": (
        "supplierinfo_id", "vendor_order_id", "quantity", "quantity_net", "price", "price_joint", "budget_id",
        "margin_cut", "categ_id", "sale_price", "weight", "volume", "pallets", "demand_day", "cover_max_days",
        "holding_rate", "line_cost", "seller_currency_id",
    ),
}  # fmt: skip
