from odoo import api, fields, models


class ScmMetricRun(models.Model):
    """One night's freezing of a company: a slice per source, so that one that fails leaves the others."""

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
        self._start_each(self._companies_with("stock.warehouse"))

    def _next_batch(self):
        if not self.total_count:
            self.total_count = len(self.env["scm.metric"]._by_source())
        self._sliced("source", self._cut_sources)
        return 0

    def _cut_sources(self):
        """Sources know nothing of each other: each may be frozen by another worker."""
        return [[source] for source in sorted(self.env["scm.metric"]._by_source())]

    def _slice_source(self, work):
        [source] = work
        metrics = self.env["scm.metric"]._by_source().get(source, self.env["scm.metric"])
        try:
            with self.env.cr.savepoint():
                metrics._freeze(self.company_id)
        except ValueError as error:
            self._log_error(source, str(error))
        return 1

    def _publish(self):
        """What all slices wrote, counted at the end: beside each other they cannot write their run."""
        mine = [("company_id", "=", self.company_id.id)]
        since = self.date_start
        self.frozen_count = self.env["scm.metric.snapshot"].search_count([*mine, ("date_frozen", ">=", since)])
        self.corrected_count = self.env["scm.metric.correction"].search_count([*mine, ("date_found", ">=", since)])
