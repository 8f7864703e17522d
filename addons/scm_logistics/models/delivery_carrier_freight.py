from odoo import fields, models


class DeliveryCarrier(models.Model):
    """What the carrier agreed to: its prices, and what it owes when a parcel is lost, damaged or late."""

    _inherit = "delivery.carrier"

    scm_freight_partner_id = fields.Many2one(
        "res.partner", "Billed by", help="The company that bills the freight. One invoice may bill several methods."
    )
    scm_freight_rate_ids = fields.One2many("scm.freight.rate", "carrier_id", "Contract Rates")
    scm_claim_days = fields.Integer(
        "Days to Claim", default=30, help="Days after the day on which a claim arose, until which the carrier takes it."
    )
    scm_liability_parcel = fields.Monetary(
        "Liability per Parcel",
        help="What the carrier pays at most for a lost or damaged parcel; the greater of this and the one per kg "
        "counts. Both empty: the whole value of the goods.",
    )
    scm_liability_kg = fields.Monetary("Liability per kg")
    scm_guaranteed_days = fields.Integer(
        "Guaranteed Days", help="Working days after the hand-over until which the carrier guarantees delivery. 0: none."
    )
    scm_late_refund = fields.Float(
        "Refund when Late", default=1.0, help="Share of the freight that it gives back when the guarantee is missed."
    )

    _scm_claim_days_positive = models.Constraint(
        "CHECK(scm_claim_days >= 0 AND scm_guaranteed_days >= 0)",
        "Days to claim and guaranteed days cannot be below 0.",
    )
    _scm_liability_positive = models.Constraint(
        "CHECK(scm_liability_parcel >= 0 AND scm_liability_kg >= 0)", "A liability cannot be below 0."
    )
    _scm_late_refund_share = models.Constraint(
        "CHECK(scm_late_refund BETWEEN 0 AND 1)", "The refund of the freight is a share between 0 and 100 %."
    )
