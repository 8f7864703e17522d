from odoo import fields, models


class ScmImportRow(models.Model):
    """Checked rows of an import that wait to be written. Filled and read by SQL only; nobody has access."""

    _name = "scm.import.row"
    _description = "Checked Row of an Import"
    _log_access = False

    import_id = fields.Many2one("scm.import", required=True, ondelete="cascade")
    number = fields.Integer(required=True)
    data = fields.Json(required=True)

    _import_number_idx = models.Index("(import_id, number)")
