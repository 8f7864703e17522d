from odoo import fields, models


class ResCompany(models.Model):
    """When a difference on a freight invoice matters, and when a carrier's month is closed."""

    _inherit = "res.company"

    scm_freight_tolerance = fields.Float(
        "Freight Tolerance", default=0.02, help="Differences up to this share of the expected freight are let pass."
    )
    scm_freight_tolerance_amount = fields.Monetary(
        "Freight Tolerance, Amount", default=0.1, help="Differences up to this amount are let pass in any case."
    )
    scm_carrier_freeze_days = fields.Integer(
        "Carrier Months Close after", default=21, help="Days after the end of a month, when its figures are frozen."
    )
    scm_claim_minimum = fields.Monetary(
        "Smallest Claim", help="No claim is drafted for less: it would cost more than it brings."
    )
    scm_claim_auto = fields.Boolean(
        "Draft Claims Each Night", default=True, help="Drafts only: a person sends them to the carrier."
    )

    _scm_freight_tolerance_positive = models.Constraint(
        "CHECK(scm_freight_tolerance >= 0 AND scm_freight_tolerance_amount >= 0)",
        "The freight tolerance cannot be below 0.",
    )
    _scm_carrier_freeze_days_positive = models.Constraint(
        "CHECK(scm_carrier_freeze_days >= 0)", "The days until a carrier's month is closed cannot be below 0."
    )
