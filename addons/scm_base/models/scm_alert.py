from odoo import api, fields, models
from odoo.exceptions import UserError

from .scm_alert_type import AREAS, SEVERITIES

#: what people may write; all else says what a check found
_TYPED_FIELDS = {"user_id", "date_due"}


class ScmAlert(models.Model):
    _name = "scm.alert"
    _description = "Supply Chain Alert"
    _inherit = ["scm.alert.sync", "mail.thread", "mail.activity.mixin"]
    _order = "severity_rank desc, money_at_stake desc, id desc"

    type_id = fields.Many2one("scm.alert.type", required=True, readonly=True, ondelete="cascade")
    area = fields.Selection(AREAS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    subject_key = fields.Char(required=True, readonly=True, help="What the alert is about, as its check names it.")
    name = fields.Char("Subject", required=True, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null", index="btree_not_null")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="set null", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null", index="btree_not_null")
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    severity = fields.Selection(SEVERITIES, required=True, readonly=True, default="warning", group_expand=True)
    severity_rank = fields.Integer(
        compute="_compute_severity_rank", store=True, aggregator=None, export_string_translation=False
    )
    money_at_stake = fields.Monetary(readonly=True)
    user_id = fields.Many2one(
        "res.users", "Owner", domain=[("share", "=", False)], index="btree_not_null", tracking=True
    )
    date_due = fields.Date("Due", tracking=True)
    state = fields.Selection(
        [("open", "Open"), ("snoozed", "Snoozed"), ("resolved", "Resolved")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    date_opened = fields.Datetime("Opened", required=True, readonly=True)
    date_last_seen = fields.Datetime("Last Seen", readonly=True, help="When its check last found that it still holds.")
    date_resolved = fields.Datetime("Resolved", readonly=True)
    open_count = fields.Integer(
        "Times Opened",
        readonly=True,
        default=1,
        aggregator=None,
        help="An alert that comes back soon after it was resolved is opened again, with its history.",
    )
    snooze_until = fields.Date(readonly=True)
    snooze_reason = fields.Char(readonly=True)
    why = fields.Json(readonly=True)
    owner_notified = fields.Boolean(readonly=True, help="The owner got an activity since the alert was opened.")

    _subject_uniq = models.UniqueIndex(
        "(type_id, company_id, subject_key) WHERE state != 'resolved'",
        "There is already an unresolved alert about this.",
    )
    _list_idx = models.Index("(state, severity_rank DESC, money_at_stake DESC, id DESC)")
    _resolved_idx = models.Index("(type_id, company_id, date_resolved) WHERE state = 'resolved'")

    @api.depends("severity")
    def _compute_severity_rank(self):
        rank = {name: index for index, (name, _label) in enumerate(reversed(SEVERITIES))}
        for alert in self:
            alert.severity_rank = rank.get(alert.severity, 0)

    def write(self, vals):
        if not self.env.su and (fixed := set(vals) - _TYPED_FIELDS):
            fixed = {name for name in fixed if not name.startswith(("message_", "activity_", "my_activity_"))}
            if fixed:
                raise UserError(
                    self.env._(
                        "“%(alert)s”: only its owner and due date can be changed. The rest says what the check found; "
                        "snooze the alert if you want to be left in peace.",
                        alert=self[:1].display_name,
                    )
                )
        result = super().write(vals)
        if "user_id" in vals:
            self._move_activities()
        return result

    # What a person does

    def action_open_subject(self):
        """Open the document that the alert is about, else its product."""
        self.ensure_one()
        model, res_id = (self.res_model, self.res_id) if self.res_id else ("product.product", self.product_id.id)
        if not res_id or model not in self.env or not self.env[model].browse(res_id).exists():
            raise UserError(self.env._("What “%(alert)s” is about does not exist any more.", alert=self.display_name))
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": res_id, "views": [(False, "form")]}

    def action_ask_snooze(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_base.scm_alert_snooze_action")
        return action | {"context": {"default_alert_ids": self.ids}}

    def action_snooze(self, until, reason):
        """Leave the owner in peace until a day; the check goes on watching.

        :param until: the day on which it wakes, a date or ISO text
        """
        try:
            until = fields.Date.to_date(until)
        except ValueError:
            until = None
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that others know what is going on."))
        if resolved := self.filtered(lambda alert: alert.state == "resolved"):
            raise UserError(self.env._("“%(alert)s” is resolved already.", alert=resolved[0].display_name))
        if not until or until <= fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day in the future to snooze until."))
        # sudo: write access was checked above; people may not write these fields in any other way
        self.sudo().write({"state": "snoozed", "snooze_until": until, "snooze_reason": reason, "owner_notified": False})
        self._close_activities()
        body = self.env._("Snoozed until %(day)s: %(reason)s", day=until, reason=reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return True

    def action_wake(self):
        """End the snooze now."""
        self.check_access("write")
        snoozed = self.filtered(lambda alert: alert.state == "snoozed")
        # sudo: write access was checked above; people may not write these fields in any other way
        snoozed.sudo().write({"state": "open", "snooze_until": False, "snooze_reason": False})
        snoozed._notify_owners()
        return True

    # Activities of owners

    def _notify_owners(self):
        """Give the owner of each open critical alert one activity per opening."""
        alerts = self.sudo().search(  # sudo: the activity is for the owner, whoever's check opened the alert
            [
                ("id", "in", self.ids),
                ("state", "=", "open"),
                ("severity", "=", "critical"),
                ("user_id", "!=", False),
                ("owner_notified", "=", False),
            ]
        )
        if not alerts:
            return
        activity_type = self.env.ref("scm_base.scm_mail_activity_type_alert")
        model_id = self.env["ir.model"]._get_id(self._name)
        # sudo: as above
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": alert.id,
                    "activity_type_id": activity_type.id,
                    "summary": alert.type_id.with_context(lang=alert.user_id.lang).name,
                    "user_id": alert.user_id.id,
                    "date_deadline": alert.date_due,
                }
                for alert in alerts
            ]
        )
        alerts.write({"owner_notified": True})

    def _close_activities(self):
        # sudo: the activity belongs to the owner; its cause ended
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref("scm_base.scm_mail_activity_type_alert").id),
            ]
        ).unlink()

    def _move_activities(self):
        self._close_activities()
        self.sudo().write({"owner_notified": False})  # sudo: part of a change of owner that was allowed
        self._notify_owners()
