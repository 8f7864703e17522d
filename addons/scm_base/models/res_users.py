from odoo import api, fields, models
from odoo.fields import Domain

#: alerts listed per area in the mail; the rest is a number with a link
DIGEST_LIMIT = 10


class ResUsers(models.Model):
    _inherit = "res.users"

    scm_alert_digest = fields.Boolean(
        "Daily Supply Chain Alerts", help="A mail each day on which there are new alerts in your companies."
    )
    scm_alert_digest_date = fields.Datetime("Last Alert Mail", readonly=True, copy=False)

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 - the name is Odoo's
        return [*super().SELF_READABLE_FIELDS, "scm_alert_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 - the name is Odoo's
        return [*super().SELF_WRITEABLE_FIELDS, "scm_alert_digest"]

    @api.model
    def _cron_scm_alert_digest(self):
        """Wake the alerts whose snooze has passed, then mail what is new to everyone who asked for it."""
        # sudo: the cron wakes the alerts of all companies; nobody calls it by interface
        self.env["scm.alert"].sudo()._wake_expired()._notify_owners()
        self._scm_mail_all("scm_alert_digest", lambda user: user._send_scm_alert_digest())

    @api.model
    def _scm_mail_all(self, wish, send):
        """Call ``send(user)`` for each supply-chain user who ticked the field ``wish``; the cron goes on behind it."""
        role = self.env.ref("scm_base.scm_group_user")
        users = self.search([(wish, "=", True), ("share", "=", False), ("all_group_ids", "in", role.ids)], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(users))
        for user in users:
            send(user)
            if not cron._commit_progress(1):
                break

    def _send_scm_alert_digest(self):
        """Mail the alerts opened since the last mail; no mail when there are none or the user has no address."""
        self.ensure_one()
        now = fields.Datetime.now()
        # the user's own rights, companies and language decide what he reads
        reader = self.with_user(self).with_context(
            lang=self.lang, tz=self.tz, allowed_company_ids=(self.company_id | self.company_ids).ids
        )
        digest = reader._prepare_scm_alert_digest(self.scm_alert_digest_date, now)
        self.scm_alert_digest_date = now
        if not digest or not self.email:
            return False
        template = self.env.ref("scm_base.scm_alert_mail_template_digest")
        return template.with_context(digest=digest).send_mail(self.id)

    def _prepare_scm_alert_digest(self, since, until):
        """What was opened from one moment until before another, by severity and area; empty when nothing was."""
        alerts = self.env["scm.alert"]
        domain = Domain("state", "=", "open") & Domain("date_opened", "<", until)
        new = alerts.search(domain & Domain("date_opened", ">=", since) if since else domain)
        if not new:
            return {}
        severity_label = dict(alerts._fields["severity"]._description_selection(self.env))
        area_label = dict(alerts._fields["area"]._description_selection(self.env))
        groups = []
        by_group = new.sorted(lambda alert: (-alert.severity_rank, alert.area))
        for (severity, area), found in by_group.grouped(lambda alert: (alert.severity, alert.area)).items():
            groups.append(
                {
                    "severity": severity,
                    "title": f"{severity_label[severity]} · {area_label[area]}",
                    "count": len(found),
                    "alerts": [self._prepare_scm_digest_alert(alert) for alert in found[:DIGEST_LIMIT]],
                    "more": max(0, len(found) - DIGEST_LIMIT),
                }
            )
        base_url = self.get_base_url()
        return {
            "groups": groups,
            "count": len(new),
            "url": f"{base_url}/odoo/supply-chain-alerts",
            "base_url": base_url,
        }

    def _prepare_scm_digest_alert(self, alert):
        return {
            "type": alert.type_id.name,
            "name": alert.name,
            "money": alert.currency_id.format(alert.money_at_stake) if alert.money_at_stake else "",
            "company": alert.company_id.name if len(self.company_ids) > 1 else "",
            "date_due": alert.date_due,
            "url": f"{self.get_base_url()}/odoo/supply-chain-alerts/{alert.id}",
        }
