from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "slot_method_history": self.env._("Past picks x way, all products weighed against each other"),
            "slot_formula": self.env._("picks a day x (2 x metres + reach, now less then) / speed x cost of an hour"),
            "slot_picks_day": self.env._("Picks a day from here"),
            "slot_metres_now": self.env._("To the dock, now"),
            "slot_metres_then": self.env._("To the dock, then"),
            "slot_reach_now": self.env._("Reach of its level, now"),
            "slot_reach_then": self.env._("Reach of its level, then"),
            "slot_speed": self.env._("Walking speed"),
            "slot_hour_cost": self.env._("Cost of an hour"),
            "slot_trips": self.env._("Trips to carry it"),
            "slot_effort": self.env._("Work for this product"),
            "slot_group_effort": self.env._("Work of the whole group"),
            "slot_group_money": self.env._("The whole group saves a day"),
            "slot_group_payback": self.env._("The whole group pays back in"),
            "slot_payback_limit": self.env._("Has to pay back within"),
            "slot_metres": self.env._("m"),
            "slot_metres_second": self.env._("m/s"),
            "slot_minutes": self.env._("min"),
            "slot_mends": self.env._(
                "It may not lie where it lies (weight, capacity or storage class): it moves even if nothing is saved."
            ),
            "slot_group": self.env._("%(count)s products make room for each other; they move all or not at all."),
        }
