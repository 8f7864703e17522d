from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_today


class ScmReturnPolicy(models.Model):
    """What customers may give back, in versions. An order keeps the version of the day on which it was confirmed."""

    _name = "scm.return.policy"
    _description = "Return Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every company that has no policy of its own."
    )
    version_ids = fields.One2many("scm.return.policy.version", "policy_id", "Versions")
    current_version_id = fields.Many2one(
        "scm.return.policy.version", "In Force", compute="_compute_current_version_id", help="Version of today."
    )
    draft_version_id = fields.Many2one("scm.return.policy.version", "Draft", compute="_compute_current_version_id")

    @api.depends("version_ids.state", "version_ids.valid_from")
    def _compute_current_version_id(self):
        for policy in self:
            today = local_today(policy.company_id or self.env.company)
            policy.current_version_id = policy._version_on(today)
            policy.draft_version_id = policy.version_ids.filtered(lambda version: version.state == "draft")[:1]

    def _version_on(self, day):
        """The version of this policy in force on a day."""
        active = self.version_ids.filtered(lambda one: one.state == "active" and one.valid_from <= day)
        return max(active, key=lambda one: (one.valid_from, one.number), default=self.version_ids.browse())

    @api.model
    def _in_force(self, companies):
        """``{company: version}`` for orders that are confirmed today: the company's own policy, else the shared one."""
        # sudo: a customer's order keeps the policy, whoever confirms it; nothing of it is shown here
        policies = self.sudo().search(Domain("company_id", "in", [False, *companies.ids]))
        by_company = policies.grouped("company_id")
        shared = by_company.get(self.env["res.company"], policies.browse())
        found = {}
        for company in companies:
            today = local_today(company)
            versions = [policy._version_on(today) for policy in [*by_company.get(company, []), *shared]]
            found[company] = next((version for version in versions if version), self.version_ids.browse())
        return found

    def action_new_version(self):
        """Open the draft of this policy, made from the version in force if there is none. It changes nothing yet."""
        self.check_access("write")
        self.ensure_one()
        draft = self.draft_version_id or self._make_draft()
        return draft._open()

    def _make_draft(self):
        last = max(self.version_ids, key=lambda one: one.number, default=self.version_ids.browse())
        source = self.current_version_id or last
        values = {"policy_id": self.id, "number": last.number + 1}
        return source.copy(values) if source else self.version_ids.create(values)

    @api.model
    def explain(self, order_id, rows):
        """What the policy would decide on a return, and why. Writes nothing.

        :param int order_id: the sales order
        :param list rows: as those of ``scm.return.request_return``
        :return: a list with one dict per row: ``sale_line_id``, ``product_id``, ``decision`` (approve, review, refuse),
            ``policy_decision`` (what the row says, though the company may want a person to look), ``outcomes`` (allowed
            ones), ``outcome``, ``text`` (what the customer reads), ``row_id``, ``row``, ``earlier`` (the rows before it
            with ``row``, ``condition`` and ``text``), ``value``, ``refund_percent``, ``keep_percent``, ``fee``,
            ``currency_id``, ``freight_payer``, ``evidence``, ``evidence_missing``, ``why``
        """
        self.env["scm.return"].check_access("read")
        order = self.env["sale.order"].browse(order_id).exists()
        if not order:
            raise UserError(self.env._("There is no order with the id %(id)s.", id=order_id))
        order.check_access("read")
        return self._explain(order, rows)
