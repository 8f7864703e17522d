from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..kernel import grading


class ScmSupplierStanding(models.Model):
    """What managers decide about standings, and what time does to them."""

    _inherit = "scm.supplier.standing"

    def _check_manager(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(
                self.env._(
                    "Only supply chain managers decide about the standing of %(supplier)s.",
                    supplier=self[:1].partner_id.display_name or self.env._("a supplier"),
                )
            )
        self.check_access("read")

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why, so that others can understand the decision about %(supplier)s later.",
                    supplier=self[:1].partner_id.display_name,
                )
            )
        return reason.strip()

    def action_ask_decision(self):
        """Ask a manager what he decides about these suppliers."""
        self._check_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_supplier_eval.scm_standing_decision_action")
        return action | {"context": {"default_standing_ids": self.ids}}

    def set_override(self, grade_id, reason, until=False):
        """Let another grade count than the measured one; managers only, logged.

        :param grade_id: id of a grade of the company's scheme
        :param reason: why, required
        :param until: last day on which it counts, ISO text; False: until it is ended
        :return: True
        """
        self._check_manager()
        reason = self._check_reason(reason)
        until = self._check_until(until)
        before = {one: (one.effective_grade_id, one.state, reason) for one in self}
        for standing in self:
            grade = standing._check_grade(grade_id)
            # sudo: the role was checked above; nobody may write standings in any other way
            standing.sudo().write(
                {
                    "override_grade_id": grade.id,
                    "override_reason": reason,
                    "override_user_id": self.env.uid,
                    "override_date": standing.company_id._scm_local_today(),
                    "override_until": until,
                }
            )
        self._log("override", before)
        return True

    def _check_until(self, until):
        try:
            until = fields.Date.to_date(until) or False
        except (ValueError, TypeError):
            raise UserError(self.env._("“%s” is not a day; write it as 2026-12-31.", until)) from None
        if until and any(until < company._scm_local_today() for company in self.company_id):
            raise UserError(self.env._("%s is over: choose a day from today on, or none.", until))
        return until

    def _check_grade(self, grade_id):
        scheme = self.env["scm.grade.scheme"]._of_company(self.company_id)
        grade = scheme.grade_ids.filtered(lambda grade: grade.id == grade_id)
        if not grade:
            raise UserError(
                self.env._(
                    "Choose a grade of “%(scheme)s” for %(supplier)s: %(grades)s.",
                    scheme=scheme.name,
                    supplier=self.partner_id.display_name,
                    grades=", ".join(f"{each.name} ({each.id})" for each in scheme.grade_ids),
                )
            )
        return grade

    def end_override(self, reason):
        """Let the measured grade count again; managers only, logged."""
        self._check_manager()
        self._end_override("override_ended", self._check_reason(reason))
        return True

    def _end_override(self, kind, reason):
        standings = self.filtered("override_grade_id")
        before = {one: (one.effective_grade_id, one.state, reason) for one in standings}
        # sudo: managers were checked by the caller, else time ended it
        standings.sudo().write(
            {
                "override_grade_id": False,
                "override_reason": False,
                "override_user_id": False,
                "override_date": False,
                "override_until": False,
            }
        )
        standings._log(kind, before)

    def eliminate(self, reason):
        """Buy nothing more from the supplier, whatever its next cards say; managers only, logged."""
        self._check_manager()
        self._decide("eliminated", "eliminated", self._check_reason(reason))
        return True

    def readmit(self, reason):
        """Give a blocked or eliminated supplier another chance, on probation; managers only, logged."""
        self._check_manager()
        reason = self._check_reason(reason)
        for standing in self:
            if standing.state not in ("blocked", "eliminated"):
                raise UserError(self.env._("%s is neither blocked nor eliminated.", standing.partner_id.display_name))
        self._decide("readmitted", False, reason)
        return True

    def _decide(self, kind, state, reason):
        before = {one: (one.effective_grade_id, one.state, reason) for one in self}
        for standing in self:
            today = standing.company_id._scm_local_today()
            new_state, end = state, False
            if not state:
                band = standing.grade_id._band() if standing.grade_id else None
                new_state, end = grading.next_state("normal", band, today) if band else ("unrated", False)
            # sudo: the role was checked by the caller; nobody may write standings in any other way
            standing.sudo().write({"state": new_state, "date_probation": end or False})
        self._log(kind, before)

    # Time

    @api.model
    def _cron_standing(self):
        """End decisions whose time is over, and probations that did not help."""
        for company in self.env["res.company"].search([("id", "in", self._companies())]):
            self._pass_day(company, company._scm_local_today())

    @api.model
    def _companies(self):
        return [company.id for (company,) in self._read_group([], ["company_id"])]

    @api.model
    def _pass_day(self, company, today):
        """What a new day changes in the standings of a company; idempotent."""
        over = self.search([("company_id", "=", company.id), ("override_until", "<", today)])
        over._end_override("override_ended", self.env._("The decision was valid until that day."))
        ended = self.search(
            [("company_id", "=", company.id), ("state", "=", "probation"), ("date_probation", "<", today)]
        )
        before = {one: (one.effective_grade_id, one.state, False) for one in ended}
        for standing in ended:
            state, end = grading.next_state(standing.state, standing.grade_id._band(), today, standing.date_probation)
            standing.write({"state": state, "date_probation": end or False})
        ended._log("probation_over", before)
        self._sync_alerts(company, today)
