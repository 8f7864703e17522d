from odoo import api, models

from .scm_parcel_watch import CAUSES


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._watch_labels() | self._watch_level_labels() | self._disruption_labels()

    @api.model
    def _watch_labels(self):
        causes = dict(self.env["scm.parcel"]._fields["watch_cause"]._description_selection(self.env))
        return {f"watch_cause_{code}": f"{causes[code]}." for code, _label in CAUSES} | {
            "watch_method": self.env._("What this parcel may cost"),
            "watch_formula": self.env._(
                "Probability of being late × (cost of a late parcel + cost per day × days late)"
                " + probability of loss × value of goods"
            ),
            "watch_hours": self.env._("hours"),
            "watch_silent": self.env._("Silent for"),
            "watch_norm": self.env._("Nearly all parcels are never silent longer than"),
            "watch_norm_label": self.env._("Nearly all parcels are scanned within"),
            "watch_norm_level": self.env._("These norms are of"),
            "watch_norm_sample": self.env._("Parcels measured for them"),
            "watch_elapsed": self.env._("Working days on its way"),
            "watch_days_left": self.env._("Working days until the promised day"),
            "watch_p_late": self.env._("Probability of being late"),
            "watch_lane_level": self.env._("Transit times are of"),
            "watch_transit_90": self.env._("Nine of ten such parcels arrive within"),
            "watch_days_late": self.env._("Days late"),
            "watch_p_lost": self.env._("Probability of loss"),
            "watch_cost_late": self.env._("Cost of a late parcel"),
            "watch_cost_late_day": self.env._("Cost per day late"),
            "watch_value": self.env._("Value of goods"),
            "watch_note_expected_late": self.env._("The day that is expected now is after the promised day."),
        }

    @api.model
    def _watch_level_labels(self):
        return {
            "watch_level_lane": self.env._("the carrier in this zone"),
            "watch_level_carrier": self.env._("the carrier"),
            "watch_level_company": self.env._("all carriers"),
            "watch_level_default": self.env._("nobody yet: a usual figure was taken"),
            "watch_lane_lane_warehouse": self.env._("the lane from this warehouse"),
            "watch_lane_lane": self.env._("the carrier in this zone, for this weight"),
            "watch_lane_zone": self.env._("the carrier in this zone"),
            "watch_lane_carrier": self.env._("the carrier"),
            "watch_lane_company": self.env._("all carriers"),
            "watch_lane_none": self.env._("nobody yet"),
        }

    @api.model
    def _disruption_labels(self):
        return {
            "disruption_method": self.env._("New day of delivery"),
            "disruption_formula": self.env._("Day expected before + longest delay of the disruptions, in working days"),
            "disruption_before": self.env._("Expected before"),
            "disruption_extra": self.env._("Delay by this disruption"),
            "disruption_others": self.env._("Delay by other disruptions"),
            "disruption_after": self.env._("Expected now"),
            "disruption_note_there": self.env._("It was due to arrive there in these days."),
            "disruption_note_way": self.env._("It is on its way in these days."),
            "disruption_note_others": self.env._("Delays of several disruptions do not add up: the longest counts."),
        }
