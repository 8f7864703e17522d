from odoo import fields, models


class ResCompany(models.Model):
    """How carriers are chosen."""

    _inherit = "res.company"

    scm_choice_auto = fields.Boolean(
        "Propose carriers nightly", help="For open deliveries; rules say which proposals are applied at once."
    )
    scm_choice_days = fields.Integer(
        "Deliveries of the next", default=7, help="Days ahead for which carriers are proposed."
    )
    scm_cost_late = fields.Monetary("Cost of a late parcel", help="For customers without a class.")
    scm_split_cost = fields.Monetary(
        "Cost of one more parcel", help="Packing and handling when an order leaves in several parcels."
    )

    _scm_choice_positive = models.Constraint(
        "CHECK(scm_choice_days >= 0 AND scm_cost_late >= 0 AND scm_split_cost >= 0)",
        "Days and costs of the choice of carriers are not negative.",
    )
