from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.queue_job.delay import group
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.scm_base.models.scm_run_mixin import ACTIVE_STATES

CHANNEL = "root.supply_chain"
BUSY_SECONDS = 10
# A worker that dies over the same job again and again leaves it, in the end, to the cron
MAX_RETRIES = 20
# The cron does a run itself when no worker has touched it for so long
SILENCE = timedelta(minutes=15)


class ScmRunMixin(models.AbstractModel):
    """Runs worked off by the job queue: each batch is a job, and the slices of a run are jobs side by side.

    The run and its slices stay the only truth; a job holds nothing but their numbers. So it does no harm when a job is
    done twice, comes late or is lost: a slice that is done is not done again, and a run whose jobs are gone is worked
    off by the cron, as it is without the queue.
    """

    _inherit = "scm.run.mixin"

    def _trigger_cron(self):
        self._delay_rest()

    @api.model
    def _runs_to_process(self):
        runs = super()._runs_to_process()
        with_workers = self._ids_with_workers()
        return runs.filtered(lambda run: run.id not in with_workers)

    @api.model
    def _ids_with_workers(self):
        """Ids of the runs of this model that the queue got, or worked on, a short time ago."""
        since = fields.Datetime.now() - SILENCE
        lately = ["|", "|", ("date_created", ">=", since), ("date_started", ">=", since), ("date_done", ">=", since)]
        # sudo: jobs are technical records that supply chain users do not see
        jobs = self.env["queue.job"].sudo().search([("model_name", "=", self._name), *lately])
        return set(jobs.mapped(lambda job: job.records.id))

    # Jobs

    def _delay_rest(self):
        """Queue what comes next: the open slices side by side and the rest behind them, or the rest at once."""
        rest = self._delayable("rest", self.display_name)._job_rest()
        slices = self._open_slices()
        if len(slices) < 2:
            rest.delay()
            return
        names = {part.id: f"{self.display_name}, {part.part} {number}" for number, part in enumerate(slices, 1)}
        jobs = [self._delayable(part.id, names[part.id])._job_slice(part.id) for part in slices]
        group(*jobs).on_done(rest).delay()

    def _delayable(self, key, description):
        return self.delayable(
            channel=CHANNEL,
            max_retries=MAX_RETRIES,
            description=description,
            identity_key=f"{self._name},{self.id},{key}",
        )

    def _job_rest(self):
        """The next batch of the run, which queues the one behind it."""
        run = self._as_worker()
        if not run:
            return
        if not run._lock_for_batch():
            raise self._busy()
        if run.state in ACTIVE_STATES and len(run._open_slices(2)) < 2:
            run._process_batch()
        if run.state in ACTIVE_STATES:
            run._delay_rest()

    def _job_slice(self, slice_id):
        """One slice of the run, beside its other slices."""
        run = self._as_worker()
        if run and not run._process_slice(slice_id):
            raise self._busy()

    def _as_worker(self):
        # jobs are made by _delay_rest alone, behind the check of the role in _start; they act as the cron does
        return self.with_user(SUPERUSER_ID).exists()

    def _busy(self):
        return RetryableJobError("Another worker has this run just now", seconds=BUSY_SECONDS, ignore_retry=True)
