from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {**super()._labels(), **self._freight_labels(), **self._claim_labels(), **self._carrier_labels()}

    @api.model
    def _freight_labels(self):
        return {
            "kg": self.env._("kg"),
            "freight_check": self.env._("Invoice against expected freight"),
            "freight_check_formula": self.env._(
                "billed − expected = weight + zone + price + surcharge + twice + unknown"
            ),
            "freight_billed": self.env._("Billed"),
            "freight_expected": self.env._("Expected"),
            "freight_weight_ours": self.env._("Weight when handed over"),
            "freight_weight_billed": self.env._("Weight billed"),
            "freight_source": self.env._("Expected from"),
            "freight_source_rate": self.env._("contract rate"),
            "freight_source_rule": self.env._("price rule of the delivery method"),
            "freight_source_fixed": self.env._("fixed price of the delivery method"),
            "freight_source_transfer": self.env._("price given with the label"),
            "freight_source_none": self.env._("typed by hand"),
            "freight_part_weight": self.env._("By another weight"),
            "freight_part_zone": self.env._("By another zone"),
            "freight_part_price": self.env._("By another price"),
            "freight_part_surcharge": self.env._("Surcharge beyond what was agreed"),
            "freight_part_duplicate": self.env._("Billed before"),
            "freight_part_unknown": self.env._("No parcel with this number"),
            "freight_reason_ok": self.env._("Within the tolerance."),
            "freight_reason_weight": self.env._("Billed with another weight than that of the parcel."),
            "freight_reason_zone": self.env._("Billed with another zone than that of the address."),
            "freight_reason_price": self.env._("Billed at another price than agreed."),
            "freight_reason_surcharge": self.env._("The surcharge was not agreed, or is higher than agreed."),
            "freight_reason_duplicate": self.env._("The same charge for the same parcel was billed before."),
            "freight_reason_unknown": self.env._("No parcel of ours has this tracking number."),
            "freight_reason_no_price": self.env._("No price is known for the parcel: it cannot be judged."),
            "freight_reason_credit": self.env._("A credit: nothing is expected."),
        }

    @api.model
    def _claim_labels(self):
        return {
            "claim_lost": self.env._("Goods that were lost"),
            "claim_damaged": self.env._("Goods that were damaged"),
            "claim_late": self.env._("Guaranteed day that was missed"),
            "claim_formula_goods": self.env._("min(value, max(per parcel, per kg × weight)) + freight"),
            "claim_formula_late": self.env._("refund × freight"),
            "claim_value": self.env._("Value of the goods"),
            "claim_weight": self.env._("Weight"),
            "claim_limit_parcel": self.env._("Liability per parcel (0: none agreed)"),
            "claim_limit_kg": self.env._("Liability per kg (0: none agreed)"),
            "claim_freight": self.env._("Freight"),
            "claim_refund": self.env._("Refund agreed"),
            "claim_handed": self.env._("Handed over"),
            "claim_guaranteed": self.env._("Guaranteed until"),
            "claim_delivered": self.env._("Delivered"),
        }

    @api.model
    def _carrier_labels(self):
        return {
            "carrier_month": self.env._("Share of due parcels on time (Wilson), change (Newcombe)"),
            "carrier_month_formula": self.env._("on time / due"),
            "carrier_on_time": self.env._("On time"),
            "carrier_due": self.env._("Due"),
            "carrier_late_ours": self.env._("Left out: handed over after the promised day"),
            "carrier_low": self.env._("At least (95 %)"),
            "carrier_high": self.env._("At most (95 %)"),
            "carrier_before": self.env._("The three months before"),
            "carrier_change": self.env._("Change"),
            "carrier_change_low": self.env._("Change, at least (95 %)"),
            "carrier_change_high": self.env._("Change, at most (95 %)"),
        }
