from odoo import api, models


class ScmCarrierChoice(models.Model):
    """Why this carrier."""

    _inherit = "scm.carrier.choice"

    @api.model
    def _why(self, company, case, chosen, present, moved, allowed):
        money = company.currency_id.name
        terms = [
            {"code": "carrier_price", "value": chosen["price"], "unit": money},
            {"code": "carrier_price_source", "value": f"price_{chosen['price_source']}"},
            {"code": "carrier_p_late", "value": chosen["p_late"], "unit": "percent"},
            {"code": "carrier_cost_late", "value": case["cost_late"], "unit": money},
            {"code": "carrier_late_cost", "value": chosen["late_cost"], "unit": money},
            {"code": "carrier_p_loss", "value": chosen["p_loss"], "unit": "percent"},
            {"code": "carrier_value", "value": round(case["value"], 2), "unit": money},
            {"code": "carrier_risk_cost", "value": chosen["risk_cost"], "unit": money},
            {"code": "carrier_lane_level", "value": f"lane_level_{chosen['level']}"},
        ]
        if present and present is not chosen:
            terms += [{"code": "carrier_score_present", "value": present["score"], "unit": money}]
        if chosen["days_left"] is not False:
            terms.insert(2, {"code": "carrier_days_left", "value": chosen["days_left"], "unit": "days"})
        return {
            "value": chosen["score"],
            "unit": money,
            "method": "carrier_choice_method",
            "formula": "carrier_choice_formula",
            "sample": chosen["sample"],
            "terms": terms,
            "notes": self._notes(case, chosen, moved, allowed, present),
        }

    @api.model
    def _notes(self, case, chosen, moved, allowed, present):
        notes = []
        if moved:
            notes.append("carrier_note_limit")
        if not allowed and case["present"]:
            notes.append("carrier_note_not_allowed")
        if not case["cost_late"] and not case["cost_late_day"]:
            notes.append("carrier_note_no_cost_late")
        if chosen["days_left"] is False:
            notes.append("carrier_note_no_promise")
        if chosen["sample"] < 30:
            notes.append("small_sample")
        if case["rule"]:
            notes.append({"code": "carrier_note_rule", "values": {"rule": case["rule"].name}})
        if chosen is present and len(case["options"]) > 1 and case["rule"].min_saving:
            notes.append("carrier_note_min_saving")
        return notes
