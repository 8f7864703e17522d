"""The month: orders, deliveries, parcels and their news, a storm, returns with their money."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from datetime import date, datetime, timedelta

import adapter

sys.path.insert(0, str(adapter.ROOT / "benchmarks"))

import webhook

from .company import SECRET

QUIET = {"skip_sms": True, "skip_backorder": True, "skip_immediate": True}


class Month:
    """Thirty days; ``orders_a_day`` on every second of them."""

    def __init__(self, company, orders_a_day: int):
        self.company, self.orders_a_day = company, orders_a_day
        self.random = company.random
        self.orders, self.tracking = [], 0
        self.fate: dict[str, tuple] = {}  # tracking number: (day and status of its news)

    def live(self, number: int, day: date):
        """One day: orders and deliveries take turns, and on every third day there is news of parcels."""
        if number % 2:
            self._ship(day)
        else:
            self._sell(day)
        if number % 3 == 2:
            self._news(day)

    def last_news(self):
        self._news(self.company.today - timedelta(days=1), hour=20)

    # Orders

    def _sell(self, day: date):
        company, sales = self.company, self.company.person("tour_sales")
        company.at(day, 10)
        ids = sales.call("sale.order", "create", vals_list=[self._order(day) for _one in range(self.orders_a_day)])
        sales.call("sale.order", "action_confirm", ids)
        self.orders += ids

    def _order(self, day):
        company, choose = self.company, self.random
        lines = [
            {
                "product_id": product,
                "product_uom_qty": 1 if (boxed := choose.random() < 0.05) else choose.choice((1, 1, 1, 2, 3)),
                "product_uom_id": company.dozen if boxed else company.unit,
            }
            for product in choose.sample(company.products, choose.choice((1, 2, 2, 3)))
        ]
        values = {
            "partner_id": choose.choice(company.customers),
            "warehouse_id": company.warehouses[choose.random() < 0.3],
            "commitment_date": f"{day + timedelta(days=4)} 12:00:00",
            "order_line": [[0, 0, line] for line in lines],
        }
        # now and then nobody chose a carrier
        return values | ({"carrier_id": choose.choice(company.carriers)} if choose.random() < 0.94 else {})

    # Deliveries

    def _ship(self, day: date):
        """The picker does the open transfers of orders; a few stay for the next time."""
        company, picker = self.company, self.company.person("tour_picker")
        company.at(day, 14)
        for kind in ("internal", "outgoing"):
            domain = [["picking_type_code", "=", kind], ["state", "=", "assigned"], ["sale_id", "!=", False]]
            found = picker.call("stock.picking", "search_read", domain=domain, fields=["carrier_id"], order="id")
            going = [row for row in found if self.random.random() < 0.97]
            if kind == "outgoing":
                for row in going:
                    if row["carrier_id"]:
                        self._label(picker, row["id"], day)
            if going:
                picker.call("stock.picking", "button_validate", [row["id"] for row in going], context=QUIET)

    def _label(self, picker, picking, day):
        self.tracking += 1
        ref = f"TOUR{self.tracking:06}"
        picker.call("stock.picking", "write", [picking], vals={"carrier_tracking_ref": ref})
        fate, days = self.random.random(), self.random.choice((1, 1, 2, 2, 3, 5))
        last = "damaged" if fate < 0.03 else "lost" if fate < 0.05 else "delivered"
        self.fate[ref] = (day, days, last)

    # News of parcels

    def _news(self, day: date, hour=18):
        """What happened up to this hour comes by signed webhook, also what was told before."""
        self.company.at(day, hour)
        parcels = []
        for ref, (sent, days, last) in self.fate.items():
            steps = [(0, 20, "info_received"), (1, 3, "in_transit")]
            if last == "lost":
                steps.append((6, 9, "lost"))
            else:
                if last == "damaged":
                    steps.append((days, 8, "damaged"))
                steps += [(days, 9, "out_for_delivery"), (days, 15, "delivered")]
            events = [
                {"time": f"{sent + timedelta(days=after)}T{at:02}:00:00+01:00", "code": code}
                for after, at, code in steps
                if sent + timedelta(days=after) < day or (sent + timedelta(days=after) == day and at < hour)
            ]
            if events and day - sent < timedelta(days=12):
                parcels.append({"tracking_ref": ref, "events": events})
        for at in range(0, len(parcels), 200):
            self._send(json.dumps({"parcels": parcels[at : at + 200]}).encode(), day, hour)

    def _send(self, body, day, hour):
        now = datetime.fromisoformat(self.company.clock.taken.read_text() + "+00:00")
        stamp = str(int(now.timestamp()))
        signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-SCM-Timestamp": stamp, "X-SCM-Signature": signature}
        _seconds, statuses, answers = webhook.send_all(
            self.company.server.url, self.company.webhook, [body], 1, lambda _body: headers
        )
        assert statuses == {200: 1}, (statuses, answers)
        assert not answers[0]["unknown_codes"] and not answers[0]["unknown_parcels"], answers
