from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from .scm_supplier_open import SOON_DAYS


class ScmSupplierOpen(models.AbstractModel):
    """The same as the items, counted for all suppliers of a company in one query for each kind."""

    _inherit = "scm.supplier.open"

    @api.model
    def _counts(self, company):
        """Numbers of open things by supplier.

        :return: ``{partner_id: {"lines", "risk", "overdue", "unconfirmed", "value", "risk_value", "actions",
            "documents", "questionnaires"}}``; values in company currency. Suppliers with nothing open are left out.
        """
        counts = {row.pop("partner_id"): row for row in self._line_counts(company)}
        for name, groups in self._other_counts(company).items():
            for partner, count in groups:
                counts.setdefault(partner.id, {})[name] = count
        empty = dict.fromkeys(self._count_names(), 0)
        return {partner_id: empty | row for partner_id, row in counts.items()}

    @api.model
    def _count_names(self):
        names = ("lines", "risk", "overdue", "unconfirmed", "value", "risk_value")
        return (*names, "actions", "documents", "questionnaires")

    @api.model
    def _other_counts(self, company):
        """Hook: {name: groups of (supplier, count)}."""
        own = [("company_id", "=", company.id)]
        today = local_today(company)
        domains = {
            "actions": ("scm.improvement", self._partner_sources()["scm.improvement"]),
            "documents": ("scm.supplier.evidence", self._domain_documents(today)),
            "questionnaires": ("scm.supplier.qualification", self._partner_sources()["scm.supplier.qualification"]),
        }
        return {
            name: self.env[model]._read_group([*own, *domain], ["partner_id"], ["__count"])
            for name, (model, domain) in domains.items()
        }

    @api.model
    def _line_counts(self, company):
        """Open lines by supplier; what is at risk is defined as in :meth:`_line_risks`. Callers check the role."""
        for model in ("purchase.order", "purchase.order.line", "stock.move", "scm.promise.part", "res.partner"):
            self.env[model].flush_model()
        zone = zone_sql("company_partner", "warehouse_partner")
        query = SQL(
            """
            SELECT partner_id, COUNT(*) AS lines, COUNT(*) FILTER (WHERE overdue) AS overdue,
                   COUNT(*) FILTER (WHERE overdue OR moved OR short OR unconfirmed_soon) AS risk,
                   COUNT(*) FILTER (WHERE unconfirmed) AS unconfirmed,
                   COALESCE(SUM(value), 0)::float8 AS value,
                   COALESCE(SUM(value) FILTER (WHERE overdue OR moved OR short OR unconfirmed_soon), 0)::float8
                       AS risk_value
              FROM (%(lines)s) judged
             GROUP BY partner_id""",
            lines=self._judged_lines(company, zone),
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _judged_lines(self, company, zone):
        return SQL(
            """
            SELECT vendor.commercial_partner_id AS partner_id,
                   first_day < today AS overdue,
                   first_day >= today AND last_day > line.scm_promise_date AS moved,
                   line.scm_answer_missing > 0 AS short,
                   line.scm_answer_date IS NULL AS unconfirmed,
                   line.scm_answer_date IS NULL AND first_day BETWEEN today AND today + %(soon)s AS unconfirmed_soon,
                   line.price_subtotal * coming.quantity / NULLIF(line.product_uom_qty, 0)
                       / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS value
              FROM purchase_order_line line
              JOIN purchase_order purchase ON purchase.id = line.order_id
              JOIN res_partner vendor ON vendor.id = purchase.partner_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_partner company_partner ON company_partner.id = company.partner_id
              LEFT JOIN stock_picking_type operation ON operation.id = purchase.picking_type_id
              LEFT JOIN stock_warehouse warehouse ON warehouse.id = operation.warehouse_id
              LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
              JOIN (
                  SELECT move.purchase_line_id, SUM(move.product_qty) AS quantity
                    FROM stock_move move JOIN stock_location place ON place.id = move.location_id
                   WHERE move.purchase_line_id IS NOT NULL AND move.state NOT IN ('done', 'cancel')
                     AND place.usage IN ('supplier', 'transit')
                   GROUP BY move.purchase_line_id) coming ON coming.purchase_line_id = line.id
              CROSS JOIN LATERAL (
                  SELECT %(planned)s AS planned, %(today)s AS today) day
              CROSS JOIN LATERAL (
                  SELECT COALESCE(MIN(part.date), planned) AS first_day, COALESCE(MAX(part.date), planned) AS last_day
                    FROM (%(parts)s) part) plan
             WHERE purchase.state = 'purchase' AND line.company_id = %(company)s""",
            soon=SOON_DAYS,
            planned=local_day_sql(SQL("line.date_planned"), zone),
            today=local_day_sql(SQL("%s::timestamp", fields.Datetime.now()), zone),
            parts=self._open_parts_sql(),
            company=company.id,
        )

    @api.model
    def _open_parts_sql(self):
        """Parts of the plan that receipts have not filled: those whose end lies behind what has come."""
        return SQL(
            """
            SELECT parts.date
              FROM (SELECT date, SUM(quantity) OVER (ORDER BY date DESC, sequence DESC) - quantity AS behind
                      FROM scm_promise_part
                     WHERE line_id = line.id AND kind = 'expected') parts
             WHERE parts.behind < coming.quantity * line.product_qty / NULLIF(line.product_uom_qty, 0) - 1e-6"""
        )
