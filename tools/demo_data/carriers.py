"""The carriers of the demo company: where they go, what they ask, and how well they do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields
from odoo.fields import Command


@dataclass(frozen=True)
class Carrier:
    """One carrier; days are its working days from our dock to the door."""

    name: str
    warehouse: int
    provider: str  # whose codes its news has: aftership, kuaidi100 or nothing
    weekmask: str  # days on which it moves, Monday first
    price: tuple[float, float]  # per parcel and per kilogram, in the company's currency
    share: float  # of the parcels that it may carry
    days: tuple[float, ...]  # chance of 0, 1, 2 ... working days
    promised: int  # working days that the shop promises with it
    scan_hours: float  # mean hours from our dock to its first scan
    damaged: float
    lost: float
    failed: float  # first attempts that find nobody
    max_weight: float = 0.0
    cities: tuple[str, ...] = ()  # empty: wherever the warehouse delivers
    slow: dict = field(default_factory=dict)  # extra working days by city
    pickup: bool = False
    fails_more: float = 0.0  # chance of one more day, in the last two months only


CARRIERS = (
    Carrier(
        "Formosa Express", 0, "aftership", "1111110", (75, 14), 0.42, (0.0, 0.82, 0.15, 0.03), 2, 3, 0.003, 0.0006, 0.05
    ),
    Carrier(
        "Corner Store Pick-up",
        0,
        "aftership",
        "1111111",
        (58, 4),
        0.26,
        (0.0, 0.1, 0.72, 0.15, 0.03),
        3,
        5,
        0.004,
        0.001,
        0.0,
        max_weight=5.0,
        pickup=True,
    ),
    Carrier(
        "Island Freight",
        0,
        "aftership",
        "1111110",
        (48, 7),
        0.32,
        (0.0, 0.12, 0.5, 0.27, 0.08, 0.03),
        3,
        11,
        0.013,
        0.003,
        0.09,
        slow={"Hualien": 1, "Yilan": 1},
        fails_more=0.16,
    ),
    Carrier(
        "Camphor Lane Van",
        0,
        "",
        "1111110",
        (60, 5),
        0.3,
        (0.25, 0.72, 0.03),
        1,
        1,
        0.001,
        0.0,
        0.03,
        cities=("Taipei", "New Taipei"),
    ),
    Carrier(
        "Dragon Air Parcel",
        1,
        "kuaidi100",
        "1111111",
        (95, 40),
        0.35,
        (0.0, 0.55, 0.37, 0.08),
        2,
        3,
        0.004,
        0.001,
        0.04,
    ),
    Carrier(
        "Pearl Ground",
        1,
        "kuaidi100",
        "1111111",
        (42, 11),
        0.65,
        (0.0, 0.06, 0.34, 0.38, 0.15, 0.07),
        4,
        6,
        0.009,
        0.002,
        0.06,
        slow={"Chengdu": 2, "Wuhan": 1},
    ),
)
ZONES = (
    ("Greater Taipei", "TW", ("TPC", "NTPC", "KLC")),
    ("North Taiwan", "TW", ("TYC", "HCT", "HCH", "MLH")),
    ("Central Taiwan", "TW", ("TCC", "CHH", "NTC", "YLH")),
    ("South Taiwan", "TW", ("TNH", "KHC", "CIC", "CIH", "PTH")),
    ("East Coast", "TW", ("HLH", "ILH", "TTH")),
    ("Pearl River Delta", "CN", ("粤",)),
    ("East China", "CN", ("闽", "浙", "沪", "苏")),
    ("Inland China", "CN", ("蜀", "鄂", "湘", "渝")),
)


def create_carriers(env, master):
    """Delivery methods with rules that price a parcel by its weight; in the order of `CARRIERS`."""
    countries = (env.ref("base.tw"), env.ref("base.cn"))
    calendars = {mask: _calendar(env, master.company, mask) for mask in {c.weekmask for c in CARRIERS}}
    for warehouse, mask in zip(master.warehouses, ("1111110", "1111111"), strict=True):
        warehouse.scm_calendar_id = calendars[mask]
    product = env["product.product"].create(
        {
            "name": "Delivery",
            "type": "service",
            "list_price": 0.0,
            "sale_ok": False,
            "purchase_ok": False,
            "taxes_id": [Command.clear()],
        }
    )
    states = {
        (state.country_id.code, state.code): state.id
        for state in env["res.country.state"].search([("country_id", "in", [c.id for c in countries])])
    }
    return env["delivery.carrier"].create(
        [
            {
                "name": c.name,
                "product_id": product.id,
                "delivery_type": "base_on_rule",
                "integration_level": "rate",
                "company_id": master.company.id,
                "country_ids": [Command.set(countries[c.warehouse].ids)],
                "state_ids": [Command.set([states["TW", "TPC"], states["TW", "NTPC"]] if c.cities else [])],
                "max_weight": c.max_weight,
                "scm_calendar_id": calendars[c.weekmask].id,
                "scm_is_manual": not c.provider,
                "tracking_url": False if not c.provider else _tracking_url(c.name),
                "price_rule_ids": [
                    Command.create(
                        {
                            "variable": "weight",
                            "operator": ">=",
                            "max_value": 0.0,
                            "list_base_price": c.price[0],
                            "list_price": c.price[1],
                            "variable_factor": "weight",
                        }
                    )
                ],
            }
            for c in CARRIERS
        ]
    )


def create_zones(env, master):
    """Zones by state, beside what the addon ships."""
    codes = {
        (state.country_id.code, state.code): state.id
        for state in env["res.country.state"].search([("country_id.code", "in", ("TW", "CN"))])
    }
    return env["scm.zone"].create(
        [
            {
                "name": name,
                "company_id": master.company.id,
                "sequence": 10 * (k + 1),
                "state_ids": [Command.set([codes[country, state] for state in states])],
            }
            for k, (name, country, states) in enumerate(ZONES)
        ]
    )


def _tracking_url(name):
    return f"https://{name.lower().replace(' ', '-')}.example.com/track/<shipmenttrackingnumber>"


def _calendar(env, company, weekmask):
    """A calendar of whole days: a carrier moves on a day, or it does not."""
    days = [day for day in range(7) if weekmask[day] == "1"]
    return env["resource.calendar"].create(
        {
            "name": "Carriers, every day" if len(days) == 7 else "Carriers, Monday to Saturday",
            "company_id": company.id,
            "tz": company.partner_id.tz,
            "attendance_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 20,
                            "day_period": "full_day",
                        }
                    )
                    for day in days
                ),
            ],
        }
    )


VANS = (("Van 1", 400, "planner"), ("Van 2", 400, "buyer"), ("Cargo bike", 90, "viewer"))


def create_vehicles(env, master, carriers):
    """Vans of the Taipei warehouse; the driver of each is somebody with whom one can log in."""
    own = carriers.filtered("scm_is_manual")
    _give_to_van(env, master, own)
    master.warehouses[0].partner_id.write(
        {"partner_latitude": 25.0573, "partner_longitude": 121.5098, "zip": "103", "street": "18 Dihua Street"}
    )
    drivers = {user.login: user.id for user in env["res.users"].search([("login", "in", [van[2] for van in VANS])])}
    return env["scm.vehicle"].create(
        [
            {
                "name": name,
                "company_id": master.company.id,
                "warehouse_id": master.warehouses[0].id,
                "driver_id": drivers.get(login),
                "weight_capacity": capacity,
                "hour_from": 9.0,
                "hour_to": 19.0,
                "speed": 14.0 if capacity < 100 else 26.0,
            }
            for name, capacity, login in VANS
        ]
    )


def _give_to_van(env, master, own):
    """Open deliveries of the capital go by van."""
    env["stock.picking"].search(
        [
            ("picking_type_id", "=", master.warehouses[0].out_type_id.id),
            ("state", "in", ("assigned", "confirmed")),
            ("partner_id.city", "in", ("Taipei", "New Taipei")),
        ]
    ).carrier_id = own


def plan_routes(env, master, today):
    """The vans' routes of the shop's first open day; none when the day is long past."""
    first = fields.Date.today()
    if abs((first - today).days) > 1:
        return 0
    local = fields.Datetime.context_timestamp(env["scm.route"].with_context(tz="Asia/Taipei"), fields.Datetime.now())
    day = local.date() if local.hour < 16 else local.date() + timedelta(days=1)
    made = env["scm.route"].plan_day(day, master.warehouses[0].id, max_seconds=3.0)
    return len(made["routes"])
