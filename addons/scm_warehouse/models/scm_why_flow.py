from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "flow_hours": self.env._("hours"),
            "flow_transfers": self.env._("deliveries"),
            "flow_per_hour": self.env._("an hour"),
            "flow_backlog": self.env._("Past the promise"),
            "flow_backlog_formula": self.env._("Open deliveries whose promise is before now"),
            "flow_open": self.env._("Open deliveries"),
            "flow_late": self.env._("Past their promise"),
            "flow_late_ready": self.env._("of these ready to go"),
            "flow_oldest": self.env._("The oldest is late by"),
            "flow_receipt": self.env._("Waits on the dock"),
            "flow_receipt_formula": self.env._("Now less the arrival, else the booking of the receipt"),
            "flow_on_dock": self.env._("On the dock for"),
            "flow_allowed": self.env._("The warehouse allows"),
            "flow_put_away_open": self.env._("It was received; its put-away is open."),
            "flow_not_received": self.env._("The goods are here; the receipt is not booked."),
            "flow_load_usual": self.env._("Usual load"),
            "flow_load_recent": self.env._("Usual load, moved by the last two weeks"),
            "flow_load_forecast": self.env._("Usual load, moved by the forecast"),
            "flow_load_formula": self.env._("Mean of the weekday x share of each hour x factor of the day"),
            "flow_load_days": self.env._("Days learnt from"),
            "flow_load_scale": self.env._("Factor of today"),
            "flow_load_spread": self.env._("Variance over mean of an hour (1: pure chance)"),
            "flow_capacity": self.env._("Capacity shown in one of the best hours"),
            "flow_capacity_unknown": self.env._("Too few hours with work to know a capacity."),
            "flow_load_range": self.env._("Four hours of five fall in the band of the chart."),
        }
