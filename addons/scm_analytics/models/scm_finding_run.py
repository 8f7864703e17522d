from odoo import api, fields, models


class ScmFindingRun(models.Model):
    """One night's search of a company for what changed; all tests of it are judged together."""

    _name = "scm.finding.run"
    _inherit = "scm.run.mixin"
    _description = "Search for Findings"
    _run_cron = "scm_analytics.scm_finding_run_cron"

    date_to = fields.Date("Weeks up to", readonly=True, help="Sunday of the last week that is over.")
    test_count = fields.Integer("Tests", readonly=True, aggregator=None)
    thin_count = fields.Integer(
        "Not Enough Data", readonly=True, aggregator=None, help="Parts that are too small or too young to be tested."
    )
    finding_count = fields.Integer("Findings", readonly=True, aggregator=None)
    new_count = fields.Integer("New Findings", readonly=True, aggregator=None)
    resolved_count = fields.Integer("Resolved", readonly=True, aggregator=None)
    level = fields.Float(readonly=True, aggregator=None, digits=(16, 6), help="Chance of any false finding tonight.")

    @api.model
    def run_now(self, company_id=False, wait=False):
        """Search for findings now; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        """
        return self._run_now(company_id, wait)

    @api.model
    def action_run(self):
        """Search in the background, and show the runs. For supply-chain managers."""
        self.run_now()
        return self.env["ir.actions.act_window"]._for_xml_id("scm_analytics.scm_finding_run_action")

    @api.model
    def _cron_start(self):
        """Queue a search of each company that has a warehouse."""
        self._start_each(self._companies_with("stock.warehouse"))

    def _next_batch(self):
        if self.total_count:
            return 0
        self.write(self.env["scm.finding"]._find(self.company_id, run=self))
        self.total_count = 1
        return 1
