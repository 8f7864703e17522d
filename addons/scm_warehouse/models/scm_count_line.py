from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmCountLine(models.Model):
    """What was found of one product (lot, package, owner) in a place, beside what the books said at that moment.

    Quantities in the product's unit. ``quantity`` is the first count, ``recount_quantity`` the second; the book of
    each is the book at its own moment, so that what moved between them is no difference.
    """

    _name = "scm.count.line"
    _inherit = "scm.count.key"
    _description = "Line of a Count"
    _order = "task_id, id"

    task_id = fields.Many2one("scm.count.task", "Count", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="task_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(related="task_id.warehouse_id", store=True, index=True)
    location_id = fields.Many2one(related="task_id.location_id", store=True, index=True, ondelete="set null")
    state = fields.Selection(related="task_id.state", store=True, string="State of the Count")
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", index="btree_not_null", ondelete="set null")
    lot_name = fields.Char("Lot Read", help="A lot number that was read on the floor and is not known as yet.")
    package_id = fields.Many2one("stock.package", ondelete="set null")
    owner_id = fields.Many2one("res.partner", ondelete="set null")
    expected_quantity = fields.Float(
        "On the Books", digits="Product Unit", readonly=True, help="Book stock at the moment of the count."
    )
    reserved_quantity = fields.Float(
        "Reserved", digits="Product Unit", readonly=True, help="Reserved for transfers when the count was finished."
    )
    picked_quantity = fields.Float(
        "In the Hands of Pickers",
        digits="Product Unit",
        readonly=True,
        help="Picked in transfers that were not done: on the books, but perhaps no longer on the shelf.",
    )
    quantity = fields.Float("Counted", digits="Product Unit", readonly=True)
    recount_quantity = fields.Float("Recounted", digits="Product Unit", readonly=True)
    recount_expected = fields.Float(
        "On the Books at the Recount",
        digits="Product Unit",
        readonly=True,
        help="Book stock at the moment of the recount.",
    )
    is_recounted = fields.Boolean("Was Recounted", readonly=True)
    first_difference = fields.Float(
        digits="Product Unit", readonly=True, aggregator=None, help="Of the first count, by which accuracy is measured."
    )
    difference = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Counted less on the books, at the moment of the count: the recount's, if any. Goods in the hands of "
        "pickers are no difference.",
    )
    unit_cost = fields.Float("Cost of a Unit", digits="Product Price", readonly=True, aggregator=None)
    value_expected = fields.Monetary("Value on the Books", compute="_compute_value", store=True)
    value_difference = fields.Monetary("Value of the Difference", compute="_compute_value", store=True)
    in_tolerance = fields.Boolean(
        "Within Tolerance", readonly=True, help="The first count, as accuracy is measured by it."
    )
    is_unexpected = fields.Boolean(
        "Not on the Books", readonly=True, help="The product was not on the books of this place."
    )
    counted_at = fields.Datetime(readonly=True, index=True)
    counted_by_id = fields.Many2one("res.users", "Counted by", readonly=True, index=True)
    recounted_at = fields.Datetime(readonly=True)
    recounted_by_id = fields.Many2one("res.users", "Recounted by", readonly=True)
    why = fields.Json(readonly=True)
    cause_id = fields.Many2one("scm.count.cause", index=True, ondelete="restrict")
    is_applied = fields.Boolean(
        "Corrected", readonly=True, index=True, help="The stock was corrected by the difference."
    )
    move_ids = fields.One2many("stock.move", "scm_count_line_id", "Corrections", readonly=True)

    @api.depends("difference", "expected_quantity", "recount_expected", "is_recounted", "unit_cost")
    def _compute_value(self):
        for line in self:
            expected = line.recount_expected if line.is_recounted else line.expected_quantity
            line.value_expected = expected * line.unit_cost
            line.value_difference = line.difference * line.unit_cost

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Lines of a count are kept, since accuracy is measured by them. Reject the count."))
