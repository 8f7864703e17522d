import numpy as np
from odoo import api, models

from ..kernel.qualification import due_reminders

STAGES = (60, 30, 7)


class ScmSupplierEvidence(models.Model):
    """What the calendar does with evidence: it ends, and before that we and the supplier are reminded."""

    _inherit = "scm.supplier.evidence"

    @api.model
    def _expire(self, company, today):
        self.search([("company_id", "=", company.id), ("state", "=", "valid"), ("date_expiry", "<", today)]).write(
            {"state": "expired"}
        )

    @api.model
    def _remind(self, company, today):
        """Reminders 60, 30 and 7 days before the end: an activity for us, a mail for the supplier where switched on."""
        valid = self.search([("company_id", "=", company.id), ("state", "=", "valid"), ("date_expiry", ">=", today)])
        if not valid:
            return valid
        days = np.array([(evidence.date_expiry - today).days for evidence in valid])
        stages = due_reminders(days, np.array(valid.mapped("reminder_days")), STAGES)
        due = self.browse()
        for stage in STAGES:
            reached = self.browse([one.id for one, own in zip(valid, stages, strict=True) if own == stage])
            reached.reminder_days = stage
            due += reached
        due._plan_reminder(today)
        if company.scm_evidence_mail:
            due._mail_reminder()
        return due

    def _plan_reminder(self, today):
        """One open activity per document; a later stage moves its day."""
        activity_type = self.env.ref("scm_supplier_eval.scm_mail_activity_type_evidence")
        waiting = self.activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)
        model = self.env["ir.model"]._get_id(self._name)
        new = self.filtered(lambda evidence: evidence.user_id and evidence.id not in waiting.mapped("res_id"))
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model,
                    "res_id": evidence.id,
                    "activity_type_id": activity_type.id,
                    "user_id": evidence.user_id.id,
                    "date_deadline": evidence.date_expiry,
                    "summary": evidence.env._("Ask for a new %(kind)s", kind=evidence.kind_id.name),
                }
                for evidence in new
            ]
        )

    def _mail_reminder(self):
        template = self.env.ref("scm_supplier_eval.mail_template_evidence_reminder")
        reachable = self.filtered("partner_id.email")
        if reachable:
            template.send_mail_batch(reachable.ids, email_layout_xmlid="mail.mail_notification_light")

    def _alert_rows(self, today):
        return [
            {
                "subject_key": str(evidence.id),
                "name": evidence.display_name,
                "partner_id": evidence.partner_id.id,
                "res_model": evidence._name,
                "res_id": evidence.id,
                "user_id": evidence.user_id.id,
                "date_due": evidence.date_expiry,
                "severity": self._alert_severity(evidence, today),
            }
            for evidence in self
        ]

    @api.model
    def _alert_severity(self, evidence, today):
        if evidence.date_expiry < today:
            return "critical" if evidence.critical else "warning"
        return "warning" if evidence.critical else "info"
