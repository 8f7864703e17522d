from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: a critical share: so many of the open deliveries are late
CRITICAL_SHARE = 0.2
CRITICAL_COUNT = 10


class ScmFlowFact(models.Model):
    """Alerts of the flow: what is past its promise, and what waits on the dock."""

    _inherit = "scm.flow.fact"

    @api.model
    def _check_flow(self, company):
        """Make the alerts of a company say what the facts say now."""
        alerts, now = self.env["scm.alert"], fields.Datetime.now()
        self.flush_model()
        alerts._sync("backlog_late", company, self._backlog_alert_rows(company, now))
        alerts._sync("receipt_waiting", company, self._receipt_alert_rows(company, now))
        return True

    @api.model
    def _backlog_alert_rows(self, company, now):
        """One row per warehouse with deliveries past their promise."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT fact.warehouse_id, warehouse.name, count(*) AS open,
                       count(*) FILTER (WHERE fact.promised_at < %(now)s) AS late,
                       count(*) FILTER (WHERE fact.promised_at < %(now)s AND fact.state != 'waiting') AS ready,
                       COALESCE(sum(fact.value) FILTER (WHERE fact.promised_at < %(now)s), 0)::float8 AS value,
                       extract(epoch FROM %(now)s::timestamp - min(fact.promised_at))::float8 / 3600 AS oldest
                  FROM scm_flow_fact fact JOIN stock_warehouse warehouse ON warehouse.id = fact.warehouse_id
                 WHERE fact.company_id = %(company)s AND fact.state != 'done' AND fact.stage = 'ship'
                   AND NOT fact.is_return
                 GROUP BY fact.warehouse_id, warehouse.name
                HAVING count(*) FILTER (WHERE fact.promised_at < %(now)s) > 0
                """,
                now=now,
                company=company.id,
            )
        )
        return [
            {
                "subject_key": str(row["warehouse_id"]),
                "name": row["name"],
                "warehouse_id": row["warehouse_id"],
                "res_model": "stock.warehouse",
                "res_id": row["warehouse_id"],
                "money_at_stake": row["value"],
                "severity": "critical"
                if row["late"] >= CRITICAL_COUNT and row["late"] >= CRITICAL_SHARE * row["open"]
                else "warning",
                "why": self._backlog_why(row),
            }
            for row in rows
        ]

    @api.model
    def _backlog_why(self, row):
        return {
            "value": row["late"],
            "unit": "flow_transfers",
            "method": "flow_backlog",
            "formula": "flow_backlog_formula",
            "terms": [
                {"code": "flow_open", "value": row["open"]},
                {"code": "flow_late", "value": row["late"]},
                {"code": "flow_late_ready", "value": row["ready"]},
                {"code": "flow_oldest", "value": round(row["oldest"], 1), "unit": "flow_hours"},
            ],
        }

    @api.model
    def _receipt_alert_rows(self, company, now):
        """One row per receipt whose goods are here for longer than its warehouse allows."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT fact.picking_id, picking.name, fact.warehouse_id, fact.partner_id, fact.value::float8 AS value,
                       picking.user_id, warehouse.scm_receipt_wait_hours AS allowed, fact.stored_source,
                       extract(epoch FROM %(now)s::timestamp - COALESCE(fact.ready_at, fact.done_at))::float8 / 3600
                           AS hours
                  FROM scm_flow_fact fact
                  JOIN stock_picking picking ON picking.id = fact.picking_id
                  JOIN stock_warehouse warehouse ON warehouse.id = fact.warehouse_id
                 WHERE fact.company_id = %(company)s AND fact.stage = 'receive' AND fact.stored_at IS NULL
                   AND fact.state IN ('started', 'done') AND fact.stored_source IS DISTINCT FROM 'elsewhere'
                   AND warehouse.scm_receipt_wait_hours > 0
                   AND COALESCE(fact.ready_at, fact.done_at)
                       < %(now)s::timestamp - warehouse.scm_receipt_wait_hours * %(hour)s::interval
                """,
                now=now,
                hour=timedelta(hours=1),
                company=company.id,
            )
        )
        return [
            {
                "subject_key": str(row["picking_id"]),
                "name": row["name"],
                "warehouse_id": row["warehouse_id"],
                "partner_id": row["partner_id"],
                "res_model": "stock.picking",
                "res_id": row["picking_id"],
                "money_at_stake": row["value"],
                "user_id": row["user_id"],
                "severity": "critical" if row["hours"] > 2 * row["allowed"] else "warning",
                "why": self._receipt_why(row),
            }
            for row in rows
        ]

    @api.model
    def _receipt_why(self, row):
        return {
            "value": round(row["hours"], 1),
            "unit": "flow_hours",
            "method": "flow_receipt",
            "formula": "flow_receipt_formula",
            "terms": [
                {"code": "flow_on_dock", "value": round(row["hours"], 1), "unit": "flow_hours"},
                {"code": "flow_allowed", "value": row["allowed"], "unit": "flow_hours"},
            ],
            "notes": ["flow_put_away_open" if row["stored_source"] == "open" else "flow_not_received"],
        }
