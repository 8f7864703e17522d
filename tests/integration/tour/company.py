"""A new company: people with the least rights, goods, vendors, carriers, customers. Made by the administrator."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import adapter

ZONE = ZoneInfo("Europe/Berlin")
#: what each person may do, and no more
PEOPLE = {
    "tour_sales": ("sales_team.group_sale_salesman_all_leads",),
    "tour_picker": ("stock.group_stock_user",),
    "tour_buyer": ("purchase.group_purchase_user", "scm_base.scm_group_user"),
    "tour_planner": ("scm_base.scm_group_manager", "stock.group_stock_manager", "purchase.group_purchase_user"),
    "tour_manager": ("scm_base.scm_group_manager",),
    "tour_invoices": ("account.group_account_invoice",),
    "tour_viewer": ("scm_base.scm_group_user",),
}
#: name, category, price, cost, kilograms, vendor, units a week
GOODS = [
    (f"{name} {size}", category, price + 2.5 * number, cost + number, 0.2 + 0.3 * number, vendor, weekly)
    for category, name, price, cost, vendor, weekly in (
        ("Lamps", "Lamp", 24.99, 10.0, 0, 20),
        ("Lamps", "Shade", 14.5, 5.25, 0, 12),
        ("Cups", "Cup", 6.75, 2.4, 1, 40),
        ("Cups", "Bowl", 9.9, 3.6, 1, 16),
        ("Tea", "Tea", 12.35, 6.1, 2, 30),
    )
    for number, size in enumerate(("S", "M", "L"))
]
VENDORS = (("Lantern Works", 9), ("Clay House", 12), ("Tea Garden", 6))
STATES = 5
CUSTOMERS = 40
OPENING = 90
SECRET = "secret of the tour"


def tell(client, model, method, ids, **named):
    """Call a method of Odoo that answers nothing: done, but XML-RPC has no word for it."""
    try:
        client.call(model, method, ids, **named)
    except adapter.Refused as refused:
        if "cannot marshal None" not in refused.message:
            raise


class Company:
    """The company of the tour on its server; ``person(login)`` acts with that person's rights."""

    def __init__(self, server, clock, today: date):
        self.server, self.clock, self.today = server, clock, today
        self.random = random.Random(8)
        self.admin = server.xmlrpc("admin", "admin")
        self._people = {}

    def person(self, login):
        if login not in self._people:
            self._people[login] = self.server.xmlrpc(login)
        return self._people[login]

    def at(self, day: date, hour: int, minute: int = 0):
        """Set the clock to an hour of a day where the company is."""
        moment = datetime.combine(day, time(hour, minute), ZONE).astimezone(ZoneInfo("UTC"))
        self.clock.move(moment.strftime("%Y-%m-%d %H:%M:%S"))

    def ref(self, name):
        module, name = name.split(".")
        [row] = self.admin.call(
            "ir.model.data", "search_read", domain=[["module", "=", module], ["name", "=", name]], fields=["res_id"]
        )
        return row["res_id"]

    def make(self, model, *rows):
        return self.admin.call(model, "create", vals_list=list(rows))

    # Steps

    def set_up(self):
        self._people_and_places()
        self._carriers()
        self._goods()
        self._customers()
        self._opening_stock()

    def _people_and_places(self):
        admin = self.admin
        [company] = admin.call("res.company", "search_read", domain=[], fields=["partner_id"], limit=1, order="id")
        self.company_id = company["id"]
        self.country = self.ref("base.de")
        home = {"tz": "Europe/Berlin", "country_id": self.country, "city": "Berlin", "zip": "10115"}
        admin.call("res.partner", "write", [company["partner_id"][0]], vals=home)
        employee = self.ref("base.group_user")
        self.make(
            "res.users",
            *(
                {
                    "login": login, "password": login, "name": login, "tz": "Europe/Berlin",
                    "group_ids": [[6, 0, [employee, *(self.ref(group) for group in groups)]]],
                }
                for login, groups in PEOPLE.items()
            ),
        )  # fmt: skip
        [first] = admin.call("stock.warehouse", "search", domain=[["company_id", "=", self.company_id]], limit=1)
        [second] = self.make("stock.warehouse", {"name": "South", "code": "SO", "delivery_steps": "pick_ship"})
        self.warehouses = [first, second]

    def _carriers(self):
        [freight] = self.make("product.product", {"name": "Freight", "type": "service", "list_price": 0.0})
        provider = {"name": "Depot", "kind": "json", "secret": SECRET, "calls_per_minute": 0, "code_set": "depot"}
        [self.provider] = self.make("scm.tracking.provider", provider)
        self.carriers = self.make(
            "delivery.carrier",
            *(
                {"name": name, "product_id": freight, "delivery_type": "fixed", "fixed_price": price,
                 "scm_provider_id": self.provider}
                for name, price in (("Quick Parcel", 4.9), ("Cheap Parcel", 3.25))
            ),
        )  # fmt: skip
        self.make(
            "scm.tracking.code",
            *(
                {"provider": "depot", "raw_code": raw, "status": "exception", "sub_status": raw}
                for raw in ("damaged", "lost")
            ),
        )
        [row] = self.admin.call("scm.tracking.provider", "read", [self.provider], fields=["webhook_url"])
        self.webhook = "/scm/tracking/" + row["webhook_url"].rpartition("/")[2]

    def _goods(self):
        self.unit, self.dozen = self.ref("uom.product_uom_unit"), self.ref("uom.product_uom_dozen")
        self.vendors = self.make("res.partner", *({"name": name, "is_company": True} for name, _delay in VENDORS))
        names = list(dict.fromkeys(row[1] for row in GOODS))
        categories = dict(zip(names, self.make("product.category", *({"name": name} for name in names)), strict=True))
        self.products = self.make(
            "product.product",
            *(
                {
                    "name": name, "default_code": f"T-{number:02}", "categ_id": categories[category],
                    "list_price": price, "standard_price": cost, "weight": weight, "is_storable": True,
                    "invoice_policy": "delivery", "taxes_id": [[5]], "supplier_taxes_id": [[5]], "sale_delay": 2,
                    "seller_ids": [[0, 0, {"partner_id": self.vendors[vendor], "price": cost,
                                           "delay": VENDORS[vendor][1], "min_qty": 0}]],
                }
                for number, (name, category, price, cost, weight, vendor, _weekly) in enumerate(GOODS)
            ),
        )  # fmt: skip

    def _customers(self):
        rows = self.admin.call(
            "res.country.state", "search_read",
            domain=[["country_id", "=", self.country]], fields=["code"], order="code", limit=STATES,
        )  # fmt: skip
        self.customers = self.make(
            "res.partner",
            *(
                {"name": f"Customer {number}", "email": f"customer{number}@tour.example", "country_id": self.country,
                 "state_id": rows[number % len(rows)]["id"], "zip": f"{10 + number % 80}117", "city": "Town"}
                for number in range(CUSTOMERS)
            ),
        )  # fmt: skip

    def _opening_stock(self):
        places = self.admin.call("stock.warehouse", "read", self.warehouses, fields=["lot_stock_id"])
        planner = self.person("tour_planner")
        quants = planner.call(
            "stock.quant", "create", context={"inventory_mode": True},
            vals_list=[
                {"product_id": product, "location_id": place["lot_stock_id"][0], "inventory_quantity": OPENING}
                for product in self.products for place in places
            ],
        )  # fmt: skip
        tell(planner, "stock.quant", "action_apply_inventory", quants)

    @cached_property
    def first(self) -> date:
        """The month is the last thirty days before today."""
        return self.today - timedelta(days=30)


class Clock:
    """The clock of a server that runs under clock.py."""

    def __init__(self, asked):
        self.asked, self.taken = asked, asked.with_suffix(".now")

    def move(self, moment: str):
        self.asked.write_text(moment)
        adapter.wait_for(
            lambda: self.taken.exists() and self.taken.read_text() == moment, 60, f"the clock did not go to {moment}"
        )
