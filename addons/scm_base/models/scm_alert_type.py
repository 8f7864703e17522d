from odoo import api, fields, models
from odoo.exceptions import AccessError

AREAS = [
    ("planning", "Planning"),
    ("supplier", "Suppliers"),
    ("warehouse", "Warehouse"),
    ("logistics", "Logistics"),
    ("aftersales", "After-sales"),
    ("analytics", "Analytics"),
]
#: worst first, as columns and lists show them
SEVERITIES = [("critical", "Critical"), ("warning", "Warning"), ("info", "Info")]


class ScmAlertType(models.Model):
    _name = "scm.alert.type"
    _description = "Alert Type"
    _order = "area, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, help="Name by which the check that finds these alerts knows it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="Switched off: its check opens no alerts and the open ones are resolved."
    )
    area = fields.Selection(AREAS, required=True)
    severity = fields.Selection(
        SEVERITIES, "Default Severity", required=True, default="warning", help="Used where the check itself names none."
    )
    user_id = fields.Many2one(
        "res.users",
        "Default Owner",
        domain=[("share", "=", False)],
        help="Owner of new alerts. He gets an activity for each critical one.",
    )
    due_days = fields.Integer("Days to Act", default=7, help="A new alert is due this many days after it was opened.")
    description = fields.Text(translate=True, help="What the alert means and what to do about it.")
    alert_count = fields.Integer("Open Alerts", compute="_compute_alert_count")

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already an alert type with this code.")
    _due_days_positive = models.Constraint("CHECK(due_days >= 0)", "The days to act cannot be negative.")

    def write(self, vals):
        if {"code", "area"} & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("Code and area of “%(type)s” belong to its check.", type=self[:1].display_name)
            )
        return super().write(vals)

    def _compute_alert_count(self):
        counts = dict(
            self.env["scm.alert"]._read_group(
                [("type_id", "in", self.ids), ("state", "!=", "resolved")], ["type_id"], ["__count"]
            )
        )
        for alert_type in self:
            alert_type.alert_count = counts.get(alert_type, 0)

    @api.model
    def _get(self, code):
        """The type of this code, also when it is switched off."""
        alert_type = self.with_context(active_test=False).search([("code", "=", code)])
        if not alert_type:
            raise ValueError(f"there is no alert type {code!r}")
        return alert_type

    def action_open_alerts(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_alert_action")
        return action | {"domain": [("type_id", "in", self.ids)], "context": {"search_default_unresolved": 1}}
