from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .scm_sla_clock import CLOCK_KINDS


class ScmSlaStep(models.Model):
    """One rung of the ladder on which a late ticket is carried upwards."""

    _name = "scm.sla.step"
    _description = "Escalation Step"
    _order = "policy_id, minutes, id"

    policy_id = fields.Many2one("scm.sla.policy", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    kind = fields.Selection(CLOCK_KINDS, "Clock", help="Empty: both clocks.")
    minutes = fields.Integer(
        "Minutes after", required=True, help="After the deadline, in the hours that count; below 0: before it."
    )
    action = fields.Selection(
        [
            ("assignee", "Remind who is in charge"),
            ("leader", "Tell the team leader"),
            ("user", "Tell a person"),
            ("reassign", "Hand over to a person"),
        ],
        required=True,
        default="leader",
    )
    user_id = fields.Many2one("res.users", "Person", domain=[("share", "=", False)])

    @api.constrains("action", "user_id")
    def _check_user(self):
        for step in self:
            if step.action not in ("user", "reassign"):
                continue
            if not step.user_id:
                raise ValidationError(self.env._("%s: an escalation step has no person.", step.policy_id.name))
            if not step.user_id.has_group("helpdesk_mgmt.group_helpdesk_user_own"):
                raise ValidationError(
                    self.env._(
                        "%(policy)s: %(user)s cannot see tickets. Give the person a helpdesk role first.",
                        policy=step.policy_id.name,
                        user=step.user_id.name,
                    )
                )
