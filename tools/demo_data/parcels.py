"""Half a year of parcels: what left the dock, what the carriers said, and when it arrived.

Planted, so that the screens have something to find: a carrier that slips in the last two months, a coast that is slow
with it, a typhoon, late collections, parcels that fell silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np

from .bulk import Loader
from .carriers import CARRIERS, create_carriers, create_vehicles, create_zones, plan_routes
from .sales import UTC_OFFSET_HOURS

DAYS = 180
SLIPS_DAYS = 60  # how long the slipping carrier has been slipping
CUT_OFF_HOUR = 14
TYPHOON_DAYS_AGO = (39, 37)  # first and last day on which nothing moved in its area
TYPHOON_CITIES = ("Taipei", "New Taipei", "Taoyuan", "Yilan", "Hualien")
SILENT_SHARE, SILENT_DAYS = 0.02, 8  # of the parcels of the last days: no news after the label
HOURS = np.timedelta64(1, "h")

WORDS = {
    "aftership": {
        "info_received": ("InfoReceived_001", "Carrier received the request"),
        "picked": ("InTransit_002", "Accepted by the carrier"),
        "hub": ("InTransit_003", "Arrived at the sorting centre"),
        "out_for_delivery": ("OutForDelivery_001", "Out for delivery"),
        "attempt_failed": ("AttemptFail_002", "Nobody at home"),
        "available_for_pickup": ("AvailableForPickup_001", "Waiting at the store"),
        "delivered": ("Delivered_001", "Delivered"),
        "damaged": ("Exception_012", "Damaged in transit"),
        "lost": ("Exception_013", "Lost in transit"),
    },
    "kuaidi100": {
        "info_received": ("101", "Order received"),
        "picked": ("1", "Picked up by the courier"),
        "hub": ("0", "Arrived at the transfer centre"),
        "out_for_delivery": ("5", "The courier is delivering"),
        "attempt_failed": ("204", "Delivery failed: nobody at home"),
        "available_for_pickup": ("501", "Waiting in the locker"),
        "delivered": ("3", "Signed"),
        "damaged": ("209", "Damaged in transit"),
        "lost": ("2", "Lost in transit"),
    },
    "": {
        "picked": ("", "Loaded"),
        "out_for_delivery": ("", "Out for delivery"),
        "attempt_failed": ("", "Nobody at home"),
        "delivered": ("", "Delivered"),
        "damaged": ("", "Damaged in transit"),
    },
}
STATUS = {"picked": "in_transit", "hub": "in_transit", "damaged": "exception", "lost": "exception"}
#: days after which a carrier admits that it lost a parcel
LOST_DAYS = 11


@dataclass
class Sent:
    """Deliveries of the window as columns; days count from the first of them."""

    pick: np.ndarray
    order: np.ndarray
    partner: np.ndarray
    warehouse: np.ndarray
    city: np.ndarray
    weight: np.ndarray
    value: np.ndarray
    ordered: np.ndarray  # UTC
    left: np.ndarray  # UTC
    state: np.ndarray
    country: np.ndarray
    zip: np.ndarray


def create_parcels(env, master, today, seed=23) -> int:
    """Carriers, zones and the parcels of the last half year; how many parcels."""
    if "scm.parcel" not in env:
        return 0
    env.flush_all()
    env["delivery.carrier"].search([]).active = False
    carriers, _zones = create_carriers(env, master), create_zones(env, master)
    rng, sent = np.random.default_rng(seed), _sent(env, master, today)
    if not len(sent.pick):
        return 0
    choice = _choose(rng, sent)
    _assign(env, sent, choice, carriers)
    parcels = _Parcels(rng, sent, choice, today)
    ids = parcels.write(env, master, carriers)
    env.invalidate_all()
    _settle(env, master, ids)
    create_vehicles(env, master, carriers)
    plan_routes(env, master, today)
    return len(ids)


def _sent(env, master, today) -> Sent:
    since = datetime.combine(today, time()) - timedelta(days=DAYS, hours=UTC_OFFSET_HOURS)
    env.cr.execute(
        """SELECT pick.id, pick.sale_id, pick.partner_id, array_position(%s, pick.picking_type_id) - 1,
                  partner.city, pick.weight, sale.amount_untaxed, sale.date_order, pick.date_done,
                  partner.state_id, partner.country_id, partner.zip
             FROM stock_picking pick
             JOIN sale_order sale ON sale.id = pick.sale_id
             JOIN res_partner partner ON partner.id = pick.partner_id
            WHERE pick.state = 'done' AND pick.picking_type_id = ANY(%s) AND pick.date_done >= %s
            ORDER BY pick.id""",
        [[w.out_type_id.id for w in master.warehouses], [w.out_type_id.id for w in master.warehouses], since],
    )
    columns = list(zip(*env.cr.fetchall(), strict=True)) or [()] * 12
    kinds = (int, int, int, int, object, float, float, "datetime64[s]", "datetime64[s]", int, int, object)
    return Sent(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def _choose(rng, sent) -> np.ndarray:
    """Index of the carrier of each delivery: whoever may carry it, by share."""
    chance = np.zeros((len(sent.pick), len(CARRIERS)))
    for k, carrier in enumerate(CARRIERS):
        may = sent.warehouse == carrier.warehouse
        if carrier.cities:
            may &= np.isin(sent.city, carrier.cities)
        if carrier.max_weight:
            may &= sent.weight <= carrier.max_weight
        chance[:, k] = np.where(may, carrier.share, 0.0)
    chance /= chance.sum(axis=1, keepdims=True)
    return (rng.random(len(chance))[:, None] > np.cumsum(chance, axis=1)).sum(axis=1)


def _assign(env, sent, choice, carriers):
    """The carrier on transfers and orders, and on those that are still open."""
    price = np.array([c.price for c in CARRIERS])[choice]
    cost = np.round(price[:, 0] + price[:, 1] * sent.weight, 2)
    refs = _references(sent, choice)
    env.cr.execute(
        """UPDATE stock_picking SET carrier_id = new.carrier, carrier_tracking_ref = new.ref, carrier_price = new.cost
             FROM unnest(%s, %s, %s, %s) AS new(id, carrier, ref, cost) WHERE stock_picking.id = new.id""",
        [sent.pick.tolist(), np.array(carriers.ids)[choice].tolist(), refs, cost.tolist()],
    )
    env.cr.execute(
        """UPDATE sale_order SET carrier_id = new.carrier FROM unnest(%s, %s) AS new(id, carrier)
            WHERE sale_order.id = new.id""",
        [sent.order.tolist(), np.array(carriers.ids)[choice].tolist()],
    )
    env.cr.execute(
        """WITH usual AS (
               SELECT DISTINCT ON (picking_type_id) picking_type_id, carrier_id FROM stock_picking
                WHERE carrier_id IS NOT NULL AND state = 'done'
                GROUP BY picking_type_id, carrier_id ORDER BY picking_type_id, count(*) DESC)
           UPDATE stock_picking pick SET carrier_id = usual.carrier_id FROM usual
            WHERE pick.picking_type_id = usual.picking_type_id AND pick.state IN ('assigned', 'confirmed')
              AND pick.carrier_id IS NULL"""
    )


def _references(sent, choice):
    heads = ["".join(word[0] for word in carrier.name.replace("-", " ").split()[:2]).upper() for carrier in CARRIERS]
    return [f"{heads[k]}{7_310_000_000 + 37 * pick:011d}" for k, pick in zip(choice, sent.pick.tolist(), strict=True)]


class _Parcels:
    """The way of each parcel, as arrays over parcels; then its events, as a table."""

    def __init__(self, rng, sent, choice, today):
        self.rng, self.sent, self.choice, self.today = rng, sent, choice, today
        self.now = np.datetime64(datetime.combine(today, time()), "s")  # eight in the morning, where the shop is
        self.day0 = np.datetime64(today - timedelta(days=DAYS + 3), "D")
        self.shipped = self._local_day(sent.left)
        self._promise()
        self._travel()

    @staticmethod
    def _local_day(moment):
        return (moment + UTC_OFFSET_HOURS * HOURS).astype("datetime64[D]")

    def _promise(self):
        """The day that the shop named with the order: one day to pack, then what the carrier usually takes."""
        local = self.sent.ordered + UTC_OFFSET_HOURS * HOURS
        late_order = (local - local.astype("datetime64[D]")) >= CUT_OFF_HOUR * HOURS
        ready = local.astype("datetime64[D]") + 1 + late_order
        self.promised = self._offset(ready, np.array([c.promised for c in CARRIERS])[self.choice])

    def _offset(self, day, days):
        moved = day.copy()
        for k, carrier in enumerate(CARRIERS):
            at = self.choice == k
            moved[at] = np.busday_offset(day[at], np.asarray(days)[at], roll="forward", weekmask=carrier.weekmask)
        return moved

    def _travel(self):
        sent, rng, count = self.sent, self.rng, len(self.sent.pick)
        days, hours = np.zeros(count, int), np.zeros(count)
        self.damaged, self.lost, self.failed = (np.zeros(count, bool) for _ in range(3))
        self.pickup = np.zeros(count, bool)
        recent = self.shipped >= np.datetime64(self.today - timedelta(days=SLIPS_DAYS), "D")
        for k, carrier in enumerate(CARRIERS):
            at = np.flatnonzero(self.choice == k)
            days[at] = rng.choice(len(carrier.days), len(at), p=np.array(carrier.days))
            days[at] += np.array([carrier.slow.get(city, 0) for city in sent.city[at]], int)
            days[at] += recent[at] & (rng.random(len(at)) < carrier.fails_more)
            hours[at] = rng.gamma(2.0, carrier.scan_hours / 2, len(at))
            self.damaged[at] = rng.random(len(at)) < carrier.damaged
            self.lost[at] = rng.random(len(at)) < carrier.lost
            self.failed[at] = rng.random(len(at)) < carrier.failed
            self.pickup[at] = carrier.pickup
        fresh = self.shipped >= np.datetime64(self.today - timedelta(days=SILENT_DAYS), "D")
        self.silent = fresh & (rng.random(count) < SILENT_SHARE)
        self.first_scan = sent.left + (hours * 3600).astype("timedelta64[s]")
        self.day = self._offset(self.shipped, days)
        self._typhoon()
        # the door opens from nine to seven; who was not at home is visited on the next working day
        self.out = self._at(self.day, rng.uniform(8.2, 9.5, count))
        self.tried = self._at(self.day, rng.uniform(9.6, 19.0, count))
        again = self._offset(self.day + 1, np.zeros(count, int))
        self.delivered = np.where(self.failed, self._at(again, rng.uniform(9.6, 19.0, count)), self.tried)
        waits = rng.gamma(1.6, 14.0, count)
        self.fetched = self.tried + (waits * 3600).astype("timedelta64[s]")
        self.delivered = np.maximum(np.where(self.pickup, self.fetched, self.delivered), self.first_scan + 2 * HOURS)

    def _typhoon(self):
        """Parcels that should have arrived in the area while nothing moved come later, and not all on one day."""
        first, last = (np.datetime64(self.today - timedelta(days=d), "D") for d in TYPHOON_DAYS_AGO)
        hit = np.isin(self.sent.city, TYPHOON_CITIES) & (self.day >= first) & (self.day <= last)
        after = (last - self.day).astype(int) + 1 + self.rng.integers(0, 2, len(hit))
        self.typhoon = hit
        self.day = np.where(hit, self.day + after, self.day)

    @staticmethod
    def _at(day, hour):
        return day.astype("datetime64[s]") + (np.asarray(hour) * 3600 - UTC_OFFSET_HOURS * 3600).astype(
            "timedelta64[s]"
        )

    def events(self):
        """Columns of all events up to now: parcel, moment, kind."""
        every = np.arange(len(self.sent.pick))
        told = ~self.silent
        hub = self.first_scan + (np.maximum((self.out - self.first_scan) // HOURS, 2) * 0.55 * 3600).astype(
            "timedelta64[s]"
        )
        arrives = told & ~self.lost
        missed = arrives & self.failed & ~self.pickup
        rows = [
            (every, self.sent.left - HOURS, "info_received"),
            (every[told], self.first_scan[told], "picked"),
            (every[told], hub[told], "hub"),
            (every[arrives & ~self.pickup], self.out[arrives & ~self.pickup], "out_for_delivery"),
            (every[arrives & self.pickup], self.tried[arrives & self.pickup], "available_for_pickup"),
            (every[missed], self.tried[missed], "attempt_failed"),
            (every[arrives & self.damaged], self.out[arrives & self.damaged] - HOURS, "damaged"),
            (every[arrives], self.delivered[arrives], "delivered"),
            (every[told & self.lost], self.first_scan[told & self.lost] + 24 * LOST_DAYS * HOURS, "lost"),
        ]
        parcel = np.concatenate([row[0] for row in rows])
        moment = np.concatenate([row[1] for row in rows])
        kind = np.concatenate([np.full(len(row[0]), row[2], object) for row in rows])
        # a van of our own has no label and no sorting centre
        own = np.array([not c.provider for c in CARRIERS])[self.choice[parcel]]
        kept = (moment <= self.now) & ~(own & np.isin(kind, ("info_received", "hub", "available_for_pickup")))
        return parcel[kept], moment[kept], kind[kept]

    def write(self, env, master, carriers):
        loader = Loader(env.cr)
        ids = self._write_parcels(env, loader, master, carriers)
        self._write_events(env, loader, master, ids)
        loader.set_id_sequences()
        loader.analyze()
        return ids.tolist()

    def _write_parcels(self, env, loader, master, carriers):
        sent = self.sent
        ids, refs = loader.ids("scm_parcel", len(sent.pick)), _references(sent, self.choice)
        price = np.array([c.price for c in CARRIERS])[self.choice]
        loader.copy(
            "scm_parcel",
            {
                "id": ids,
                "name": refs,
                "tracking_ref": refs,
                "carrier_id": np.array(carriers.ids)[self.choice],
                "warehouse_id": np.array([w.id for w in master.warehouses])[sent.warehouse],
                "partner_id": sent.partner,
                "country_id": sent.country,
                "state_id": sent.state,
                "zip": sent.zip,
                "city": sent.city,
                "weight": sent.weight,
                "value": sent.value,
                "cost_expected": np.round(price[:, 0] + price[:, 1] * sent.weight, 2),
                "date_ordered": sent.ordered,
                "date_ready": sent.left - HOURS - (self.rng.gamma(2, 900, len(ids))).astype("timedelta64[s]"),
                "date_handed": sent.left,
                "date_promised": self.promised,
                "date_expected": self.promised,
                "create_date": sent.left - HOURS,
                "access_token": [self.rng.bytes(16).hex() for _id in ids],
            },
            _prototype(env, master),
        )
        env.cr.execute(
            """UPDATE sale_order SET scm_date_promised = new.day, scm_promise_source = 'lane'
                 FROM unnest(%s::int[], %s::date[]) AS new(id, day) WHERE sale_order.id = new.id""",
            [sent.order.tolist(), self.promised.astype("datetime64[D]").tolist()],
        )
        loader.copy("scm_parcel_picking_rel", {"parcel_id": ids, "picking_id": sent.pick})
        loader.copy("scm_parcel_sale_rel", {"parcel_id": ids, "order_id": sent.order})
        return ids

    def _write_events(self, env, loader, master, ids):
        parcel, moment, kind = self.events()
        provider = [CARRIERS[k].provider for k in self.choice[parcel]]
        said = [WORDS[name][k] for name, k in zip(provider, kind, strict=True)]
        loader.copy(
            "scm_parcel_event",
            {
                "id": loader.ids("scm_parcel_event", len(parcel)),
                "parcel_id": ids[parcel],
                "source": [name or "hand" for name in provider],
                "time": moment,
                "raw_code": [code for code, _text in said],
                "text": [text for _code, text in said],
                "status": [STATUS.get(k, k) for k in kind],
                "sub_status": [k if k in ("damaged", "lost") else None for k in kind],
                "place": self._places(parcel, kind),
                "create_date": moment + HOURS / 4,
            },
            {"company_id": master.company.id, "create_uid": 1, "write_uid": 1},
        )

    def _places(self, parcel, kind):
        depot = ("Taipei", "Shenzhen")
        near = np.array([depot[w] for w in self.sent.warehouse], object)[parcel]
        return np.where(np.isin(kind, ("info_received", "picked")), near, self.sent.city[parcel])


def _prototype(env, master):
    """A parcel as the ORM leaves it."""
    with env.cr.savepoint() as savepoint:
        parcel = env["scm.parcel"].create({"name": "prototype", "company_id": master.company.id})
        env.flush_all()
        env.cr.execute("SELECT * FROM scm_parcel WHERE id = %s", [parcel.id])
        row = dict(zip([d.name for d in env.cr.description], env.cr.fetchone(), strict=True))
        savepoint.rollback()
    env.invalidate_all()
    return row


def _settle(env, master, ids):
    """What follows from the events: state, zone, lane."""
    parcels = env["scm.parcel"].browse(ids)
    parcels._classify()
    parcels._refresh_state()
    env["scm.stage.norm"]._measure(master.company)
    env["scm.lane"]._rebuild(master.company)
