from odoo import api, models
from odoo.tools import SQL


class ScmPlanningAlerts(models.AbstractModel):
    """One alert per vendor, or per warehouse that sends, for what must be ordered by today."""

    _inherit = "scm.planning.alerts"

    @api.model
    def _refresh(self, companies):
        result = super()._refresh(companies)
        code = "planning_order_now"
        result[code] = dict.fromkeys(("opened", "touched", "resolved", "reopened"), 0)
        for company in companies:
            counts = self.env["scm.alert"]._sync(code, company, self._order_now_rows(company))
            result[code] = {name: result[code][name] + counts[name] for name in counts}
        return result

    @api.model
    def _order_now_rows(self, company):
        self.env["scm.planned.order"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT vendor_id, CASE WHEN vendor_id IS NULL THEN source_warehouse_id END, count(*),
                       sum(GREATEST(margin_at_risk, 0))::float8, sum(value)::float8
                  FROM scm_planned_order
                 WHERE company_id = %s AND state IN ('proposed', 'firm') AND date_order <= %s
              GROUP BY 1, 2
                """,
                company.id,
                self.env["scm.demand.day"]._scm_company_today(company),
            )
        )
        vendors = self.env["res.partner"].browse([row[0] for row in found if row[0]])
        warehouses = self.env["stock.warehouse"].browse([row[1] for row in found if row[1]])
        names = {vendor.id: vendor.display_name for vendor in vendors}
        places = {warehouse.id: warehouse.display_name for warehouse in warehouses}
        return [
            {
                "subject_key": f"{vendor_id or 0}:{warehouse_id or 0}",
                "name": self.env._(
                    "%(subject)s: %(count)s planned orders, %(value)s",
                    subject=names.get(vendor_id) or places.get(warehouse_id) or self.env._("Production"),
                    count=count,
                    value=company.currency_id.format(value or 0.0),
                ),
                "partner_id": vendor_id or False,
                "warehouse_id": warehouse_id or False,
                "money_at_stake": margin or 0.0,
            }
            for vendor_id, warehouse_id, count, margin, value in found
        ]
