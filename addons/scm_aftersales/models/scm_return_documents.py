from odoo import api, fields, models


class ScmReturn(models.Model):
    """The core documents of a return: transfers, credit notes, store credit; repairs are found by their transfer."""

    _inherit = "scm.return"

    picking_ids = fields.One2many(
        "stock.picking", "scm_return_id", "Receipts", readonly=True, help="Transfers that bring the goods back."
    )
    exchange_picking_ids = fields.One2many(
        "stock.picking", "scm_exchange_id", "Exchange Deliveries", readonly=True, help="What goes out in exchange."
    )
    refund_ids = fields.One2many("account.move", "scm_return_id", "Credit Notes", readonly=True)
    credit_card_ids = fields.One2many("loyalty.card", "scm_return_id", "Store Credit", readonly=True)
    refund_amount = fields.Monetary(
        "Money Back", readonly=True, copy=False, help="Sum of the credit notes of this return, with tax."
    )
    credit_amount = fields.Monetary("Given as Store Credit", readonly=True, copy=False)
    fee_amount = fields.Monetary(
        "Fee and Freight Kept", readonly=True, copy=False, help="What was kept of the money, with tax."
    )
    freight_amount = fields.Monetary(
        "Return Freight",
        copy=False,
        help="What the customer pays for the label that we made; kept at settlement where the policy lets him pay.",
    )
    settlement_why = fields.Json(readonly=True, copy=False)
    picking_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    refund_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    card_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)

    @api.depends("picking_ids", "exchange_picking_ids", "refund_ids", "credit_card_ids")
    def _compute_document_counts(self):
        for request in self:
            request.picking_count = len(request.picking_ids) + len(request.exchange_picking_ids)
            request.refund_count = len(request.refund_ids)
            request.card_count = len(request.credit_card_ids)
