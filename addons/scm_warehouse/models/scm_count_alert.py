from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.kernel.effect import wilson
from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from .scm_count_plan_read import PLANNED, Z

WINDOW_DAYS = 90
#: fewer records say too little about a zone
LEAST_RECORDS = 20


class ScmCountAlert(models.AbstractModel):
    """What counting warns of: places that nobody counted in time, and zones whose books are worse than they may be."""

    _name = "scm.count.alert"
    _description = "Alerts of Counting"

    @api.model
    def _cron_sync(self):
        """All companies that count."""
        for (company,) in self.env["scm.count.task"]._read_group([], ["company_id"]):
            self._sync_alerts(company)

    @api.model
    def _sync_alerts(self, company):
        """Two queries and the synchronisation, however many places there are."""
        self.env.flush_all()
        today = local_today(company)
        alerts = self.env["scm.alert"]
        alerts._sync("count_overdue", company, [self._overdue_row(company, row) for row in self._overdue(company)])
        rows = [self._accuracy_row(company, row, today) for row in self._accuracy(company, today)]
        alerts._sync("count_accuracy", company, [row for row in rows if row])

    @api.model
    def _overdue(self, company):
        """Rows (warehouse, name, zone, name, places, oldest day, value at risk): open counts behind their day, and
        places behind the day of their class that have no open count though their warehouse plans."""
        # NOT IN is one hashed list whatever the statistics say: just after the first plan they know of no open count
        today = local_day_sql(SQL("timezone('UTC', now())"), zone_sql("company_partner", "warehouse_partner"))
        return self.env.execute_query(
            SQL(
                """SELECT warehouse.id, warehouse.name, zone.id, zone.complete_name, COUNT(*), MIN(late.day),
                          SUM(late.risk)
                     FROM (SELECT task.warehouse_id, task.zone_id, task.date AS day, COALESCE(task.risk, 0) AS risk
                             FROM scm_count_task task
                            WHERE task.company_id = %(company)s
                              AND task.state IN ('todo', 'counting', 'recount', 'approval')
                            UNION ALL
                           SELECT place.warehouse_id, place.scm_zone_id, place.scm_count_due, 0
                             FROM stock_location place
                            WHERE place.company_id = %(company)s AND place.scm_count_due IS NOT NULL
                              AND place.usage = 'internal' AND place.active
                              AND place.id NOT IN (
                                  SELECT task.location_id FROM scm_count_task task
                                   WHERE task.location_id IS NOT NULL
                                     AND task.state IN ('todo', 'counting', 'recount', 'approval'))
                          ) late
                     JOIN stock_warehouse warehouse ON warehouse.id = late.warehouse_id
                     JOIN res_company company ON company.id = warehouse.company_id
                     JOIN res_partner company_partner ON company_partner.id = company.partner_id
                     LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
                     LEFT JOIN stock_location zone ON zone.id = late.zone_id
                    WHERE late.day < %(today)s
                    GROUP BY 1, 2, 3, 4 ORDER BY 1, 3""",
                company=company.id,
                today=today,
            )
        )

    @api.model
    def _overdue_row(self, company, row):
        warehouse_id, warehouse, zone_id, zone, places, oldest, at_risk = row
        return {
            "subject_key": f"{warehouse_id}-{zone_id or 0}",
            "name": f"{warehouse} / {zone} ({places})" if zone else f"{warehouse} ({places})",
            "warehouse_id": warehouse_id,
            "res_model": "stock.location" if zone_id else "stock.warehouse",
            "res_id": zone_id or warehouse_id,
            "money_at_stake": float(at_risk or 0),
            "why": {
                "value": places,
                "unit": "",
                "method": "count_overdue",
                "formula": "",
                "sample": places,
                "terms": [
                    {"code": "count_overdue_oldest", "value": str(oldest), "unit": ""},
                    {"code": "count_overdue_risk", "value": float(at_risk or 0), "unit": company.currency_id.name},
                ],
                "notes": [],
            },
        }

    @api.model
    def _accuracy(self, company, today):
        """Rows (warehouse, name, target, zone, name, records, accurate, gross value of differences)."""
        return self.env.execute_query(
            SQL(
                """SELECT warehouse.id, warehouse.name, warehouse.scm_count_target, zone.id, zone.complete_name,
                          SUM(fact.count), SUM(fact.accurate), SUM(fact.value_gross)
                     FROM (%(facts)s) fact
                     JOIN stock_warehouse warehouse ON warehouse.id = fact.warehouse_id
                     LEFT JOIN stock_location zone ON zone.id = fact.zone_id
                    WHERE fact.company_id = %(company)s AND fact.date > %(since)s AND fact.origin IN %(planned)s
                    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 4""",
                facts=self.env["scm.count.accuracy"]._table_query,
                company=company.id,
                since=today - timedelta(days=WINDOW_DAYS),
                planned=PLANNED,
            )
        )

    @api.model
    def _accuracy_row(self, company, row, today):
        """An alert where chance does not explain that the target is missed."""
        warehouse_id, warehouse, target, zone_id, zone, records, accurate, gross = row
        low, high = wilson(accurate / records, records, Z)
        if records < LEAST_RECORDS or high >= (target or 0):
            return None
        terms = [
            ("count_accuracy_low", low, "percent"),
            ("count_accuracy_high", high, "percent"),
            ("count_target", target, "percent"),
            ("count_gross", float(gross or 0), company.currency_id.name),
        ]
        return {
            "subject_key": f"{warehouse_id}-{zone_id or 0}",
            "name": f"{warehouse} / {zone}" if zone else warehouse,
            "warehouse_id": warehouse_id,
            "res_model": "stock.location" if zone_id else "stock.warehouse",
            "res_id": zone_id or warehouse_id,
            "money_at_stake": float(gross or 0),
            "why": {
                "value": accurate / records,
                "unit": "percent",
                "method": "count_accuracy",
                "formula": "count_accuracy_formula",
                "sample": int(records),
                "window": {"from": str(today - timedelta(days=WINDOW_DAYS - 1)), "to": str(today)},
                "terms": [{"code": code, "value": value, "unit": unit} for code, value, unit in terms],
                "notes": [],
            },
        }
