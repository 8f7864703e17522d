"""What is bought: the forecast proposes, the buyer orders, some comes late, some is bad and goes back."""

from __future__ import annotations

from datetime import date, timedelta

from .company import VENDORS
from .month import QUIET


class Purchases:
    def __init__(self, company):
        self.company, self.random = company, company.random
        self.due: dict[int, date] = {}  # order: the day on which its goods come

    def plan(self):
        """Forecast, reordering rules, purchase orders: from the history that was imported."""
        planner = self.company.person("tour_planner")
        self.company.at(self.company.first, 7)
        planner.call("scm.demand.day", "refresh_demand")
        run = planner.call("scm.forecast.run", "run_now", wait=True)
        [read] = planner.call("scm.forecast.run", "read", [run], fields=["state", "message", "error_count"])
        assert (read["state"], read["error_count"]) == ("done", 0), read
        ids = planner.call("scm.policy.proposal", "search", domain=[["state", "=", "proposed"]])
        applied = planner.call("scm.policy.proposal", "apply_proposals", ids)
        assert applied["applied"] == len(ids) > 0, applied
        domain = [["qty_to_order", ">", 0], ["vendor_id", "!=", False], ["state", "!=", "blocked"]]
        wanted = planner.call("scm.policy.proposal", "search", domain=domain)
        if wanted:
            made = planner.call("scm.policy.proposal", "replenish", wanted)
            assert not made["failed"], made
            self._confirm(made["purchase_order_ids"], self.company.first)

    def order_by_hand(self, day: date):
        """One order of three products from each vendor, one of them by the dozen."""
        company, buyer = self.company, self.company.person("tour_buyer")
        company.at(day, 8)
        rows = []
        for number, vendor in enumerate(company.vendors):
            own = company.products[6 * (number > 0) + 6 * (number > 1) :][:3]
            lines = [
                {"product_id": product, "product_qty": 5 if boxed else 40,
                 "product_uom_id": company.dozen if boxed else company.unit,
                 "date_planned": f"{day + timedelta(days=VENDORS[number][1])} 12:00:00"}
                for boxed, product in zip((True, False, False), own, strict=True)
            ]  # fmt: skip
            rows.append({"partner_id": vendor, "order_line": [[0, 0, line] for line in lines]})
        self._confirm(buyer.call("purchase.order", "create", vals_list=rows), day)

    def _confirm(self, orders, day):
        buyer = self.company.person("tour_buyer")
        buyer.call("purchase.order", "button_confirm", orders)
        for row in buyer.call("purchase.order", "read", orders, fields=["date_planned"]):
            planned = date.fromisoformat(row["date_planned"][:10]) if row["date_planned"] else day
            self.due[row["id"]] = planned + timedelta(days=self.random.choice((-1, 0, 0, 0, 2, 4)))

    def receive(self, day: date):
        """All that comes on the day; one in four receipts is inspected, and what is bad goes back."""
        orders = [order for order, at in self.due.items() if at <= day]
        if not orders:
            return
        company, picker, buyer = self.company, self.company.person("tour_picker"), self.company.person("tour_buyer")
        company.at(day, 9)
        for order in orders:
            del self.due[order]
        rows = buyer.call("purchase.order", "read", orders, fields=["picking_ids"])
        ids = [picking for row in rows for picking in row["picking_ids"]]
        ready = picker.call("stock.picking", "search", domain=[["id", "in", ids], ["state", "=", "assigned"]])
        picker.call("stock.picking", "button_validate", ready, context=QUIET)
        for picking in ready[:1]:
            self._inspect(picking)

    def _inspect(self, picking):
        picker, buyer = self.company.person("tour_picker"), self.company.person("tour_buyer")
        [move, *_more] = picker.call(
            "stock.move", "search_read", domain=[["picking_id", "=", picking]], fields=["quantity", "product_id"]
        )
        buyer.call("scm.receipt.inspection", "scm_inspect", move_id=move["id"], qty_rejected=2, defect="DAMAGED")
        wizard = picker.call(
            "stock.return.picking", "create", vals_list=[{"picking_id": picking}],
            context={"active_id": picking, "active_ids": [picking], "active_model": "stock.picking"},
        )  # fmt: skip
        lines = picker.call(
            "stock.return.picking.line", "search_read", domain=[["wizard_id", "in", wizard]], fields=["move_id"]
        )
        for line in lines:
            back = 2 if line["move_id"] and line["move_id"][0] == move["id"] else 0
            picker.call("stock.return.picking.line", "write", [line["id"]], vals={"quantity": back})
        action = picker.call("stock.return.picking", "action_create_returns", wizard)
        picker.call("stock.picking", "button_validate", [action["res_id"]], context=QUIET)
