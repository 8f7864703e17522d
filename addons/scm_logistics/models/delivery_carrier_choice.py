from odoo import fields, models


class DeliveryCarrier(models.Model):
    """Whether and how much a carrier may get from the choice."""

    _inherit = "delivery.carrier"

    scm_in_choice = fields.Boolean(
        "Candidate for the Choice",
        default=True,
        help="Untick it for methods that only the customer chooses, as pick-up in a shop: they are never proposed, and "
        "never replaced.",
    )
    scm_price_basis = fields.Selection(
        [("rules", "Its price rules"), ("lane", "What its lanes cost")],
        "Price for the Choice",
        required=True,
        default="rules",
        help="Price rules may be what customers pay; then take what the carrier's parcels really cost.",
    )
    scm_warehouse_ids = fields.Many2many(
        "stock.warehouse", string="Collects from", check_company=True, help="Empty: from every warehouse."
    )
    scm_capacity_day = fields.Integer("Parcels per Day, at Most", help="0: no limit.")
    scm_share_max = fields.Float("Share of Parcels, at Most", help="Of all parcels of a month. 0: no limit.")
    scm_peak_ids = fields.One2many("scm.carrier.peak", "carrier_id", "Peak Days")

    _scm_limits = models.Constraint(
        "CHECK(scm_capacity_day >= 0 AND scm_share_max >= 0 AND scm_share_max <= 1)",
        "A share lies between 0 and 100 %, and a capacity is not negative.",
    )
