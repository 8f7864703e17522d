from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job
from odoo.addons.scm_planning.models import scm_forecast_run
from odoo.addons.scm_planning.tests.forecast_common import ForecastCase


@tagged("post_install", "-at_install")
class TestQueue(ForecastCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(scm_forecast_run, "BATCH_SIZE", 2)

    def _start(self, kind="forecast"):
        return self.env["scm.forecast.run"].with_user(self.manager).browse(
            self.env["scm.forecast.run"].with_user(self.manager).run_now(self.company_a.id, kind)
        )

    def _jobs(self, *states):
        domain = [("model_name", "=", "scm.forecast.run"), ("state", "in", states or ("pending",))]
        return self.env["queue.job"].search(domain, order="id")

    def _perform(self, record):
        """What a worker does with one job, without its commits."""
        job = Job.load(self.env, record.uuid)
        job.set_started()
        job.store()
        job.perform()
        job.set_done()
        job.store()
        job.enqueue_waiting()

    def _work_off(self, most=100):
        count = 0
        while waiting := self._jobs():
            # the last one first: the order of jobs that wait side by side must not matter
            self._perform(waiting[-1])
            count += 1
            self.assertLess(count, most)
        return count

    def _figures(self, run):
        self.env.invalidate_all()
        return [
            (row.product_id.id, row.pattern, row.mean_week, row.mae, [line.q50 for line in row.line_ids])
            for row in run.sudo().forecast_ids.sorted(lambda row: row.product_id.id)
        ]

    def test_run_by_jobs_says_the_same_as_the_run_of_the_cron(self):
        self._create_products(7)
        whole = self._figures(self._run())
        self._work_off()
        with self._at(self.TODAY):
            run = self._start()
            self.assertEqual(self._jobs().channel, "root.supply_chain")
            while not run.sudo()._open_slices():
                self._perform(self._jobs())
            self.assertEqual(len(self._jobs()), 4, "slices wait side by side")
            self.assertEqual(len(self._jobs("wait_dependencies")), 1, "the rest waits for all of them")
            self.assertFalse(self.env["scm.forecast"].with_user(self.manager).search([("run_id", "=", run.id)]))
            self._work_off()
        self.assertRecordValues(run, [{"state": "done", "progress": 100.0, "error_count": 0, "current": True}])
        self.assertEqual(self._figures(run), whole)

    def test_jobs_done_twice_do_nothing(self):
        self._create_products(5)
        with self._at(self.TODAY):
            run = self._start()
            while not run.sudo()._open_slices():
                self._perform(self._jobs())
            slices = self._jobs()
            self._perform(slices[0])
            Job.load(self.env, slices[0].uuid).perform()
            self._work_off()
            self.assertEqual(run.state, "done")
            self.assertEqual(len(run.forecast_ids), 5)
            for job in slices:
                Job.load(self.env, job.uuid).perform()
            run.sudo()._job_rest()
        self.assertEqual(len(run.forecast_ids), 5)
        self.assertFalse(self._jobs(), "a run that has ended queues nothing")

    def test_lost_job_is_made_up_for(self):
        self._create_products(7)
        with self._at(self.TODAY):
            run = self._start()
            while not run.sudo()._open_slices():
                self._perform(self._jobs())
            Job.load(self.env, self._jobs()[1].uuid).set_done()
            self._jobs()[1].state = "done"
            self._work_off()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(run.forecast_ids), 7)

    def test_cron_takes_over_only_what_no_worker_touches(self):
        self._create_products(3)
        runs = self.env["scm.forecast.run"].sudo()
        with self._at(self.TODAY):
            run = self._start()
            self.assertNotIn(run.sudo(), runs._runs_to_process())
        with self._at(self.TODAY + timedelta(days=1)):
            self.assertIn(run.sudo(), runs._runs_to_process())
            run.sudo()._process()
            self.assertEqual(run.state, "done")
            self._work_off()
        self.assertEqual(len(run.forecast_ids), 3)

    def test_job_comes_back_when_another_worker_has_the_run(self):
        run = self._start()
        with self.registry.cursor() as other_worker:
            other_worker.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [run._lock_key()])
            with self.assertRaises(RetryableJobError) as caught:
                run._job_rest()
        self.assertTrue(caught.exception.ignore_retry)

    def test_error_in_a_slice_ends_the_run(self):
        self._create_products(5)
        with self._at(self.TODAY), mute_logger("odoo.addons.scm_base.models.scm_run_mixin"):
            run = self._start()
            while not run.sudo()._open_slices():
                self._perform(self._jobs())
            with patch.object(self.registry["scm.forecast"], "_write_batch", side_effect=ZeroDivisionError):
                self._work_off()
        self.assertEqual(run.state, "failed")
        self.assertFalse(run.published)

    def test_deleted_run_leaves_jobs_that_do_nothing(self):
        run = self._start()
        run.action_cancel()
        run.sudo().unlink()
        self._work_off()

    def test_daily_forecast_follows_by_itself(self):
        self._create_products(2)
        self.company_a.write({"scm_schedule": "weekly", "scm_daily_picks": 1})
        cron = self.env.ref("scm_planning.scm_forecast_nightly_cron")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with self._at(self.TODAY):
            self._start("refresh")
            self._work_off()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before + 1)
