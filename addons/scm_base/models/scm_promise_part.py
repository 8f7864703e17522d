from odoo import fields, models


class ScmPromisePart(models.Model):
    """One of several dates on which a purchase line comes in parts. Lines with a single date have no parts.

    Three sets hold per line: what was promised at confirmation (never changes), the promise by which the vendor is
    judged (moves only when we ask), and what is expected now. Rows are written by the system
    (``purchase.order.line.scm_split_promise``).
    """

    _name = "scm.promise.part"
    _description = "Split Promised Date"
    _order = "line_id, kind, sequence, id"
    _rec_name = "line_id"

    line_id = fields.Many2one("purchase.order.line", "Order Line", required=True, readonly=True, ondelete="cascade")
    order_id = fields.Many2one(related="line_id.order_id", store=True, index=True)
    product_id = fields.Many2one(related="line_id.product_id")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("original", "Promised at first"), ("promise", "Promised"), ("expected", "Expected now")],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    quantity = fields.Float(
        required=True, readonly=True, digits="Product Unit", help="In the unit of the order line.", aggregator="sum"
    )
    uom_id = fields.Many2one(related="line_id.product_uom_id")

    _line_uniq = models.UniqueIndex("(line_id, kind, sequence)", "The parts of an order line are numbered.")
    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "Each part of a split promise needs a quantity.")
