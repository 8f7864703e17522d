from odoo import fields, models


class ScmStorageTag(models.Model):
    """What a product asks of its place, and a place offers: frozen, cooled, flammable, locked cage."""

    _name = "scm.storage.tag"
    _description = "Storage Class"
    _order = "kind, name, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("temperature", "Temperature"), ("hazard", "Hazard"), ("other", "Other")], required=True, default="other"
    )
    is_exclusive = fields.Boolean(
        "Only for These", help="A place of this class takes nothing but products of this class."
    )
    color = fields.Integer()
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name, COALESCE(company_id, 0))", "There is a storage class of this name already.")
