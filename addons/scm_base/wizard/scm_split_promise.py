from odoo import api, fields, models
from odoo.fields import Command


class ScmSplitPromise(models.TransientModel):
    _name = "scm.split.promise"
    _description = "Split Promised Date"

    line_id = fields.Many2one("purchase.order.line", "Order Line", required=True, readonly=True)
    order_id = fields.Many2one(related="line_id.order_id")
    product_id = fields.Many2one(related="line_id.product_id")
    is_confirmed = fields.Boolean(compute="_compute_ordered")
    ordered = fields.Float(digits="Product Unit", compute="_compute_ordered")
    uom_id = fields.Many2one(related="line_id.product_uom_id")
    part_ids = fields.One2many(
        "scm.split.promise.part", "wizard_id", "Parts", compute="_compute_part_ids", store=True, readonly=False
    )
    rest = fields.Float("Still to Allot", digits="Product Unit", compute="_compute_rest")
    requested_by = fields.Selection(
        [("vendor", "The vendor told us"), ("us", "We asked for it")], "Who asked", required=True, default="vendor"
    )
    reason = fields.Char()

    @api.depends("line_id")
    def _compute_ordered(self):
        for wizard in self:
            wizard.ordered = wizard.line_id.product_qty
            wizard.is_confirmed = wizard.line_id.order_id.state == "purchase"

    @api.depends("line_id")
    def _compute_part_ids(self):
        for wizard in self:
            parts = wizard.line_id.scm_promise_parts().get(str(wizard.line_id.id), [])
            wizard.part_ids = [Command.clear(), *(Command.create(part) for part in parts)]

    @api.depends("part_ids.quantity", "ordered")
    def _compute_rest(self):
        for wizard in self:
            wizard.rest = wizard.ordered - sum(wizard.part_ids.mapped("quantity"))

    def action_apply(self):
        """State the dates; the log says who asked."""
        self.ensure_one()
        parts = [{"date": part.date, "quantity": part.quantity} for part in self.part_ids]
        self.line_id.scm_split_promise(parts, self.requested_by, self.reason)
        return {"type": "ir.actions.act_window_close"}
