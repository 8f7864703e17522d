from odoo import fields, models


class ScmScorecardLine(models.Model):
    """One measure on a card: raw and shrunk value, sample, score and weight."""

    _name = "scm.scorecard.line"
    _description = "Scorecard Measure"
    _order = "card_id, sequence, id"

    card_id = fields.Many2one("scm.scorecard", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    criterion_id = fields.Many2one("scm.scorecard.criterion", required=True, readonly=True, ondelete="restrict")
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    value = fields.Float(readonly=True, aggregator=None, help="Shrunk toward the supplier group by sample size.")
    value_raw = fields.Float("Measured", readonly=True, aggregator=None)
    numerator = fields.Float(readonly=True, aggregator=None)
    denominator = fields.Float(readonly=True, aggregator=None)
    sample = fields.Integer(readonly=True)
    prior = fields.Float("Group", readonly=True, aggregator=None)
    score = fields.Float(readonly=True, aggregator="avg")
    weight = fields.Float("Weight (%)", readonly=True, aggregator=None)
    weight_used = fields.Float("Weight Used (%)", readonly=True, aggregator=None)
    previous_value = fields.Float("Before", readonly=True, aggregator=None)
    missing = fields.Boolean(readonly=True, help="No data: its weight is spread over the others.")
    excluded_count = fields.Integer("Excluded", readonly=True)
    why = fields.Json(readonly=True)
