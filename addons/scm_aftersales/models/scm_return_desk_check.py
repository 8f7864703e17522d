from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.scm_base.tools.zones import local_day, zone_name

#: days that a person has, beyond the usual time, before an alert is critical
CRITICAL_FACTOR = 2.0
BATCH = 200


class ScmReturn(models.Model):
    """What the hourly check does: colours, alerts, reminders, and what ends by itself."""

    _inherit = "scm.return"

    @api.model
    def _cron_check_desk(self):
        """Each hour, company by company."""
        companies = self.env["res.company"].search([("active", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._check_desk(company)
            if not cron._commit_progress(1):
                break

    @api.model
    def check_desk(self):
        """Bring clocks and alerts of the user's companies up to date now. For managers.

        :return: True
        """
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Returns are checked by supply-chain managers."))
        for company in self.env.companies:
            self._check_desk(company)
        return True

    @api.model
    def _check_desk(self, company):
        self = self.sudo()  # checks run for everyone, and their callers decide who may start them
        self._update_clocks(company)
        self._close_settled(company)
        self._expire_approved(company)
        self._remind_customers(company)
        alerts = self.env["scm.alert"]
        alerts._sync("return_waiting", company, self._late_rows(company, ("requested", "received", "inspected")))
        alerts._sync("return_not_arrived", company, self._late_rows(company, ("approved", "in_transit")))

    @api.model
    def _late_rows(self, company, states):
        """Alert rows of returns that are longer in one of these states than is usual."""
        late = self.search_fetch(
            [("company_id", "=", company.id), ("state", "in", states), ("date_due", "<", fields.Datetime.now())]
        )
        now = fields.Datetime.now()
        return [
            {
                "subject_key": str(request.id),
                "name": f"{request.name} · {request.order_id.name}",
                "partner_id": request.partner_id.id,
                "warehouse_id": request.warehouse_id.id,
                "res_model": request._name,
                "res_id": request.id,
                "money_at_stake": company.currency_id.round(request.value / (request.order_id.currency_rate or 1.0)),
                "user_id": request.user_id.id,
                "severity": "critical"
                if request._hours_at(now) > CRITICAL_FACTOR * request._norm_hours()
                else "warning",
                "why": request._late_why(now),
            }
            for request in late
        ]

    def _hours_at(self, now):
        return (now - self.state_since).total_seconds() / 3600.0

    def _late_why(self, now):
        """The terms of lateness, in hours."""
        hours = round(self._hours_at(now), 1)
        since = local_day(self.state_since, zone_name(self.company_id, self.warehouse_id))
        return {
            "value": hours,
            "unit": "return_hours",
            "method": "return_late",
            "formula": "return_late_formula",
            "terms": [
                {"code": "return_state", "value": f"return_state_{self.state}"},
                {"code": "return_in_state", "value": hours, "unit": "return_hours"},
                {"code": "return_norm", "value": self._norm_hours(), "unit": "return_hours"},
                {"code": "return_since", "value": since.isoformat()},
            ],
        }

    @api.model
    def _close_settled(self, company):
        """Settled returns are closed after the company's days."""
        if company.scm_return_close_days:
            before = fields.Datetime.now() - timedelta(days=company.scm_return_close_days)
            self.search(
                [("company_id", "=", company.id), ("state", "=", "settled"), ("date_settled", "<", before)],
                limit=BATCH,
                order="date_settled",
            )._move_to("closed")

    @api.model
    def _expire_approved(self, company):
        """Approved returns of which nothing came are cancelled after the company's days, if it has any."""
        if not company.scm_return_expire_days:
            return
        before = fields.Datetime.now() - timedelta(days=company.scm_return_expire_days)
        old = self.search(
            [("company_id", "=", company.id), ("state", "=", "approved"), ("date_approved", "<", before)],
            limit=BATCH,
            order="date_approved",
        )
        old = old.filtered(lambda request: not any(request.line_ids.mapped("quantity_received")))
        for request in old:
            request.message_post(
                body=self.env._("Nothing came within %(days)s days.", days=company.scm_return_expire_days)
            )
        old._move_to("cancelled")

    @api.model
    def _remind_customers(self, company):
        """Write once to customers whose approved goods are late, if the company wants it."""
        template = self.env.ref("scm_aftersales.scm_return_template_reminder", raise_if_not_found=False)
        if not company.scm_return_reminder or not template:
            return
        now = fields.Datetime.now()
        late = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "approved"),
                ("date_due", "<", now),
                ("date_reminded", "=", False),
                ("partner_id.email", "!=", False),
            ],
            limit=BATCH,
            order="date_due",
        )
        for request in late:
            request._portal_ensure_token()
        late.message_mail_with_source(template)
        late.date_reminded = now
