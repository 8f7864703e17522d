from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.policy import shadowed


class ScmReturnPolicyVersion(models.Model):
    """One state of a policy. A draft is edited; from activation on it stays as it is, because orders keep it."""

    _name = "scm.return.policy.version"
    _description = "Version of a Return Policy"
    _order = "policy_id, number DESC"

    policy_id = fields.Many2one("scm.return.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, readonly=True, default=1, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    valid_from = fields.Date(
        copy=False, help="Orders confirmed from this day on keep this version. Empty: the day of activation."
    )
    activated_at = fields.Datetime("Activated on", readonly=True, copy=False)
    activated_by_id = fields.Many2one("res.users", "Activated by", readonly=True, copy=False)
    row_ids = fields.One2many("scm.return.policy.row", "version_id", "Rows", copy=True)
    note = fields.Text("What Changed", copy=False)
    never_text = fields.Char(compute="_compute_never_text", help="Rows that an earlier row leaves nothing to decide.")

    _number_uniq = models.Constraint("UNIQUE(policy_id, number)", "The policy has a version with this number already.")

    @api.depends("policy_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(policy)s, version %(number)s", policy=version.policy_id.name or "", number=version.number
            )

    @api.depends("row_ids")
    def _compute_never_text(self):
        for version in self:
            rows = version.row_ids.sorted(lambda row: (row.sequence, row.id))
            version.never_text = ", ".join(f"“{one['row']}”" for one in version._never_decide(rows))

    def _never_decide(self, rows):
        """Rows that can never decide, each with the earlier one that takes all of its cases."""
        return [
            {"row_id": rows[place].id, "row": rows[place].name or "", "cover": rows[cover].name or ""}
            for place, cover in shadowed(rows._compiled())
        ]

    def action_activate(self):
        """Put drafts in force, today or on the day that they name. Orders of before keep what they have."""
        self.check_access("write")
        for version in self:
            version._check_complete()
            today = local_today(version.company_id or self.env.company)
            version.write(
                {
                    "state": "active",
                    "valid_from": max(version.valid_from or today, today),
                    "activated_at": fields.Datetime.now(),
                    "activated_by_id": self.env.uid,
                }
            )
            version._retire_replaced(today)
        return True

    def _activate_shipped(self):
        """For data files: what is a draft still."""
        self.filtered(lambda version: version.state == "draft").action_activate()

    def _check_complete(self):
        if self.state != "draft":
            raise UserError(self.env._("%(version)s is no draft any more.", version=self.display_name))
        if not self.row_ids:
            raise UserError(
                self.env._("%(version)s has no rows: add at least one, which fits always.", version=self.display_name)
            )

    def _retire_replaced(self, today):
        """Retire versions that can be in force on no day to come."""
        active = self.policy_id.version_ids.filtered(lambda one: one.state == "active")
        current = self.policy_id._version_on(today)
        replaced = active.filtered(
            lambda one: (
                (one.valid_from, one.number) < (current.valid_from or today, current.number)
                or (one.valid_from == self.valid_from and one.number < self.number)
            )
        )
        replaced.write({"state": "retired"})

    def action_retire(self):
        """Take versions out of force. Orders that keep them still do."""
        self.check_access("write")
        self.filtered(lambda version: version.state == "active").write({"state": "retired"})
        return True

    def action_new_version(self):
        """Open a draft made from this version."""
        self.check_access("write")
        self.ensure_one()
        draft = self.policy_id.draft_version_id or self.copy()
        return draft._open()

    def copy_data(self, default=None):
        """A copy is the next version of its policy."""
        rows = super().copy_data(default)
        for version, values in zip(self, rows, strict=True):
            if "number" not in (default or {}):
                values["number"] = max(version.policy_id.version_ids.mapped("number"), default=0) + 1
        return rows

    def action_open(self):
        """Open this version; for those who may see returns."""
        self.env["scm.return"].check_access("read")
        self.ensure_one()
        return self._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def write(self, vals):
        frozen = self.filtered(lambda version: version.state != "draft")
        if frozen and set(vals) - {"state", "note"}:
            frozen._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        frozen = self.filtered(lambda version: version.state != "draft")
        if frozen:
            frozen._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "%(version)s has been in force, and orders keep it: make a new version of it and change that one.",
                version=self[0].display_name,
            )
        )
