from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_qty_delivered(self):
        """Units that came back but are not paid back stay delivered: the customer owes them as before."""
        delivered = super()._prepare_qty_delivered()
        # sudo: quantities of orders are computed for everybody; no more than the sum is used
        unpaid = dict(
            self.env["scm.return.line"]
            .sudo()
            ._read_group(
                [("sale_line_id", "in", self.ids), ("quantity_unpaid", ">", 0)],
                ["sale_line_id"],
                ["quantity_unpaid:sum"],
            )
        )
        for line in self:
            if line in unpaid and line in delivered:
                delivered[line] += line.product_id.uom_id._compute_quantity(
                    unpaid[line], line.product_uom_id, rounding_method="HALF-UP"
                )
        return delivered
