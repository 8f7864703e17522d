from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "drift_bias": self.env._("The forecast keeps missing to one side"),
            "drift_bias_formula": self.env._(
                "Trigg's signal = smoothed error / smoothed absolute error; beyond 0.75 it is no chance any more"
            ),
            "drift_size": self.env._("Errors are larger than they used to be"),
            "drift_size_formula": self.env._(
                "CUSUM of the root of the error against the product's own first 20 weeks; the alarm is above 6"
            ),
            "drift_weeks": self.env._("Weeks counted"),
            "drift_error": self.env._("Smoothed error (forecast less demand)"),
            "drift_absolute": self.env._("Smoothed absolute error"),
            "drift_signal": self.env._("Tracking signal"),
            "drift_base": self.env._("Typical error in the first weeks"),
            "drift_cusum": self.env._("Sum above the base (CUSUM)"),
        }
