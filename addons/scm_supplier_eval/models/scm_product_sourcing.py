from odoo import fields, models

from odoo.addons.scm_base.models.scm_product_class import ABC


class ScmProductSourcing(models.Model):
    """Where a company buys a product: shares of suppliers in 12 months, and whether anybody else could deliver."""

    _name = "scm.product.sourcing"
    _description = "Sourcing of a Product"
    _order = "at_stake desc, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="set null")
    abc = fields.Selection(
        ABC, "ABC", readonly=True, index=True, help="By consumption value; of several warehouses, the best one."
    )
    supplier_count = fields.Integer(
        "Suppliers", readonly=True, aggregator=None, help="From whom it was bought in the last 12 months."
    )
    main_partner_id = fields.Many2one("res.partner", "Main Supplier", readonly=True, ondelete="set null", index=True)
    main_share = fields.Float("Share of Main Supplier", readonly=True, aggregator=None)
    country_id = fields.Many2one("res.country", readonly=True, ondelete="set null")
    spend_12m = fields.Monetary("Spend in 12 Months", readonly=True)
    hhi = fields.Float(
        "Concentration",
        readonly=True,
        digits=(4, 2),
        aggregator="avg",
        help="Herfindahl-Hirschman index of the suppliers' shares: 1 = one supplier, 0.5 = two equal ones.",
    )
    single_source = fields.Boolean(
        readonly=True,
        index=True,
        help="No other supplier that we bought it from, or that is in its price list, may deliver it today.",
    )
    qualified_count = fields.Integer(
        "Qualified Suppliers", readonly=True, aggregator=None, help="Of those listed below, qualified for its category."
    )
    switch_days = fields.Float(
        "Days to Switch", readonly=True, digits=(8, 0), aggregator="avg", help="When the main supplier stops today."
    )
    margin_12m = fields.Monetary(
        "Margin of 12 Months", readonly=True, help="Confirmed sales less what the goods cost now."
    )
    at_stake = fields.Monetary("Margin at Stake", readonly=True, help="Margin per day x days to switch x main share.")
    date = fields.Date("As of", readonly=True)
    line_ids = fields.One2many("scm.product.sourcing.line", "sourcing_id", "By Supplier", readonly=True)
    backup_ids = fields.One2many("scm.backup.proposal", "sourcing_id", "Backups", readonly=True)

    _product_once = models.Constraint("UNIQUE(company_id, product_id)", "A product has one sourcing in a company.")
