from odoo import fields, models


class ScmEvidenceKind(models.Model):
    """A kind of certificate or document that suppliers show."""

    _name = "scm.evidence.kind"
    _description = "Kind of Supplier Evidence"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    critical = fields.Boolean(help="Default: without it, or after its expiry, the supplier is suspended.")
    expires = fields.Boolean(default=True, help="Evidence of this kind needs a date of expiry.")
    description = fields.Text(translate=True)

    _code_uniq = models.UniqueIndex("(code)", "There is a kind of evidence with this code already.")
