from odoo import api, fields, models
from odoo.exceptions import UserError

from .scm_return import OPEN_STATES, OUTCOMES

DECISIONS = [("approve", "Approve"), ("review", "To Be Looked at"), ("refuse", "Refuse")]


class ScmReturnLine(models.Model):
    """Units of one product from one order line; quantities are in the product's unit."""

    _name = "scm.return.line"
    _description = "Return Line"
    _order = "return_id DESC, id"
    _check_company_auto = True

    return_id = fields.Many2one("scm.return", required=True, index=True, ondelete="cascade")
    state = fields.Selection(related="return_id.state", store=True, index=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    order_id = fields.Many2one(related="return_id.order_id", store=True, index=True)
    partner_id = fields.Many2one(related="return_id.partner_id")
    currency_id = fields.Many2one(related="return_id.currency_id")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        index=True,
        ondelete="restrict",
        help="Empty only for goods that came back though nobody had announced them.",
    )
    # a kit's line delivers its components: each of them comes back by itself
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict", check_company=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot or Serial",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float("Asked", digits="Product Unit", required=True, default=1.0)
    quantity_received = fields.Float("Received", digits="Product Unit", readonly=True, copy=False)
    is_unexpected = fields.Boolean("Not Announced", readonly=True, copy=False)
    reason_id = fields.Many2one(
        "scm.return.reason", index=True, ondelete="restrict", domain="[('child_ids', '=', False)]"
    )
    cause_id = fields.Many2one(
        "scm.return.cause",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="What inspection found; of several inspections the one of most units.",
    )
    comment = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", "scm_return_line_attachment_rel", string="Photos", copy=False)
    wish = fields.Selection(OUTCOMES, required=True, default="refund")
    outcome = fields.Selection(OUTCOMES, copy=False, help="What was decided; the policy allows a list.")
    decision = fields.Selection(DECISIONS, readonly=True, copy=False)
    decision_text = fields.Text("Decision in Plain Words", readonly=True, copy=False)
    why = fields.Json(readonly=True, copy=False)
    price_unit = fields.Monetary(
        "Paid per Unit", readonly=True, copy=False, help="What the customer paid for one unit of the product, with tax."
    )
    value = fields.Monetary(compute="_compute_value", store=True)

    _quantity_positive = models.Constraint("CHECK(quantity >= 0)", "A quantity that comes back cannot be negative.")
    _open_idx = models.Index("(sale_line_id, product_id) WHERE state IN %s" % (OPEN_STATES,))  # noqa: UP031

    @api.depends("quantity", "price_unit")
    def _compute_value(self):
        for line in self:
            line.value = line.currency_id.round(line.quantity * line.price_unit)

    def _check_sense(self):
        """Raise on quantities and products that cannot be meant; the messages are read by customers."""
        self.ensure_one()
        product, names = self.product_id, {"product": self.product_id.display_name, "unit": self.product_id.uom_id.name}
        if product.type == "service":
            raise UserError(
                self.env._("%(product)s is a service, which cannot be sent back. Please write to us instead.", **names)
            )
        if product.uom_id.compare(self.quantity, 0.0) <= 0:
            raise UserError(self.env._("%(product)s: say how many %(unit)s you want to return, at least one.", **names))
        if not self._is_countable(self.quantity):
            raise UserError(self.env._("%(product)s is returned in whole %(unit)s only.", **names))
        if not self.sale_line_id or self.sale_line_id.order_id != self.return_id.order_id:
            raise UserError(
                self.env._("%(product)s is not part of order %(order)s.", order=self.return_id.order_id.name, **names)
            )
        if product.tracking == "serial" and self.lot_id and product.uom_id.compare(self.quantity, 1.0) > 0:
            raise UserError(self.env._("%(product)s: one serial number is one unit; use one line per number.", **names))

    def _is_countable(self, quantity):
        """Whether the product's unit can be split so that the quantity comes out."""
        unit = self.product_id.uom_id
        return not unit.compare(quantity, unit.round(quantity)) and (
            self._is_divisible() or not unit.compare(quantity, round(quantity))
        )

    def _is_divisible(self):
        """Whether parts of the product's unit can be sold: everything but pieces and what is counted in pieces."""
        pieces = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        return not pieces or not self.product_id.uom_id._has_common_reference(pieces)

    def _fill_prices(self):
        """What the customer paid for a unit: the order line's total over its quantity in the product's unit."""
        for line in self.filtered("sale_line_id"):
            line.price_unit = line._paid_per_unit()

    def _paid_per_unit(self):
        """Price with tax of one unit of the product, in the order's currency."""
        self.ensure_one()
        sale_line = self.sale_line_id
        ordered = sale_line.product_uom_id._compute_quantity(
            sale_line.product_uom_qty, sale_line.product_id.uom_id, round=False
        )
        return sale_line.price_total / ordered if ordered else 0.0
