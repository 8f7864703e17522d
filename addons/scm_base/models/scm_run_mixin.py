import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure, UniqueViolation

from ..tools.roles import check_manager

_logger = logging.getLogger(__name__)

ACTIVE_STATES = ("queued", "running")


class ScmRunMixin(models.AbstractModel):
    """Long work in small batches that survives being killed.

    A run is queued by :meth:`_start` and worked off by :meth:`_process`, which commits after each batch what the
    batch wrote *together with* how far the run got. So a killed run has no half batch, and whoever calls
    ``_process`` next (the cron: :meth:`_cron_process`) goes on behind the last commit. Nothing in memory matters.

    What a model that inherits this has to do:

    * implement :meth:`_next_batch` (and :meth:`_publish`, to make the results visible at once);
    * set ``_run_cron`` to the XML id of the cron that calls ``model._cron_process()``;
    * let users read it in its access rules (and managers delete), nobody write, and give its table the company rule:
      runs change only through the methods here, which check the role and then elevate.

    Exclusion: a unique index allows one active run per company; an advisory lock, held per batch, allows one worker
    per run. Both are freed by PostgreSQL itself when a process dies.
    """

    _name = "scm.run.mixin"
    _description = "Run in Resumable Batches"
    _order = "id desc"

    #: XML id of the cron that works off this model's runs; it is called as soon as a run is queued
    _run_cron = None

    name = fields.Char(required=True, readonly=True, default=lambda self: self.env._("New"))
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", "Started by", readonly=True, default=lambda self: self.env.user)
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="queued",
        index=True,
    )
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    duration = fields.Float(
        "Duration (min)", compute="_compute_duration", help="Minutes from start to end; to now while it runs."
    )
    done_count = fields.Integer("Done", readonly=True, aggregator=None)
    total_count = fields.Integer("Total", readonly=True, aggregator=None)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    error_count = fields.Integer("Errors", compute="_compute_error_count", compute_sudo=True)
    message = fields.Char(readonly=True)
    error_ids = fields.One2many(
        "scm.run.error", "run_id", "Error List", domain=lambda self: [("run_model", "=", self._name)], readonly=True
    )

    _one_active = models.UniqueIndex(
        "(company_id) WHERE state IN ('queued', 'running')",
        "A run of this company is already queued or running. Wait until it is done, or cancel it.",
    )

    @api.depends("date_start", "date_end")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for run in self:
            seconds = ((run.date_end or now) - run.date_start).total_seconds() if run.date_start else 0.0
            run.duration = seconds / 60.0

    @api.depends("done_count", "total_count", "state")
    def _compute_progress(self):
        uncounted = self._uncounted_slices()
        for run in self:
            if run.state == "done":
                run.progress = 100.0
            else:
                done = run.done_count + uncounted.get(run.id, 0)
                run.progress = min(100.0, 100.0 * done / run.total_count) if run.total_count else 0.0

    @api.depends("error_ids")
    def _compute_error_count(self):
        groups = self.env["scm.run.error"]._read_group(
            [("run_model", "=", self._name), ("run_id", "in", self.ids)], ["run_id"], ["__count"]
        )
        counts = dict(groups)
        for run in self:
            run.error_count = counts.get(run.id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        if active := self.filtered(lambda run: run.state in ACTIVE_STATES):
            raise UserError(self.env._("“%(run)s” is not finished. Cancel it first.", run=active[0].display_name))

    def unlink(self):
        # sudo: whoever may delete the run may delete its list of errors and what is left of its slices
        mine = [("run_model", "=", self._name), ("run_id", "in", self.ids)]
        errors, slices = (self.env[model].sudo().search(mine) for model in ("scm.run.error", "scm.run.slice"))
        result = super().unlink()
        errors.unlink()
        slices.unlink()
        return result

    # Start and end

    @api.model
    def _run_now(self, company_id=None, wait=False, **values):
        """What the public ``run_now`` of a model is made of: queue a run and return its id.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :raises: as :meth:`_start`
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        run = self._start(company, **values)
        if wait:
            run.sudo()._process()  # sudo: _start has checked the role; nobody writes runs by himself
        return run.id

    @api.model
    def _start(self, company, **values):
        """Queue a run of this company and return it; its cron works it off.

        :param values: further field values of the run
        :raises AccessError: when the user may not start runs, or not for this company
        :raises UserError: when one is queued or running, naming it
        """
        self._check_run_manager(company)
        # sudo: role and company of the user are checked above; nobody writes runs by himself
        runs = self.sudo()
        if running := runs._active_run(company):
            raise UserError(running._already_active_message())
        values = {"name": self._run_name(company), "company_id": company.id} | values
        try:
            with self.env.cr.savepoint():
                run = runs.with_company(company).create(values)
                run.flush_recordset()
        except UniqueViolation as error:
            # another transaction queued one in the same moment; it cannot be read from here
            raise UserError(
                self.env._("Somebody else has just started a run for %(company)s.", company=company.display_name)
            ) from error
        run._trigger_cron()
        return run.sudo(self.env.su)

    @api.model
    def _start_each(self, companies):
        """Queue a run of each of these companies, unless one is under way."""
        for company in companies:
            if not self._active_run(company):
                self._start(company)

    @api.model
    def _companies_with(self, model, domain=()):
        """Companies that have records of a model."""
        return self.env["res.company"].union(
            *(company for (company,) in self.env[model]._read_group(domain, ["company_id"]))
        )

    @api.model
    def _check_run_manager(self, companies):
        """Raise AccessError unless the user may start and stop runs of these companies."""
        check_manager(
            self.env,
            companies,
            self.env._("Only a supply chain manager can start or stop a run. Ask one to do it for you."),
            self.env._("You can start and stop runs only of companies that you work for."),
        )

    @api.model
    def _active_run(self, company):
        return self.search([("company_id", "=", company.id), ("state", "in", ACTIVE_STATES)], limit=1)

    def _already_active_message(self):
        return self.env._(
            "“%(run)s” is not finished (%(done)s of %(total)s done, started by %(user)s). "
            "Wait until it is, or cancel it.",
            run=self.display_name,
            done=self.done_count,
            total=self.total_count,
            user=self.user_id.name or self.env._("nobody"),
        )

    @api.model
    def _run_name(self, company):
        """Name of a new run: what it is and when it was asked for."""
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return self.env._("%(kind)s of %(time)s", kind=self._description, time=now.strftime("%Y-%m-%d %H:%M"))

    def _trigger_cron(self):
        if self._run_cron and (cron := self.env.ref(self._run_cron, raise_if_not_found=False)):
            cron.sudo()._trigger()  # sudo: the right to start the run was checked, calling its cron is part of it

    def action_cancel(self):
        """Stop a queued or running run. What it wrote stays, unpublished."""
        self.check_access("read")
        # sudo: the runs of a user are closed to writing; which company they are of is checked with his role
        runs = self.sudo()
        self._check_run_manager(runs.company_id)
        for run in runs.filtered(lambda run: run.state in ACTIVE_STATES):
            run._finish("cancelled", self.env._("Cancelled by %(user)s.", user=self.env.user.name))
        return True

    def _finish(self, state, message=False):
        values = {"state": state, "date_end": fields.Datetime.now()}
        self.write(values | {"message": message} if message else values)

    # Work

    @api.model
    def _cron_process(self):
        """Work off all queued and interrupted runs of this model, oldest first."""
        cron = self.env["ir.cron"]
        runs = self._runs_to_process()
        cron._commit_progress(remaining=len(runs))
        for run in runs:
            if not run._process(commit=cron._commit_progress):
                # otherwise the cron would come back to it a minute later
                run._trigger_cron()
                break

    @api.model
    def _runs_to_process(self):
        """Hook: the runs that the cron has to work off, in this order; others may leave some to other workers."""
        return self.search([("state", "in", ACTIVE_STATES)], order="id")

    def _process(self, commit=None):
        """Work in batches until the run is finished or the time is up.

        :param commit: called as ``commit(finished, remaining=count)`` after each batch, has to commit and to return
            the seconds that are left. ``ir.cron._commit_progress`` does. Without it all happens in one transaction.
        :return: False when time is up and the run has to be continued, else True
        """
        self.ensure_one()
        try:
            while self._lock_for_batch() and self.state in ACTIVE_STATES:
                finished = self._process_batch()
                remaining = max(self.total_count - self.done_count, 1) if self.state == "running" else 0
                if commit and not commit(finished, remaining=remaining):
                    return not remaining
        except SerializationFailure:
            if not (commit and self._was_cancelled_meanwhile()):
                raise
        return True

    def _lock_for_batch(self, shared=False):
        """True when no other worker holds this run. The lock ends with the transaction, so also when it is killed.

        :param shared: for a slice of the run: others may do other slices, and nobody the rest of the run
        """
        self.flush_recordset()
        lock = SQL.identifier("pg_try_advisory_xact_lock_shared" if shared else "pg_try_advisory_xact_lock")
        [(locked,)] = self.env.execute_query(SQL("SELECT %s(hashtextextended(%s, 0))", lock, self._lock_key()))
        self.invalidate_recordset()
        return locked and bool(self.exists())

    def _lock_key(self):
        return f"{self._table},{self.id}"

    def _process_batch(self):
        """One batch, or the end of the run. Returns how many subjects it finished."""
        if self.state == "queued":
            self.write({"state": "running", "date_start": fields.Datetime.now()})
        return self._guarded(self._batch_or_end)

    def _batch_or_end(self):
        part = self._open_slices(1)
        finished = self._count_slices() + (self._do_slice(part) if part else self._next_batch())
        if finished or part or self._open_slices(1):
            self.done_count += finished
        else:
            self._publish()
            self._finish("done")
        return finished

    def _guarded(self, work):
        """What ``work()`` returns; when it fails, the run has failed, without what ``work`` wrote."""
        try:
            with self.env.cr.savepoint():
                finished = work()
                self.env.flush_all()
        except OperationalError:
            # a conflict or a lost connection is not the fault of the run: the cron comes back to it
            raise
        except Exception as error:
            if isinstance(error, UserError):
                _logger.info("%s %s failed: %s", self._name, self.id, error)
            else:
                _logger.exception("%s %s failed", self._name, self.id)
            self.env.invalidate_all(flush=False)
            self._finish("failed", self._failure_message(error))
            return 0
        return finished

    def _was_cancelled_meanwhile(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        return self.state == "cancelled"

    def _failure_message(self, error):
        """What the user reads; errors meant for users speak for themselves."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "It stopped by an unexpected error (%(error)s). The server log has the details.", error=repr(error)[:300]
        )

    def _next_batch(self):
        """Process one batch and return the number of subjects it finished (failed ones included); 0: nothing is left.

        Set ``total_count`` in the first one. Find what is left from what is stored, never from memory. A batch that
        cut the work into slices (:meth:`_sliced`) may return 0: the run goes on as long as slices are open.
        """
        raise NotImplementedError

    def _publish(self):
        """Make the results visible, in the transaction that ends the run."""

    # Errors of single subjects

    def _log_error(self, record_name, message):
        self._log_errors([(record_name, message)])

    def _log_errors(self, errors):
        """Note subjects that failed: ``(record name, message)`` each; the run goes on."""
        self.ensure_one()
        # sudo: nobody may write errors by hand, the run may
        self.env["scm.run.error"].sudo().create(
            [
                {
                    "run_model": self._name,
                    "run_id": self.id,
                    "company_id": self.company_id.id,
                    "name": name,
                    "message": message,
                }
                for name, message in errors
            ]
        )
        self.invalidate_recordset(["error_ids", "error_count"])
