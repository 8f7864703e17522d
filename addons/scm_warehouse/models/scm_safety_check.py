from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_today

from .scm_safety_incident import OPEN

#: alerts of one type and company at most; a company with more has other worries
MOST_ALERTS = 500
#: a serious or severe incident is to be investigated within so many days
INVESTIGATION_DAYS = 2


class ScmSafetyInspection(models.Model):
    """Alerts of safety: inspections that are overdue or were missed, incidents that nobody looks into, open work in
    locked places."""

    _inherit = "scm.safety.inspection"

    @api.model
    def _check_alerts(self, companies):
        for company in companies:
            alerts = self.env["scm.alert"]
            alerts._sync("safety_inspection_overdue", company, self._overdue_rows(company))
            alerts._sync("safety_incident_open", company, self._incident_rows(company))

    @api.model
    def _overdue_rows(self, company):
        """One row per schedule with an inspection that is late, or the last of which was missed."""
        today = local_today(company)
        late = self.search(
            Domain("company_id", "=", company.id)
            & (
                (Domain("state", "=", "todo") & Domain("date_due", "<", today))
                | (Domain("state", "=", "missed") & Domain("date_due", ">=", today - timedelta(days=7)))
            ),
            order="date_due desc, id desc",
            limit=MOST_ALERTS,
        )
        rows = {}
        for one in late:
            rows.setdefault(f"{one.schedule_id.id or 'one'},{'' if one.schedule_id else one.id}", one)
        return [
            {
                "subject_key": key,
                "name": one.display_name,
                "warehouse_id": one.warehouse_id,
                "res_model": self._name,
                "res_id": one.id,
                "user_id": one.user_id,
                "severity": "critical" if one.subject in ("fire", "cold") else "warning",
            }
            for key, one in rows.items()
        ]

    @api.model
    def _incident_rows(self, company):
        """Serious incidents without an investigation, and all that lock a place."""
        since = fields.Datetime.now() - timedelta(days=INVESTIGATION_DAYS)
        waiting = Domain("severity", "in", ("serious", "severe")) & Domain("date", "<", since)
        incidents = self.env["scm.safety.incident"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", OPEN)
            & ((waiting & Domain("state", "=", "open")) | Domain("lock_location_ids", "!=", False)),
            limit=MOST_ALERTS,
        )
        return [
            {
                "subject_key": str(incident.id),
                "name": f"{incident.name} {incident.type_id.name}",
                "warehouse_id": incident.warehouse_id,
                "res_model": incident._name,
                "res_id": incident.id,
                "user_id": incident.user_id,
                "money_at_stake": incident.goods_value,
                "severity": "critical" if incident.severity == "severe" else "warning",
            }
            for incident in incidents
        ]
