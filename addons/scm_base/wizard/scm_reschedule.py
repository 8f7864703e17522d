from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ScmReschedule(models.TransientModel):
    _name = "scm.reschedule"
    _description = "Change Promised Dates"

    order_ids = fields.Many2many("purchase.order", string="Orders", readonly=True)
    line_ids = fields.Many2many(
        "purchase.order.line",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('order_id', 'in', order_ids), ('state', '=', 'purchase'), ('display_type', '=', False)]",
    )
    date = fields.Date("New Date", required=True)
    requested_by = fields.Selection(
        [("vendor", "The vendor told us"), ("us", "We asked for it")], "Who asked", required=True, default="vendor"
    )
    reason = fields.Char()

    @api.depends("order_ids")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.order_ids.order_line.filtered(
                lambda line: line.state == "purchase" and not line.display_type and line.qty_received < line.product_qty
            )
            wizard.line_ids = [Command.set(lines.ids)]

    def action_apply(self):
        """Change the dates; the log says who asked."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose at least one confirmed order line that is still expected."))
        self.line_ids.scm_reschedule(self.date, self.requested_by, self.reason)
        return {"type": "ir.actions.act_window_close"}
