from odoo import api, models


class ScmWhy(models.AbstractModel):
    """Words of the order plan."""

    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._plan_labels() | self._plan_note_labels()

    @api.model
    def _plan_labels(self):
        return {
            "weeks": self.env._("weeks"),
            "order_plan": self.env._("Order plan by week"),
            "order_plan_formula": self.env._(
                "Closing = opening + receipts + quotations + planned + transfers in - orders taken - forecast net of "
                "them - transfers out"
            ),
            "planned_order": self.env._("Planned order"),
            "planned_transfer": self.env._("Planned transfer"),
            "planned_order_formula": self.env._(
                "Needed = most that stock would lie below safety stock until the lot is used up; rounded up to the "
                "vendor's least quantity and multiple"
            ),
            "plan_opening": self.env._("Stock at the beginning of the week"),
            "plan_receipts": self.env._("Open receipts at their likely dates"),
            "plan_draft": self.env._("Quotations"),
            "plan_orders": self.env._("Sales orders already taken"),
            "plan_other_out": self.env._("Overdue deliveries and transfers under way"),
            "plan_forecast": self.env._("Forecast net of orders taken"),
            "plan_transfer_in": self.env._("Planned transfers in"),
            "plan_transfer_out": self.env._("Planned transfers out"),
            "plan_dependent": self.env._("Needed by other warehouses"),
            "plan_stock_before": self.env._("Stock at the end of that week without this order"),
            "plan_covers_until": self.env._("Lasts until"),
            "plan_needed": self.env._("Needed"),
            "plan_lot_weeks": self.env._("A lot lasts"),
            "plan_planned": self.env._("Planned orders"),
            "plan_value": self.env._("Value"),
            "price_unit": self.env._("Price per unit"),
            "plan_short": self.env._("Units short"),
            "plan_margin_at_risk": self.env._("Margin at risk"),
            "plan_expedite": self.env._("Open receipts that could be expedited"),
            "plan_expedite_orders": self.env._("Ask to expedite"),
            "plan_transfer_from": self.env._("Send from"),
            "plan_substitute_by": self.env._("Offer instead"),
            "plan_transfer": self.env._("Another warehouse could send"),
            "plan_substitute": self.env._("Another product could take over"),
        }

    @api.model
    def _plan_note_labels(self):
        return {
            "plan_late": self.env._("Stock runs out before an order placed today can arrive."),
            "plan_pulled_forward": self.env._(
                "The vendor is closed: what would be due then is ordered earlier and comes before it is needed."
            ),
            "plan_after_need": self.env._("It comes after it is needed: this is the earliest day."),
            "plan_moq_above_max": self.env._("The vendor's least quantity is more than the maximum stock."),
            "plan_surplus": self.env._("The other warehouse has more than it needs until it is supplied again."),
            "plan_change_quantity": self.env._("The quantity changed since the plan before."),
            "plan_change_date": self.env._("The date changed since the plan before."),
            "plan_change_vendor": self.env._("The vendor changed since the plan before."),
            "circular_transfer": self.env._("Warehouses resupply each other in a circle; the plan buys instead."),
            "no_open_day": self.env._("The vendor has no open day within the plan."),
        }
