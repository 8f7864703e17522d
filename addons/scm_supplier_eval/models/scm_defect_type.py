from odoo import fields, models


class ScmDefectType(models.Model):
    """What can be wrong with goods at receipt."""

    _name = "scm.defect.type"
    _description = "Defect Type"
    _order = "sequence, code, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    severity = fields.Selection(
        [("minor", "Minor"), ("major", "Major"), ("critical", "Critical")], required=True, default="major"
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "There is a defect type with this code already.")
