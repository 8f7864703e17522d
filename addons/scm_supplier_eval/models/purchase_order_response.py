from odoo import fields, models


class PurchaseOrder(models.Model):
    """How fast the vendor answers: facts that are stored once, when they happen."""

    _inherit = "purchase.order"

    scm_rfq_sent_at = fields.Datetime("RFQ Sent at", copy=False, readonly=True, help="First time it was sent.")
    scm_answered_at = fields.Datetime("Answered at", copy=False, readonly=True, help="First answer of the vendor.")
    scm_answer_channel = fields.Selection(
        [("mail", "Message"), ("portal", "Portal"), ("buyer", "Entered by us"), ("order", "Order confirmed")],
        "Answered by",
        copy=False,
        readonly=True,
    )
    scm_acknowledged_at = fields.Datetime(
        "Acknowledged at", copy=False, readonly=True, help="When the vendor acknowledged the confirmed order."
    )
    scm_is_rush = fields.Boolean("Rush Order", copy=False, help="We asked for it sooner than the usual lead time.")
    scm_rush_answer = fields.Selection([("accepted", "Accepted"), ("declined", "Declined")], "Rush Answer", copy=False)
