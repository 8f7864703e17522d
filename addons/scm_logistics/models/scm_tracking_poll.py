from datetime import timedelta

from odoo import api, fields, models

#: failures in a row after which a person should look
ALERT_FAILURES = 3


class ScmTrackingPoll(models.Model):
    """One round of asking the providers of a company for news of its open parcels.

    A round asks each provider until all is asked that is due, its minute is used up, or it does not answer. What is
    left is the next round's.
    """

    _name = "scm.tracking.poll"
    _inherit = "scm.run.mixin"
    _description = "Round of Tracking"
    _run_cron = "scm_logistics.scm_tracking_poll_cron"

    failed_count = fields.Integer("Without an Answer", readonly=True, aggregator=None)
    stored_count = fields.Integer("New Events", readonly=True, aggregator=None)

    @api.model
    def run_now(self, company_id=None, wait=False):
        """Ask the providers of a company now for what is due; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the round
        """
        return self._run_now(company_id, wait)

    def action_run_now(self):
        """Ask now, and show the round."""
        run = self.run_now()
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": run, "view_mode": "form"}

    @api.model
    def _cron_poll(self):
        """Start a round for each company that has something to ask, and work all rounds off."""
        now = fields.Datetime.now()
        for company, providers in self._providers().grouped("company_id").items():
            ready = (provider for provider in providers if provider._is_ready(now))
            if any(provider._due_parcels(now, 1) for provider in ready) and not self._active_run(company):
                self._start(company)
        self._cron_process()

    @api.model
    def _providers(self, company=None):
        domain = [("poll", "=", True), ("kind", "!=", "aftership")]
        return self.env["scm.tracking.provider"].search(domain + ([("company_id", "=", company.id)] if company else []))

    def _next_batch(self):
        """One batch of one provider; those that have just failed wait."""
        now = fields.Datetime.now()
        providers = self._providers(self.company_id)
        if not self.total_count:
            self.total_count = self._count_due(providers, now)
        for provider in providers:
            if provider.poll_resume_at and provider.poll_resume_at > now:
                continue
            found = provider._ask(now)
            if found["asked"]:
                self.failed_count += found["failed"]
                self.stored_count += found["stored"]
                if provider.poll_failures:
                    words = self.env._("No usable answer: %(error)s", error=provider.poll_error)
                    self._log_error(provider.name, words)
                return found["asked"]
        return 0

    def _count_due(self, providers, now):
        """Parcels that this round can ask for at most, for the progress bar."""
        total = 0
        for provider in providers:
            allowed = int(provider._tokens_now(now)) * provider._parcels_per_question()
            total += len(provider._due_parcels(now, allowed))
        return total

    def _publish(self):
        soon = fields.Datetime.now() + timedelta(minutes=1)
        providers = self._providers(self.company_id)
        answering = providers.filtered(lambda provider: not provider.poll_resume_at or provider.poll_resume_at <= soon)
        waiting = any(provider._due_parcels(soon, 1) for provider in answering)
        self.message = self.env._(
            "%(asked)s parcels asked for, %(stored)s new events, %(failed)s without an answer.",
            asked=self.done_count,
            stored=self.stored_count,
            failed=self.failed_count,
        )
        if waiting and (cron := self.env.ref(self._run_cron, raise_if_not_found=False)):
            # sudo: the cron is called again by its own run, as soon as the providers' minute is over
            cron.sudo()._trigger(soon)
        self._sync_alerts(providers)

    def _sync_alerts(self, providers):
        rows = [
            {
                "subject_key": f"provider,{provider.id}",
                "name": provider.name,
                "res_model": provider._name,
                "res_id": provider.id,
                "severity": "critical" if provider.poll_failures >= 3 * ALERT_FAILURES else "warning",
            }
            for provider in providers.filtered(lambda provider: provider.poll_failures >= ALERT_FAILURES)
        ]
        self.env["scm.alert"]._sync("tracking_provider_silent", self.company_id, rows)

    @api.autovacuum
    def _gc_rounds(self):
        """Rounds are many and small; those without errors are kept for two weeks, others for three months."""
        now = fields.Datetime.now()
        old = [("state", "not in", ("queued", "running")), ("create_date", "<", now - timedelta(days=14))]
        rounds = self.search(old, limit=5000)
        rounds = rounds.filtered(lambda one: not one.error_ids or one.create_date < now - timedelta(days=90))
        rounds.unlink()
