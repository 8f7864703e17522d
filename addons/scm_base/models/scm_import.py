import os

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..kernel.problems import FileProblem
from ..tools.import_reader import csv_file

#: files above this size are checked and written in the background
BACKGROUND_BYTES = 1_000_000
OPTIONS = {"sheet", "encoding", "delimiter", "heading_row", "no_heading", "date_order", "decimal_mark"}
#: what a person may write; all else says how far the import has come, and as whom it goes on
TYPED_FIELDS = OPTIONS | {"importer", "file", "filename", "replace_existing", "create_missing", "column_ids"}


class ScmImport(models.Model):
    """One file on its way into Odoo: read, map, check, write. All of it or nothing.

    The same steps by interface: ``create`` with importer and file, :meth:`action_preview`, write on ``column_ids``
    where the proposal is wrong, :meth:`action_check`, :meth:`action_confirm`.
    """

    _name = "scm.import"
    _inherit = ["scm.import.preview", "scm.import.work"]
    _description = "Import"
    _order = "id DESC"
    _rec_name = "filename"

    importer = fields.Selection("_selection_importer", "What", required=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", "Imported by", readonly=True, default=lambda self: self.env.user)
    file = fields.Binary(attachment=True, required=True)
    filename = fields.Char("File Name", default="import.csv")
    state = fields.Selection(
        [
            ("draft", "File"),
            ("preview", "Columns"),
            ("checking", "Checking"),
            ("checked", "Checked"),
            ("writing", "Importing"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    kind = fields.Char("Kind of File", readonly=True)
    sheet = fields.Char(help="Empty: the first one.")
    sheet_names = fields.Char("Sheets in the File", readonly=True)
    encoding = fields.Selection("_selection_encoding", help="Empty: found out from the file.")
    delimiter = fields.Selection("_selection_delimiter", help="Empty: found out from the file.")
    detected = fields.Char("Read as", readonly=True)
    heading_row = fields.Integer(help="0: found out from the file.")
    no_heading = fields.Boolean("No Headings")
    date_order = fields.Selection(
        [
            ("ymd", "Year, month, day"),
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
            ("roc", "Year of the Republic of China, month, day"),
        ],
        "Dates are",
        required=True,
        default=lambda self: self._default_date_order(),
    )
    decimal_mark = fields.Selection(
        [(".", "Point"), (",", "Comma")], help="Empty: found out cell by cell; 1,234 is then one thousand and more."
    )
    epoch_1904 = fields.Boolean(readonly=True, export_string_translation=False)
    replace_existing = fields.Boolean("Replace What is There")
    replace_label = fields.Char(compute="_compute_replace_label")
    create_missing = fields.Boolean("Create What is Missing")
    create_label = fields.Char(compute="_compute_replace_label")
    column_ids = fields.One2many("scm.import.column", "import_id", "Columns")
    first_rows = fields.Json("Cells", readonly=True)
    first_rows_html = fields.Html("First Rows", compute="_compute_first_rows_html", sanitize=False)
    finding_ids = fields.One2many("scm.import.error", "import_id", "Findings", readonly=True)
    row_count = fields.Integer("Rows Read", readonly=True)
    valid_count = fields.Integer("Rows Ready", readonly=True)
    error_count = fields.Integer("Errors", readonly=True)
    warning_count = fields.Integer("Warnings", readonly=True)
    last_row = fields.Integer(readonly=True, export_string_translation=False)
    message = fields.Text(readonly=True)
    findings_file = fields.Binary(compute="_compute_findings_file")
    template_file = fields.Binary(compute="_compute_template_file")

    # What can be chosen

    @api.model
    def _importers(self):
        """Codes of the importers ``scm.importer.<code>``; an addon adds its own."""
        return ["promise", "purchase_history"]

    @api.model
    def _selection_importer(self):
        return [(code, self.env[f"scm.importer.{code}"]._label()) for code in self._importers()]

    @api.model
    def _selection_encoding(self):
        return [
            ("utf-8-sig", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("gb18030", self.env._("Simplified Chinese (GB 18030)")),
            ("big5", self.env._("Traditional Chinese (Big5)")),
            ("cp1252", self.env._("Western European (Windows-1252)")),
        ]

    @api.model
    def _selection_delimiter(self):
        return [
            (",", self.env._("Comma")),
            (";", self.env._("Semicolon")),
            ("\t", self.env._("Tab")),
            ("|", self.env._("Vertical bar")),
        ]

    @api.model
    def _default_date_order(self):
        written = self.env["res.lang"]._get_data(code=self.env.lang or self.env.user.lang).date_format or "%Y"
        marks = [mark for mark in written if mark in "dmyY"]
        return {"d": "dmy", "m": "mdy"}.get(marks[0] if marks else "Y", "ymd")

    @api.model
    def _importer_fields(self, code):
        """Fields of an importer, complete with their defaults."""
        if code not in self._importers():
            return []
        return [
            {"kind": "text", "required": False, "aliases": [], "help": "", "example": ""} | field
            for field in self.env[f"scm.importer.{code}"]._import_fields()
        ]

    def _importer(self):
        self.ensure_one()
        return self.env[f"scm.importer.{self.importer}"].with_context(
            scm_import_id=self.id, allowed_company_ids=self.company_id.ids
        )

    @api.depends("importer")
    def _compute_replace_label(self):
        for job in self:
            importer = self.env[f"scm.importer.{job.importer}"] if job.importer else None
            job.replace_label = importer._replace_label() if job.importer else False
            job.create_label = importer._create_label() if job.importer else False

    # Guards

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_typed(vals.keys() - {"company_id"})
            self._check_kind(vals)
        jobs = super().create(vals_list)
        for job in jobs:
            job._importer()._check_access()
        return jobs

    def _check_kind(self, vals):
        if vals.get("importer") and vals["importer"] not in self._importers():
            raise UserError(
                self.env._(
                    "There is no import of kind “%(kind)s”. Choose one of: %(known)s.",
                    kind=vals["importer"],
                    known=", ".join(self._importers()),
                )
            )

    def _check_typed(self, names):
        if not self.env.su and (fixed := names - TYPED_FIELDS):
            raise AccessError(
                self.env._(
                    "%(fields)s of an import cannot be written: use its steps (action_preview, action_check, "
                    "action_confirm, action_back).",
                    fields=", ".join(sorted(fixed)),
                )
            )

    def _note(self, vals):
        """Write how far the import has come."""
        self.check_access("write")
        # sudo: the steps check the right on the import above; people may not write these fields in any other way
        return self.sudo().write(vals)

    def write(self, vals):
        self._check_typed(set(vals))
        self._check_kind(vals)
        if vals.keys() & {"file", "importer"}:
            # a corrected file may take the place of one that was checked
            self.filtered(lambda job: job.state != "checked")._check_editable()
            self._forget_check()
            vals = vals | {"state": "draft", "heading_row": 0, "no_heading": False, "sheet": False}
            vals |= {"encoding": False, "delimiter": False}
            # sudo: columns come from the file; `_forget_check` has checked the right on the import
            self.sudo().column_ids.unlink()
        elif vals.keys() & (OPTIONS | {"replace_existing", "create_missing", "column_ids"}):
            self._check_editable()
        return super().write(vals)

    def _check_editable(self):
        for job in self:
            if job.state not in ("draft", "preview"):
                raise UserError(
                    self.env._("“%(file)s” is already checked. Go back to its columns to change it.", file=job.filename)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_going_on(self):
        for job in self:
            if job.state in ("checking", "writing"):
                raise UserError(
                    self.env._("“%(file)s” is being imported. Wait until it is finished.", file=job.filename)
                )

    # Step 1: read

    def action_preview(self):
        """Read the first rows, propose what each column is."""
        for job in self:
            job._check_editable()
            job._importer()._check_access()
            try:
                job._preview()
            except FileProblem as problem:
                raise UserError(self.env["scm.import.words"]._file_problem(problem)) from problem
        return True

    def _source(self):
        """Path of the stored file, so that it is never held in memory; its bytes where it has no path."""
        # sudo: the attachment behind a field that the user was allowed to read
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self.id)], limit=1)
        )
        path = attachment.store_fname and attachment._full_path(attachment.store_fname)
        return path if path and os.path.isfile(path) else (attachment.raw or b"")

    # Step 2: check

    def action_check(self):
        """Check all rows; large files in the background."""
        for job in self:
            job._check_editable()
            if job.state == "draft":
                job.action_preview()
            job._importer()._check_access()
            job._check_mapping()
            self.env["scm.import.mapping"]._remember(job)
            job._forget_check()
            job._start("checking", job._run_check)
        return True

    def _check_mapping(self):
        used = self.column_ids.field_id.mapped("name")
        mapped = [column.field_id.name for column in self.column_ids if column.field_id]
        labels = {field["name"]: field["label"] for field in self._importer_fields(self.importer)}
        twice = {labels[name] for name in used if mapped.count(name) > 1}
        if twice:
            raise UserError(self.env._("Two columns are imported as %(fields)s.", fields=", ".join(sorted(twice))))
        missing = [
            field["label"]
            for field in self._importer_fields(self.importer)
            if field["required"] and field["name"] not in used
        ]
        if missing:
            raise UserError(self.env._("Choose the column that holds: %(fields)s.", fields=", ".join(missing)))

    def _forget_check(self):
        self.env.flush_all()
        self.check_access("write")
        self.env.execute_query(SQL("DELETE FROM scm_import_row WHERE import_id = ANY(%s) RETURNING 1", self.ids))
        # sudo: findings are written by the system; the right on the import is checked above
        self.sudo().finding_ids.unlink()
        self._note(dict.fromkeys(("row_count", "valid_count", "error_count", "warning_count", "last_row"), 0))

    def _start(self, state, run):
        """Run now, or let the cron do it when the file is large: as the user who asked for this step."""
        self._note({"state": state, "message": False, "user_id": self.env.uid})
        size = os.path.getsize(source) if isinstance(source := self._source(), str) else len(source)
        if size > BACKGROUND_BYTES:
            self._go_on_in_background()
        else:
            run()

    @api.model
    def _go_on_in_background(self):
        # sudo: starting the one cron of imports needs no right of its own
        self.env.ref("scm_base.scm_import_cron").sudo()._trigger()

    def action_back(self):
        """Back to the columns; what was checked is forgotten."""
        for job in self:
            if job.state == "done":
                raise UserError(self.env._("“%(file)s” is already imported.", file=job.filename))
            job._forget_check()
            job._note({"state": "preview", "message": False})
        return True

    # Step 3: write

    def action_confirm(self):
        """Write all rows at once; nothing when a single one is wrong."""
        for job in self:
            if job.state != "checked" or job.error_count or not job.valid_count:
                raise UserError(
                    self.env._(
                        "“%(file)s” cannot be imported: check it first, and correct its %(count)s errors.",
                        file=job.filename,
                        count=job.error_count,
                    )
                )
            job._importer()._check_access()
            job._start("writing", job._run_write)
        return True

    def action_show(self):
        """Open what was imported."""
        self.ensure_one()
        return self._importer()._done_action(self)

    # Files to download

    def _compute_findings_file(self):
        heading = [
            self.env._("Kind"),
            self.env._("Sheet"),
            self.env._("Row"),
            self.env._("Column"),
            self.env._("In the file"),
            self.env._("Message"),
        ]
        for job in self:
            kinds = dict(self.env["scm.import.error"]._fields["level"]._description_selection(self.env))
            rows = [
                [kinds[found.level], found.sheet or "", found.row, found.column or "", found.value or "", found.message]
                for found in job.finding_ids
            ]
            job.findings_file = csv_file([heading, *rows])

    @api.depends("importer")
    def _compute_template_file(self):
        for job in self:
            spec = self._importer_fields(job.importer)
            job.template_file = csv_file(
                [[field["label"] for field in spec], [field["example"] for field in spec]] if spec else []
            )

    def action_download_findings(self):
        """All findings as .csv."""
        return self._download("findings_file", self.env._("errors.csv"))

    def action_download_template(self):
        """A .csv with the headings that are understood."""
        return self._download("template_file", self.env._("template.csv"))

    def _download(self, field, name):
        self.ensure_one()
        url = f"/web/content/{self._name}/{self.id}/{field}/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}
