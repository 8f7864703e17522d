from odoo import fields, models

from .scm_return_cause import OWNERS
from .scm_return_fact import PlainMany2one


class ScmReturnPart(models.Model):
    """The units of one return line that one delivery had brought. Written together with ``scm.return.fact``.

    A line has one part, unless its units had come in several deliveries. A line of goods that nobody had announced has
    none.
    """

    _name = "scm.return.part"
    _description = "Returned Units by Delivery"
    _log_access = False
    _order = "date DESC, id DESC"
    _rec_name = "line_id"

    fact_id = PlainMany2one("scm.return.fact", "Delivery", required=True, readonly=True)
    line_id = fields.Many2one("scm.return.line", "Return Line", required=True, readonly=True, ondelete="cascade")
    return_id = fields.Many2one("scm.return", required=True, readonly=True, ondelete="cascade")
    company_id = PlainMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Requested on", required=True, readonly=True)
    days = fields.Integer("Days to Return", readonly=True, aggregator="avg", help="From delivery to the request.")
    quantity = fields.Float("Units", digits="Product Unit", readonly=True)
    reason_id = fields.Many2one("scm.return.reason", readonly=True, ondelete="set null")
    cause_id = fields.Many2one("scm.return.cause", readonly=True, ondelete="set null")
    owner = fields.Selection(OWNERS, "Cause Owner", readonly=True)
    refund = fields.Monetary("Refunded", readonly=True)
    cost = fields.Monetary("Cost of Return", readonly=True)

    # copied from the delivery: what people group returns by
    order_date = fields.Date("Ordered", readonly=True)
    product_id = PlainMany2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True, ondelete="set null")
    supplier_id = PlainMany2one("res.partner", "Supplier", readonly=True)
    lot_id = PlainMany2one("stock.lot", "Lot or Serial", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="set null")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="set null")
    package_type_id = fields.Many2one("stock.package.type", "Packaging", readonly=True, ondelete="set null")
    warehouse_id = PlainMany2one("stock.warehouse", readonly=True)
    user_id = fields.Many2one("res.users", "Picked by", readonly=True, ondelete="set null")
    team_id = fields.Many2one("crm.team", "Sales Channel", readonly=True, ondelete="set null")

    _fact_idx = models.Index("(fact_id)")
    _line_idx = models.Index("(line_id)")
    _order_date_idx = models.Index("(company_id, order_date)")

    def action_open_return(self):
        """The return of these units."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.return",
            "res_id": self.return_id.id,
            "views": [(False, "form")],
        }
