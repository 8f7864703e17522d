from odoo import api, models


class ScmWhy(models.AbstractModel):
    """Words of the simulator and of the policy curve."""

    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._simulation_labels() | self._curve_labels()

    @api.model
    def _simulation_labels(self):
        return {
            "sim_policy": self.env._("Replay with our policies, set anew through time"),
            "sim_typed": self.env._("Replay with the minimum and maximum of today's reordering rules"),
            "sim_what_if": self.env._("Replay with other settings"),
            "sim_cost_formula": self.env._("Total cost = ordering + holding + margin of lost sales"),
            "sim_items": self.env._("Products replayed"),
            "sim_demand": self.env._("Units asked for"),
            "sim_lost": self.env._("Units lost"),
            "sim_fill": self.env._("Given at once"),
            "sim_stock_value": self.env._("Stock value, average"),
            "sim_orders": self.env._("Orders (one per product)"),
            "sim_ordering_cost": self.env._("Ordering cost"),
            "sim_holding_cost": self.env._("Holding cost"),
            "sim_lost_margin": self.env._("Margin of lost sales"),
            "sim_note_lost": self.env._(
                "Units lost on days without stock were added to the demand, evenly over these days."
            ),
            "sim_note_start": self.env._(
                "Each scenario starts in its own steady state and runs four weeks before its figures count."
            ),
            "sim_note_leads": self.env._(
                "Lead times were drawn from the measured ones, the same for all scenarios; shut-downs of vendors count."
            ),
            "sim_note_known": self.env._(
                "Levels were set with what was known then: demand, receipts and classes up to the day."
            ),
            "sim_note_typed": self.env._(
                "The levels are those of today, typed with knowledge of the whole period; they are looked at every day."
            ),
        }

    @api.model
    def _curve_labels(self):
        return {
            "curve_level": self.env._("Service level from the policy curve"),
            "curve_formula": self.env._("Stock and lost sales of the class, planned at each service level"),
            "curve_level_now": self.env._("Service level before"),
            "curve_stock_now": self.env._("Expected stock value before"),
            "curve_stock_then": self.env._("Expected stock value then"),
        }
