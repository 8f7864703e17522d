from odoo import fields, models


class ScmImportError(models.Model):
    _name = "scm.import.error"
    _description = "Finding of an Import"
    _order = "level, row, id"
    _rec_name = "message"
    _log_access = False

    import_id = fields.Many2one("scm.import", required=True, readonly=True, ondelete="cascade", index=True)
    level = fields.Selection([("error", "Error"), ("warning", "Warning")], required=True, readonly=True)
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    column = fields.Char(readonly=True, help="Letter and heading of the column.")
    value = fields.Char("In the File", readonly=True)
    message = fields.Char(required=True, readonly=True)
