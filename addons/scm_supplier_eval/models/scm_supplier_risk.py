from odoo import fields, models


class ScmSupplierRisk(models.Model):
    """How likely a supplier fails a company, and what that would cost; refreshed each night."""

    _name = "scm.supplier.risk"
    _description = "Supplier Risk"
    _order = "expected desc, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="cascade", index=True
    )
    group_id = fields.Many2one(related="partner_id.scm_supplier_group_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    spend = fields.Monetary("Spend in 12 Months", readonly=True)
    spend_share = fields.Float("Share of Spend", readonly=True, help="Of all goods that the company bought.")
    product_count = fields.Integer("Products", readonly=True)
    single_source_count = fields.Integer(
        "Single Source", readonly=True, help="Products that nobody else may deliver today."
    )
    likelihood = fields.Float(readonly=True, aggregator="avg", help="0 to 1, of what was measured.")
    likelihood_class = fields.Integer(readonly=True, aggregator=None, help="1 (unlikely) to 5 (very likely).")
    impact = fields.Monetary("Margin at Stake", readonly=True, help="Until others deliver what it delivers today.")
    impact_class = fields.Integer(readonly=True, aggregator=None, help="1 (small) to 5 (very large).")
    cell = fields.Char(readonly=True, help="Likelihood and impact, as L4-I5.")
    expected = fields.Monetary("Expected Loss", readonly=True, help="Likelihood x margin at stake: for ranking.")
    otif = fields.Float(
        "OTIF", readonly=True, aggregator="avg", help="On time in full in 12 months, drawn to the mean by sample size."
    )
    sample = fields.Integer("Lines Due", readonly=True)
    expired_count = fields.Integer("Evidence Ended", readonly=True, help="Critical documents.")
    expiring_count = fields.Integer("Evidence Ends", readonly=True, help="Critical documents, within 60 days.")
    trend = fields.Float(readonly=True, digits=(5, 1), aggregator=None, help="Points since the scorecard before.")
    action_count = fields.Integer("Open Actions", readonly=True)
    date = fields.Date("As of", readonly=True)
    why = fields.Json(readonly=True)

    _partner_once = models.Constraint("UNIQUE(company_id, partner_id)", "A supplier has one risk in a company.")
