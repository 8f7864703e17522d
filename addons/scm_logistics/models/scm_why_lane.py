from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {**super()._labels(), **self._lane_labels(), **self._promise_labels()}

    @api.model
    def _lane_labels(self):
        return {
            "lane_measured": self.env._("Measured from the carrier's parcels"),
            "lane_shrink": self.env._("(late parcels + 40 x rate of the level above) / (parcels due + 40)"),
            "lane_median": self.env._("Half of the parcels arrived within"),
            "lane_p90": self.env._("Nine of ten arrived within"),
            "lane_handed": self.env._("Parcels handed over"),
            "lane_due": self.env._("Parcels due"),
            "lane_late": self.env._("Late parcels"),
            "lane_late_raw": self.env._("Late, as measured"),
            "lane_late_prior": self.env._("Late, on the level above"),
            "lane_lost": self.env._("Lost parcels"),
            "lane_lost_raw": self.env._("Lost, as measured"),
            "lane_lost_prior": self.env._("Lost, on the level above"),
            "lane_damaged": self.env._("Damaged parcels"),
            "lane_damaged_raw": self.env._("Damaged, as measured"),
            "lane_damaged_prior": self.env._("Damaged, on the level above"),
            "lane_level_lane_warehouse": self.env._("carrier, warehouse, zone and weight"),
            "lane_level_lane": self.env._("carrier, zone and weight"),
            "lane_level_zone": self.env._("carrier and zone"),
            "lane_level_carrier": self.env._("the carrier"),
            "lane_level_company": self.env._("all carriers"),
        }

    @api.model
    def _promise_labels(self):
        return {
            "hours": self.env._("hours"),
            "promise_lane": self.env._("From the carrier's lane and the warehouse's cut-off"),
            "promise_formula": self.env._(
                "day packed, then the carrier's working days within which this share of its parcels arrived"
            ),
            "promise_asked": self.env._("Ordered"),
            "promise_cut_off": self.env._("Cut-off of the warehouse"),
            "promise_available": self.env._("All goods there"),
            "promise_ready": self.env._("Packed"),
            "promise_handed": self.env._("Collected by the carrier"),
            "promise_transit": self.env._("Days on the way"),
            "promise_share": self.env._("Share that arrives by then"),
            "promise_level": self.env._("Measured for"),
        }
