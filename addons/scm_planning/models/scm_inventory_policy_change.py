from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: settings that a proposal may change
SETTINGS = (
    "service_level",
    "target",
    "review_days",
    "cover_min_days",
    "cover_max_days",
    "ordering_cost",
    "holding_rate",
)


class ScmInventoryPolicyChange(models.Model):
    """Settings of an inventory policy as they stood before the simulator or the policy curve changed them."""

    _name = "scm.inventory.policy.change"
    _description = "Inventory Policy Change"
    _order = "id desc"
    _rec_name = "policy_id"
    _check_company_auto = True

    policy_id = fields.Many2one("scm.inventory.policy", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.user)
    source = fields.Selection(
        [("simulator", "Simulator"), ("curve", "Policy curve")], "Proposed By", required=True, readonly=True
    )
    scenario_id = fields.Many2one("scm.simulation.scenario", readonly=True, ondelete="set null", index="btree_not_null")
    reason = fields.Char(readonly=True)
    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)
    text = fields.Char("Change", compute="_compute_text")
    why = fields.Json(readonly=True)
    state = fields.Selection(
        [("applied", "Applied"), ("undone", "Undone")], required=True, readonly=True, default="applied"
    )
    date_undone = fields.Datetime("Undone On", readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True)

    @api.depends("before", "after")
    def _compute_text(self):
        names, show = self.env["scm.inventory.policy"].fields_get(SETTINGS, ["string"]), self._show
        for change in self:
            change.text = ", ".join(
                f"{names[name]['string']}: {show(name, change.before[name])} → {show(name, change.after[name])}"
                for name in SETTINGS
                if name in (change.after or {})
            )

    @api.model
    def _show(self, name, value):
        if name in ("service_level", "holding_rate"):
            return f"{100 * value:.1f} %"
        if name == "target":
            return dict(self.env["scm.inventory.policy"]._fields["target"]._description_selection(self.env))[value]
        return f"{value:g}"

    @api.model
    def _apply(self, policy, values, **log):
        """Write the settings that differ and log them; the change, empty when none differs. The caller checked the
        role."""
        before = {name: policy[name] for name in SETTINGS if name in values}
        after = {name: value for name, value in values.items() if self._differs(before[name], value)}
        if not after:
            return self.browse()
        policy.write(after)
        # sudo: the log is read-only for everybody; the caller checked that the user may write the policy
        return self.sudo().create(
            {
                "policy_id": policy.id,
                "company_id": policy.company_id.id,
                "user_id": self.env.uid,
                "before": {name: before[name] for name in after},
                "after": after,
                **log,
            }
        )

    @api.model
    def _differs(self, one, other):
        return abs(one - other) > 1e-6 if isinstance(one, float) else one != other

    def action_undo(self):
        """Give the policies the settings that stood before; refused where somebody changed them since. For managers."""
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can change inventory policies. Ask one."))
        self.check_access("read")
        todo = self.filtered(lambda change: change.state == "applied").sorted("id", reverse=True)
        for change in todo:
            change._check_untouched()
            change.policy_id.write(change.before)
        # sudo: the log is read-only for everybody; role and right to write the policy were checked above
        todo.sudo().write({"state": "undone", "date_undone": fields.Datetime.now(), "undone_by_id": self.env.uid})
        return True

    def _check_untouched(self):
        if any(self._differs(self.policy_id[name], value) for name, value in self.after.items()):
            raise UserError(
                self.env._(
                    "%(policy)s was changed after %(date)s. Nothing was undone; change it by hand.",
                    policy=self.policy_id.display_name,
                    date=fields.Datetime.to_string(self.date),
                )
            )
