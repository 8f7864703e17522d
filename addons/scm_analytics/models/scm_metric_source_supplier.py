from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import Column


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "receipts.otif": Column("fact.is_otif::int", "fact.due_count", "fact.due_count"),
            "receipts.late_days": Column("GREATEST(fact.days_late, 0)", "fact.due_count", "fact.due_count"),
            "arrivals.lead_time": Column("fact.lead_time_days", "1"),
            "inspections.ppm": Column("fact.qty_rejected", "fact.qty_checked"),
        }

    @api.model
    def _record_models(self):
        return {
            **super()._record_models(),
            "receipts": "scm.receipt.fact",
            "arrivals": "scm.receipt.fact",
            "inspections": "scm.receipt.inspection",
        }

    @api.model
    def _source_receipts(self, company, first, last):
        """Purchase lines by promised day, judged as the receipt facts judge them."""
        facts = self.env["scm.receipt.fact"].with_context(scm_promised_since=first)
        return self._receipt_facts(facts, company, "promise_date", first, last)

    @api.model
    def _source_arrivals(self, company, first, last):
        """Purchase lines by the day of their last receipt."""
        facts = self.env["scm.receipt.fact"].with_context(scm_received_since=first)
        return self._receipt_facts(facts, company, "date_last_receipt", first, last)

    @api.model
    def _receipt_facts(self, facts, company, day, first, last):
        return SQL(
            """SELECT receipt.%(day)s AS day, warehouse_id, categ_id, NULL::int AS region_id, NULL::int AS carrier_id,
                      partner_id, id AS record_id, is_otif, due_count, days_late, lead_time_days
                 FROM (%(facts)s) receipt
                WHERE company_id = %(company)s AND receipt.%(day)s BETWEEN %(first)s AND %(last)s""",
            day=SQL.identifier(day),
            facts=facts._query_as_of(),
            company=company.id,
            first=first,
            last=last,
        )

    @api.model
    def _source_inspections(self, company, first, last):
        """Units inspected at receipt and refused, by day.

        A receipt may have an inspection per kind of defect: what was looked at counts once, and when nobody wrote how
        much that was, it was all that came.
        """
        return SQL(
            """SELECT inspection.date AS day, inspection.warehouse_id, template.categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, inspection.partner_id, inspection.id AS record_id,
                      qty_rejected,
                      CASE WHEN ROW_NUMBER() OVER (PARTITION BY inspection.move_id ORDER BY inspection.id) = 1
                           THEN MAX(COALESCE(NULLIF(qty_checked, 0), qty_received))
                                OVER (PARTITION BY inspection.move_id)
                           ELSE 0 END AS qty_checked
                 FROM scm_receipt_inspection inspection
                 JOIN product_product product ON product.id = inspection.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE inspection.company_id = %(company)s AND inspection.state = 'done'
                  AND inspection.date BETWEEN %(first)s AND %(last)s""",
            company=company.id,
            first=first,
            last=last,
        )
