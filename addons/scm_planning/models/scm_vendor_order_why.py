from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._joint_labels() | self._joint_notes()

    @api.model
    def _joint_labels(self):
        return {
            "joint_order": self.env._("Planned orders of one vendor, ordered together"),
            "joint_line": self.env._("Planned order in a joint order"),
            "joint_formula": self.env._(
                "Orders are joined while ordering and freight saved exceed the cost of holding stock earlier"
            ),
            "joint_lines": self.env._("Lines"),
            "joint_min_value": self.env._("Minimum order value"),
            "joint_free_value": self.env._("Freight free from"),
            "joint_freight_cost": self.env._("Freight of an order or container"),
            "joint_order_cost": self.env._("Cost of one more order"),
            "joint_window": self.env._("Joining window"),
            "joint_holding": self.env._("Cost of holding what is pulled forward"),
            "joint_saving": self.env._("Saved by joining, holding deducted"),
            "joint_containers": self.env._("Containers"),
            "joint_fill": self.env._("Filled"),
            "joint_cut_value": self.env._("Left out by the budget"),
            "joint_need": self.env._("Needed"),
            "joint_own_day": self.env._("To be ordered by itself on"),
            "joint_day": self.env._("Ordered together on"),
            "joint_price": self.env._("Price per unit at this quantity"),
            "joint_margin": self.env._("Margin lost if left out"),
        }

    @api.model
    def _joint_notes(self):
        return {
            "joint_joined": self.env._("Lines due later were pulled forward to save an order."),
            "joint_price_break": self.env._("A lower price from a larger quantity saves more than holding it costs."),
            "joint_minimum_reached": self.env._("Filled up to the vendor's minimum with what is needed soonest."),
            "joint_below_minimum": self.env._("All that is needed soon does not reach the vendor's minimum."),
            "joint_freight_free": self.env._("The order reaches the limit from which freight is free."),
            "joint_freight_not_worth": self.env._(
                "Reaching the freight-free limit would cost more in holding stock than the freight."
            ),
            "joint_container_filled": self.env._("The container was filled with what runs out soonest."),
            "joint_over_capacity": self.env._("The vendor's weekly capacity does not suffice."),
            "joint_unknown": self.env._(
                "Some products have neither weight nor volume nor pallets; the fill is too low."
            ),
            "joint_no_terms": self.env._("No terms are known of this vendor: every day is open and nothing is joined."),
            "joint_no_open_day": self.env._("The vendor takes orders on no day of the plan."),
            "joint_vendor_archived": self.env._("The vendor is archived."),
            "joint_no_rate": self.env._("The vendor's currency has no rate; its prices are counted one to one."),
            "joint_edited": self.env._("A planner changed quantities in the order builder."),
            "joint_pulled": self.env._("Pulled forward to join the order."),
            "joint_late": self.env._("It should have been ordered before; this is the vendor's next open day."),
            "joint_by_hand": self.env._("A planner set the quantity."),
            "joint_moq": self.env._("The vendor's least quantity or multiple lifts the quantity above the need."),
            "budget_postpone": self.env._("The budget of the month does not suffice; it can wait for its own month."),
            "budget_below_minimum": self.env._(
                "What the budget leaves of this order does not reach the vendor's minimum: nothing of it is ordered."
            ),
            "budget_cut": self.env._("The budget of the month does not suffice; other lines have more at risk."),
        }
