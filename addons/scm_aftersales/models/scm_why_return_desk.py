from odoo import api, models

from .scm_return_desk import TIMED


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        states = dict(self.env["scm.return"]._fields["state"]._description_selection(self.env))
        return (
            super()._labels()
            | {f"return_state_{state}": states[state] for state in TIMED}
            | {
                "return_hours": self.env._("hours"),
                "return_late": self.env._("Longer in one state than is usual"),
                "return_late_formula": self.env._("Hours in the present state against the usual time of it"),
                "return_state": self.env._("State"),
                "return_in_state": self.env._("In this state for"),
                "return_norm": self.env._("Usual time (company's settings)"),
                "return_since": self.env._("Since"),
            }
        )
