from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

#: rows that are checked, staged and written at once
BATCH_ROWS = 2000


class ImportRow(NamedTuple):
    """``number`` as the spreadsheet shows it; ``values`` {field: parsed value or None}."""

    number: int
    values: dict


class ImportReport:
    """Collects what is wrong; an importer calls :meth:`error` and :meth:`warning` while it checks.

    ``job`` is the ``scm.import`` record.
    """

    def __init__(self, job):
        self.job = job
        self.entries = []
        self.bad_rows = set()

    def error(self, row, field, message, value=None):
        """The row cannot be imported. ``row``: ImportRow or row number; ``field``: a field's name or None."""
        self._add("error", row, field, message, value)
        self.bad_rows.add(getattr(row, "number", row))

    def warning(self, row, field, message, value=None):
        """The row can be imported, but a person should know."""
        self._add("warning", row, field, message, value)

    def _add(self, level, row, field, message, value):
        if value is None and isinstance(row, ImportRow):
            value = row.values.get(field)
        self.entries.append((level, getattr(row, "number", row) or 0, field, message, value))


class ScmImporter(models.AbstractModel):
    """What one kind of file is, for the import wizard.

    To add one: inherit this model as ``scm.importer.<code>``, override the methods below, and list the code in
    ``scm.import._importers()``. The wizard reads the file, maps columns, parses numbers and dates, lists errors, keeps
    checked rows aside and calls the importer only with batches of at most ``BATCH_ROWS`` rows, so memory stays flat.

    Every method runs as the user who imports, in the company of the import (``self.env.company``).
    ``self._job()`` is the ``scm.import`` record; its ``replace_existing`` and ``create_missing`` tell what he
    chose.
    """

    _name = "scm.importer"
    _description = "Importer"

    def _label(self):
        """Name of this kind of import in the user's language."""
        raise NotImplementedError(f"{self._name} needs _label()")

    def _import_fields(self):
        """Fields a column can be mapped to: list of dicts.

        ``name``; ``label`` (translated); ``kind``: ``text``, ``number``, ``date`` or ``moment`` (a day that may have a
        time and a zone; the value is ISO text); ``required``; ``aliases``: the headings that mean it, in any language;
        ``help``; ``example`` for the template.
        """
        raise NotImplementedError(f"{self._name} needs _import_fields()")

    def _replace_label(self):
        """Text of the 'replace existing' option; empty hides it."""
        return ""

    def _create_label(self):
        """Text of the 'create what is missing' option; empty hides it."""
        return ""

    def _check_access(self):
        """Raise AccessError when this user may not import."""

    def _check_rows(self, batch, report):
        """Check a batch in a constant number of queries.

        :param batch: list of :class:`ImportRow`; values are parsed (str, float, ``datetime.date`` or None), required
            ones are there
        :param report: :class:`ImportReport`
        :return: list of ``(row number, dict)`` to keep for writing; a dict holds what JSON can hold (days as ISO text)
        """
        raise NotImplementedError(f"{self._name} needs _check_rows()")

    def _finish_check(self, report):
        """Check what needs all rows at once, in SQL over ``scm_import_row (import_id, number, data jsonb)``."""

    def _write_rows(self, rows):
        """Write one batch of the dicts that :meth:`_check_rows` returned; all batches are one transaction."""
        raise NotImplementedError(f"{self._name} needs _write_rows()")

    def _write_staged(self, job):
        """Write all checked rows; override it to do so in one SQL statement over ``scm_import_row``."""
        for rows in job._staged_batches():
            self._write_rows(rows)

    def _done_action(self, job):
        """Action that shows what was imported, or False."""
        return False

    # Helpers for importers

    def _job(self):
        """The ``scm.import`` record that is being checked or written."""
        return self.env["scm.import"].browse(self.env.context.get("scm_import_id"))

    @api.model
    def _find_products(self, codes):
        """{code: product ids} of the company's products by internal reference, else by barcode, in two queries."""
        codes = {code for code in codes if code}
        found = {}
        companies = Domain("company_id", "in", (False, self.env.company.id))
        for field in ("default_code", "barcode"):
            missing = list(codes - found.keys())
            groups = self.env["product.product"]._read_group(
                companies & Domain(field, "in", missing), [field], ["id:array_agg"]
            )
            found.update(groups)
        return found
