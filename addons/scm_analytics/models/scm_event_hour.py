from odoo import fields, models


class ScmEventHour(models.Model):
    """What was ordered in an hour of an event: goods of confirmed orders, in the product's unit, kits as components."""

    _name = "scm.event.hour"
    _description = "Hour of an Event"
    _log_access = False
    _order = "date_hour desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watch_id = fields.Many2one("scm.event.watch", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    region_id = fields.Integer(
        "Region No.", readonly=True, aggregator=None, help="State of delivery, else its country below zero."
    )
    date_hour = fields.Datetime("Hour", required=True, readonly=True)
    quantity = fields.Float("Units", digits="Product Unit", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Without taxes, in company currency at the rate of the order.")
    order_count = fields.Integer(
        "Orders", readonly=True, help="An order counts once, at the product of its first line, so that sums are right."
    )

    _watch_idx = models.Index("(watch_id, date_hour)")
