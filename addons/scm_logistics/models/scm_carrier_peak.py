from odoo import fields, models


class ScmCarrierPeak(models.Model):
    """On these days a carrier takes another number of parcels than usual: fewer in its peak, or more as agreed."""

    _name = "scm.carrier.peak"
    _description = "Peak Days of a Carrier"
    _order = "date_from DESC, id"
    _rec_name = "carrier_id"

    carrier_id = fields.Many2one("delivery.carrier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    capacity_day = fields.Integer("Parcels per Day, at Most", required=True, help="0: none at all on these days.")
    note = fields.Char()

    _days = models.Constraint("CHECK(date_from <= date_to)", "The first day lies after the last one.")
    _capacity = models.Constraint("CHECK(capacity_day >= 0)", "A capacity is not negative.")
