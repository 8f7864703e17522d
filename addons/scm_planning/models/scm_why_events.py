from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._event_labels()

    @api.model
    def _event_labels(self):
        return {
            "promotion_uplift": self.env._("Expected effect of the discount"),
            "promotion_uplift_formula": self.env._(
                "Mean of what promotions like it did, carried over to this discount, and the rule of thumb"
            ),
            "discount": self.env._("Discount"),
            "uplift_rule": self.env._("Rule of thumb (price elasticity -2.62)"),
            "promotions_seen": self.env._("Promotions learned from"),
            "occurrences_seen": self.env._("Times they took place"),
            "uplift_rule_alone": self.env._(
                "No promotion with a known discount has been seen yet; this is the rule of thumb alone."
            ),
        }
