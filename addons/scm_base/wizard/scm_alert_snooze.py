from datetime import timedelta

from odoo import fields, models


class ScmAlertSnooze(models.TransientModel):
    _name = "scm.alert.snooze"
    _description = "Snooze Alerts"

    alert_ids = fields.Many2many("scm.alert", required=True)
    until = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
        help="It wakes on this day.",
    )
    reason = fields.Char(required=True)

    def action_snooze(self):
        self.alert_ids.action_snooze(self.until, self.reason)
