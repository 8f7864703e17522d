from odoo import fields, models


class ScmZonePrefix(models.Model):
    _name = "scm.zone.prefix"
    _description = "Zip Prefix of a Delivery Zone"
    _order = "zone_id, name"

    zone_id = fields.Many2one("scm.zone", required=True, ondelete="cascade", index=True)
    name = fields.Char("Prefix", required=True)

    _name_uniq = models.Constraint("UNIQUE(zone_id, name)", "The zone has this prefix already.")
