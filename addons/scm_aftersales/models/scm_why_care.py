from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._care_labels()

    @api.model
    def _care_labels(self):
        return {
            "care_rule": self.env._("Proactive care"),
            "care_formula": self.env._("The first rule that fits decides; the draw of those left alone is by chance"),
            "care_rule_name": self.env._("Rule"),
            "care_days_late": self.env._("Days late"),
            "care_days_from": self.env._("The rule asks for at least"),
            "care_fault": self.env._("Fault of"),
            "care_fault_carrier": self.env._("the carrier"),
            "care_fault_warehouse": self.env._("our warehouse"),
            "care_fault_disruption": self.env._("a disruption"),
            "care_order_value": self.env._("Value of the order"),
            "care_approve_above": self.env._("Approved by a person above"),
            "care_holdout": self.env._("Share that is left alone"),
            "care_held_out": self.env._("This order is among those that are left alone, to measure the effect."),
            "care_predicted": self.env._("It is not so late yet, but expected to be."),
            "care_fault_unknown": self.env._("Nothing says whose fault it is: it is counted as the carrier's."),
            "care_over_budget": self.env._("This month's budget of the rule does not pay it any more."),
        }
