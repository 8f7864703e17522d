from odoo import api, fields, models


class ScmMetricRun(models.Model):
    """One night's freezing of a company: a batch per source, so that one that fails leaves the others."""

    _name = "scm.metric.run"
    _inherit = "scm.run.mixin"
    _description = "Freezing of Metrics"
    _run_cron = "scm_analytics.scm_metric_run_cron"

    frozen_count = fields.Integer("Values Frozen", readonly=True, aggregator=None)
    corrected_count = fields.Integer("Corrections", readonly=True, aggregator=None)

    @api.model
    def run_now(self, company_id=False, wait=False):
        """Freeze what is to be frozen now; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        """
        return self._run_now(company_id, wait)

    @api.model
    def action_run(self):
        """Freeze in the background, and show the runs. For supply-chain managers."""
        self.run_now()
        return self.env["ir.actions.act_window"]._for_xml_id("scm_analytics.scm_metric_run_action")

    @api.model
    def _cron_start(self):
        """Queue a run of each company that has a warehouse."""
        companies = [company for (company,) in self.env["stock.warehouse"]._read_group([], ["company_id"])]
        for company in companies:
            if not self._active_run(company):
                self._start(company)

    def _next_batch(self):
        by_source = self.env["scm.metric"]._by_source()
        sources = sorted(by_source)
        if not self.total_count:
            self.total_count = len(sources)
        if self.done_count >= len(sources):
            return 0
        source = sources[self.done_count]
        try:
            with self.env.cr.savepoint():
                frozen, corrected = by_source[source]._freeze(self.company_id)
        except ValueError as error:
            self._log_error(source, str(error))
        else:
            self.frozen_count += frozen
            self.corrected_count += corrected
        return 1
