from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {**super()._labels(), **self._wave_labels(), **self._face_labels()}

    @api.model
    def _wave_labels(self):
        return {
            "m": self.env._("m"),
            "kg": self.env._("kg"),
            "wave_savings": self.env._("Orders are joined where joining saves most metres"),
            "wave_rule": self.env._(
                "earliest promise first, into the first departure with room; then tours by metres saved"
            ),
            "wave_orders": self.env._("Orders"),
            "wave_lines": self.env._("Lines"),
            "wave_kg": self.env._("Weight"),
            "wave_before": self.env._("Had each order its own tour"),
            "wave_until": self.env._("Picked by"),
            "wave_late": self.env._("Orders promised for an earlier day"),
            "wave_no_way": self.env._("Some places have no coordinates: the way is of the others only."),
            "wave_alone": self.env._("The order alone is more than a tour takes; it has a tour of its own."),
            "wave_unfit": self.env._("Orders of the day that no wave can take"),
            "wave_no_cutoff": self.env._("No cut-off of the day takes them"),
            "wave_past": self.env._("The last departure is over"),
            "wave_full_orders": self.env._("Waves are full: orders"),
            "wave_full_lines": self.env._("Waves are full: lines"),
            "wave_full_kg": self.env._("Waves are full: weight"),
            "wave_not_ready": self.env._("Goods not reserved yet"),
            "wave_locked": self.env._("Goods in a locked place"),
        }

    @api.model
    def _face_labels(self):
        return {
            "face_refill": self.env._("Filled to the maximum in whole cases"),
            "face_rule": self.env._("on hand - taken - waiting + coming < minimum: up to the maximum"),
            "face_limits": self.env._("Limits from demand"),
            "face_limit_rule": self.env._(
                "minimum = max(demand x reserve days, busy day); maximum = minimum + demand x days between fillings"
            ),
            "face_on_hand": self.env._("On hand"),
            "face_taken": self.env._("Taken by reserved orders"),
            "face_waiting": self.env._("Orders that wait for stock"),
            "face_coming": self.env._("On its way"),
            "face_minimum": self.env._("Minimum"),
            "face_maximum": self.env._("Maximum"),
            "face_case": self.env._("Units in a case"),
            "face_room": self.env._("Room of the place"),
            "face_bulk": self.env._("Free in bulk"),
            "face_per_day": self.env._("Demand per day"),
            "face_busy": self.env._("Busy day (9 of 10 days are below)"),
            "face_cover": self.env._("Days between fillings"),
            "face_reserve": self.env._("Days of reserve"),
            "face_faces": self.env._("Pick faces that share the product's demand"),
            "face_from_picks": self.env._("Demand is what was picked in the window."),
            "face_from_forecast": self.env._("Demand is the forecast of the coming week."),
            "face_no_demand": self.env._("Nothing was picked in the window: the limits are left as they are."),
            "face_short": self.env._("Bulk has less than is wanted."),
            "face_no_bulk": self.env._("The pick face will be empty and bulk has nothing free"),
            "face_open_case": self.env._("The last case in bulk is not full; it goes as it is."),
        }
