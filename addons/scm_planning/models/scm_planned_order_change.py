import math
from datetime import date, timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..kernel.supply_calendar import NO_DAY, latest_order_day

#: what a planner may write himself; all else the plan decides
BY_HAND = {"quantity", "date_receipt", "reason"}
MOST = 1e12


class ScmPlannedOrder(models.Model):
    """What people decide about planned orders. The plan of the product is made again at once."""

    _inherit = "scm.planned.order"

    def firm(self, reason=""):
        """Keep these orders as they are, whatever the plan says later. For supply-chain managers.

        :return: number of orders that became firm
        """
        return self._decide("firm", ("proposed", "cancelled"), reason)

    def cancel_orders(self, reason=""):
        """Do not order: the plan leaves that week out, and what is still needed moves to a later one.

        :return: number of orders that were cancelled
        """
        return self._decide("cancelled", ("proposed", "firm"), reason)

    def reopen(self):
        """Give firm and cancelled orders back to the plan, which may change or drop them.

        :return: number of orders
        """
        return self._decide("proposed", ("firm", "cancelled"), "")

    def change(self, quantity=None, date_receipt=None, reason=""):
        """Set quantity, receipt day or both by hand; the orders become firm.

        :param quantity: in the product's unit, above 0; None leaves it
        :param date_receipt: day (or text ``YYYY-MM-DD``), not in a week before an order placed today can be there;
            None leaves it
        :param reason: why
        """
        values = {"reason": str(reason or "").strip() or False}
        if quantity is not None and quantity is not False:
            values["quantity"] = quantity
        if date_receipt:
            values["date_receipt"] = date_receipt
        return self.write(values)

    def action_firm(self):
        return self._told(self.firm(), self.env._("planned orders are firm now."))

    def action_cancel(self):
        return self._told(self.cancel_orders(), self.env._("planned orders cancelled."))

    def action_reopen(self):
        return self._told(self.reopen(), self.env._("planned orders given back to the plan."))

    def _told(self, count, words):
        return self.env["scm.policy.proposal"]._notification(f"{count} {words}", "success" if count else "warning")

    def write(self, vals):
        """Managers change quantity, receipt day and reason; the order becomes firm and its product is planned again."""
        if self.env.su:
            return super().write(vals)
        self._check_manager()
        self.check_access("write")
        self._check_by_hand(vals)
        # sudo: role, access and values are checked above; the other fields follow from them
        orders = self.sudo()
        if "date_receipt" in vals:
            orders._check_reachable(fields.Date.to_date(vals["date_receipt"]))
        for order in orders:
            before = {"quantity_before": order.quantity, "date_before": order.date_receipt}
            super(ScmPlannedOrder, order).write(vals | before)
        if {"quantity", "date_receipt"} & set(vals):
            super(ScmPlannedOrder, orders).write({"state": "firm", "user_id": self.env.uid})
            orders._follow()
            orders._replan()
        return True

    def _check_by_hand(self, vals):
        closed = set(vals) - BY_HAND
        if closed:
            raise UserError(
                self.env._(
                    "%(fields)s of a planned order cannot be written: change its quantity, receipt day or reason, or "
                    "use firm, cancel_orders and reopen.",
                    fields=", ".join(sorted(closed)),
                )
            )
        if "quantity" in vals:
            self._check_quantity(vals["quantity"])
        if {"quantity", "date_receipt"} & set(vals) and self.filtered(lambda order: order.state == "released"):
            raise UserError(self.env._("A released order is changed in its purchase order or transfer."))
        if "date_receipt" in vals:
            try:
                day = fields.Date.to_date(vals["date_receipt"])
            except (TypeError, ValueError):
                day = None
            if not day or not date(2000, 1, 1) <= day <= date(2200, 1, 1):
                raise ValidationError(self.env._("The receipt day must be a day, such as 2027-03-31."))

    def _check_reachable(self, day):
        """Nothing is planned for a week that an order placed today cannot reach: the plan would not believe it."""
        items = self._plan_items()
        sunday = day + timedelta(days=6 - day.weekday())
        for order in self:
            item = items.get((order.product_id.id, order.warehouse_id.id))
            if not item:
                continue
            between = order.kind == "transfer" and item.supply != "transfer"
            days = math.ceil(order.company_id.scm_plan_transfer_days if between else item.lead_time_days)
            earliest = item.plan_id.date + timedelta(days=days)
            if earliest > sunday:
                raise UserError(
                    self.env._(
                        "%(order)s: ordered today, it comes on %(day)s (%(count)s days). Choose that week or "
                        "a later one. If it comes faster now, say so in the lead time of the vendor or the route.",
                        order=order.display_name,
                        day=format_date(self.env, earliest),
                        count=days,
                    )
                )

    def _plan_items(self):
        """Dict (product id, warehouse id) -> its item in the plan."""
        items = self.env["scm.order.plan.item"].search_fetch(
            [("company_id", "in", self.company_id.ids), ("product_id", "in", self.product_id.ids)],
            ["product_id", "warehouse_id", "lead_time_days", "supply", "plan_id"],
        )
        return {(item.product_id.id, item.warehouse_id.id): item for item in items}

    @api.model
    def _check_quantity(self, quantity):
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        # asked this way round, so that what is no number does not pass
        if not is_number or not 0 < quantity < MOST:
            raise ValidationError(
                self.env._("A planned quantity must be a number above 0. To order nothing, cancel the order.")
            )

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(
                self.env._("Only a supply-chain manager may change the plan. Ask one, or ask for the role.")
            )

    def _decide(self, state, from_states, reason):
        self._check_manager()
        self.check_access("write")
        # sudo: role and access are checked above
        todo = self.sudo().filtered(lambda order: order.state in from_states)
        if todo:
            note = str(reason or "").strip()
            todo.write({"state": state, "user_id": self.env.uid} | ({"reason": note} if note else {}))
            todo._replan()
        return len(todo)

    def _follow(self):
        """Order-by day and value of orders whose quantity or receipt day was set by hand."""
        for company in self.company_id:
            orders = self.filtered(lambda order, company=company: order.company_id == company)
            lead = {key: item.lead_time_days for key, item in orders._plan_items().items()}
            today = self.env["scm.demand.day"]._scm_company_today(company)
            days = np.array([(order.date_receipt - today).days for order in orders])
            last = today + timedelta(days=max(int(days.max(initial=0)), 1))
            vendors = [order.vendor_id.id for order in orders]
            calendar, rows = self.env["scm.event"]._supply_calendar(company, vendors, today, last)
            order_days = latest_order_day(
                calendar,
                np.array([rows.get(vendor, -1) for vendor in vendors]),
                days,
                np.array([lead.get((order.product_id.id, order.warehouse_id.id), 0.0) for order in orders]),
            )
            for order, day in zip(orders, order_days.tolist(), strict=True):
                order.date_order = today + timedelta(days=day) if day != NO_DAY else today
                order.value = order.currency_id.round(order.quantity * order.price_unit)

    def _replan(self):
        """Plan the products of these orders again."""
        for company in self.company_id:
            orders = self.filtered(lambda order, company=company: order.company_id == company)
            self.env["scm.order.plan"]._refresh(company, orders.product_id.ids)
