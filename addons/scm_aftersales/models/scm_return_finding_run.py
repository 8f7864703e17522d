from odoo import api, fields, models


class ScmReturnFindingRun(models.Model):
    """One look at all cells of a company: what comes back more often than the rest of its kind?"""

    _name = "scm.return.finding.run"
    _inherit = "scm.run.mixin"
    _description = "Search for Causes of Returns"
    _run_cron = "scm_aftersales.scm_return_finding_run_cron"

    date_from = fields.Date("Orders from", readonly=True)
    date_to = fields.Date("Orders to", readonly=True)
    cell_count = fields.Integer("Cells Tested", readonly=True, aggregator=None)
    finding_count = fields.Integer("Findings", readonly=True, aggregator=None)
    new_count = fields.Integer("New Findings", readonly=True, aggregator=None)
    explained_count = fields.Integer(
        "Explained by Others",
        readonly=True,
        aggregator=None,
        help="Cells that stand out only because of the units of another finding.",
    )

    @api.model
    def run_now(self, company_id=False, wait=False):
        """Look for causes of returns now; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        """
        return self._run_now(company_id, wait)

    @api.model
    def action_run(self):
        """Look for the present company in the background, and show the runs. For supply-chain managers."""
        self.run_now()
        return self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_finding_run_action")

    def _next_batch(self):
        if self.total_count:
            return 0
        self.write(self.env["scm.return.finding"]._find(self.company_id, run=self))
        self.total_count = 1
        return 1

    @api.model
    def _cron_start(self):
        """Queue a run of each company that has returns."""
        self._start_each(self._companies_with("scm.return"))
