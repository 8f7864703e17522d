from odoo import api, fields, models
from odoo.exceptions import UserError


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
    # many to many: an e-wallet takes the credit of many returns
    credit_card_ids = fields.Many2many(
        "loyalty.card", "scm_return_loyalty_card_rel", string="Store Credit", readonly=True, copy=False
    )
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
        help="What the label that we made costs the customer, with tax; kept at settlement where he pays the freight.",
    )
    settlement_why = fields.Json(readonly=True, copy=False)
    picking_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    refund_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    card_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    repair_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)

    @api.depends("picking_ids", "exchange_picking_ids", "refund_ids", "credit_card_ids")
    def _compute_document_counts(self):
        repairs = self._repairs().grouped("picking_id") if "repair.order" in self.env else {}
        for request in self:
            request.picking_count = len(request.picking_ids) + len(request.exchange_picking_ids)
            request.refund_count = len(request.refund_ids)
            request.card_count = len(request.credit_card_ids)
            request.repair_count = sum(len(repairs.get(picking, ())) for picking in request.picking_ids)

    def _repairs(self):
        """Repair orders of these returns; only where Odoo's repairs are installed."""
        if "repair.order" not in self.env:
            raise UserError(self.env._("Repairs are not installed: there are no repair orders of returns."))
        return self.env["repair.order"].search([("picking_id", "in", self.picking_ids.ids)])

    def action_view_pickings(self):
        """Open the transfers of the return."""
        request = self.sudo()  # sudo: only ids are taken; Odoo's own rights decide who sees the records
        return self._open_documents("stock.action_picking_tree_all", request.picking_ids | request.exchange_picking_ids)

    def action_view_refunds(self):
        """Open the credit notes of the return."""
        return self._open_documents("account.action_move_out_refund_type", self.sudo().refund_ids)  # sudo: only ids

    def action_view_cards(self):
        """Open the store credit of the return."""
        return self._open_documents("loyalty.loyalty_card_action", self.sudo().credit_card_ids)  # sudo: only ids

    def action_view_repairs(self):
        """Open the repair orders of the return."""
        return self._open_documents("repair.action_repair_order_tree", self.sudo()._repairs())  # sudo: only ids

    def _open_documents(self, xmlid, records):
        """Action on these records, the form of a single one. Odoo's own rights decide who sees them."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid) | {"context": {"create": False}}
        if len(records) == 1:
            return action | {"views": [(False, "form")], "res_id": records.id}
        return action | {"domain": [("id", "in", records.ids)]}
