from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmPolicyChange(models.Model):
    """A reordering rule as it stood before a proposal was applied, and what the proposal made of it."""

    _name = "scm.policy.change"
    _description = "Applied Policy Change"
    _order = "id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    proposal_id = fields.Many2one("scm.policy.proposal", readonly=True, index="btree_not_null", ondelete="set null")
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint", "Reordering Rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.user)
    created = fields.Boolean("New Rule", readonly=True)
    active_before = fields.Boolean(readonly=True)
    min_before = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    max_before = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    min_after = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    max_after = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    cash_effect = fields.Monetary(readonly=True)
    why = fields.Json(readonly=True)
    state = fields.Selection(
        [("applied", "Applied"), ("undone", "Undone")], required=True, readonly=True, default="applied"
    )
    date_undone = fields.Datetime("Undone On", readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True)

    @api.model
    def _log(self, proposals, rules, created):
        """One row per proposal; ``rules`` as ``_write_rules`` returns it."""
        return self.create(
            [
                {
                    "proposal_id": proposal.id,
                    "orderpoint_id": rules[proposal.id]["rule"].id,
                    "product_id": proposal.product_id.id,
                    "warehouse_id": proposal.warehouse_id.id,
                    "company_id": proposal.company_id.id,
                    "user_id": self.env.uid,
                    "created": proposal.id in created,
                    "active_before": rules[proposal.id]["before"]["active"],
                    "min_before": rules[proposal.id]["before"]["min"],
                    "max_before": rules[proposal.id]["before"]["max"],
                    "min_after": proposal.min_proposed,
                    "max_after": proposal.max_proposed,
                    "cash_effect": proposal.cash_effect,
                    "why": proposal.why,
                }
                for proposal in proposals
            ]
        )

    @api.model
    def _last_of(self, proposals):
        """The last change of each proposal that is not undone."""
        last = self._read_group(
            [("proposal_id", "in", proposals.ids), ("state", "=", "applied")], ["proposal_id"], ["id:max"]
        )
        return self.browse([change_id for _proposal, change_id in last])

    def undo(self):
        """Restore the rules as they stood before these changes. Returns the number of rules restored."""
        self.env["scm.policy.proposal"]._check_manager()
        self.check_access("read")
        return len(self._undo())

    def action_undo(self):
        count = self.undo()
        return self.env["scm.policy.proposal"]._notification(
            self.env._("%(count)s reordering rules restored.", count=count)
        )

    def _undo(self):
        """Restore; refused as a whole when a person changed one of the rules since. The caller checked the role."""
        self.env["scm.policy.proposal"]._check_rule_access()
        todo = self.filtered(lambda change: change.state == "applied")
        todo._check_untouched()
        rules = self.env["stock.warehouse.orderpoint"]
        rules._scm_write_levels(
            {change.orderpoint_id: (change.min_before, change.max_before) for change in todo if not change.created}
        )
        retired = todo.filtered(lambda change: change.created or not change.active_before)
        retired.orderpoint_id.action_archive()
        # sudo: the log is read-only for everybody; role and rights on the rules were checked above
        todo.sudo().write({"state": "undone", "date_undone": fields.Datetime.now(), "undone_by_id": self.env.uid})
        todo._reopen_proposals()
        return todo

    def _reopen_proposals(self):
        """The proposals stand again beside the restored levels."""
        # sudo: proposals are read-only for everybody; `_undo` checked role and rights
        for change in self.filtered("proposal_id").sudo():
            change.proposal_id.write(
                {
                    "state": "proposed",
                    "min_current": change.min_before,
                    "max_current": change.max_before,
                    "orderpoint_id": change.orderpoint_id.filtered("active").id,
                }
            )

    def _check_untouched(self):
        changed = []
        for change in self:
            rule, unit = change.orderpoint_id, change.product_id.uom_id
            if not rule:
                changed.append(
                    self.env._("%(product)s: the rule was deleted since.", product=change.product_id.display_name)
                )
            elif unit.compare(rule.product_min_qty, change.min_after) or unit.compare(
                rule.product_max_qty, change.max_after
            ):
                changed.append(change._describe_touch())
        if changed:
            raise UserError(
                self.env._(
                    "Nothing was undone, because these reordering rules were changed after the proposal was applied. "
                    "Leave them out, or change them by hand:\n%(lines)s",
                    lines="\n".join(changed),
                )
            )

    def _describe_touch(self):
        rule = self.orderpoint_id
        return self.env._(
            "%(product)s: applied %(low)s / %(high)s, now %(low_now)s / %(high_now)s (%(user)s, %(date)s).",
            product=self.product_id.display_name,
            low=self.min_after,
            high=self.max_after,
            low_now=rule.product_min_qty,
            high_now=rule.product_max_qty,
            # sudo: the name of a colleague of another company; who undoes may write the rule
            user=rule.write_uid.sudo().name,
            date=fields.Date.to_string(rule.write_date),
        )
