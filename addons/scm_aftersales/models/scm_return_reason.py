from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmReturnReason(models.Model):
    """What the customer says, on two levels: a group and the reason that is picked."""

    _name = "scm.return.reason"
    _description = "Return Reason"
    _parent_store = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True, help="Name by which policies, imports and programs know it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one("scm.return.reason", "Group", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("scm.return.reason", "parent_id", "Reasons")
    is_fault = fields.Boolean(
        "Fault of Ours", help="If what the customer says is true, we, a supplier or a carrier made the mistake."
    )
    needs_comment = fields.Boolean(help="The customer is asked to say more.")
    cause_id = fields.Many2one(
        "scm.return.cause", "Usual Cause", ondelete="set null", help="Offered first at inspection; a person decides."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a return reason with this code.")

    @api.constrains("parent_id")
    def _check_levels(self):
        for reason in self:
            if reason.parent_id.parent_id or (reason.parent_id and reason.child_ids):
                raise ValidationError(
                    self.env._("%(reason)s: reasons have two levels, a group and the reason.", reason=reason.name)
                )

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.parent_id.name} / {reason.name}" if reason.parent_id else reason.name
