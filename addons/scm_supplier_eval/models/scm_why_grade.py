from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "points": self.env._("points"),
            "grade_method": self.env._("Grade by score, with a margin at the borders"),
            "grade_formula": self.env._(
                "keep the grade while from − margin ≤ score < to + margin, else the grade of the score"
            ),
            "grade_score": self.env._("Score of the card"),
            "grade_from": self.env._("Grade from"),
            "grade_to": self.env._("Grade to"),
            "grade_margin": self.env._("Margin"),
            "grade_before": self.env._("Grade before"),
            "grade_probation": self.env._("Probation until"),
            "grade_kept": self.env._("The score is beyond the border, but within the margin: the grade stays."),
            "standing_normal": self.env._("Nothing is held back."),
            "standing_watch": self.env._("Quotations and orders show a warning; a corrective action is open."),
            "standing_probation": self.env._(
                "A warning until the probation is over; blocked then, if the grade is still as bad."
            ),
            "standing_blocked": self.env._("Probation is over and the grade is still as bad: blocked."),
            "standing_eliminated": self.env._("A manager eliminated the supplier."),
        }
