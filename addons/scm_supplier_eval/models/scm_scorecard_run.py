from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmScorecardRun(models.Model):
    """The cards of one company and period, made as drafts."""

    _name = "scm.scorecard.run"
    _inherit = "scm.run.mixin"
    _description = "Scorecard Run"
    _run_cron = "scm_supplier_eval.scm_scorecard_run_cron"

    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    card_count = fields.Integer("Cards", readonly=True, aggregator=None)

    @api.model
    def run_now(self, company_id=None, date_from=None, date_to=None, wait=False):
        """Make the draft cards of a period; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param date_from, date_to: by default the last period (month or quarter, a setting) that is over
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        self._check_run_manager(company)
        first, last = self._checked_period(company, date_from, date_to)
        return self._run_now(company.id, wait, date_from=first, date_to=last)

    @api.model
    def _checked_period(self, company, date_from, date_to):
        if not date_from and not date_to:
            return company._scm_last_period()
        try:
            first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except ValueError:
            first = last = None
        if not first or not last or first > last:
            raise UserError(
                self.env._(
                    "'%(first)s' to '%(last)s' is not a period: write two days as YYYY-MM-DD.",
                    first=date_from,
                    last=date_to,
                )
            )
        if first > company._scm_local_today():
            raise UserError(self.env._("The period begins in the future: there is nothing to measure yet."))
        return first, last

    def _next_batch(self):
        if self.total_count:
            return 0
        cards = self.env["scm.scorecard.compute"]._compute_period(self.company_id, self.date_from, self.date_to)
        self.card_count = len(cards)
        # one more, so that a period without any card ends too
        self.total_count = len(cards) + 1
        return self.total_count

    def action_open_cards(self):
        """Open the cards of the run's period."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_supplier_eval.scm_scorecard_action")
        return action | {"domain": [("company_id", "=", self.company_id.id), ("date_from", "=", self.date_from),
                                    ("date_to", "=", self.date_to)], "context": {}}  # fmt: skip

    @api.model
    def _cron_make_drafts(self):
        """Queue the last period of each company that has no cards of it yet and wants them made."""
        companies = self.env["res.company"].search([("scm_scorecard_auto", "=", True)])
        for company in companies:
            first, last = company._scm_last_period()
            period = [("company_id", "=", company.id), ("date_from", "=", first), ("date_to", "=", last)]
            if not self.search_count(period, limit=1) and not self._active_run(company):
                self._start(company, date_from=first, date_to=last)
