from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._lifecycle_labels()

    @api.model
    def _lifecycle_labels(self):
        return {
            "like_item": self.env._("Grown product that it resembles most"),
            "like_item_formula": self.env._(
                "Likeness = 40 % category + 25 % name + 20 % attributes + 15 % price, of what is known of both"
            ),
            "like_category": self.env._("Category"),
            "like_attributes": self.env._("Attributes"),
            "like_name": self.env._("Name"),
            "like_price": self.env._("Price"),
            "like_week": self.env._("Like-item's demand per week"),
            "like_scale": self.env._("Factor from price and category"),
            "last_buy": self.env._("Last order before the end of sale"),
            "last_buy_formula": self.env._("What may still be asked until the end, less stock and open receipts"),
            "end_on_hand": self.env._("On hand"),
            "end_demand_to_end": self.env._("Expected until the end"),
            "end_last_buy_quantity": self.env._("Buy a last time"),
            "end_remaining_quantity": self.env._("Will remain"),
            "end_level": self.env._("Chance that it is enough"),
            "ended": self.env._("Its sale is over: nothing is expected or ordered any more."),
        }
