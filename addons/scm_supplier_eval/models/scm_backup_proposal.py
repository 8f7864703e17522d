from odoo import fields, models


class ScmBackupProposal(models.Model):
    """Another supplier for an A product that only one may deliver."""

    _name = "scm.backup.proposal"
    _description = "Backup Supplier"
    _order = "at_stake desc, product_id, rank, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sourcing_id = fields.Many2one("scm.product.sourcing", readonly=True, ondelete="set null", index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    main_partner_id = fields.Many2one("res.partner", "Today from", readonly=True, ondelete="set null")
    partner_id = fields.Many2one(
        "res.partner", "Candidate", required=True, readonly=True, ondelete="cascade", index=True
    )
    rank = fields.Integer(readonly=True, aggregator=None, help="1: the first to ask.")
    qualification = fields.Selection(
        [("qualified", "Qualified"), ("conditional", "Conditional")], "Qualified", readonly=True
    )
    score = fields.Float(readonly=True, digits=(5, 1), aggregator="avg", help="Of its latest scorecard.")
    lead_days = fields.Float("Lead Time (days)", readonly=True, digits=(8, 0), aggregator="avg")
    switch_days = fields.Float("Days to Switch", readonly=True, digits=(8, 0), aggregator="avg")
    at_stake = fields.Monetary("Margin at Stake", readonly=True, aggregator="max")
    qty = fields.Float("Quantity to Ask for", readonly=True, digits="Product Unit", help="A usual order today.")
    state = fields.Selection(
        [("proposed", "Proposed"), ("accepted", "Accepted"), ("rejected", "Rejected")],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    reason = fields.Char(readonly=True, help="Why it was rejected.")
    user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    date_decided = fields.Date("Decided on", readonly=True)
    order_id = fields.Many2one("purchase.order", "Request for Quotation", readonly=True, ondelete="set null")
    why = fields.Json(readonly=True)

    _candidate_once = models.Constraint(
        "UNIQUE(company_id, product_id, partner_id)", "This candidate is proposed for the product already."
    )
