from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._carrier_choice_labels() | self._ship_from_labels() | self._replay_labels()

    @api.model
    def _carrier_choice_labels(self):
        return {
            "carrier_choice_method": self.env._("Expected cost of the delivery"),
            "carrier_choice_formula": self.env._(
                "Price + P(late) × cost of lateness + P(loss or damage) × value of goods"
            ),
            "carrier_price": self.env._("Price"),
            "carrier_price_source": self.env._("Price from"),
            "price_rules": self.env._("the carrier's price rules"),
            "price_lane": self.env._("what its parcels cost on the lane"),
            "price_provider": self.env._("the provider's answer"),
            "carrier_days_left": self.env._("Working days until the promise"),
            "carrier_p_late": self.env._("Probability of being late"),
            "carrier_cost_late": self.env._("Cost of a late parcel"),
            "carrier_late_cost": self.env._("Expected cost of lateness"),
            "carrier_p_loss": self.env._("Probability of loss or damage"),
            "carrier_value": self.env._("Value of goods"),
            "carrier_risk_cost": self.env._("Expected loss"),
            "carrier_lane_level": self.env._("Measured on"),
            "lane_level_lane": self.env._("the lane itself"),
            "lane_level_zone": self.env._("the carrier's parcels to the zone"),
            "lane_level_carrier": self.env._("all parcels of the carrier"),
            "lane_level_company": self.env._("all parcels of the company"),
            "lane_level_lane_warehouse": self.env._("the lane itself, from this warehouse"),
            "lane_level_none": self.env._("nothing yet"),
            "carrier_score_present": self.env._("Expected cost with the present carrier"),
            "carrier_note_limit": self.env._("A cheaper carrier is full: its limit per day or month is reached."),
            "carrier_note_not_allowed": self.env._("The present carrier does not take this delivery."),
            "carrier_note_no_cost_late": self.env._(
                "No cost of lateness is set for this customer: only price and risk decide."
            ),
            "carrier_note_no_promise": self.env._(
                "The customer was promised no day: the usual late rate of the lane was taken."
            ),
            "carrier_note_rule": self.env._("By the rule “%(rule)s”."),
            "carrier_note_min_saving": self.env._("Others are not cheaper by the least saving that the rule asks for."),
        }

    @api.model
    def _ship_from_labels(self):
        return {
            "ship_from_method": self.env._("Expected cost from this warehouse"),
            "ship_from_formula": self.env._(
                "Sum over parcels of price, lateness and risk + further parcels × cost of one more parcel"
            ),
            "ship_from_parcels": self.env._("Shipments"),
            "ship_from_parcels_present": self.env._("Shipments from the present warehouse"),
            "ship_from_score_present": self.env._("Expected cost from the present warehouse"),
            "ship_from_split_cost": self.env._("Cost of one more parcel"),
            "ship_from_warehouses": self.env._("Warehouses compared"),
            "ship_from_note_split": self.env._("No warehouse has all of it: the rest leaves from another one."),
            "ship_from_note_missing": self.env._("Part of it is in no warehouse at the moment."),
            "ship_from_note_avoids": self.env._("One shipment instead of several."),
        }

    @api.model
    def _replay_labels(self):
        return {
            "replay_method": self.env._("Replay of the period with the suggested carriers"),
            "replay_formula": self.env._("Cost as it was − cost with the suggested carriers"),
            "replay_learned_from": self.env._("The choice learned from parcels since"),
            "replay_cost_was": self.env._("Freight, lateness and loss as they were"),
            "replay_cost_would": self.env._("With the suggested carriers"),
            "replay_note_learned": self.env._("The choice knew only what had happened before the period."),
            "replay_note_judged": self.env._(
                "A parcel that changes its carrier is judged by what that carrier did in the period with the same "
                "zone and weight; carriers without experience in a zone are not suggested there."
            ),
        }
