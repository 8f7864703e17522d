from odoo import fields, models
from odoo.exceptions import AccessError


class ScmImportColumn(models.Model):
    _name = "scm.import.column"
    _description = "Column of an Import"
    _order = "position, id"

    import_id = fields.Many2one("scm.import", required=True, readonly=True, ondelete="cascade", index=True)
    position = fields.Integer(required=True, readonly=True, help="From 0.")
    letter = fields.Char(readonly=True, string="Column")
    name = fields.Char("Heading", readonly=True)
    sample = fields.Char("First Values", readonly=True)
    importer = fields.Char(readonly=True)
    field_id = fields.Many2one(
        "scm.import.field", "Import as", domain="[('importer', '=', importer)]", help="Empty: the column is left out."
    )

    def write(self, vals):
        if not self.env.su and (fixed := vals.keys() - {"field_id"}):
            raise AccessError(
                self.env._("%(fields)s of a column cannot be written: choose what it is imported as.", fields=fixed)
            )
        self.import_id._check_editable()
        return super().write(vals)
