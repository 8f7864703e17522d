from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "effect_rate": self.env._("Change of a rate, orders as clusters (Newcombe, Rao and Scott)"),
            "effect_mean": self.env._("Change of a mean, orders as clusters (Welch)"),
            "effect_formula": self.env._("after − before"),
            "effect_before": self.env._("Before"),
            "effect_after": self.env._("After"),
            "effect_low": self.env._("Change, at least (95 %)"),
            "effect_high": self.env._("Change, at most (95 %)"),
            "effect_smallest": self.env._("Smallest change that matters"),
            "effect_orders_before": self.env._("Orders before"),
            "effect_orders_after": self.env._("Orders after"),
            "effect_worked": self.env._("It worked: the change is beyond chance and large enough."),
            "effect_did_not": self.env._("It did not work: a change that matters can be ruled out."),
            "effect_not_enough_data": self.env._(
                "Not enough data: chance alone could explain the change, or hide one that matters."
            ),
            "effect_regression": self.env._(
                "A bad period is often followed by a better one by itself; compare with others before you praise."
            ),
        }
