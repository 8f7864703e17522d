from odoo import api, fields, models


class ScmFreightRate(models.Model):
    """A price of the carrier's contract. The one for the parcel's zone and the greatest bound of weight counts."""

    _name = "scm.freight.rate"
    _description = "Freight Rate"
    _order = "carrier_id, zone_id, weight_from, date_from DESC, id"
    _check_company_auto = True

    carrier_id = fields.Many2one("delivery.carrier", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    zone_id = fields.Many2one("scm.zone", ondelete="cascade", help="Empty: all zones.", check_company=True)
    weight_from = fields.Float("From (kg)", digits="Stock Weight", help="From this weight up to the next rate's.")
    price_base = fields.Monetary("Per Parcel", aggregator="avg")
    price_kg = fields.Monetary("Per kg", aggregator="avg", help="For each kilogram of the parcel, from the first on.")
    date_from = fields.Date("From")
    date_to = fields.Date("To")

    _unique = models.UniqueIndex(
        "(company_id, carrier_id, COALESCE(zone_id, 0), weight_from, COALESCE(date_from, '0001-01-01'::date))",
        "There is already a rate of this carrier for the same zone, weight and first day.",
    )
    _positive = models.Constraint(
        "CHECK(weight_from >= 0 AND price_base >= 0 AND price_kg >= 0)", "Weights and prices cannot be below 0."
    )
    _days = models.Constraint("CHECK(date_from <= date_to)", "The rate ends before it begins.")

    @api.depends("carrier_id", "zone_id", "weight_from")
    def _compute_display_name(self):
        for rate in self:
            zone = rate.zone_id.name or self.env._("all zones")
            rate.display_name = self.env._(
                "%(carrier)s, %(zone)s, from %(weight)s kg",
                carrier=rate.carrier_id.name or "",
                zone=zone,
                weight=f"{rate.weight_from:g}",
            )
