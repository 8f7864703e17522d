from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "finding_method": self.env._("Exact test against the rest, all cells judged together"),
            "finding_formula": self.env._("P(Binomial(returns of the group, share of its deliveries) ≥ returns here)"),
            "finding_exposure": self.env._("Deliveries, young ones in part"),
            "finding_returned": self.env._("Deliveries with a return"),
            "finding_expected": self.env._("Expected at the rate of the rest"),
            "finding_low": self.env._("Rate, at least (95 %)"),
            "finding_high": self.env._("Rate, at most (95 %)"),
            "finding_group_rate": self.env._("Rate of the rest"),
            "finding_p": self.env._("p, this test alone"),
            "finding_q": self.env._("q, share of false findings among all as clear"),
            "finding_tests": self.env._("Tests in this search"),
            "finding_design": self.env._("Returns per order that come together (design effect)"),
            "finding_cost": self.env._("Cost of a return here"),
            "finding_covers": self.env._(
                "Other cells stand out only because of these deliveries; they are not listed."
            ),
            "finding_lens": self.env._(
                "Only returns whose cause belongs to this owner are counted, here and in the rest."
            ),
            "effect_net": self.env._("Change less the change of similar goods"),
            "effect_net_low": self.env._("Net change, at least (95 %)"),
            "effect_net_high": self.env._("Net change, at most (95 %)"),
            "effect_similar_before": self.env._("Similar goods before"),
            "effect_similar_after": self.env._("Similar goods after"),
            "effect_similar": self.env._(
                "Judged against other goods of the same categories over the same days, so what all had in common is "
                "left out."
            ),
            "effect_completed": self.env._(
                "Young orders count with the share of their returns that must have come by now."
            ),
        }
