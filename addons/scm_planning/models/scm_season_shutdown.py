"""Order by this day, or wait until the vendor is back."""

from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.supply_calendar import NEVER, arrival_day, closed_spans, latest_order_day

#: days behind the end of the board that the calendar must know
BEYOND_DAYS = 420
#: shorter gaps between two orders are no news to a planner
LEAST_DAYS = 3


class ScmSeasonShutdown(models.AbstractModel):
    _name = "scm.season.shutdown"
    _description = "Last Orders Before Shut-Downs"

    @api.model
    def _orders_by(self, company, category, today, end):
        """Last order days of each vendor before each of its shut-downs that begins within the board, by day.

        ``order_by``: ordered by then, the goods are there before the vendor closes. ``wait_until``: when the goods of
        an order placed a day later come. Money: planned orders that must go out by that day.
        """
        vendors = self._vendors(company, category)
        calendar, rows = self.env["scm.event"]._supply_calendar(
            company, [vendor["id"] for vendor in vendors], today, end + timedelta(days=BEYOND_DAYS)
        )
        by_row = {rows[vendor["id"]]: vendor for vendor in vendors if vendor["id"] in rows}
        spans = closed_spans(calendar)
        spans = spans[(spans[:, 1] > 0) & (spans[:, 1] <= (end - today).days)]
        if not len(spans):
            return []
        lead = np.array([by_row[row]["lead_days"] for row in spans[:, 0].tolist()])
        last = latest_order_day(calendar, spans[:, 0], spans[:, 1], lead)
        again = arrival_day(calendar, spans[:, 0], np.maximum(last + 1, 0), lead)
        found = []
        for (row, first, closed_to), order_by, back in zip(spans.tolist(), last.tolist(), again.tolist(), strict=True):
            if back != NEVER and back - max(first, 0) >= LEAST_DAYS:
                days = {"closed_from": first, "closed_to": closed_to, "order_by": order_by, "wait_until": back}
                found.append(self._prepare_row(by_row[row], today, days))
        return sorted(found, key=lambda row: (row["order_by"], -(row["value"] or 0), row["vendor"]))

    @api.model
    def _prepare_row(self, vendor, today, days):
        """``late``: the day is over; what is ordered now comes after the shut-down."""
        due = [order for order in vendor["orders"] if order[0] <= max(days["order_by"], 0)]
        return {
            "vendor_id": vendor["id"],
            "vendor": vendor["name"],
            "country": vendor["country"],
            "products": vendor["products"],
            "lead_days": round(float(vendor["lead_days"]), 1),
            "late": days["order_by"] < 0,
            "orders": sum(count for _day, _value, count in due),
            "value": float(sum(value for _day, value, _count in due)) if vendor["planned"] else False,
            **{name: fields.Date.to_string(today + timedelta(days=day)) for name, day in days.items()},
        }

    @api.model
    def _vendors(self, company, category):
        """Vendors of the company's products: name, country, number of products, lead time, planned orders by day."""
        board = self.env["scm.season.board"]
        self.env["product.supplierinfo"].flush_model()
        today = self.env["scm.demand.day"]._scm_company_today(company)
        rows = self.env.execute_query(
            SQL(
                """
                WITH offered AS (
                    SELECT s.partner_id, count(DISTINCT COALESCE(s.product_tmpl_id, p.product_tmpl_id)) AS products,
                           avg(s.delay) AS delay
                      FROM product_supplierinfo s
                 LEFT JOIN product_product p ON p.id = s.product_id
                      JOIN product_template t ON t.id = COALESCE(s.product_tmpl_id, p.product_tmpl_id)
                     WHERE (s.company_id IS NULL OR s.company_id = %(company)s) AND t.active AND t.is_storable
                       AND %(template)s
                  GROUP BY s.partner_id
                ), measured AS (
                    SELECT vendor_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_time_days) AS days
                      FROM scm_order_plan_item
                     WHERE company_id = %(company)s AND vendor_id IS NOT NULL AND %(item)s
                  GROUP BY vendor_id
                )
                SELECT o.partner_id, partner.name, COALESCE(country.name ->> %(lang)s, country.name ->> 'en_US', ''),
                       o.products, COALESCE(m.days, o.delay, 0)::float8, m.vendor_id IS NOT NULL
                  FROM offered o
                  JOIN res_partner partner ON partner.id = o.partner_id
             LEFT JOIN res_partner firm ON firm.id = partner.commercial_partner_id
             LEFT JOIN res_country country ON country.id = COALESCE(partner.country_id, firm.country_id)
             LEFT JOIN measured m ON m.vendor_id = o.partner_id
                """,
                company=company.id,
                template=board._category_sql(category, SQL("t.categ_id")),
                item=board._category_sql(category, SQL("categ_id")),
                lang=self.env.lang or "en_US",
            )
        )
        orders = self._planned_orders(company, category, today)
        return [
            {
                "id": vendor_id, "name": name or "", "country": country, "products": products, "lead_days": lead,
                "planned": planned, "orders": orders.get(vendor_id, []),
            }
            for vendor_id, name, country, products, lead, planned in rows
        ]  # fmt: skip

    @api.model
    def _planned_orders(self, company, category, today):
        """{vendor: [(days from today, money, number)]} of what is to be bought."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT vendor_id, date_order - %s::date, sum(value)::float8, count(*)
                  FROM scm_planned_order
                 WHERE company_id = %s AND kind = 'buy' AND state IN ('proposed', 'firm') AND vendor_id IS NOT NULL
                   AND date_order IS NOT NULL AND %s
              GROUP BY vendor_id, date_order
                """,
                today,
                company.id,
                self.env["scm.season.board"]._category_sql(category, SQL("categ_id")),
            )
        )
        orders = {}
        for vendor_id, day, value, count in rows:
            orders.setdefault(vendor_id, []).append((day, value or 0.0, count))
        return orders
