"""Makes many parcels for the benchmarks of delivery: n parcels, 5 n events, by COPY.

    from benchmarks import parcels      # inside Odoo's shell, with the repository in sys.path
    made = parcels.build(env, 1_000_000)

Three companies in two time zones with two warehouses each, ten carriers each with a speed of its own, forty zones by
zip prefix, four weight bands, a year of hand-overs. Every parcel has five events; state, dates and zone are those that
the suite itself would have computed from events and address, so that a benchmark need not compute them first. With
`orders=True` each parcel belongs to a sales order whose customer has an e-mail address.
"""

import sys
from datetime import datetime, time
from types import SimpleNamespace

import numpy as np

from tools.demo_data.bulk import Loader, bare_tables

CARRIERS, ZONES, CUSTOMERS, DAYS, EVENTS, CHUNK, SEED = 10, 40, 2_000, 365, 5, 100_000, 11
BANDS_KG = (0.0, 1.0, 5.0, 20.0)
SHARES = (0.6, 0.3, 0.1)  # of the parcels, by company
TIME_ZONES = ("Asia/Taipei", "Asia/Taipei", "Europe/Berlin")
LOST, DAMAGED, OPEN_DAYS = 0.003, 0.006, 25
TABLES = ("scm_parcel", "scm_parcel_event", "scm_parcel_sale_rel", "sale_order")
#: status, sub-status, code and text: the five events of a good parcel, then what replaces one of them
SAID = (
    ("info_received", None, "InfoReceived_001", "Label made"),
    ("in_transit", None, "InTransit_002", "Accepted"),
    ("in_transit", None, "InTransit_003", "Arrived at the sorting centre"),
    ("out_for_delivery", None, "OutForDelivery_001", "Out for delivery"),
    ("delivered", None, "Delivered_001", "Delivered"),
    ("exception", "lost", "Exception_013", "Lost in transit"),
    ("exception", "damaged", "Exception_012", "Damaged in transit"),
)
SCAN, IS_LOST, IS_DAMAGED = 2, 5, 6
SECOND, HOUR, DAY = np.timedelta64(1, "s"), np.timedelta64(1, "h"), np.timedelta64(1, "D")
NEVER = np.datetime64("NaT", "s")


def build(env, count, orders=False):
    """Make `count` parcels; returns companies, first and last id of the parcels, and how many events."""
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    rng, now = np.random.default_rng(SEED), np.datetime64(datetime.combine(env.cr.now().date(), time()), "s")
    world = _world(env)
    loader, made = Loader(env.cr), []
    say(f"{count:,} parcels, {count * EVENTS:,} events")
    with bare_tables(env.cr, TABLES):
        for start in range(0, count, CHUNK):
            made.append(_chunk(loader, rng, world, now, start, min(CHUNK, count - start), orders))
    loader.set_id_sequences()
    env.invalidate_all()
    return SimpleNamespace(
        companies=world.companies, first=int(made[0][0]), last=int(made[-1][-1]), events=count * EVENTS
    )


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def _world(env):
    """Companies, warehouses, carriers, zones, bands and customers; and rows as the ORM leaves them."""
    country = env.ref("base.de")
    first = env["stock.warehouse"].search([], limit=1, order="id").company_id
    first.partner_id.tz = TIME_ZONES[0]
    companies = first | env["res.company"].create(
        [{"name": f"Company {k}", "currency_id": first.currency_id.id} for k in range(1, len(SHARES))]
    )
    for company, zone in zip(companies, TIME_ZONES, strict=True):
        company.partner_id.tz = zone
    product = env["product.product"].create({"name": "Freight", "type": "service"})
    carriers = env["delivery.carrier"].create(
        [{"name": f"Carrier {k}", "product_id": product.id, "company_id": False} for k in range(CARRIERS)]
    )
    zones = env["scm.zone"].create(
        [
            {
                "name": f"Zone {k:02d}",
                "company_id": False,
                "country_ids": [(6, 0, country.ids)],
                "prefix_ids": [(0, 0, {"name": f"{k:02d}"})],
            }
            for k in range(ZONES)
        ]
    )
    env["scm.weight.band"].search([("company_id", "=", False)]).unlink()
    bands = env["scm.weight.band"].create(
        [{"name": f"From {kg:g} kg", "company_id": False, "weight_from": kg} for kg in BANDS_KG]
    )
    customers = env["res.partner"].create(
        [
            {"name": f"Customer {k}", "email": f"customer{k}@scm.example", "country_id": country.id}
            for k in range(CUSTOMERS)
        ]
    )
    warehouses = [_two_warehouses(env, company) for company in companies]
    env.flush_all()
    return SimpleNamespace(
        companies=companies,
        company=np.array(companies.ids),
        warehouse=np.array(warehouses),
        carrier=np.array(carriers.ids),
        zone=np.array(zones.ids),
        band=np.array(bands.ids),
        partner=np.array(customers.ids),
        parcel=_prototype(env, "scm.parcel", {"name": "x", "country_id": country.id}),
        order=_prototype(env, "sale.order", {"partner_id": customers[0].id}) | {"state": "sale"},
    )


def _two_warehouses(env, company):
    """Ids of two warehouses of a company, made where there are fewer."""
    known = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=2, order="id")
    missing = 2 - len(known)
    known |= env["stock.warehouse"].create(
        [{"name": f"Depot {k}", "code": f"D{k}", "company_id": company.id} for k in range(missing)]
    )
    return known.ids


def _prototype(env, model, values):
    """A row of the model's table as the ORM leaves it."""
    with env.cr.savepoint() as savepoint:
        record = env[model].create(values)
        env.flush_all()
        env.cr.execute(f'SELECT * FROM "{record._table}" WHERE id = %s', [record.id])
        row = dict(zip([column.name for column in env.cr.description], env.cr.fetchone(), strict=True))
        savepoint.rollback()
    env.invalidate_all()
    return row


def _chunk(loader, rng, world, now, start, count, orders):
    """Parcels `start` to `start + count`, with their events; their ids."""
    way = _way(rng, world, now, count)
    ids = loader.ids("scm_parcel", count)
    refs = [f"BP{start + k:09d}" for k in range(count)]
    loader.copy("scm_parcel", _parcel_columns(rng, world, way, ids, refs), world.parcel)
    _copy_events(loader, world, way, ids)
    if orders:
        order = loader.ids("sale_order", count)
        customer = dict.fromkeys(("partner_id", "partner_invoice_id", "partner_shipping_id"), way.partner)
        own = {"id": order, "name": [f"BO{start + k:09d}" for k in range(count)], "company_id": way.company}
        loader.copy("sale_order", own | customer | {"date_order": way.ordered, "warehouse_id": way.depot}, world.order)
        loader.copy("scm_parcel_sale_rel", {"parcel_id": ids, "order_id": order})
    return ids


def _way(rng, world, now, count):
    """What happened to each parcel, as columns. Moments are UTC."""
    company = rng.choice(len(SHARES), count, p=SHARES)
    carrier, zone = rng.integers(0, CARRIERS, count), rng.integers(0, ZONES, count)
    weight = np.round(rng.lognormal(0.5, 1.1, count), 3)
    handed = now - (rng.random(count) * DAYS * 86400).astype(int) * SECOND
    usual = 1 + carrier % 4 + zone // 16  # days that the lane needs
    days = usual + rng.poisson(0.4 + 0.1 * (carrier % 3), count)
    hour = rng.uniform(1, 9, count)  # of delivery, UTC: daytime in both zones
    end = (handed.astype("datetime64[D]") + days * DAY).astype("datetime64[s]") + (hour * 3600).astype(int) * SECOND
    end = np.maximum(end, handed + 6 * HOUR)
    lost = rng.random(count) < LOST
    arrived = ~lost & (end <= now)
    ordered = handed - (rng.uniform(4, 40, count) * 3600).astype(int) * SECOND
    promised = handed.astype("datetime64[D]") + (usual + 1) * DAY
    lost &= now - handed > OPEN_DAYS * DAY
    end = np.where(lost, handed + OPEN_DAYS * DAY, end)
    return SimpleNamespace(
        company=world.company[company],
        depot=world.warehouse[company, rng.integers(0, 2, count)],
        partner=world.partner[rng.integers(0, CUSTOMERS, count)],
        carrier=world.carrier[carrier], zone=world.zone[zone],
        zip=[f"{z:02d}{n:03d}" for z, n in zip(zone.tolist(), rng.integers(0, 1000, count).tolist(), strict=True)],
        weight=weight, band=world.band[np.searchsorted(BANDS_KG, weight, side="right") - 1],
        ordered=ordered, handed=handed, end=end, arrived=arrived, promised=promised,
        lost=lost, damaged=arrived & (rng.random(count) < DAMAGED),
        late=np.maximum((np.where(arrived, end, now).astype("datetime64[D]") - promised) // DAY, 0).astype(int),
        events=_event_times(handed, end, arrived | lost, now),
    )  # fmt: skip


def _event_times(handed, end, ended, now):
    """Moments of the five events of each parcel, (parcels, 5); of open parcels none is in the future."""
    last = np.where(ended, end, np.minimum(end - SECOND, now))
    span = (last - handed) // SECOND
    part = np.array([0.0, 0.12, 0.5, 0.9, 1.0])
    return (handed - HOUR)[:, None] + ((span + 3600)[:, None] * part).astype(int) * SECOND


def _parcel_columns(rng, world, way, ids, refs):
    last = np.where(way.arrived, EVENTS - 1, np.where(way.lost, IS_LOST, SCAN))
    return {
        "id": ids,
        "name": refs,
        "tracking_ref": refs,
        "company_id": way.company,
        "carrier_id": way.carrier,
        "warehouse_id": way.depot,
        "partner_id": way.partner,
        "zip": way.zip,
        "zone_id": way.zone,
        "band_id": way.band,
        "weight": way.weight,
        "value": np.round(way.weight * 20 + 10, 2),
        "cost_expected": np.round(3 + 0.8 * way.weight, 2),
        "status": [SAID[k][0] for k in last],
        "sub_status": [SAID[k][1] for k in last],
        "status_at": np.where(way.arrived | way.lost, way.events[:, -1], way.events[:, 1]),
        "last_event_at": way.events[:, -1],
        "last_text": [SAID[k][3] for k in last],
        "is_final": way.arrived | way.lost,
        "is_lost": way.lost,
        "is_damaged": way.damaged,
        "date_ordered": way.ordered,
        "date_ready": way.handed - 2 * HOUR,
        "date_handed": way.handed,
        "date_first_scan": way.events[:, 1],
        "date_delivered": np.where(way.arrived, way.end, NEVER),
        "date_promised": way.promised,
        "date_expected": way.promised,
        "days_late": way.late,
        "is_late": way.late > 0,
        "create_date": way.handed - HOUR,
        "access_token": [rng.bytes(16).hex() for _id in refs],
    }


def _copy_events(loader, world, way, ids):
    """Events parcel by parcel: the unique index, which stays, is filled from left to right."""
    count = len(ids)
    kind = np.tile(np.arange(EVENTS), (count, 1))
    kind[:, 3:] = np.where(way.arrived[:, None], kind[:, 3:], SCAN)
    kind[:, SCAN] = np.where(way.damaged, IS_DAMAGED, SCAN)
    kind[:, -1] = np.where(way.lost, IS_LOST, kind[:, -1])
    kind = kind.ravel().tolist()
    moment = way.events.ravel()
    loader.copy(
        "scm_parcel_event",
        {
            "id": loader.ids("scm_parcel_event", count * EVENTS),
            "parcel_id": np.repeat(ids, EVENTS),
            "company_id": np.repeat(way.company, EVENTS),
            "time": moment,
            "status": [SAID[k][0] for k in kind],
            "sub_status": [SAID[k][1] for k in kind],
            "raw_code": [SAID[k][2] for k in kind],
            "text": [SAID[k][3] for k in kind],
            "create_date": moment + HOUR / 4,
        },
        {"source": "aftership", "create_uid": 1, "write_uid": 1},
    )
