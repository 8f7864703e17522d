from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "points": self.env._("points"),
            "ppm": self.env._("ppm"),
            "hours": self.env._("working hours"),
            "scorecard_total": self.env._("Scorecard"),
            "scorecard_formula": self.env._("Sum of weight x points, over the criteria that were measured"),
            "scorecard_measure": self.env._("Measure of a scorecard"),
            "scorecard_points": self.env._(
                "Points = (value - value for 0) / (value for 100 - value for 0); value = own and group's, by sample"
            ),
            "scorecard_missing": self.env._("Nothing to measure in the period"),
            "scorecard_raw": self.env._("Measured"),
            "scorecard_prior": self.env._("Mean of the supplier group"),
            "scorecard_prior_weight": self.env._("Facts that the group's mean weighs"),
            "scorecard_zero": self.env._("0 points at"),
            "scorecard_full": self.env._("100 points at"),
            "scorecard_weight_missing": self.env._("Weight without data, spread over the rest"),
            "scorecard_confidence": self.env._("Confidence"),
            "scorecard_spread": self.env._("What was not measured counts neither way: its weight is spread."),
        }
