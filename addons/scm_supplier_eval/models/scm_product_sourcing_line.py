from odoo import fields, models

from .scm_supplier_qualification import STATES


class ScmProductSourcingLine(models.Model):
    """A supplier of a product: what was bought in 12 months, at which price, how quickly."""

    _name = "scm.product.sourcing.line"
    _description = "Supplier of a Product"
    _order = "share desc, id"
    _rec_name = "partner_id"

    sourcing_id = fields.Many2one(
        "scm.product.sourcing", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="cascade", index=True
    )
    share = fields.Float(readonly=True, aggregator=None, help="Of the spend in 12 months.")
    spend = fields.Monetary("Spend in 12 Months", readonly=True)
    price = fields.Monetary(
        readonly=True, aggregator="avg", help="Mean price paid for a unit, else the one of the price list; no taxes."
    )
    lead_days = fields.Float(
        "Lead Time (days)", readonly=True, digits=(8, 1), aggregator="avg", help="Measured mean, else as typed."
    )
    lead_measured = fields.Boolean("Measured", readonly=True)
    qualification = fields.Selection(
        [("none", "None"), *STATES], "Qualified", readonly=True, help="For the category of the product, as of that day."
    )
    usable = fields.Boolean("May Deliver", readonly=True, help="Neither its qualification nor its grade forbids it.")
