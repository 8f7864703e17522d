from odoo import fields, models


class ScmEventItem(models.Model):
    """What was expected of a product in a warehouse when the event began, and what was there to be sold."""

    _name = "scm.event.item"
    _description = "Expected of an Event"
    _log_access = False
    _order = "watch_id, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watch_id = fields.Many2one("scm.event.watch", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    quantity = fields.Float("Expected Units", readonly=True, help="Of the whole event.")
    price = fields.Monetary("Expected Price", readonly=True, help="Per unit, without taxes.")
    available = fields.Float(
        "Available at the Start", readonly=True, help="On hand when the event began, less what was sold before."
    )

    _item_uniq = models.Constraint("UNIQUE(watch_id, warehouse_id, product_id)", "An item is expected once.")
