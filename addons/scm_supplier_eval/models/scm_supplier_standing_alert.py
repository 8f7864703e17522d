from datetime import timedelta

from odoo import api, models

#: days before the end of a probation from which it is said
PROBATION_NOTICE_DAYS = 14


class ScmSupplierStanding(models.Model):
    """Alerts about corrective actions and probations, synchronised each day."""

    _inherit = "scm.supplier.standing"

    @api.model
    def _sync_alerts(self, company, today):
        alerts = self.env["scm.alert"]
        alerts._sync("supplier_action_overdue", company, self._overdue_rows(company, today))
        alerts._sync("supplier_probation_ends", company, self._probation_rows(company, today))

    @api.model
    def _overdue_rows(self, company, today):
        """Corrective actions that the supplier has not answered in time, or that are overdue."""
        improvements = self.env["scm.improvement"].search(
            [
                ("company_id", "=", company.id),
                ("area", "=", "supplier"),
                ("state", "not in", ("done", "cancelled")),
                "|",
                ("date_due", "<", today),
                "&",
                ("date_answer_due", "<", today),
                ("date_answered", "=", False),
            ]
        )
        return [
            {
                "subject_key": str(one.id),
                "name": one.name,
                "partner_id": one.partner_id.id,
                "product_id": one.product_id.id,
                "res_model": one._name,
                "res_id": one.id,
                "user_id": one.user_id.id,
                "severity": "critical" if one.date_due and one.date_due < today else "warning",
            }
            for one in improvements
        ]

    @api.model
    def _probation_rows(self, company, today):
        """Suppliers that will be blocked soon, and those that are."""
        standings = self.search(
            [
                ("company_id", "=", company.id),
                ("override_grade_id", "=", False),
                "|",
                ("state", "=", "blocked"),
                "&",
                ("state", "=", "probation"),
                ("date_probation", "<=", today + timedelta(days=PROBATION_NOTICE_DAYS)),
            ]
        )
        return [
            {
                "subject_key": str(one.id),
                "name": one.partner_id.display_name,
                "partner_id": one.partner_id.id,
                "res_model": one._name,
                "res_id": one.id,
                "severity": "critical" if one.state == "blocked" else "warning",
                "why": one.why,
            }
            for one in standings
        ]
