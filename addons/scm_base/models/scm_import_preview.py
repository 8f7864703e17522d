from odoo import api, models

from ..kernel.cells import guess_date_order
from ..kernel.headers import normalise
from ..kernel.tabular import preview
from ..tools.import_reader import column_letter, heading, sample_text, shown

PREVIEW_ROWS = 20


class ScmImportPreview(models.AbstractModel):
    """First step of an import: what the file is and what its columns seem to mean."""

    _name = "scm.import.preview"
    _description = "First Step of an Import"

    def _preview(self):
        spec = self._importer_fields(self.importer)
        found = preview(
            self._source(),
            {field["name"]: [field["label"], *field["aliases"]] for field in spec},
            sheet=self.sheet or None,
            count=PREVIEW_ROWS,
            encoding=self.encoding or None,
            delimiter=self.delimiter or None,
        )
        heading_row = self._heading_row(found)
        names, rows = self._headings(found, heading_row)
        remembered = self.env["scm.import.mapping"]._recall(self.importer, self.company_id, names)
        mapping = self._propose(found, names, remembered)
        self.check_access("write")
        # sudo: columns are made by reading the file; the right on the import is checked above
        columns = self.env["scm.import.column"].sudo()
        columns.browse(self.column_ids.ids).unlink()
        by_name = self.env["scm.import.field"]._of_importer(self.importer)
        columns.create(
            [
                {
                    "import_id": self.id,
                    "position": position,
                    "letter": column_letter(position),
                    "name": name,
                    "sample": sample_text([row[position] for row in rows if position < len(row)]),
                    "importer": self.importer,
                    "field_id": by_name[mapping[position]].id if position in mapping else False,
                }
                for position, name in enumerate(names)
            ]
        )
        self._note(self._prepare_preview_vals(found, heading_row, rows, mapping, remembered))

    def _heading_row(self, found):
        if self.no_heading:
            return 0
        return self.heading_row or found.heading_row or 0

    def _headings(self, found, heading_row):
        """(names of the columns, rows of data among the first rows)"""
        rows = [row.values for row in found.rows if row.number > heading_row]
        cells = next((row.values for row in found.rows if row.number == heading_row), ()) if heading_row else ()
        width = max([len(cells), *map(len, rows)])
        cells = [*cells, *[None] * (width - len(cells))]
        return [heading(cell) for cell in cells], rows

    def _propose(self, found, names, remembered):
        """{position: field} as remembered for these headings, else as the headings sound."""
        if remembered:
            known = remembered.mapping or {}
            # of columns with the same heading the first one is meant
            first = {known[key]: at for at, key in reversed([*enumerate(map(normalise, names))]) if known.get(key)}
            return {at: field for field, at in first.items()}
        if self.heading_row and self.heading_row != found.heading_row:
            return {}
        return {position: field for field, position in found.mapping.items()}

    def _prepare_preview_vals(self, found, heading_row, rows, mapping, remembered):
        info = found.info
        kinds = {field["name"]: field["kind"] for field in self._importer_fields(self.importer)}
        days = [at for at, name in mapping.items() if kinds.get(name) in ("date", "moment")]
        dates = [row[at] for row in rows for at in days if at < len(row)]
        return {
            "state": "preview",
            "kind": info.kind,
            "sheet": found.sheet if info.kind != "csv" else False,
            "sheet_names": ", ".join(info.sheets) if info.kind != "csv" else False,
            "detected": self._detected(info),
            "heading_row": heading_row,
            "no_heading": not heading_row,
            "epoch_1904": info.epoch_1904,
            "date_order": remembered.date_order or guess_date_order(dates) or self.date_order,
            "decimal_mark": remembered.decimal_mark or self.decimal_mark,
            "first_rows": [[row.number, [shown(cell) for cell in row.values]] for row in found.rows],
            "message": self._warnings(info),
        }

    def _detected(self, info):
        if info.kind != "csv":
            return f".{info.kind}"
        delimiter = dict(self._selection_delimiter()).get(info.delimiter, info.delimiter)
        return f"{dict(self._selection_encoding()).get(info.encoding, info.encoding)}, {delimiter}"

    def _warnings(self, info):
        texts = {
            "encoding_guessed": self.env._(
                "The encoding is a guess: look at the first rows and choose another if needed."
            ),
            "bytes_replaced": self.env._("Some characters are unreadable in this encoding and were replaced."),
        }
        return "\n".join(texts[code] for code in info.warnings if code in texts) or False

    @api.depends("first_rows", "heading_row")
    def _compute_first_rows_html(self):
        for job in self:
            rows = job.first_rows or []
            width = max([len(cells) for _number, cells in rows], default=0)
            job.first_rows_html = self.env["ir.qweb"]._render(
                "scm_base.scm_import_first_rows",
                {
                    "rows": [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in rows],
                    "heading_row": job.heading_row,
                    "letters": [column_letter(position) for position in range(width)],
                },
            )
