from odoo import fields, models


class ScmScorecard(models.Model):
    """What a supplier did in a period, measured, scored and frozen when published."""

    _name = "scm.scorecard"
    _description = "Supplier Scorecard"
    _order = "date_to desc, rank, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="cascade", index=True
    )
    group_id = fields.Many2one("scm.supplier.group", "Supplier Group", readonly=True, ondelete="set null")
    scheme_id = fields.Many2one("scm.scorecard.scheme", readonly=True, ondelete="restrict")
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("restated", "Restated")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    total = fields.Float(readonly=True, aggregator="avg", digits=(5, 1))
    rank = fields.Integer(readonly=True, aggregator=None)
    rank_of = fields.Integer("Ranked Suppliers", readonly=True, aggregator=None)
    previous_id = fields.Many2one("scm.scorecard", "Card before", readonly=True, ondelete="set null")
    trend = fields.Float(readonly=True, aggregator=None, help="Points more than in the card before.")
    confidence = fields.Float(readonly=True, aggregator="avg", help="Share of the weight with enough data, 0 to 1.")
    sample = fields.Integer(readonly=True, help="Order lines due in the period.")
    why = fields.Json(readonly=True)
    line_ids = fields.One2many("scm.scorecard.line", "card_id", "Measures", readonly=True)

    _card_once = models.Constraint(
        "UNIQUE(company_id, partner_id, date_from, date_to)", "This supplier has a card for this period already."
    )

    def _after_publish(self):
        """Hook: called with the cards that were just published or restated."""
