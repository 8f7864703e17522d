from odoo import fields, models

from .scm_return_cause import OWNERS


class PlainMany2one(fields.Many2one):
    """A many2one without foreign key: a million look-ups per column would cost most of the time of a first read.

    For what other keys keep alive already: a product, order line or warehouse with delivered moves cannot be deleted.
    """

    def update_db_foreign_key(self, model, column):
        pass


class ScmReturnFact(models.Model):
    """What one transfer delivered of one lot for one order line, and how much of it came back.

    Written by :meth:`_refresh` alone. Quantities are in the product's unit, money in company currency at the rate of
    the order, days are local to the warehouse. The returns behind a row are its ``scm.return.part``.
    """

    _name = "scm.return.fact"
    _description = "Delivered and Returned"
    _log_access = False
    _order = "order_date DESC, id DESC"
    _rec_name = "product_id"

    company_id = PlainMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = PlainMany2one("sale.order", "Order", required=True, readonly=True)
    sale_line_id = PlainMany2one("sale.order.line", "Order Line", required=True, readonly=True)
    move_id = PlainMany2one("stock.move", "Delivery Move", required=True, readonly=True)
    picking_id = PlainMany2one("stock.picking", "Delivery", readonly=True)
    order_date = fields.Date("Ordered", required=True, readonly=True, help="Day in the time zone of the warehouse.")
    delivery_date = fields.Date(
        "Delivered on", required=True, readonly=True, help="As the carrier says, else when it left the warehouse."
    )

    product_id = PlainMany2one("product.product", required=True, readonly=True)
    product_tmpl_id = PlainMany2one("product.template", "Product Page", required=True, readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True, ondelete="set null")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = PlainMany2one("stock.lot", "Lot or Serial", readonly=True)
    supplier_id = PlainMany2one(
        "res.partner",
        "Supplier",
        readonly=True,
        help="Vendor of the lot; without lots, of the receipt from which the unit came, first in first out.",
    )
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="set null")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="set null", help="Where the parcel went.")
    package_type_id = fields.Many2one("stock.package.type", "Packaging", readonly=True, ondelete="set null")
    warehouse_id = PlainMany2one("stock.warehouse", readonly=True)
    user_id = fields.Many2one("res.users", "Picked by", readonly=True, ondelete="set null")
    team_id = fields.Many2one("crm.team", "Sales Channel", readonly=True, ondelete="set null")

    delivered = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary("Sold for", readonly=True, help="What the customer paid for what was delivered, with tax.")
    returned = fields.Float(digits="Product Unit", readonly=True)
    days = fields.Integer("Days to Return", readonly=True, aggregator="avg", help="From delivery to the first request.")
    refund = fields.Monetary("Refunded", readonly=True, help="Paid or credited for what came back.")
    cost = fields.Monetary(
        "Cost of Return", readonly=True, help="Freight back, handling, and what the goods lost in worth."
    )
    reason_id = fields.Many2one(
        "scm.return.reason", readonly=True, ondelete="set null", help="Of most of the returned units."
    )
    cause_id = fields.Many2one(
        "scm.return.cause", readonly=True, ondelete="set null", help="Of most of the returned units."
    )
    owner = fields.Selection(OWNERS, "Cause Owner", readonly=True)

    _sale_line_idx = models.Index("(sale_line_id)")
    _order_date_idx = models.Index("(company_id, order_date)")
    _returned_idx = models.Index("(company_id, order_date) WHERE returned > 0")
    _order_idx = models.Index("(order_id) WHERE returned > 0")
    _delivery_date_idx = models.Index("(company_id, delivery_date)")
