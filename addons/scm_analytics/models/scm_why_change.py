from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "change_growth": self.env._("Against the same weeks of last year and the growth of all others"),
            "change_formula_growth": self.env._(
                "mean of log(week / same week of last year) less the median of all others, as a share"
            ),
            "change_rate": self.env._("Against the weeks before and the change of all others"),
            "change_formula_rate": self.env._("rate of the weeks looked at - rate before × change of the others"),
            "change_mean": self.env._("Against the weeks before and the change of all others"),
            "change_formula_mean": self.env._("mean of the weeks looked at - mean before - change of the others"),
            "change_drift": self.env._("Errors of the forecast that should be zero on average"),
            "change_formula_drift": self.env._("sum of (forecast - demand) / sum of demand"),
            "change_profile": self.env._("Shares of the day or week against those of the weeks before"),
            "change_formula_profile": self.env._("half of the sum of |share now - share before|"),
            "change_excess": self.env._("Stock beyond what demand and policy need, at cost"),
            "change_formula_excess": self.env._("sum of the excess of all products, at cost"),
            "change_taken": self.env._("Taken over from the search for causes of returns"),
            "change_formula_taken": self.env._("return rate - rate of the rest of its kind"),
            "change_after": self.env._("Now, per week (of rates and times: their mean)"),
            "change_before": self.env._("To be expected"),
            "change_own": self.env._("Change against its own past alone"),
            "change_low": self.env._("Change, at least (95 %)"),
            "change_high": self.env._("Change, at most (95 %)"),
            "change_least": self.env._("Smallest change that matters"),
            "change_one_in": self.env._("Chance of it where nothing changed: one in"),
            "change_q": self.env._("q, of the other search"),
            "change_weeks": self.env._("Weeks of history"),
            "change_money": self.env._("Money per year"),
            "change_peak_share": self.env._("Share of the busiest part"),
            "change_peak_before": self.env._("Its share before"),
            "change_peak_orders": self.env._("Orders in it, on average"),
            "change_peak_capacity": self.env._("Most that were packed in an hour or day, as shown (95th percentile)"),
            "change_excess_value": self.env._("Excess at cost"),
            "change_aged_value": self.env._("Of it older than half a year"),
            "change_net_recovered": self.env._("Recoverable by the steps proposed, net"),
            "change_stock_value": self.env._("Stock of the company at cost"),
            "change_holding_rate": self.env._("Cost of holding stock, per year"),
            "change_tracking": self.env._("Tracking signal: sum of errors over their mean size"),
            "change_note_growth": self.env._(
                "Weeks in which a feast, a festival or an offer lay otherwise than a year before are left out."
            ),
            "change_note_rate": self.env._(
                "It stands out both against its own past and against the change of the others."
            ),
            "change_note_mean": self.env._(
                "It stands out both against its own past and against the change of the others."
            ),
            "change_note_drift": self.env._("Above zero the forecast is too high, below it is too low."),
            "change_note_profile": self.env._("Weeks with a festival, a feast or an offer are left out."),
            "change_note_excess": self.env._("It is counted, not estimated: there is nothing to test."),
            "change_note_taken": self.env._("Tested there, against the rest of its kind; not tested again."),
        }
