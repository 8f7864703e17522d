from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

EXPIRING_DAYS = 60


class ScmSupplierRisk(models.Model):
    """What the risk is made of: each kind of fact of a company in one or two queries, for all suppliers."""

    _inherit = "scm.supplier.risk"

    @api.model
    def _bought(self, company, since):
        """[(product, commercial partner, spend in company currency, quantity in the product's unit, lines)]"""
        day = local_day_sql(SQL("purchase.date_approve"), zone_sql("company_partner"))
        return self.env.execute_query(
            SQL(
                """
                SELECT line.product_id, vendor.commercial_partner_id,
                       SUM(line.price_subtotal / COALESCE(NULLIF(purchase.currency_rate, 0), 1))::float8,
                       SUM(line.product_uom_qty)::float8, COUNT(*)
                  FROM purchase_order_line line
                  JOIN purchase_order purchase ON purchase.id = line.order_id
                  JOIN res_partner vendor ON vendor.id = purchase.partner_id
                  JOIN product_product product ON product.id = line.product_id AND product.active
                  JOIN product_template template ON template.id = product.product_tmpl_id AND template.type = 'consu'
                  JOIN res_company company ON company.id = line.company_id
                  JOIN res_partner company_partner ON company_partner.id = company.partner_id
                 WHERE purchase.state = 'purchase' AND line.company_id = %(company)s AND line.display_type IS NULL
                   AND line.product_uom_qty > 0 AND purchase.date_approve >= %(since)s::date - 1
                   AND %(day)s >= %(since)s
                 GROUP BY 1, 2 ORDER BY 1, 2""",
                company=company.id,
                since=since,
                day=day,
            )
        )

    @api.model
    def _listed(self, company, product_ids, today):
        """{(product, commercial partner): (typed lead time in days, price of a unit in company currency)}"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (product.id, vendor.commercial_partner_id)
                       product.id, vendor.commercial_partner_id, seller.delay, seller.currency_id,
                       (seller.price * (1 - COALESCE(seller.discount, 0) / 100)
                           * unit.factor / COALESCE(NULLIF(seller_unit.factor, 0), unit.factor))::float8
                  FROM product_supplierinfo seller
                  JOIN res_partner vendor ON vendor.id = seller.partner_id AND vendor.active
                  JOIN product_product product ON product.product_tmpl_id = seller.product_tmpl_id
                   AND (seller.product_id IS NULL OR seller.product_id = product.id)
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = template.uom_id
                  LEFT JOIN uom_uom seller_unit ON seller_unit.id = seller.product_uom_id
                 WHERE product.id = ANY(%(products)s)
                   AND (seller.company_id IS NULL OR seller.company_id = %(company)s)
                   AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
                   AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
                 ORDER BY 1, 2, seller.sequence, seller.min_qty, seller.price, seller.id""",
                products=product_ids,
                company=company.id,
                today=today,
            )
        )
        currencies = self.env["res.currency"].browse({row[3] for row in rows} | {company.currency_id.id})
        rates = currencies._get_rates(company, today)
        own = rates[company.currency_id.id]
        return {row[:2]: (float(row[2] or 0), row[4] * own / (rates.get(row[3]) or 1)) for row in rows}

    @api.model
    def _products(self, company, product_ids, since):
        """{product: (category or False, best ABC letter or None, margin since that day in company currency)}"""
        day = local_day_sql(SQL("sale.date_order"), zone_sql("company_partner"))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id, template.categ_id, class.letter, COALESCE(sold.margin, 0)::float8
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  LEFT JOIN (SELECT product_id, MIN(abc_value) AS letter FROM scm_product_class
                              WHERE company_id = %(company)s GROUP BY product_id) class ON class.product_id = product.id
                  LEFT JOIN (
                      SELECT line.product_id,
                             SUM(line.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                                 - line.product_uom_qty * line_unit.factor / unit.factor
                                   * COALESCE((item.standard_price ->> %(company_key)s)::float8, 0)) AS margin
                        FROM sale_order_line line
                        JOIN sale_order sale ON sale.id = line.order_id
                        JOIN product_product item ON item.id = line.product_id
                        JOIN product_template kind ON kind.id = item.product_tmpl_id
                        JOIN uom_uom unit ON unit.id = kind.uom_id
                        JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
                        JOIN res_company company ON company.id = sale.company_id
                        JOIN res_partner company_partner ON company_partner.id = company.partner_id
                       WHERE sale.state = 'sale' AND sale.company_id = %(company)s
                         AND sale.date_order >= %(since)s::date - 1 AND %(day)s >= %(since)s
                       GROUP BY 1) sold ON sold.product_id = product.id
                 WHERE product.id = ANY(%(products)s)""",
                company=company.id,
                company_key=str(company.id),
                since=since,
                day=day,
                products=product_ids,
            )
        )
        return {row[0]: (row[1] or False, row[2], max(row[3], 0.0)) for row in rows}

    @api.model
    def _lead_means(self, company, since):
        """({(product, partner): mean days}, {partner: mean days}) of what was received since that day."""
        totals, partners = {}, {}
        for partner_id, product_id, _company, days, _qty in self.env["scm.receipt.fact"]._lead_times(company, since):
            for key, sums in (((product_id, partner_id), totals), (partner_id, partners)):
                total, count = sums.get(key, (0.0, 0))
                sums[key] = (total + max(days or 0, 0), count + 1)
        return tuple({key: total / count for key, (total, count) in sums.items()} for sums in (totals, partners))

    @api.model
    def _delivered(self, company, since):
        """{partner: (lines due, share on time in full, share of the quantity that was bad)}"""
        facts = self.env["scm.receipt.fact"]._read_group(
            [("company_id", "=", company.id), ("promise_date", ">=", since), ("is_due", "=", True)],
            ["partner_id"],
            ["due_count:sum", "otif_rate:avg", "good_rate:avg"],
        )
        rejected = self.env["scm.receipt.inspection"]._read_group(
            [("company_id", "=", company.id), ("date", ">=", since), ("state", "=", "done")],
            ["partner_id"],
            ["qty_rejected:sum", "qty_received:sum"],
        )
        bad = {partner.id: min(rejects / received, 1.0) for partner, rejects, received in rejected if received > 0}
        # what was rejected at the receipt is often returned too: the larger of the two, not their sum
        return {
            partner.id: (due, otif or 0.0, max(1 - good if good is not None else 0.0, bad.get(partner.id, 0.0)))
            for partner, due, otif, good in facts
            if due
        }

    @api.model
    def _critical_evidence(self, company, today):
        """{partner: (critical documents that have ended, that end within 60 days)}"""
        found = {}
        own = [("company_id", "=", company.id), ("critical", "=", True), ("state", "in", ("valid", "expired"))]
        for index, days in enumerate(
            ([("date_expiry", "<", today)],
             [("date_expiry", ">=", today), ("date_expiry", "<=", today + timedelta(days=EXPIRING_DAYS))])
        ):  # fmt: skip
            for partner, count in self.env["scm.supplier.evidence"]._read_group(
                [*own, *days], ["partner_id"], ["__count"]
            ):
                found.setdefault(partner.id, [0, 0])[index] = count
        return found

    @api.model
    def _latest_cards(self, company):
        """{partner: (total, trend in points)} of the latest published card of each supplier."""
        self.env["scm.scorecard"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (partner_id) partner_id, total, trend FROM scm_scorecard
                    WHERE company_id = %s AND state IN ('published', 'restated')
                    ORDER BY partner_id, date_to DESC, id DESC""",
                company.id,
            )
        )
        return {partner_id: (total or 0.0, trend or 0.0) for partner_id, total, trend in rows}

    @api.model
    def _open_actions(self, company):
        return {
            partner.id: count
            for partner, count in self.env["scm.improvement"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("area", "=", "supplier"),
                    ("partner_id", "!=", False),
                    ("state", "not in", ("done", "cancelled")),
                ],
                ["partner_id"],
                ["__count"],
            )
        }

    @api.model
    def _qualified_partners(self, company):
        """Ids of suppliers with any qualification that stands."""
        rows = self.env["scm.supplier.qualification"]._read_group(
            [("company_id", "=", company.id), ("state", "in", ("qualified", "conditional"))], ["partner_id"]
        )
        partners = self.env["res.partner"].union(*(partner for (partner,) in rows))
        return partners.commercial_partner_id.filtered("active").ids

    @api.model
    def _today(self, company):
        return company._scm_local_today()

    @api.model
    def _window_start(self, today):
        return fields.Date.to_date(today) - timedelta(days=364)
