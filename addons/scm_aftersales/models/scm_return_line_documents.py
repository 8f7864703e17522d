from odoo import api, fields, models
from odoo.exceptions import UserError

#: what was asked for; checked against what is free once, and fixed when the return is decided
_ASKED = {"return_id", "sale_line_id", "product_id", "lot_id", "quantity"}
#: what only the settlement writes
_SETTLED = {"quantity_settled", "quantity_unpaid", "refund_amount", "settlement_why", "exchange_sale_line_id"}


class ScmReturnLine(models.Model):
    """What the goods of a line became on core documents; quantities in the product's unit."""

    _inherit = "scm.return.line"

    move_ids = fields.One2many("stock.move", "scm_return_line_id", "Stock Moves", readonly=True)
    exchange_move_ids = fields.One2many("stock.move", "scm_exchange_line_id", "Exchange Moves", readonly=True)
    exchange_product_id = fields.Many2one(
        "product.product",
        "Exchange for",
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True), ('type', '=', 'consu')]",
        help="Empty: the same product again.",
    )
    exchange_sale_line_id = fields.Many2one("sale.order.line", "Order Line of the Exchange", readonly=True, copy=False)
    quantity_settled = fields.Float(
        "Settled", digits="Product Unit", readonly=True, copy=False, help="Units that were paid, exchanged or repaired."
    )
    quantity_unpaid = fields.Float(
        "Not Paid Back",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Units that came back but, by their grade, give no claim to money. They stay delivered on the order.",
    )
    refund_amount = fields.Monetary(
        "Granted", readonly=True, copy=False, help="Money or store credit for this line, with tax, after reductions."
    )
    settlement_why = fields.Json(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_written(set(vals) & _SETTLED)
        lines = super().create(vals_list)
        lines._check_not_decided()
        return lines

    def write(self, vals):
        self._check_not_written(set(vals) & _SETTLED)
        if set(vals) & _ASKED:
            self._check_not_decided()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_not_decided()

    def _check_not_decided(self):
        """What a person asked for stays as it was decided; receipts and inspections come through the superuser."""
        decided = self.filtered(lambda line: line.return_id.state != "requested" and not line.is_unexpected)
        if decided and not self.env.su:
            raise UserError(
                self.env._(
                    "%(request)s is decided: its items cannot be changed any more. Cancel it and ask anew, or take up "
                    "the rest in another return.",
                    request=decided[0].return_id.name,
                )
            )

    def _check_not_written(self, names):
        if names and not self.env.su:
            raise UserError(
                self.env._("%(names)s follow from the settlement and cannot be typed.", names=", ".join(sorted(names)))
            )

    def _paid_per_unit(self):
        """Of a kit only the component's share of the price."""
        return super()._paid_per_unit() * self._kit_share()

    def _is_component(self):
        return bool(self.sale_line_id) and self.product_id != self.sale_line_id.product_id

    def _kit_share(self):
        """Share of the price of one sold unit that falls on one unit of this product: 1 unless it is part of a kit.

        Components share by their sales prices, as they are now; by their number if none of them has a price. How many
        of them make a kit is taken from the deliveries, because the bill of materials may have changed since.
        """
        if not self._is_component():
            return 1.0
        sale_line = self.sale_line_id
        planned = {}
        for move in sale_line.move_ids:
            if move._scm_brought_first():
                planned[move.product_id] = planned.get(move.product_id, 0.0) + move.product_qty
        kits = sale_line.product_uom_id._compute_quantity(
            sale_line.product_uom_qty, sale_line.product_id.uom_id, round=False
        )
        prices = {product: product.lst_price for product in planned}
        if not any(prices.values()):
            prices = dict.fromkeys(planned, 1.0)
        total = sum(prices[product] * quantity for product, quantity in planned.items())
        return prices.get(self.product_id, 0.0) * kits / total if total else 0.0
