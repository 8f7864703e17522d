from odoo import api, fields, models


class ScmImportField(models.Model):
    """A field that a column of a file can be mapped to, so that it can be chosen from a list."""

    _name = "scm.import.field"
    _description = "Field of an Importer"
    _order = "importer, sequence, id"

    importer = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)

    _importer_name_uniq = models.UniqueIndex("(importer, name)")

    @api.depends("importer", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = {
            (code, field["name"]): field["label"]
            for code in set(self.mapped("importer"))
            for field in self.env["scm.import"]._importer_fields(code)
        }
        for field in self:
            field.display_name = labels.get((field.importer, field.name), field.name)

    @api.model
    def _search_display_name(self, operator, value):
        return [("name", operator, value)]

    def _of_importer(self, code):
        """Records of an importer's fields by name; new ones are made."""
        # sudo: the list mirrors what the code offers and holds no data of anyone
        own = self.sudo()
        known = {field.name: field for field in own.search([("importer", "=", code)])}
        names = [field["name"] for field in self.env["scm.import"]._importer_fields(code)]
        missing = [
            {"importer": code, "name": name, "sequence": position}
            for position, name in enumerate(names)
            if name not in known
        ]
        known.update((field.name, field) for field in own.create(missing))
        return {name: known[name].with_env(self.env) for name in names}
