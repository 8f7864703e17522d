from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import NOWHERE, Column


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "counts.accuracy": Column("fact.accurate::int", "1"),
            "counts.value": Column("abs(fact.difference)", "fact.expected"),
            "flow.dock_hours": Column(
                "fact.dock_hours", "(fact.dock_hours IS NOT NULL)::int", "(fact.dock_hours IS NOT NULL)::int"
            ),
            "flow.picks": Column("fact.picks", "NULL", "(fact.picks > 0)::int"),
            "packaging.co2e": Column("fact.co2e_kg", "1"),
            "packaging.material": Column("fact.material_kg", "1"),
            "packaging.void": Column("fact.void", "fact.has_void::int", "fact.has_void::int"),
        }

    @api.model
    def _record_models(self):
        return {
            **super()._record_models(),
            "counts": "scm.count.line",
            "flow": "stock.picking",
            "packaging": "scm.packaging.fact",
        }

    @api.model
    def _source_counts(self, company, first, last):
        """Records of planned counts by the day on which they were counted, judged by the first count."""
        moment = SQL("line.counted_at")
        return SQL(
            """SELECT %(day)s AS day, line.warehouse_id, template.categ_id, %(nowhere)s, line.id AS record_id,
                      COALESCE(line.in_tolerance, FALSE) AS accurate, line.value_difference AS difference,
                      line.value_expected AS expected
                 FROM scm_count_line line
                 JOIN scm_count_task task ON task.id = line.task_id AND task.origin = 'plan' AND task.state = 'done'
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 %(places)s
                WHERE line.company_id = %(company)s AND %(around)s AND %(day)s BETWEEN %(first)s AND %(last)s""",
            day=self._day(moment),
            nowhere=NOWHERE,
            places=self._places(company, SQL("line.warehouse_id")),
            company=company.id,
            around=self._around(moment, first, last),
            first=first,
            last=last,
        )

    @api.model
    def _source_flow(self, company, first, last):
        """Transfers by the day on which they were done."""
        return SQL(
            """SELECT done_date AS day, warehouse_id, NULL::int AS categ_id, %(nowhere)s, picking_id AS record_id,
                      CASE WHEN stage = 'receive' AND NOT COALESCE(is_return, FALSE) AND stored_at IS NOT NULL
                           THEN dock_hours END AS dock_hours,
                      CASE WHEN stage IN ('pick', 'ship') THEN pick_count ELSE 0 END AS picks
                 FROM scm_flow_fact
                WHERE company_id = %(company)s AND state = 'done' AND done_date BETWEEN %(first)s AND %(last)s""",
            nowhere=NOWHERE,
            company=company.id,
            first=first,
            last=last,
        )

    @api.model
    def _source_packaging(self, company, first, last):
        """Deliveries by the day on which they left, with what they were packed in."""
        return SQL(
            """SELECT date AS day, warehouse_id, NULL::int AS categ_id, %(nowhere)s, id AS record_id, co2e_kg,
                      material_kg, COALESCE(has_void, FALSE) AS has_void,
                      CASE WHEN has_void THEN void_ratio ELSE 0 END AS void
                 FROM scm_packaging_fact
                WHERE company_id = %(company)s AND date BETWEEN %(first)s AND %(last)s""",
            nowhere=NOWHERE,
            company=company.id,
            first=first,
            last=last,
        )
