from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.roles import check_manager
from odoo.addons.scm_base.tools.zones import local_today

#: days until an improvement is due
DUE_DAYS = 30


class ScmFinding(models.Model):
    """What people do with a finding."""

    _inherit = "scm.finding"

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
        self._check_manager(self.browse().company_id)
        self.check_access("read")
        self._check_manager(self.company_id)
        return self.sudo()  # sudo: role and companies are checked; nobody writes findings by hand

    def action_see(self):
        """Mark new findings as seen; public, also over RPC. For supply-chain users."""
        self.env["scm.metric"]._check_reader()
        self.check_access("read")
        # sudo: whoever may read a finding may say that he did; nothing else changes
        self.sudo().filtered(lambda one: one.state == "new").write({"state": "seen"})
        return True

    def action_accept(self):
        """Accept findings: they are right and known, no work is planned; public, also over RPC. For managers."""
        self._decide().filtered(lambda one: one.state in ("new", "seen")).write({"state": "accepted"})
        return True

    def action_ask_dismiss(self):
        """Ask for the reason, then dismiss."""
        self._decide()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_analytics.scm_finding_dismiss_action")
        return action | {"context": {"default_finding_ids": self.ids}}

    def action_dismiss(self, reason=""):
        """Dismiss findings: they stay quiet for the days set for the company; public, also over RPC. For managers.

        :param reason: why, in words
        """
        findings = self._decide()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why, so that others need not look at it again."))
        if busy := findings.filtered(lambda one: one.state == "improving"):
            raise UserError(
                self.env._("“%(finding)s” is being improved. Cancel the improvement first.", finding=busy[0].name)
            )
        for company, ours in findings.grouped("company_id").items():
            quiet = local_today(company) + timedelta(days=company.scm_change_quiet_days)
            ours.write({"state": "dismissed", "dismissal": reason.strip(), "date_quiet": quiet})
        return True

    def action_reopen(self):
        """Take up again what was dismissed or accepted; public, also over RPC. For managers."""
        findings = self._decide().filtered(lambda one: one.state in ("dismissed", "accepted"))
        findings.write({"state": "new", "dismissal": False, "date_quiet": False})
        return True

    def action_open_source(self):
        """Open the record that a finding was taken over from."""
        self.env["scm.metric"]._check_reader()
        self.ensure_one()
        self.check_access("read")
        if not self.res_id or not self.env[self.res_model].browse(self.res_id).exists():
            raise UserError(self.env._("What “%(name)s” was taken over from does not exist any more.", name=self.name))
        return self._form(self.res_model, self.res_id)

    def action_open_improvement(self):
        """Open the improvement that was opened for it."""
        self.env["scm.metric"]._check_reader()
        self.ensure_one()
        self.check_access("read")
        return self._form("scm.improvement", self.improvement_id.id)

    @api.model
    def _form(self, model, record_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
        }

    @api.model
    @api.readonly
    def get_findings(self, limit=20):
        """What holds now and nobody dismissed, most money first; public, also over RPC. For supply-chain users.

        :param limit: at most so many, up to 1000
        :return: ``{"count", "money_year", "tied_up", "findings": [{"id", "name", "kind", "area", "state", "unit",
            "before", "after", "change", "change_text", "low", "high", "money", "date_first"}]}`` of the present company
        """
        self.env["scm.metric"]._check_reader()
        if isinstance(limit, bool) or not isinstance(limit, int) or not 0 < limit <= 1000:
            raise UserError(self.env._("“%(limit)s” is no number of findings: write 1 to 1000.", limit=limit))
        domain = [
            ("company_id", "=", self.env.company.id),
            ("is_current", "=", True),
            ("state", "in", ("new", "seen", "accepted", "improving")),
        ]
        groups = self._read_group(domain, ["kind"], ["__count", "money:sum"])
        tied_up = sum(-money for kind, _count, money in groups if kind == "excess")
        names = [
            "name",
            "kind",
            "measure",
            "area",
            "state",
            "unit",
            "before",
            "after",
            "change",
            "low",
            "high",
            "money",
        ]
        rows = self.search(domain, limit=limit).read([*names, "change_text", "date_first"])
        states = dict(self._fields["state"]._description_selection(self.env))
        for row in rows:
            row |= {"date_first": str(row["date_first"]), "state_label": states[row["state"]]}
        return {
            "count": sum(count for _kind, count, _money in groups),
            "money_year": sum(money for kind, _count, money in groups if kind != "excess"),
            "tied_up": tied_up,
            "findings": rows,
        }
