from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "reason_method": self.env._("Suggested reason"),
            "reason_formula": self.env._(
                "Words, phrases and pieces of words, weighed as in texts whose reason is known; shares of what spoke "
                "for this reason"
            ),
            "reason_right": self.env._("Right when tested, of suggestions from the bar on"),
            "reason_tested": self.env._("Texts tested"),
            "reason_note_own": self.env._("Tested on texts of this company that it had not learnt from."),
            "reason_note_seed": self.env._(
                "Tested on the shipped examples only: there are not enough texts of this company yet."
            ),
        }
