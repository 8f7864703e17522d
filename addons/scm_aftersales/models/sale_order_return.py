from odoo import fields, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    scm_return_ids = fields.One2many("scm.return", "order_id", "Returns", readonly=True)
    scm_return_count = fields.Integer(compute="_compute_scm_return_count", compute_sudo=True)
    # Written by each request for a return: of two at once PostgreSQL refuses the second, which Odoo then repeats.
    scm_return_serial = fields.Integer(copy=False, readonly=True, default=0)

    def _compute_scm_return_count(self):
        counts = dict(self.env["scm.return"]._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"]))
        for order in self:
            order.scm_return_count = counts.get(order, 0)

    def action_scm_returns(self):
        """Open the returns of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_action")
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {"default_order_id": self[:1].id}
        return action

    def _scm_touch_returns(self):
        """Make returns of these orders wait for each other: of two at once the second starts again.

        A lock alone would not do: the second one would still see the rows as they were when it began.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET scm_return_serial = COALESCE(scm_return_serial, 0) + 1 WHERE id IN %s",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["scm_return_serial"])
