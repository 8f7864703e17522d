import io
import json
import logging

from odoo import api, models
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..kernel.problems import FileProblem
from ..tools.import_reader import ImportReader, MappedColumn, ReadOptions, shown
from .scm_importer import BATCH_ROWS, ImportReport, ImportRow

_logger = logging.getLogger(__name__)

#: findings that are kept for reading; more are only counted
MAX_FINDINGS = 10_000
KEEP_STAGED_DAYS = 7


class ScmImportWork(models.AbstractModel):
    """Second and third step of an import: check every row and keep it aside, then write all of them at once."""

    _name = "scm.import.work"
    _description = "Check and Write of an Import"

    def _run_check(self, commit=None):
        """Check from where it stopped; False when ``commit(rows)`` says that the time is over."""
        importer, report = self._importer(), ImportReport(self)
        try:
            for rows, read, last in self._reader().batches(report, BATCH_ROWS, self.last_row):
                checked = importer._check_rows(rows, report) if rows else []
                self._stage([(number, data) for number, data in checked if number not in report.bad_rows])
                self._store_findings(report)
                self._note({"row_count": self.row_count + read, "last_row": last})
                self.env.flush_all()
                self.env.invalidate_all()
                if commit and not commit(read):
                    return False
            importer._finish_check(report)
        except FileProblem as problem:
            report.error(problem.params.get("row"), None, self.env["scm.import.words"]._file_problem(problem))
        self._store_findings(report)
        self._conclude_check()
        return True

    def _conclude_check(self):
        if not self.row_count and not self.error_count:
            report = ImportReport(self)
            report.error(None, None, self.env._("There are no rows below the headings."))
            self._store_findings(report)
        if self.error_count:
            # all or nothing: with an error in the file nothing is kept that could be written
            self.env.execute_query(SQL("DELETE FROM scm_import_row WHERE import_id = %s RETURNING 1", self.id))
        ((ready,),) = self.env.execute_query(SQL("SELECT count(*) FROM scm_import_row WHERE import_id = %s", self.id))
        self._note({"state": "checked", "valid_count": ready})

    def _reader(self):
        words = self.env["scm.import.words"]
        spec = {field["name"]: field for field in self._importer_fields(self.importer)}
        columns = [
            MappedColumn(column.position, name, spec[name]["kind"], spec[name]["required"])
            for column in self.column_ids
            if (name := column.field_id.name) in spec
        ]
        options = ReadOptions(
            sheet=self.sheet or None,
            encoding=self.encoding or None,
            delimiter=self.delimiter or None,
            heading_row=self.heading_row,
            date_order=self.date_order,
            decimal_mark=self.decimal_mark or None,
            epoch_1904=self.epoch_1904,
        )
        missing = self.env._("This cell must not be empty.")
        return ImportReader(self._source(), options, columns, words._value_problem, missing, ImportRow)

    def _stage(self, rows):
        """Keep checked rows aside by COPY."""
        if not rows:
            return
        lines = (
            f"{self.id}\t{number}\t{json.dumps(data, ensure_ascii=False).replace(chr(92), chr(92) * 2)}\n"
            for number, data in rows
        )
        self.env.cr.copy_expert("COPY scm_import_row (import_id, number, data) FROM STDIN", io.StringIO("".join(lines)))

    def _store_findings(self, report):
        entries, report.entries = report.entries, []
        if not entries:
            return
        columns = {
            column.field_id.name: f"{column.letter} {column.name or ''}".strip()
            for column in self.column_ids
            if column.field_id
        }
        room = max(0, MAX_FINDINGS - self.error_count - self.warning_count)
        # sudo: findings are written by the system, users read them
        self.env["scm.import.error"].sudo().create(
            [
                {
                    "import_id": self.id,
                    "level": level,
                    "sheet": self.sheet,
                    "row": row,
                    "column": columns.get(field),
                    "value": shown(value),
                    "message": message,
                }
                for level, row, field, message, value in entries[:room]
            ]
        )
        errors = sum(entry[0] == "error" for entry in entries)
        self._note(
            {
                "error_count": self.error_count + errors,
                "warning_count": self.warning_count + len(entries) - errors,
            }
        )

    # Write

    def _run_write(self):
        """Write everything in this transaction."""
        self._importer()._write_staged(self)
        self.env.flush_all()
        self.env.execute_query(SQL("DELETE FROM scm_import_row WHERE import_id = %s RETURNING 1", self.id))
        self._note({"state": "done", "message": False})
        return True

    def _staged_batches(self):
        """Checked rows in the order of the file, a batch at a time."""
        last = 0
        while True:
            rows = self.env.execute_query(
                SQL(
                    "SELECT number, data FROM scm_import_row WHERE import_id = %s AND number > %s"
                    " ORDER BY number LIMIT %s",
                    self.id,
                    last,
                    BATCH_ROWS,
                )
            )
            if not rows:
                return
            last = rows[-1][0]
            yield [data for _number, data in rows]

    # In the background

    @api.model
    def _cron_process(self):
        """Go on with large imports; one that fails goes back to its user with the reason."""
        cron = self.env["ir.cron"]
        jobs = self.search([("state", "in", ("checking", "writing"))], order="id")
        if cron._commit_progress(remaining=len(jobs)) <= 0:
            # Odoo calls ten times, also when the time is over, and then waits a minute: finding the place in the file
            # would take longer than one more batch, so leave the worker to others and come back at once
            self._go_on_in_background()
            return
        for left, job in zip(range(len(jobs), 0, -1), jobs, strict=True):
            finished = job._proceed(lambda _rows, left=left: cron._commit_progress(1, remaining=left) > 0)
            if not finished or cron._commit_progress(1, remaining=left - 1) <= 0:
                break

    def _proceed(self, commit):
        """One import as its user: True when it needs no more time."""
        user = self.user_id
        own = self.with_user(user).with_context(lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids)
        step = self.state
        try:
            return own._run_check(commit) if step == "checking" else own._run_write()
        except OperationalError:
            # another transaction was in the way: the next run of the cron tries again
            _logger.info("Import %s meets another transaction and is tried again", self.id, exc_info=True)
            self.env.cr.rollback()
        except Exception as error:
            _logger.exception("Import %s failed", self.id)
            self.env.cr.rollback()
            back = {"checking": "preview", "writing": "checked"}[step]
            self._note({"state": back, "message": own.env._("Nothing was imported. %(error)s", error=error)})
        return True

    @api.autovacuum
    def _gc_staged_rows(self):
        """Checked rows that nobody imported are dropped after a week; the file can be checked again."""
        old = self.search(
            [("state", "=", "checked"), ("write_date", "<", f"today -{KEEP_STAGED_DAYS}d"), ("valid_count", ">", 0)]
        )
        old.action_back()
