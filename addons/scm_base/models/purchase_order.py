from odoo import fields, models

from ..tools.zones import local_today


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    scm_date_cancelled = fields.Date(
        "Cancelled on",
        copy=False,
        readonly=True,
        help="Day of the cancellation. A vendor who was overdue then stays overdue in the receipt facts.",
    )
    scm_promise_ids = fields.One2many("scm.purchase.promise", "order_id", "Changes of Promised Dates", readonly=True)
    scm_part_ids = fields.One2many("scm.promise.part", "order_id", "Split Promised Dates", readonly=True)
    scm_promise_count = fields.Integer(compute="_compute_scm_promise_count")

    def _compute_scm_promise_count(self):
        counts = dict(
            self.env["scm.purchase.promise"]._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.scm_promise_count = counts.get(order._origin, 0)

    def write(self, vals):
        state = vals.get("state")
        changing = self.filtered(lambda order: order.state != state) if state else self.browse()
        result = super().write(vals)
        if state == "purchase":
            changing.order_line._scm_freeze_promises()
        if state in ("cancel", "draft", "purchase"):
            changing._scm_note_cancellation(state == "cancel")
        return result

    def _scm_note_cancellation(self, cancelled):
        for company, orders in self.grouped("company_id").items():
            day = local_today(company) if cancelled else False
            orders.filtered(lambda order, day=day: order.scm_date_cancelled != day).scm_date_cancelled = day

    def _update_date_planned_for_lines(self, updated_dates):
        """The vendor states a new date in the portal: logged as his, and the promise he gave stays."""
        asked = {"scm_requested_by": "vendor", "scm_channel": "portal"}
        return super()._update_date_planned_for_lines(
            [(line.with_context(**asked), date) for line, date in updated_dates]
        )

    def action_scm_reschedule(self):
        """Open the wizard that changes promised dates and says who asked for it."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Promised Dates"),
            "res_model": "scm.reschedule",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_scm_receipt_facts(self):
        """Open what was promised and received on these orders."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipt Facts"),
            "res_model": "scm.receipt.fact",
            "view_mode": "list,pivot,graph",
            "domain": [("order_id", "in", self.ids)],
        }
