from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..models.scm_run_slices import ranges
from .common import ScmCase


class Counting(models.Model):
    """A run that counts to ``total_count`` in batches of 10; the only trace of a subject is ``counted``."""

    _name = "scm.test.run"
    _module = None
    _description = "Counting"
    _inherit = ["scm.run.mixin"]

    counted = fields.Integer()
    published = fields.Boolean()
    bad_subject = fields.Integer(default=-1)
    breaks_at = fields.Integer(default=-1)
    in_slices = fields.Boolean()
    uncounted = fields.Boolean()

    def _next_batch(self):
        self.total_count = self.total_count or 35
        if self.in_slices:
            if self._sliced("counting", lambda: ranges(35, 10)):
                self.counted = 35
            return 0
        batch = range(self.counted, min(self.counted + 10, self.total_count))
        if self.breaks_at in batch:
            raise ZeroDivisionError("broken")
        if self.bad_subject in batch:
            self._log_error(f"Subject {self.bad_subject}", "It is bad")
        self.counted += len(batch)
        return len(batch)

    def _slice_counting(self, work):
        first, end = work
        if self.breaks_at in range(first, end):
            raise ZeroDivisionError("broken")
        if self.bad_subject in range(first, end):
            self._log_error(f"Subject {self.bad_subject}", "It is bad")
        return 0 if self.uncounted else end - first

    def _publish(self):
        self.published = True


@tagged("post_install", "-at_install")
class TestRun(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_to_registry(cls.registry, Counting)
        cls.registry._setup_models__(cls.env.cr, ["scm.test.run"])
        cls.registry.init_models(cls.env.cr, ["scm.test.run"], {"module": "scm_base"})
        cls.addClassCleanup(cls._forget_model)
        model = cls.env["ir.model"]._get("scm.test.run")
        groups = (("scm_base.scm_group_user", False), ("scm_base.scm_group_manager", True))
        cls.env["ir.model.access"].create(
            [
                {
                    "name": group,
                    "model_id": model.id,
                    "group_id": cls.env.ref(group).id,
                    "perm_read": True,
                    "perm_write": writes,
                    "perm_create": writes,
                    "perm_unlink": writes,
                }
                for group, writes in groups
            ]
        )
        cls.Runs = cls.env["scm.test.run"]

    @classmethod
    def _forget_model(cls):
        del cls.registry.models["scm.test.run"]
        cls.registry["scm.run.mixin"]._inherit_children.discard("scm.test.run")
        cls.registry._setup_models__(cls.env.cr, [])

    def _start(self, company=None, **values):
        with self._at("2026-03-02"):
            return self.Runs._start(company or self.company_a, **values)

    def _commits(self, stop_after=None):
        """A stand-in for ``ir.cron._commit_progress`` that runs out of time after some batches."""
        calls = []

        def commit(finished, remaining):
            calls.append((finished, remaining))
            return 0 if stop_after and len(calls) >= stop_after else 60

        return calls, commit

    def test_batches_to_the_end(self):
        run = self._start()
        self.assertRecordValues(
            run, [{"state": "queued", "name": "Counting of 2026-03-02 11:00", "company_id": self.company_a.id}]
        )
        calls, commit = self._commits()
        with self._at("2026-03-02"):
            self.assertTrue(run._process(commit))
        self.assertEqual(calls, [(10, 25), (10, 15), (10, 5), (5, 1), (0, 0)])
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "done_count": 35,
                    "total_count": 35,
                    "progress": 100.0,
                    "published": True,
                    "date_end": self._moment("2026-03-02"),
                }
            ],
        )

    def test_goes_on_behind_the_last_commit(self):
        run = self._start()
        _calls, commit = self._commits(stop_after=2)
        self.assertFalse(run._process(commit))
        self.assertRecordValues(run, [{"state": "running", "done_count": 20, "published": False}])
        self.assertAlmostEqual(run.progress, 57.14, 2)
        calls, commit = self._commits()
        self.assertTrue(run._process(commit))
        self.assertEqual(calls, [(10, 5), (5, 1), (0, 0)])
        self.assertRecordValues(run, [{"state": "done", "done_count": 35, "counted": 35}])

    def test_cron_works_off_what_was_interrupted(self):
        interrupted, other = self._start(), self._start(self.company_b)
        interrupted._process(self._commits(stop_after=1)[1])
        with self._patch_commit() as calls:
            self.Runs._cron_process()
        self.assertEqual((interrupted | other).mapped("state"), ["done", "done"])
        self.assertEqual(calls[0], (0, 2), "says first how many runs wait")
        self.assertEqual(calls[-1], (0, 0))

    @contextmanager
    def _patch_commit(self):
        calls = []

        def commit(_cron, processed=0, *, remaining=None):
            calls.append((processed, remaining))
            return 60

        self.patch(self.registry["ir.cron"], "_commit_progress", commit)
        yield calls

    def test_one_bad_subject_fails_alone(self):
        run = self._start(bad_subject=12)
        run._process()
        self.assertRecordValues(run, [{"state": "done", "done_count": 35, "error_count": 1}])
        self.assertRecordValues(
            run.error_ids, [{"name": "Subject 12", "message": "It is bad", "company_id": self.company_a.id}]
        )
        errors = run.error_ids
        self.assertTrue(self._as(self.planner, errors).has_access("read"))
        self.assertFalse(self._as(self.planner_b, errors).has_access("read"))
        run.unlink()
        self.assertFalse(errors.exists())

    def test_broken_batch_leaves_nothing_and_says_so(self):
        run = self._start(breaks_at=15)
        with mute_logger("odoo.addons.scm_base.models.scm_run_mixin"):
            run._process()
        self.assertRecordValues(run, [{"state": "failed", "counted": 10, "done_count": 10, "published": False}])
        self.assertIn("ZeroDivisionError", run.message)
        self.assertEqual(self._start().state, "queued", "a failed run does not stand in the way")

    def test_two_at_once_exclude_each_other(self):
        running = self._start()
        with self.assertRaisesRegex(UserError, "Counting of 2026-03-02 11:00.*0 of 0"):
            self._start()
        self.assertEqual(self._start(self.company_b).state, "queued", "another company is free")
        running._process()
        self._start()

    def test_second_one_in_the_same_moment_is_refused(self):
        self._start()
        self.patch(self.registry["scm.test.run"], "_active_run", lambda runs, company: runs.browse())
        with self.assertRaisesRegex(UserError, "just started a run for Company A"), mute_logger("odoo.sql_db"):
            self._start()

    def test_second_worker_leaves_a_run_alone_that_another_one_holds(self):
        run = self._start()
        with self.registry.cursor() as other_worker:
            other_worker.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [run._lock_key()])
            self.assertTrue(run._process())
            self.assertEqual(run.state, "queued")
        # the other one died: PostgreSQL freed its lock
        run._process()
        self.assertEqual(run.state, "done")

    def test_cancel(self):
        run = self._start()
        run._process(self._commits(stop_after=1)[1])
        with self.assertRaises(AccessError):
            run.with_user(self.planner).action_cancel()
        run.with_user(self.manager).action_cancel()
        self.assertRecordValues(run, [{"state": "cancelled", "message": "Cancelled by manager.", "published": False}])
        run._process()
        self.assertEqual(run.done_count, 10)

    def test_conflict_is_raised_so_that_the_cron_comes_back(self):
        run = self._start()

        def conflict(run):
            raise SerializationFailure("could not serialize access")

        self.patch(self.registry["scm.test.run"], "_next_batch", conflict)
        with self.assertRaises(SerializationFailure):
            run._process()

    def test_slices_one_after_the_other(self):
        run = self._start(in_slices=True, bad_subject=12)
        calls, commit = self._commits(stop_after=3)
        self.assertFalse(run._process(commit))
        self.assertRecordValues(run, [{"state": "running", "done_count": 20, "published": False}])
        self.assertTrue(run._process(self._commits()[1]))
        self.assertEqual(calls, [(0, 35), (10, 25), (10, 15)])
        self.assertRecordValues(
            run, [{"state": "done", "done_count": 35, "counted": 35, "error_count": 1, "published": True}]
        )
        self.assertFalse(run._slices(), "a run that is done leaves no slices behind")

    def test_slices_that_count_nothing_are_no_end(self):
        run = self._start(in_slices=True, uncounted=True)
        run._process()
        self.assertRecordValues(run, [{"state": "done", "done_count": 0, "counted": 35, "published": True}])

    def test_slices_by_several_workers(self):
        run = self._start(in_slices=True)
        run._process_batch()
        first, second, *_rest = run._open_slices()
        self.assertTrue(run._process_slice(second.id))
        self.assertTrue(run._process_slice(second.id), "done by somebody: nothing to do")
        run.invalidate_recordset()
        self.assertRecordValues(run, [{"done_count": 0, "counted": 0}])
        self.assertAlmostEqual(run.progress, 28.57, 2, "counted for the eye at once")
        self.assertEqual((first.state, second.state), ("open", "done"))
        for part in run._open_slices():
            run._process_slice(part.id)
        self.assertFalse(run.published, "what follows the slices is not a slice's work")
        self.assertTrue(run._process())
        self.assertRecordValues(run, [{"state": "done", "done_count": 35, "counted": 35, "published": True}])

    def test_slice_waits_while_the_rest_of_the_run_is_done(self):
        run = self._start(in_slices=True)
        run._process_batch()
        part = run._open_slices(1)
        with self.registry.cursor() as other_worker:
            other_worker.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [run._lock_key()])
            self.assertTrue(run._process_slice(part.id), "two slices at once")
        self.assertEqual(part.state, "done")

    def test_broken_slice_ends_the_run(self):
        run = self._start(in_slices=True, breaks_at=15)
        run._process_batch()
        with mute_logger("odoo.addons.scm_base.models.scm_run_mixin"):
            for part in run._open_slices():
                run._process_slice(part.id)
        self.assertRecordValues(run, [{"state": "failed", "published": False}])
        self.assertEqual(len(run._open_slices()), 3, "the one that broke, and those behind it")
        self.env["scm.run.slice"]._gc_ended()
        self.assertFalse(run._slices())

    def test_many_slices_need_no_more_queries_to_be_cut(self):
        queries = []
        for count in (8, 80):
            run = self._start(self.env["res.company"].create({"name": f"Company {count}"}))
            before = self.env.cr.sql_log_count
            run._sliced("counting", lambda count=count: ranges(count, 1))
            self.env.flush_all()
            queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(queries[0], queries[1])

    def test_rights_to_start_and_delete(self):
        with self.assertRaisesRegex(AccessError, "supply chain manager"):
            self.Runs.with_user(self.planner)._start(self.company_a)
        run = self.Runs.with_user(self.manager)._start(self.company_a)
        self.assertEqual(run.user_id, self.manager)
        with self.assertRaisesRegex(UserError, "Cancel it first"):
            run.unlink()

    def test_overview_shows_runs_going_on_first(self):
        done = self._start()
        done._process()
        running = self._start(self.company_b)
        overview = self.env["scm.overview"].with_context(allowed_company_ids=(self.company_a + self.company_b).ids)
        runs = overview.get_overview()["runs"]
        self.assertEqual([run["id"] for run in runs], [running.id, done.id])
