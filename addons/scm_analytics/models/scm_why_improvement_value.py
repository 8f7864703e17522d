from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "value_returns": self.env._("Returns that these are of"),
            "value_freight": self.env._("Freight of all parcels of a year"),
            "value_packing": self.env._("Packing of all parcels of a year"),
            "value_carrying": self.env._("Stock that is on the way for fewer days"),
            "value_lost_sales": self.env._("Margin of sales that are not lost any more"),
            "value_stated": self.env._("Stated by a manager"),
            "value_stated_formula": self.env._("as stated"),
            "value_stated_amount": self.env._("Stated, a year"),
            "value_formula": self.env._("change × facts a year × money of one"),
            "value_change": self.env._("Change that was measured"),
            "value_volume": self.env._("Facts a year"),
            "value_unit": self.env._("Money of one"),
            "value_low": self.env._("Value, at least (95 %)"),
            "value_high": self.env._("Value, at most (95 %)"),
            "value_return_cost": self.env._("Cost of the returns of a year"),
            "value_received": self.env._("Goods received in a year, at cost"),
            "value_holding_rate": self.env._("Holding rate a year"),
            "value_revenue": self.env._("Revenue of a year"),
            "value_lost_revenue": self.env._("Revenue lost in the year"),
            "value_cost_of_goods": self.env._("Cost of the goods sold"),
            "value_one_year": self.env._("It counts for the 365 days that follow its first day after."),
            "value_once": self.env._("Days that an earlier improvement of the scope counts do not count again."),
        }
