"""What the records say, read by interface and added up in plain Python: nothing here asks the suite for a sum."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
PAGE = 20_000


def key(value):
    """Id of a many2one as read; False where it is empty."""
    return value[0] if value else False


class Books:
    """Records of the company from the first to the last day, as one who may read all of them sees them.

    :param client: of adapter.py
    :param first, last: local days, both inside
    """

    def __init__(self, client, company_id: int, first: date, last: date):
        self.client, self.company_id, self.first, self.last = client, company_id, first, last

    def read(self, model, fields, domain=(), **named):
        """All records; many are read page by page."""
        rows = []
        while True:
            page = self.client.call(
                model, "search_read", domain=list(domain), fields=list(fields), limit=PAGE, offset=len(rows),
                order="id", **named,
            )  # fmt: skip
            rows += page
            if len(page) < PAGE:
                return rows

    def mine(self, *domain):
        return [["company_id", "=", self.company_id], *domain]

    @cached_property
    def today(self) -> date:
        return datetime.now(self.zones[False]).date()

    # Days

    @cached_property
    def zones(self):
        """``{warehouse: time zone}``; False: that of the company."""
        [company] = self.read("res.company", ["partner_id"], [["id", "=", self.company_id]])
        houses = self.read("stock.warehouse", ["partner_id"], self.mine())
        partners = [key(row["partner_id"]) for row in (company, *houses) if row["partner_id"]]
        names = {row["id"]: row["tz"] for row in self.read("res.partner", ["tz"], [["id", "in", partners]])}
        own = names.get(key(company["partner_id"])) or "UTC"
        zones = {house["id"]: ZoneInfo(names.get(key(house["partner_id"])) or own) for house in houses}
        return zones | {False: ZoneInfo(own)}

    def day(self, moment, warehouse=False) -> date | None:
        """Local day of a moment as RPC gives it."""
        if not moment:
            return None
        zone = self.zones.get(warehouse) or self.zones[False]
        return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date()

    def inside(self, day) -> bool:
        return day is not None and self.first <= (date.fromisoformat(day) if isinstance(day, str) else day) <= self.last

    def around(self, name):
        """Domain for moments that can lie on the days."""
        return [
            [name, ">=", f"{self.first - timedelta(days=1)} 00:00:00"],
            [name, "<=", f"{self.last + timedelta(days=2)} 00:00:00"],
        ]

    # Masters

    @cached_property
    def products(self):
        fields = ["uom_id", "categ_id", "standard_price", "type"]
        return {row["id"]: row for row in self.read("product.product", fields, [["active", "in", [True, False]]])}

    @cached_property
    def factors(self):
        return {row["id"]: row["factor"] for row in self.read("uom.uom", ["factor"], [["active", "in", [True, False]]])}

    def units(self, quantity, uom, product):
        """A quantity in the unit of the product."""
        return quantity * self.factors[key(uom)] / self.factors[key(self.products[product]["uom_id"])]

    @cached_property
    def usages(self):
        rows = self.read("stock.location", ["usage"], [["active", "in", [True, False]]])
        return {row["id"]: row["usage"] for row in rows}

    # Orders of customers

    @cached_property
    def orders(self):
        """Confirmed orders placed on the days, each with ``day``."""
        fields = ["name", "date_order", "warehouse_id", "amount_untaxed", "currency_rate", "carrier_id"]
        fields += ["partner_shipping_id", "scm_date_promised"]
        rows = self.read("sale.order", fields, self.mine(["state", "=", "sale"], *self.around("date_order")))
        for row in rows:
            row["day"] = self.day(row["date_order"], key(row["warehouse_id"]))
        return {row["id"]: row for row in rows if self.inside(row["day"])}

    @cached_property
    def order_lines(self):
        """Lines of goods of these orders."""
        return self.goods_of(list(self.orders))

    def goods_of(self, orders):
        fields = ["order_id", "product_id", "product_uom_id", "product_uom_qty", "qty_delivered", "price_subtotal"]
        domain = [["order_id", "in", orders], ["display_type", "=", False], ["product_id", "!=", False]]
        rows = self.read("sale.order.line", fields, domain)
        return [row for row in rows if self.products[key(row["product_id"])]["type"] == "consu"]

    @cached_property
    def promised(self):
        """Confirmed orders promised for one of the days."""
        days = [["scm_date_promised", ">=", str(self.first)], ["scm_date_promised", "<=", str(self.last)]]
        fields = ["scm_date_promised", "warehouse_id"]
        return {row["id"]: row for row in self.read("sale.order", fields, self.mine(["state", "=", "sale"], *days))}

    # Moves

    @cached_property
    def moves_of_orders(self):
        """Moves of the lines of the orders placed on the days, by line."""
        return self._moves([line["id"] for line in self.order_lines])

    def _moves(self, lines):
        fields = ["sale_line_id", "product_id", "product_uom", "quantity", "product_uom_qty", "state", "date"]
        fields += ["location_id", "location_dest_id", "origin_returned_move_id"]
        found = defaultdict(list)
        for row in self.read("stock.move", fields, [["sale_line_id", "in", lines], ["state", "!=", "cancel"]]):
            found[key(row["sale_line_id"])].append(row)
        return found

    def left(self, move):
        """Units of a move that went to (above 0) or came back from (below 0) a customer; done ones."""
        if move["state"] != "done":
            return 0.0
        to, out_of = (self.usages[key(move[name])] for name in ("location_dest_id", "location_id"))
        sign = (to == "customer") - (out_of == "customer")
        return sign * self.units(move["quantity"], move["product_uom"], key(move["product_id"]))

    # Parcels

    @cached_property
    def parcels(self):
        """Parcels to customers that ended on the days."""
        fields = ["warehouse_id", "carrier_id", "state_id", "country_id", "date_delivered", "status_at", "is_late"]
        fields += ["date_promised", "is_damaged", "is_lost", "cost_invoiced", "cost_expected", "date_handed", "status"]
        rows = self.read("scm.parcel", fields, self.mine(["direction", "=", "out"], ["is_final", "=", True]))
        for row in rows:
            row["day"] = self.day(row["date_delivered"] or row["status_at"], key(row["warehouse_id"]))
        return [row for row in rows if self.inside(row["day"])]
