from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._excess_labels() | self._rung_labels()

    @api.model
    def _excess_labels(self):
        return {
            "excess_method": self.env._("Stock beyond what demand and policy need"),
            "excess_formula": self.env._(
                "Excess = on hand + on order - taken by customers - the larger of the maximum and the demand of the "
                "most cover with safety stock"
            ),
            "excess_cover": self.env._("Most cover of the policy"),
            "excess_quantity": self.env._("Excess"),
            "excess_committed": self.env._("Taken care of by accepted steps"),
            "excess_age_90": self.env._("On hand up to 90 days"),
            "excess_age_180": self.env._("On hand 91 to 180 days"),
            "excess_age_365": self.env._("On hand 181 to 365 days"),
            "excess_age_older": self.env._("On hand over a year"),
            "excess_days_to_sell": self.env._("Days until demand has used up the excess"),
            "excess_dead": self.env._("There was no demand for a year, or none is expected."),
            "unit_cost": self.env._("Cost per unit"),
            "holding_month": self.env._("Holding cost per month"),
        }

    @api.model
    def _rung_labels(self):
        return {
            "rung_cancel": self.env._("Do not buy what is not needed"),
            "rung_postpone": self.env._("Buy later, when it is needed"),
            "rung_transfer": self.env._("Send to a warehouse that will need it"),
            "rung_bundle": self.env._("Offer cheaper to buyers of a product that it goes with"),
            "rung_markdown": self.env._("Lower the price as far as it recovers most"),
            "rung_vendor_return": self.env._("Send back to the vendor"),
            "rung_write_off": self.env._("Write off"),
            "rung_formula": self.env._("Net = units x (cash - cost - holding cost until then); the best step first"),
            "rung_quantity": self.env._("Units"),
            "rung_cash_unit": self.env._("Cash per unit"),
            "rung_cost_unit": self.env._("Cost per unit"),
            "rung_holding_unit": self.env._("Holding cost per unit until then"),
            "rung_net_unit": self.env._("Net per unit"),
            "rung_days": self.env._("Days until the cash is there"),
            "rung_discount": self.env._("Off the price"),
            "rung_elasticity": self.env._("Elasticity: change of demand in % for 1 % of price"),
            "rung_elasticity_source": self.env._("Elasticity from"),
            "rung_price_weeks": self.env._("Weeks with sales behind it"),
            "elasticity_own": self.env._("the product's own prices"),
            "elasticity_category": self.env._("its category"),
            "elasticity_company": self.env._("all products of the company"),
            "elasticity_studies": self.env._("published studies (Tellis 1988)"),
            "rung_joint_orders": self.env._("Orders with both"),
            "rung_attach": self.env._("Buyers of the other product that take it along"),
            "rung_lift": self.env._("Times as often as by chance"),
            "rung_note_cancel": self.env._("Money that is not spent; nothing has to be sold."),
            "rung_note_postpone": self.env._("Money that is spent later; demand will need the units by then."),
            "rung_note_transfer": self.env._("The other warehouse need not buy these units."),
            "rung_note_bundle": self.env._("Cost is what those who buy both anyway pay less."),
            "rung_note_markdown": self.env._("Cost is what units that would have sold anyway bring less."),
            "rung_note_vendor_return": self.env._("On the terms in the vendor's price list, else of the settings."),
            "rung_note_write_off": self.env._("What no other step can take."),
        }
