from odoo import fields, models


class ScmZone(models.Model):
    """Where parcels go, as the company divides the world. The most exact zone that matches an address is its zone."""

    _name = "scm.zone"
    _description = "Delivery Zone"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, help="Empty: for all companies.")
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    prefix_ids = fields.One2many("scm.zone.prefix", "zone_id", "Zip Prefixes")
