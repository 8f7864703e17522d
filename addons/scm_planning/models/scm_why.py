from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._unit_labels() | self._policy_labels() | self._policy_note_labels()

    @api.model
    def _unit_labels(self):
        """``uom:<id>`` is the name of a unit in the reader's language."""
        return {f"uom:{unit.id}": unit.name for unit in self.env["uom.uom"].search([])}

    @api.model
    def _policy_labels(self):
        return {
            "reorder_point": self.env._("Order when stock falls below the minimum, up to the maximum"),
            "reorder_point_formula": self.env._(
                "Minimum = quantile of demand over lead time and review period; maximum = minimum + order quantity"
            ),
            "demand_day": self.env._("Demand per day"),
            "lead_time_days": self.env._("Lead time"),
            "lead_time_sd": self.env._("Lead time, standard deviation"),
            "lead_time_source": self.env._("Lead time from"),
            "lead_time_sample": self.env._("Receipts measured"),
            "source_own": self.env._("receipts of the product"),
            "source_vendor": self.env._("receipts of the vendor"),
            "source_company": self.env._("receipts of all vendors"),
            "source_typed": self.env._("typed at the vendor"),
            "source_route": self.env._("delays of the route"),
            "source_default": self.env._("not known"),
            "review_days": self.env._("Review period"),
            "protection_days": self.env._("Days to protect (lead time and review)"),
            "target": self.env._("Service counts"),
            "target_cycle": self.env._("cycles without stock-out"),
            "target_fill": self.env._("units delivered from stock"),
            "service_level": self.env._("Service level"),
            "demand_mean": self.env._("Expected demand in these days"),
            "demand_sd": self.env._("Its standard deviation, lead time included"),
            "safety_stock": self.env._("Safety stock"),
            "order_quantity": self.env._("Order quantity"),
            "eoq": self.env._("Economic order quantity"),
            "moq": self.env._("Least quantity of the vendor"),
            "multiple": self.env._("Ordered in multiples of"),
            "service_now": self.env._("Service of the present rule"),
            "min_current": self.env._("Minimum now"),
            "max_current": self.env._("Maximum now"),
            "min_proposed": self.env._("Minimum proposed"),
            "max_proposed": self.env._("Maximum proposed"),
            "cash_effect": self.env._("Change of average stock value"),
            "on_hand": self.env._("On hand"),
            "incoming": self.env._("Open receipts"),
            "outgoing": self.env._("Taken by customers"),
            "on_order_draft": self.env._("In quotations"),
            "position": self.env._("Stock position"),
            "qty_to_order": self.env._("To order now"),
        }

    @api.model
    def _policy_note_labels(self):
        return {
            "no_forecast": self.env._(
                "There is no forecast for this product: demand is not known, and the levels of its rule stay."
            ),
            "class_unknown": self.env._("Not enough data to class the product; it is treated as CY."),
            "item_policy": self.env._("The policy was given to this product by hand."),
            "bound_not_stocked": self.env._("The policy says that this product is not stocked."),
            "bound_no_demand": self.env._("No demand is expected, so nothing is kept in stock."),
            "bound_moq_above_cover": self.env._("The vendor's least quantity lifts the maximum above the most cover."),
            "bound_moq": self.env._("The vendor's least quantity sets the order quantity."),
            "bound_multiple": self.env._("The order quantity is rounded up to the vendor's multiple."),
            "bound_eoq": self.env._("The economic order quantity sets the order quantity."),
            "bound_cover_min": self.env._("The least cover of the policy lifts the minimum."),
            "bound_cover_max": self.env._("The most cover of the policy limits the stock levels."),
            "no_vendor": self.env._("There is no vendor and no route that supplies the product."),
            "no_lead_time": self.env._("Neither receipts nor a typed lead time are there."),
            "unit_mismatch": self.env._("The vendor's unit cannot be converted into the product's."),
        }
