from datetime import timedelta

from odoo import api, models

from odoo.addons.scm_base.tools.zones import local_today

#: days before the last day of a claim from which it is said
NOTICE_DAYS = 7


class ScmFreightClaim(models.Model):
    """Alerts about money that carriers owe, synchronised."""

    _inherit = "scm.freight.claim"

    @api.model
    def _sync_alerts(self, company):
        today = local_today(company)
        alerts = self.env["scm.alert"]
        alerts._sync("freight_claim_due", company, self._due_rows(company, today))
        alerts._sync("freight_difference", company, self._difference_rows(company))

    @api.model
    def _due_rows(self, company, today):
        """Drafts that can be sent only a few days more."""
        claims = self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
                ("date_deadline", ">=", today),
                ("date_deadline", "<=", today + timedelta(days=NOTICE_DAYS)),
            ]
        )
        return [
            {
                "subject_key": str(claim.id),
                "name": f"{claim.name} {claim.tracking_ref or ''}".strip(),
                "partner_id": claim.partner_id.id,
                "res_model": claim._name,
                "res_id": claim.id,
                "money_at_stake": claim.amount,
                "user_id": claim.user_id.id,
                "severity": "critical" if claim.date_deadline <= today + timedelta(days=2) else "warning",
                "why": claim.why,
            }
            for claim in claims
        ]

    @api.model
    def _difference_rows(self, company):
        """Invoices that bill too much and wait for a decision."""
        invoices = self.env["scm.freight.invoice"].search_fetch(
            [("company_id", "=", company.id), ("state", "=", "checked"), ("claimable", ">", 0)]
        )
        return [
            {
                "subject_key": str(invoice.id),
                "name": invoice.name,
                "partner_id": invoice.partner_id.id,
                "res_model": invoice._name,
                "res_id": invoice.id,
                "money_at_stake": invoice.claimable,
                "user_id": invoice.user_id.id,
            }
            for invoice in invoices
        ]
