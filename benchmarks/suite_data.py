"""Makes the company of benchmarks/suite.py by COPY: everything that the suite reads, two years of it.

50,000 products in two warehouses with vendors, reordering rules, receipts and stock; a million orders of two lines,
sent in one transfer each, every second one as a parcel with five events; returns with reasons and causes. Orders reach
up to this minute: those of the last hours have not left. ``size`` scales all of it.
"""

from types import SimpleNamespace

import numpy as np

from benchmarks import nightly_inside as shop_parts
from benchmarks import parcels as parcel_parts
from benchmarks import returns_data
from benchmarks.nightly_inside import say
from tools.demo_data.bulk import Loader, bare_tables
from tools.demo_data.prototypes import capture

PRODUCTS, ORDERS, RETURNS, CUSTOMERS, DAYS, SEED = 50_000, 1_000_000, 60_000, 20_000, 730, 23
LINES, VENDORS, CATEGORIES, CARRIERS, ZONES, TEAMS, PICKERS = 2, 200, 40, 10, 40, 4, 12
SECOND_WAREHOUSE, CHUNK = 0.35, 50_000
TABLES = (
    "sale_order", "sale_order_line", "stock_picking", "stock_move", "stock_move_line", "stock_quant",
    "stock_warehouse_orderpoint", "scm_parcel", "scm_parcel_event", "scm_parcel_picking_rel", "scm_parcel_sale_rel",
    "scm_return", "scm_return_line", "purchase_order", "purchase_order_line", "product_product", "product_template",
    "product_supplierinfo", "res_partner",
)  # fmt: skip
HOUR, DAY, SECOND = np.timedelta64(1, "h"), np.timedelta64(1, "D"), np.timedelta64(1, "s")


def build(env, size=1.0):
    """Make the company and commit it; its counts."""
    rng = np.random.default_rng(SEED)
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    world = _world(env)
    counts = {"products": round(PRODUCTS * size), "orders": round(ORDERS * size), "returns": round(RETURNS * size)}
    loader = Loader(env.cr)
    with bare_tables(env.cr, TABLES):
        world.products = shop_parts._copy_products(
            loader, world.rows, counts["products"], rng, world.vendors.ids, world.categories.ids
        )
        _copy_customers(loader, env, world, rng, max(round(CUSTOMERS * size), 100))
        sold = _trade(loader, env, world, rng, counts)
        for side, warehouse in enumerate(world.warehouses):
            _stock(loader, world, side, warehouse, sold[side], rng)
        say("indexes and keys")
    loader.set_id_sequences()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    env.invalidate_all()
    return _counted(env)


def _counted(env):
    tables = {
        "products": "product_product", "orders": "sale_order", "lines": "sale_order_line", "parcels": "scm_parcel",
        "events": "scm_parcel_event", "returns": "scm_return", "receipts": "purchase_order_line",
        "quants": "stock_quant", "moves": "stock_move",
    }  # fmt: skip
    env.cr.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables.values()))
    counted = dict(zip(tables, env.cr.fetchone(), strict=True))
    env.cr.execute("SELECT pg_database_size(current_database())")
    return counted | {"bytes": env.cr.fetchone()[0]}


def _world(env):
    """What is made by the ORM, and rows as it leaves them."""
    first = env["stock.warehouse"].search([], limit=1)
    company, country = first.company_id, env.ref("base.us")
    company.partner_id.tz = "Asia/Taipei"
    second = env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": company.id})
    vendors = env["res.partner"].create([{"name": f"Vendor {k:03d}", "supplier_rank": 1} for k in range(VENDORS)])
    categories = env["product.category"].create([{"name": f"Category {k:02d}"} for k in range(CATEGORIES)])
    model = shop_parts._create_product(env, vendors[0], first)
    freight = env["product.product"].create({"name": "Freight", "type": "service"})
    carriers = env["delivery.carrier"].create(
        [{"name": f"Carrier {k}", "product_id": freight.id} for k in range(CARRIERS)]
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
    teams = env["crm.team"].create([{"name": f"Channel {k}"} for k in range(TEAMS)])
    pickers = env["res.users"].create([{"name": f"Picker {k}", "login": f"picker{k}"} for k in range(PICKERS)])
    shop = SimpleNamespace(products=model, vendors=vendors, buyer_id=env.uid)
    kinds = [capture(env, shop, warehouse) for warehouse in first | second]
    models = (
        model.product_tmpl_id, model, model.seller_ids, vendors[0],
        env["stock.warehouse.orderpoint"].search([], limit=1),
    )  # fmt: skip
    return SimpleNamespace(
        company=company, country=country, states=np.array(country.state_ids.ids), warehouses=first | second,
        kinds=kinds, rows={record._table: shop_parts._row(env, record) for record in models},
        parcel=parcel_parts._prototype(env, "scm.parcel", {"name": "x", "country_id": country.id}),
        bands=env["scm.weight.band"].search([], order="weight_from", limit=20),
        vendors=vendors, categories=categories, carriers=np.array(carriers.ids), zones=np.array(zones.ids),
        teams=np.array(teams.ids), pickers=np.array(pickers.ids),
    )  # fmt: skip


def _copy_customers(loader, env, world, rng, count):
    ids = loader.ids("res_partner", count)
    zone = rng.integers(0, ZONES, count)
    state = (zone * len(world.states) // ZONES + rng.integers(0, 2, count)) % len(world.states)
    names = [f"Customer {k:06d}" for k in range(count)]
    columns = {
        "id": ids,
        "name": names,
        "complete_name": names,
        "commercial_partner_id": ids,
        "email": [f"customer{k}@scm.example" for k in range(count)],
        "state_id": world.states[state],
        "country_id": np.full(count, world.country.id),
        "zip": [f"{z:02d}{n:03d}" for z, n in zip(zone.tolist(), rng.integers(0, 1000, count).tolist(), strict=True)],
    }
    loader.copy("res_partner", columns, world.rows["res_partner"] | {"supplier_rank": 0})
    world.customers = SimpleNamespace(ids=ids, zone=zone, state=columns["state_id"], zip=np.array(columns["zip"]))


def _trade(loader, env, world, rng, counts):
    """All orders, chunk by chunk; units sold by warehouse and product."""
    now = np.datetime64(env.cr.now().replace(microsecond=0, tzinfo=None), "s")
    orders = counts["orders"]
    placed = np.sort(now - (rng.random(orders) * DAYS * 86400).astype(int) * SECOND)
    popularity = rng.pareto(1.2, len(world.products)) + 0.05
    popularity /= popularity.sum()
    sold = np.zeros((2, len(world.products)))
    for start in range(0, orders, CHUNK):
        part = _orders(loader, world, rng, placed[start : start + CHUNK], popularity, now)
        for side in (0, 1):
            _copy_side(loader, world, part, side)
            mine = part.side[part.order] == side
            sold[side] += np.bincount(part.item[mine], part.units[mine], len(world.products))
        _copy_parcels(loader, world, rng, part, now)
        returns_data._returns(
            loader, env, _returns_world(world), part, rng, counts["returns"] * len(part.placed) // orders
        )
        say(f"{start + len(part.placed):,} of {orders:,} orders")
    return sold


def _returns_world(world):
    return SimpleNamespace(company=world.company, vendors=world.vendors, warehouses=world.warehouses.ids)


def _orders(loader, world, rng, placed, popularity, now):
    """Columns of the next orders and their lines; ``item`` is the place of a line's product."""
    count = len(placed)
    lines = count * LINES
    left = placed + (rng.uniform(3, 30, count) * 3600).astype(int) * SECOND
    buyer = rng.integers(0, len(world.customers.ids), count)
    part = SimpleNamespace(
        order=np.arange(lines) // LINES, side=(rng.random(count) < SECOND_WAREHOUSE).astype(int), placed=placed,
        left=left, done=left <= now, buyer=buyer, partner=world.customers.ids[buyer],
        arrived=left + (rng.gamma(4, 11, count) * 3600).astype(int) * SECOND,
        promised=(placed + 8 * HOUR).astype("datetime64[D]") + 3 * DAY,
        item=rng.choice(len(world.products), lines, p=popularity),
        units=1.0 + rng.poisson(0.25, lines), price=np.round(rng.lognormal(3.2, 0.7, lines), 2),
        carrier=world.carriers[rng.integers(0, CARRIERS, count)], zone=world.zones[world.customers.zone[buyer]],
        team=world.teams[rng.integers(0, TEAMS, count)], picker=world.pickers[rng.integers(0, PICKERS, count)],
        order_ids=loader.ids("sale_order", count), line_ids=loader.ids("sale_order_line", lines),
        pick_ids=loader.ids("stock_picking", count), move_ids=loader.ids("stock_move", lines),
    )  # fmt: skip
    part.product = world.products[part.item]
    part.total = np.round(part.price * part.units, 2)
    part.amount = np.round(np.bincount(part.order, part.total, count), 2)
    return part


def _copy_side(loader, world, part, side):
    """The orders of one warehouse: sent ones, and those that still wait."""
    for kind, wanted in (("sale", part.done), ("sale_waiting", ~part.done)):
        mine = np.flatnonzero((part.side == side) & wanted)
        lines = np.flatnonzero(((part.side == side) & wanted)[part.order])
        _copy_orders(loader, world.kinds[side], kind, part, mine, lines)
        _copy_transfers(loader, world.kinds[side], kind, part, mine, lines)


def _copy_orders(loader, kinds, kind, part, mine, lines):
    partner = dict.fromkeys(shop_parts.PARTNERS, part.partner[mine])
    loader.copy(
        "sale_order",
        partner
        | {
            "id": part.order_ids[mine],
            "name": [f"SB{k}" for k in part.order_ids[mine].tolist()],
            "date_order": part.placed[mine],
            "create_date": part.placed[mine],
            "team_id": part.team[mine],
            "carrier_id": part.carrier[mine],
            "scm_date_promised": part.promised[mine],
            "amount_untaxed": part.amount[mine],
            "amount_total": part.amount[mine],
        },
        kinds[kind],
    )
    order = part.order[lines]
    sent = part.units[lines] if kind == "sale" else np.zeros(len(lines))
    loader.copy(
        "sale_order_line",
        {
            "id": part.line_ids[lines],
            "order_id": part.order_ids[order],
            "order_partner_id": part.partner[order],
            "product_id": part.product[lines],
            "product_uom_qty": part.units[lines],
            "qty_delivered": sent,
            "price_unit": part.price[lines],
            "price_subtotal": part.total[lines],
            "price_total": part.total[lines],
            "create_date": part.placed[order],
        },
        kinds[f"{kind}_line"],
    )


def _copy_transfers(loader, kinds, kind, part, mine, lines):
    order, done = part.order[lines], kind == "sale"
    loader.copy(
        "stock_picking",
        {
            "id": part.pick_ids[mine],
            "name": [f"SB/OUT/{k}" for k in part.pick_ids[mine].tolist()],
            "sale_id": part.order_ids[mine],
            "partner_id": part.partner[mine],
            "carrier_id": part.carrier[mine],
            "user_id": part.picker[mine],
            "scheduled_date": part.placed[mine],
            "scm_ready_at": part.placed[mine] + HOUR,
            "date_done": part.left[mine] if done else np.full(len(mine), np.datetime64("NaT", "s")),
            "create_date": part.placed[mine],
        },
        # a batch of the prototype was undone with it
        kinds[f"{kind}_pick"] | {"batch_id": None},
    )
    common = {
        "product_id": part.product[lines],
        "date": part.left[order] if done else part.placed[order],
        "create_date": part.placed[order],
        "picking_id": part.pick_ids[order],
    }
    loader.copy(
        "stock_move",
        common
        | {
            "id": part.move_ids[lines],
            "sale_line_id": part.line_ids[lines],
            "partner_id": part.partner[order],
            "quantity": part.units[lines] if done else np.zeros(len(lines)),
            "product_uom_qty": part.units[lines],
            "product_qty": part.units[lines],
        },
        kinds[f"{kind}_move"],
    )
    if done:
        loader.copy(
            "stock_move_line",
            common
            | {
                "id": loader.ids("stock_move_line", len(lines)),
                "move_id": part.move_ids[lines],
                "quantity": part.units[lines],
                "quantity_product_uom": part.units[lines],
            },
            kinds["sale_detail"],
        )


def _copy_parcels(loader, world, rng, part, now):
    """Every second order that was sent has a parcel with five events."""
    mine = np.flatnonzero(part.done)[::2]
    count, buyer = len(mine), part.buyer[mine]
    ids = loader.ids("scm_parcel", count)
    way = _way(world, rng, part, mine, now)
    refs = [f"SP{k:09d}" for k in ids.tolist()]
    columns = parcel_parts._parcel_columns(rng, world, way, ids, refs)
    loader.copy("scm_parcel", columns | {"state_id": world.customers.state[buyer]}, world.parcel)
    parcel_parts._copy_events(loader, world, way, ids)
    loader.copy("scm_parcel_picking_rel", {"parcel_id": ids, "picking_id": part.pick_ids[mine]})
    loader.copy("scm_parcel_sale_rel", {"parcel_id": ids, "order_id": part.order_ids[mine]})


def _way(world, rng, part, mine, now):
    """What happened to each parcel, as benchmarks/parcels.py wants it."""
    count, buyer = len(mine), part.buyer[mine]
    handed, end = part.left[mine], part.arrived[mine]
    lost = rng.random(count) < parcel_parts.LOST
    arrived = ~lost & (end <= now)
    lost &= now - handed > parcel_parts.OPEN_DAYS * DAY
    end = np.where(lost, handed + parcel_parts.OPEN_DAYS * DAY, end)
    weight = np.round(rng.lognormal(0.5, 1.1, count), 3)
    starts = np.array([band.weight_from for band in world.bands])
    return SimpleNamespace(
        company=np.full(count, world.company.id), depot=np.array(world.warehouses.ids)[part.side[mine]],
        partner=part.partner[mine], carrier=part.carrier[mine], zone=part.zone[mine],
        zip=world.customers.zip[buyer].tolist(), weight=weight,
        band=np.array(world.bands.ids)[np.maximum(np.searchsorted(starts, weight, side="right") - 1, 0)],
        ordered=part.placed[mine], handed=handed, end=end, arrived=arrived, promised=part.promised[mine],
        lost=lost, damaged=arrived & (rng.random(count) < parcel_parts.DAMAGED),
        late=np.maximum(
            (np.where(arrived, end, now).astype("datetime64[D]") - part.promised[mine]) // DAY, 0
        ).astype(int),
        events=parcel_parts._event_times(handed, end, arrived | lost, now),
    )  # fmt: skip


def _copy_receipts(loader, world, kinds, rate, rng):
    """Five receipts of each product on days of its own, and an open order for every tenth."""
    products, vendors = world.products, world.vendors.ids
    lot = np.ceil(rate * 8)
    for number in range(shop_parts.RECEIPTS):
        days = 5 + 145 * number + rng.integers(0, 140, len(products))
        shop_parts._copy_orders(loader, kinds, "buy", products, lot, days, rng, vendors)
    tenth = np.arange(0, len(products), 10)
    days = -rng.integers(1, 30, len(tenth))
    shop_parts._copy_orders(loader, kinds, "buy_open", products[tenth], lot[tenth], days, rng, vendors, step=10)


def _stock(loader, world, side, warehouse, sold, rng):
    """Quants, opening stock, receipts and reordering rules of one warehouse."""
    products, kinds = world.products, world.kinds[side]
    rate = sold / (DAYS / 7)
    shop_parts._copy_stock(loader, kinds, products, sold, rate, rng)
    _copy_receipts(loader, world, kinds, np.maximum(rate, 0.1), rng)
    half = np.arange(0, len(products), 2)
    loader.copy(
        "stock_warehouse_orderpoint",
        {
            "id": loader.ids("stock_warehouse_orderpoint", len(half)),
            "name": [f"S{warehouse.id}/{k}" for k in half],
            "product_id": products[half],
            "product_min_qty": np.ceil(4 * rate[half]),
            "product_max_qty": np.ceil(9 * rate[half]),
        },
        world.rows["stock_warehouse_orderpoint"]
        | {"warehouse_id": warehouse.id, "location_id": warehouse.lot_stock_id.id, "snoozed_until": None},
    )
    say(f"stock and receipts of {warehouse.code}")

