from odoo import fields, models


class ScmReceiptInspection(models.Model):
    """What was found when one receipt of one product was looked at: how much was bad, and why."""

    _name = "scm.receipt.inspection"
    _description = "Receipt Inspection"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "product_id"

    picking_id = fields.Many2one("stock.picking", "Receipt", required=True, ondelete="cascade", index=True)
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", "Supplier", required=True, ondelete="restrict", index=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="set null")
    date = fields.Date(required=True, help="Day of the inspection, where the warehouse is.")
    qty_received = fields.Float("Received", digits="Product Unit", required=True)
    qty_checked = fields.Float(
        "Checked", digits="Product Unit", help="How many pieces were looked at. Empty: all that were received."
    )
    qty_rejected = fields.Float("Rejected", digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id")
    defect_id = fields.Many2one("scm.defect.type", "Defect", ondelete="restrict", index="btree_not_null")
    note = fields.Text()
    photo = fields.Image(max_width=1920, max_height=1920)
    user_id = fields.Many2one("res.users", "Inspected by", default=lambda self: self.env.user)
    state = fields.Selection(
        [("draft", "To Inspect"), ("done", "Done")], required=True, readonly=True, default="draft", index=True
    )

    _rejected_valid = models.Constraint(
        "CHECK(qty_rejected >= 0 AND qty_rejected <= qty_received)",
        "What is rejected cannot be negative or more than what was received.",
    )
    _date_idx = models.Index("(company_id, partner_id, date)")
