from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "count_risk": self.env._("Expected value of records that are wrong by now"),
            "count_risk_formula": self.env._("value × (1 − e^(−errors per movement × movements × days))"),
            "count_value": self.env._("Value that lies there"),
            "count_moves_per_day": self.env._("Movements a day"),
            "count_rate": self.env._("Errors in 1,000 movements, of this place"),
            "count_rate_warehouse": self.env._("Errors in 1,000 movements, of the warehouse"),
            "count_since": self.env._("Since the last count"),
            "count_class": self.env._("Best class of what lies there"),
            "count_no_class": self.env._("No class"),
            "count_interval": self.env._("At least every"),
            "count_due_on": self.env._("Due on"),
            "count_never": self.env._(
                "Never counted here: a year is taken, and due days are spread over the interval."
            ),
            "count_reason_due": self.env._("Planned because its class is due."),
            "count_reason_overdue": self.env._("Planned because its class is overdue."),
            "count_reason_negative": self.env._("Planned at once: the book is below zero."),
            "count_reason_risk": self.env._("Planned because of its risk, with what is left of the day."),
            "count_neighbour": self.env._("A count nearby was wrong."),
            "count_short_pick": self.env._("Less was picked than asked for, though the book says there was enough."),
            "count_emptied": self.env._("A pick emptied the place."),
            "count_overdue": self.env._("Places that were not counted in time"),
            "count_overdue_oldest": self.env._("Oldest, due on"),
            "count_overdue_risk": self.env._("Expected value of wrong records there"),
            "count_accuracy": self.env._("Share of counted records within tolerance (planned counts)"),
            "count_accuracy_formula": self.env._("accurate records ÷ counted records"),
            "count_accuracy_low": self.env._("Accuracy, at least (95 %)"),
            "count_accuracy_high": self.env._("Accuracy, at most (95 %)"),
            "count_target": self.env._("Target"),
            "count_gross": self.env._("Gross value of the differences"),
            "count_trigger_picking": self.env._("Transfer"),
            "count_trigger_count": self.env._("Count"),
        }
