from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

#: days before the end from which an alert says so
NOTICE_DAYS = 60


class ScmSupplierQualification(models.Model):
    """What the calendar does: expiry, conditions that were not met, critical evidence that ended; alerts."""

    _inherit = "scm.supplier.qualification"

    @api.model
    def _cron_daily(self):
        """Each company in its own day."""
        evidence = self.env["scm.supplier.evidence"]
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = self._today_of(company)
            evidence._expire(company, today)
            self._expire(company, today)
            self.search([("company_id", "=", company.id)])._refresh_suspension()
            evidence._remind(company, today)
            self._sync_alerts(company, today)

    @api.model
    def _expire(self, company, today):
        held = [("company_id", "=", company.id), ("state", "in", ("qualified", "conditional", "suspended"))]
        self.search([*held, ("date_expiry", "<", today)]).write({"state": "expired", "suspended_from": False})
        late = self.search(
            [("company_id", "=", company.id), ("state", "=", "conditional"), ("condition_date", "<", today)]
        )
        for one in late:
            day = format_date(one.env, one.condition_date)
            one._suspend(one.env._("The conditions were not met until %(day)s.", day=day))

    def _suspend(self, reason, evidence=None):
        self.ensure_one()
        self.write(
            {
                "state": "suspended",
                "suspended_from": self.state if self.state in ("qualified", "conditional") else self.suspended_from,
                "suspended_reason": reason,
                "suspended_evidence_id": evidence.id if evidence else False,
            }
        )

    def _refresh_suspension(self):
        """Suspend what critical evidence fails, take up again what only such evidence had suspended."""
        held = self.filtered(lambda one: one.active and one.state in ("qualified", "conditional", "suspended"))
        failing = held._failing_evidence()
        for one in held:
            evidence = failing.get(one.id)
            if evidence and one.state != "suspended":
                day = format_date(one.env, evidence.date_expiry)
                kind = evidence.kind_id.name
                one._suspend(one.env._("%(kind)s ended on %(day)s.", kind=kind, day=day), evidence)
            elif not evidence and one.state == "suspended" and one.suspended_evidence_id:
                one.write(
                    {
                        "state": one.suspended_from or "qualified",
                        "suspended_from": False,
                        "suspended_reason": False,
                        "suspended_evidence_id": False,
                    }
                )

    def _failing_evidence(self):
        """{qualification id: critical evidence that has expired without a valid successor}"""
        # sudo: what the supplier showed counts, also where the reader may not see it
        expired = (
            self.env["scm.supplier.evidence"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id.commercial_partner_id", "in", self.partner_id.commercial_partner_id.ids),
                    ("critical", "=", True),
                    ("state", "=", "expired"),
                ]
            )
        )
        groups = expired.grouped(lambda one: (one.company_id.id, one.partner_id.commercial_partner_id.id))
        above = self._categories_above({*self.categ_id.ids, *expired.categ_id.ids})
        failing = {}
        for one in self:
            key = (one.company_id.id, one.partner_id.commercial_partner_id.id)
            for evidence in groups.get(key, ()):
                if self._concerns(evidence.categ_id.id, one.categ_id.id, above):
                    failing.setdefault(one.id, evidence)
        return failing

    @api.model
    def _concerns(self, evidence_categ, own_categ, above):
        """Evidence for a category concerns qualifications of it, below it, and for everything."""
        if not evidence_categ or not own_categ:
            return True
        return evidence_categ in above.get(own_categ, ())

    # Alerts

    @api.model
    def _sync_alerts(self, company, today):
        alerts = self.env["scm.alert"]
        soon = today + timedelta(days=NOTICE_DAYS)
        base = [("company_id", "=", company.id)]
        stopped = self.search([*base, ("state", "in", ("suspended", "expired"))])
        alerts._sync("supplier_qualification_stopped", company, stopped._alert_rows())
        ending = self.search([*base, ("state", "in", ("qualified", "conditional")), ("date_expiry", "<=", soon)])
        alerts._sync("supplier_qualification_ends", company, ending._alert_rows("date_expiry"))
        late = self.search([*base, ("state", "=", "asked"), ("date_answer_due", "<", today)])
        alerts._sync("supplier_questionnaire_late", company, late._alert_rows())
        evidence = self.env["scm.supplier.evidence"].search(
            [*base, ("state", "in", ("valid", "expired")), ("date_expiry", "<=", soon)]
        )
        alerts._sync("supplier_evidence_ends", company, evidence._alert_rows(today))

    def _alert_rows(self, due=None):
        return [
            {
                "subject_key": str(one.id),
                "name": one.display_name,
                "partner_id": one.partner_id.id,
                "res_model": one._name,
                "res_id": one.id,
                "user_id": one.user_id.id,
                "why": one.why or None,
                **({"date_due": one[due]} if due else {}),
            }
            for one in self
        ]
