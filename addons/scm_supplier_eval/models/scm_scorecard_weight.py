from odoo import fields, models


class ScmScorecardWeight(models.Model):
    """How much one criterion counts in a scheme, and which values score 0 and 100."""

    _name = "scm.scorecard.weight"
    _description = "Scorecard Weight"
    _order = "scheme_id, sequence, id"

    scheme_id = fields.Many2one("scm.scorecard.scheme", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    criterion_id = fields.Many2one("scm.scorecard.criterion", required=True, ondelete="restrict", index=True)
    weight = fields.Float("Weight (%)", required=True)
    value_zero = fields.Float("Scores 0 at", required=True, aggregator=None)
    value_full = fields.Float("Scores 100 at", required=True, aggregator=None)
