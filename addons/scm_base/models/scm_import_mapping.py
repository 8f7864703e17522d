from odoo import api, fields, models

from ..kernel.headers import normalise


class ScmImportMapping(models.Model):
    """How a user read files with these headings last time."""

    _name = "scm.import.mapping"
    _description = "Remembered Mapping of an Import"
    _order = "write_date DESC, id DESC"
    _rec_name = "headings"

    importer = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    headings = fields.Text(required=True, readonly=True)
    mapping = fields.Json(readonly=True, help="{heading: field}")
    date_order = fields.Char(readonly=True)
    decimal_mark = fields.Char(readonly=True)

    _importer_headings_uniq = models.UniqueIndex("(company_id, importer, md5(headings))")

    @api.model
    def _key(self, headings):
        return " | ".join(normalise(heading) if heading is not None else "" for heading in headings)

    @api.model
    def _recall(self, importer, company, headings):
        """The remembered mapping of files with these headings, or an empty record."""
        return self.search(
            [
                ("importer", "=", importer),
                ("company_id", "=", company.id),
                ("headings", "=", self._key(headings)),
            ],
            limit=1,
        )

    @api.model
    def _remember(self, job):
        """Keep how the columns of an import were mapped."""
        headings = job.column_ids.mapped("name")
        values = {
            "mapping": {normalise(column.name): column.field_id.name for column in job.column_ids if column.field_id},
            "date_order": job.date_order,
            "decimal_mark": job.decimal_mark,
        }
        # sudo: remembered per company, so that one user's work helps the others; the import itself was checked
        known = self.sudo()._recall(job.importer, job.company_id, headings)
        if known:
            known.write(values)
        else:
            known.create(
                {
                    "importer": job.importer,
                    "company_id": job.company_id.id,
                    "headings": self._key(headings),
                    **values,
                }
            )
