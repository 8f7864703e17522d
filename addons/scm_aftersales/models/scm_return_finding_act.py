from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.roles import check_manager

from .scm_return_finding_text import cause_counts


class ScmReturnFinding(models.Model):
    """What people do with a finding: look behind it, dismiss it, take it up again."""

    _inherit = "scm.return.finding"

    cause_text = fields.Char("Causes Found", compute="_compute_cause_text")
    cover_text = fields.Text("Also Seen in", compute="_compute_cover_text")
    uninspected = fields.Integer(compute="_compute_cause_text", help="Returns whose cause nobody has seen yet.")

    @api.depends("causes", "returned")
    def _compute_cause_text(self):
        names = self._cause_names()
        for finding in self:
            counts = cause_counts(finding.causes)
            parts = [f"{names.get(cause, '?')} {count}" for cause, count in counts]
            finding.cause_text = ", ".join(parts)
            finding.uninspected = max(int(finding.returned) - sum(count for _cause, count in counts), 0)

    def _cause_names(self):
        causes = {cause for finding in self for cause, _count in cause_counts(finding.causes)}
        # sudo: causes are open to all employees
        return {cause.id: cause.name for cause in self.env["scm.return.cause"].sudo().browse(causes).exists()}

    @api.depends("covers")
    def _compute_cover_text(self):
        labels = dict(self._fields["dimension"]._description_selection(self.env))
        for finding in self:
            names = [(labels.get(one["dimension"], ""), self._name_of(one)) for one in finding.covers or []]
            finding.cover_text = "\n".join(f"{label}: {name}" for label, name in names)

    @api.model
    def _name_of(self, cell):
        """Name of a cell that has no finding of its own."""
        ghost = self.new({"dimension": cell["dimension"], "key": cell["key"], **self._key_values(**cell)})
        return ghost.name

    @api.model
    def _check_manager(self, companies):
        """Raise AccessError unless the user may decide on findings of these companies."""
        check_manager(
            self.env,
            companies,
            self.env._("Only a supply chain manager can decide on findings. Ask one of them."),
            self.env._("You can decide on findings only of companies that you work for."),
        )

    def _decide(self):
        """The same records with the right to write them."""
        self.check_access("read")
        self._check_manager(self.company_id)
        return self.sudo()  # sudo: role and companies are checked; nobody writes findings by hand

    def action_ask_dismiss(self):
        """Ask for the reason, then dismiss."""
        self._decide()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_finding_dismiss_action")
        return action | {"context": {"default_finding_ids": self.ids}}

    def action_dismiss(self, reason=""):
        """Dismiss findings that are known or not worth the work; public, also over RPC. For supply-chain managers.

        :param reason: why, in words; it stays dismissed as long as it holds
        """
        findings = self._decide()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that others need not look at it again."))
        if busy := findings.filtered(lambda one: one.state == "improving"):
            raise UserError(
                self.env._("“%(finding)s” is being improved. Cancel the improvement first.", finding=busy[0].name)
            )
        findings.write({"state": "dismissed", "dismissal": reason.strip()})
        for company in findings.company_id:
            findings._sync_alerts(company)
        return True

    def action_reopen(self):
        """Take up again what was dismissed."""
        findings = self._decide().filtered(lambda one: one.state == "dismissed")
        findings.write({"state": "new", "dismissal": False})
        for company in findings.company_id:
            findings._sync_alerts(company)
        return True

    # Behind it

    def _parts_domain(self):
        self.ensure_one()
        cell = (self.company_id, self.date_from, self.date_to, self.dimension, self._key_ids())
        lens = None if self.lens == "all" else self.lens
        return self.env["scm.return.fact"]._cell_domain(*cell, what=lens, by="owner")

    def _cell_sql(self):
        """The cell as a condition on the facts ``fact``."""
        terms = self.env["scm.return.fact"]._cell_terms(self.dimension, self._key_ids())
        return SQL(" AND ").join(SQL("%s = %s", SQL.identifier("fact", name), id_) for name, _op, id_ in terms)

    def _key_ids(self):
        return [int(part) for part in self.key.split(",")]

    def action_open_returns(self):
        """Open the returns behind the finding."""
        self.check_access("read")
        returns = self.env["scm.return.part"].search(self._parts_domain()).return_id
        return self._open("scm_aftersales.scm_return_action", returns)

    def action_open_orders(self):
        """Open the orders of which something came back."""
        self.check_access("read")
        orders = self.env["scm.return.part"].search(self._parts_domain()).return_id.order_id
        return self._open("sale.action_orders", orders)

    def _open(self, xmlid, records):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return action | {"domain": [("id", "in", records.ids)], "context": {}, "display_name": self.name}

    def action_open_improvement(self):
        """Open the improvement that was opened for it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.improvement",
            "res_id": self.improvement_id.id,
            "views": [(False, "form")],
        }
