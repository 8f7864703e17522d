from odoo import fields, models

#: what inspection says of a unit; the first three are goods that came back
GRADES = [
    ("A", "As New"),
    ("B", "To Refurbish"),
    ("C", "Scrap"),
    ("missing", "Missing"),
    ("wrong", "Wrong Item"),
]


class ScmReturnInspection(models.Model):
    """Units of one return line that were looked at and judged alike; quantities are in the product's unit."""

    _name = "scm.return.inspection"
    _description = "Inspection of a Return"
    _order = "id DESC"
    _check_company_auto = True

    line_id = fields.Many2one("scm.return.line", "Item", required=True, readonly=True, index=True, ondelete="cascade")
    return_id = fields.Many2one(related="line_id.return_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(related="line_id.return_id.warehouse_id", store=True)
    product_id = fields.Many2one(related="line_id.product_id", store=True, index=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    reason_id = fields.Many2one(related="line_id.reason_id", store=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    grade = fields.Selection(GRADES, required=True, readonly=True, index=True)
    cause_id = fields.Many2one("scm.return.cause", index="btree_not_null", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", readonly=True, index="btree_not_null", check_company=True)
    found_product_id = fields.Many2one(
        "product.product",
        "Found Instead",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What lay in the parcel in place of the product; empty if it is none of ours.",
    )
    note = fields.Text()
    attachment_ids = fields.Many2many(
        "ir.attachment", "scm_return_inspection_attachment_rel", string="Photos", copy=False, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", "Inspected by", required=True, readonly=True, default=lambda self: self.env.user
    )
    date = fields.Datetime("Inspected at", required=True, readonly=True, default=fields.Datetime.now)
    move_ids = fields.One2many(
        "stock.move", "scm_inspection_id", "Stock Moves", readonly=True, help="Where the grade sent the goods."
    )

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "An inspection is of at least one unit.")
