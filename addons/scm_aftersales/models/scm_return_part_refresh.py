import json

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

from ..kernel.allocation import allocate

#: columns that a part copies from its delivery
COPIED = (
    "order_date",
    "product_id",
    "categ_id",
    "supplier_id",
    "lot_id",
    "carrier_id",
    "zone_id",
    "package_type_id",
    "warehouse_id",
    "user_id",
    "team_id",
)


class ScmReturnPart(models.Model):
    """Returned units are given to deliveries, with their share of the money."""

    _inherit = "scm.return.part"

    @api.model
    def _write_parts(self, company):
        """Parts of the touched order lines, and their sums on the facts. Reads twice, computes, writes twice."""
        lines, facts = self._read_lines(company), self._read_deliveries()
        taken, place, quantity = allocate(
            ([line[:2] for line in lines], [line[2] or 0 for line in lines], [line[3] for line in lines]),
            ([fact[1:3] for fact in facts], [fact[3] or 0 for fact in facts], [fact[4] for fact in facts]),
        )
        asked = np.array([line[3] for line in lines], float)
        self._insert_parts(
            [facts[k][0] for k in place],
            [lines[k][4] for k in taken],
            quantity.tolist(),
            (quantity / asked[taken]).tolist() if len(taken) else [],
            company,
        )
        self._sum_up()

    @api.model
    def _read_lines(self, company):
        """Return lines that count: ``(order line, product, lot, units, id)``, the oldest first.

        What was refused or cancelled did not come back. Once something was received, that counts, not what was asked.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT line.sale_line_id, line.product_id, line.lot_id,
                       COALESCE(NULLIF(line.quantity_received, 0), line.quantity)::float8, line.id
                  FROM scm_return_line line
                  JOIN scm_return request ON request.id = line.return_id
                 WHERE line.sale_line_id IN (SELECT sale_line_id FROM scm_return_touched)
                   AND request.state NOT IN ('refused', 'cancelled') AND line.is_unexpected IS NOT TRUE
                   AND line.decision IS DISTINCT FROM 'refuse' AND line.quantity > 0
                 ORDER BY request.date_requested, line.id
                """
            )
        )

    @api.model
    def _read_deliveries(self):
        """Deliveries of which something may come back: ``(id, order line, product, lot, units)``, the oldest first."""
        return self.env.execute_query(
            SQL(
                """
                SELECT fact.id, fact.sale_line_id, fact.product_id, fact.lot_id, fact.delivered::float8
                  FROM scm_return_fact fact
                 WHERE fact.sale_line_id IN (
                       SELECT line.sale_line_id FROM scm_return_line line
                         JOIN scm_return_touched touched ON touched.sale_line_id = line.sale_line_id)
                 ORDER BY fact.delivery_date, fact.id
                """
            )
        )

    @api.model
    def _insert_parts(self, facts, lines, quantities, shares, company):
        """Write the parts; money by the share of the line."""
        copied = SQL(", ").join(map(SQL.identifier, COPIED))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_return_part (fact_id, line_id, return_id, company_id, date, days, quantity, reason_id,
                                             cause_id, owner, refund, cost, %(copied)s)
                SELECT new.fact_id, line.id, request.id, request.company_id, asked.day,
                       GREATEST(asked.day - fact.delivery_date, 0), new.quantity, line.reason_id, line.cause_id,
                       cause.owner, COALESCE(money.refund, 0) * new.share, COALESCE(money.cost, 0) * new.share,
                       %(facts)s
                  FROM unnest(%(fact)s::int[], %(line)s::int[], %(quantity)s::float8[], %(share)s::float8[])
                    AS new(fact_id, line_id, quantity, share)
                  JOIN scm_return_fact fact ON fact.id = new.fact_id
                  JOIN scm_return_line line ON line.id = new.line_id
                  JOIN scm_return request ON request.id = line.return_id
                  JOIN res_company company ON company.id = request.company_id
                  JOIN res_partner company_partner ON company_partner.id = company.partner_id
                  LEFT JOIN stock_warehouse warehouse ON warehouse.id = fact.warehouse_id
                  LEFT JOIN res_partner place ON place.id = warehouse.partner_id
                  LEFT JOIN scm_return_cause cause ON cause.id = line.cause_id
                  LEFT JOIN (%(money)s) money ON money.line_id = line.id
                 CROSS JOIN LATERAL (SELECT %(day)s AS day) asked
                """,
                copied=copied,
                facts=SQL(", ").join(SQL("fact.%s", SQL.identifier(name)) for name in COPIED),
                fact=facts,
                line=lines,
                quantity=quantities,
                share=shares,
                money=self._money_sql(company),
                day=local_day_sql(
                    SQL("COALESCE(request.date_requested, request.create_date)"), zone_sql("company_partner", "place")
                ),
            )
        )

    @api.model
    def _money_sql(self, company):
        """Refund and cost of each touched return line, in company currency. See docs/aftersales/causes.md.

        A settled line counts with what was granted for it; before that, and where that was never noted, with what the
        customer paid. Costs are freight back (shared among the lines of the return by their value), handling, and what
        the goods lost in worth.
        """
        losses = {str(product): loss for product, loss in self._unit_costs(company).items()}
        return SQL(
            """
            SELECT line.id AS line_id,
                   CASE WHEN request.state IN ('settled', 'closed') AND line.refund_amount IS NOT NULL
                        THEN line.refund_amount ELSE COALESCE(line.value, 0) END
                   / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS refund,
                   COALESCE(back.freight, 0) * part.share + %(handling)s
                   + COALESCE(lost.units, 0) * COALESCE((%(costs)s::jsonb ->> line.product_id::text)::float8, 0) AS cost
              FROM scm_return_line line
              JOIN scm_return request ON request.id = line.return_id
              JOIN sale_order sale ON sale.id = request.order_id
              LEFT JOIN (
                   SELECT scm_return_id, SUM(COALESCE(NULLIF(cost_invoiced, 0), cost_expected, 0)) AS freight
                     FROM scm_parcel WHERE scm_return_id IS NOT NULL GROUP BY scm_return_id
                   ) back ON back.scm_return_id = request.id
              LEFT JOIN (%(lost)s) lost ON lost.line_id = line.id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(line.value / NULLIF(request.value, 0), 1.0 / NULLIF((
                       SELECT COUNT(*) FROM scm_return_line other WHERE other.return_id = request.id), 0)) AS share
                   ) part
             WHERE line.sale_line_id IN (SELECT sale_line_id FROM scm_return_touched)
            """,
            handling=company.scm_return_handling_cost or 0.0,
            costs=json.dumps(losses),
            lost=self._lost_units_sql(company),
        )

    @api.model
    def _lost_units_sql(self, company):
        """``line_id, units``: how many units' worth was lost, by the grades of inspection."""
        return SQL(
            """SELECT line_id, SUM(quantity * CASE grade WHEN 'A' THEN 0 WHEN 'B' THEN %s ELSE 1 END)::float8 AS units
                 FROM scm_return_inspection WHERE company_id = %s GROUP BY line_id""",
            company.scm_return_b_loss,
            company.id,
        )

    @api.model
    def _unit_costs(self, company):
        """Cost per unit of the products that came back."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT product_id FROM scm_return_line
                    WHERE sale_line_id IN (SELECT sale_line_id FROM scm_return_touched)"""
            )
        )
        products = self.env["product.product"].with_company(company).browse(row[0] for row in rows)
        return {product.id: product.standard_price for product in products if product.standard_price}

    @api.model
    def _sum_up(self):
        """Sums of the parts on their deliveries; reason and cause are those of most units."""
        self.env.cr.execute(
            """
            WITH part AS (
                SELECT part.* FROM scm_return_part part
                  JOIN scm_return_fact fact ON fact.id = part.fact_id
                 WHERE fact.sale_line_id IN (SELECT sale_line_id FROM scm_return_touched)),
            total AS (
                SELECT fact_id, SUM(quantity) AS returned, MIN(days) AS days, SUM(refund) AS refund, SUM(cost) AS cost
                  FROM part GROUP BY fact_id),
            most AS (
                SELECT DISTINCT ON (fact_id) fact_id, reason_id, cause_id, owner
                  FROM part ORDER BY fact_id, quantity DESC, cause_id NULLS LAST, id)
            UPDATE scm_return_fact fact
               SET returned = total.returned, days = total.days, refund = total.refund, cost = total.cost,
                   reason_id = most.reason_id, cause_id = most.cause_id, owner = most.owner
              FROM total JOIN most USING (fact_id)
             WHERE fact.id = total.fact_id
            """
        )
