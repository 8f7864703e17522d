from odoo import fields, models


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
