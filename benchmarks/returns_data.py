"""Makes the company of benchmarks/returns.py by COPY: orders, deliveries, parcels, receipts, returns with causes."""

from datetime import date
from types import SimpleNamespace

import numpy as np

from benchmarks import nightly_inside as shop_parts
from tools.demo_data.bulk import Loader, bare_tables
from tools.demo_data.prototypes import capture

PRODUCTS, VENDORS, CATEGORIES, CARRIERS, ZONES, TEAMS, PICKERS, DAYS, SEED = 5_000, 200, 40, 10, 40, 4, 12, 730, 17
MEAN_DELAY = 9
TABLES = (
    "sale_order", "sale_order_line", "stock_picking", "stock_move", "stock_move_line", "scm_parcel",
    "scm_parcel_picking_rel", "scm_return", "scm_return_line", "purchase_order", "purchase_order_line",
    "product_product", "product_template", "product_supplierinfo",
)  # fmt: skip
HOUR, DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")


def build(env, lines, returns):
    """`lines` delivered order lines, two per order, and `returns` returns of one line each, in two warehouses."""
    rng = np.random.default_rng(SEED)
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    world = _world(env)
    loader = Loader(env.cr)
    with bare_tables(env.cr, TABLES):
        products = shop_parts._copy_products(loader, world.rows, PRODUCTS, rng, world.vendors.ids, world.categories.ids)
        _receipts(loader, world, products, rng)
        sold = _sales(loader, world, products, rng, lines)
        _returns(loader, env, world, sold, rng, returns)
    loader.set_id_sequences()
    env.cr.commit()
    env.invalidate_all()
    return world.company


def _world(env):
    first = env["stock.warehouse"].search([], limit=1)
    second = env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": first.company_id.id})
    first.company_id.partner_id.tz = "Asia/Taipei"
    vendors = env["res.partner"].create([{"name": f"Vendor {k:03d}", "supplier_rank": 1} for k in range(VENDORS)])
    categories = env["product.category"].create([{"name": f"Category {k:02d}"} for k in range(CATEGORIES)])
    model = shop_parts._create_product(env, vendors[0], first)
    freight = env["product.product"].create({"name": "Freight", "type": "service"})
    carriers = env["delivery.carrier"].create(
        [{"name": f"Carrier {k}", "product_id": freight.id} for k in range(CARRIERS)]
    )
    zones = env["scm.zone"].create([{"name": f"Zone {k:02d}"} for k in range(ZONES)])
    teams = env["crm.team"].create([{"name": f"Channel {k}"} for k in range(TEAMS)])
    pickers = env["res.users"].create([{"name": f"Picker {k}", "login": f"picker{k}"} for k in range(PICKERS)])
    shop = SimpleNamespace(products=model, vendors=vendors, buyer_id=env.uid)
    kinds = [capture(env, shop, warehouse) for warehouse in first | second]
    rows = {record._table: shop_parts._row(env, record) for record in (
        model.product_tmpl_id, model, model.seller_ids,
    )}  # fmt: skip
    parcel = env["scm.parcel"].create({"name": "x"})
    parcel_row = shop_parts._row(env, parcel)
    parcel.unlink()
    return SimpleNamespace(
        company=first.company_id, warehouses=(first | second).ids, kinds=kinds, rows=rows, parcel=parcel_row,
        vendors=vendors, categories=categories, carriers=np.array(carriers.ids), zones=np.array(zones.ids),
        teams=np.array(teams.ids), pickers=np.array(pickers.ids),
    )  # fmt: skip


def _receipts(loader, world, products, rng):
    """Five receipts per product of one vendor; every tenth product has a sixth, from another vendor."""
    rate = np.full(len(products), 5.0)
    for number in range(5):
        days = np.full(len(products), 60 + 130 * number)
        shop_parts._copy_orders(loader, world.kinds[0], "buy", products, rate * 8, days, rng, world.vendors.ids)
    tenth = products[::10]
    vendors = world.vendors.ids[1:] + world.vendors.ids[:1]
    days = np.full(len(tenth), 300)
    shop_parts._copy_orders(loader, world.kinds[0], "buy", tenth, rate[::10] * 8, days, rng, vendors, step=10)


def _sales(loader, world, products, rng, count):
    """Orders of two lines, delivered in one transfer and one parcel each."""
    orders = (count + 1) // 2
    side = (rng.random(orders) < 0.35).astype(int)
    now = np.datetime64(date.today(), "s")
    placed = np.sort(now - (rng.random(orders) * DAYS * 86400 + 4 * 86400).astype(int) * np.timedelta64(1, "s"))
    left = placed + rng.integers(5, 30, orders) * HOUR
    arrived = left + rng.integers(20, 70, orders) * HOUR
    popularity = rng.pareto(1.2, len(products)) + 0.05
    sold = SimpleNamespace(
        order=np.arange(count) // 2, side=side, placed=placed, left=left, arrived=arrived,
        product=products[rng.choice(len(products), count, p=popularity / popularity.sum())],
        units=1.0 + rng.poisson(0.25, count), price=np.round(rng.lognormal(3.2, 0.7, count), 2),
        carrier=world.carriers[rng.integers(0, CARRIERS, orders)], zone=world.zones[rng.integers(0, ZONES, orders)],
        team=world.teams[rng.integers(0, TEAMS, orders)], picker=world.pickers[rng.integers(0, PICKERS, orders)],
    )  # fmt: skip
    sold.order_ids, sold.line_ids = loader.ids("sale_order", orders), loader.ids("sale_order_line", count)
    sold.pick_ids, sold.move_ids = loader.ids("stock_picking", orders), loader.ids("stock_move", count)
    sold.parcel_ids, sold.detail_ids = loader.ids("scm_parcel", orders), loader.ids("stock_move_line", count)
    for number in (0, 1):
        _copy_side(loader, world, sold, number)
    return sold


def _copy_side(loader, world, sold, number):
    """The orders of one warehouse."""
    kinds, partner = world.kinds[number], world.vendors.ids[0]
    mine, lines = np.flatnonzero(sold.side == number), np.flatnonzero(sold.side[sold.order] == number)
    order, placed = sold.order[lines], sold.placed[mine]
    loader.copy(
        "sale_order",
        {
            "id": sold.order_ids[mine],
            "name": [f"R{k}" for k in mine.tolist()],
            "date_order": placed,
            "create_date": placed,
            "team_id": sold.team[mine],
        },
        kinds["sale"] | dict.fromkeys(shop_parts.PARTNERS, partner),
    )
    total = np.round(sold.price[lines] * sold.units[lines], 2)
    loader.copy(
        "sale_order_line",
        {
            "id": sold.line_ids[lines],
            "order_id": sold.order_ids[order],
            "product_id": sold.product[lines],
            "product_uom_qty": sold.units[lines],
            "qty_delivered": sold.units[lines],
            "price_unit": sold.price[lines],
            "price_subtotal": total,
            "price_total": total,
            "create_date": sold.placed[order],
        },
        kinds["sale_line"] | {"order_partner_id": partner},
    )
    loader.copy(
        "stock_picking",
        {
            "id": sold.pick_ids[mine],
            "name": [f"R/OUT/{k}" for k in mine.tolist()],
            "sale_id": sold.order_ids[mine],
            "user_id": sold.picker[mine],
            "date_done": sold.left[mine],
            "create_date": placed,
        },
        kinds["sale_pick"] | {"partner_id": partner},
    )
    common = {
        "product_id": sold.product[lines],
        "quantity": sold.units[lines],
        "date": sold.left[order],
        "create_date": sold.placed[order],
        "picking_id": sold.pick_ids[order],
    }
    asked = {"id": sold.move_ids[lines], "sale_line_id": sold.line_ids[lines], "product_uom_qty": sold.units[lines]}
    moved = kinds["sale_move"] | {"partner_id": partner}
    loader.copy("stock_move", common | asked | {"product_qty": sold.units[lines]}, moved)
    detail = {"id": sold.detail_ids[lines], "move_id": sold.move_ids[lines]}
    loader.copy("stock_move_line", common | detail | {"quantity_product_uom": sold.units[lines]}, kinds["sale_detail"])
    loader.copy(
        "scm_parcel",
        {
            "id": sold.parcel_ids[mine],
            "name": [f"RP{k:09d}" for k in mine.tolist()],
            "carrier_id": sold.carrier[mine],
            "zone_id": sold.zone[mine],
            "date_handed": sold.left[mine],
            "date_delivered": sold.arrived[mine],
            "create_date": sold.left[mine],
            "access_token": [f"t{k}" for k in mine.tolist()],
        },
        world.parcel | {"warehouse_id": world.warehouses[number], "status": "delivered", "is_final": True},
    )
    loader.copy("scm_parcel_picking_rel", {"parcel_id": sold.parcel_ids[mine], "picking_id": sold.pick_ids[mine]})


def _returns(loader, env, world, sold, rng, count):
    """Returns of lines drawn at random, asked for some days after delivery; the older ones are inspected."""
    reasons = env["scm.return.reason"].search([("child_ids", "=", False)])
    causes = env["scm.return.cause"].search([("active", "=", True)])
    usual = {reason.id: reason.cause_id.id for reason in reasons}
    line = np.sort(rng.choice(len(sold.line_ids), min(2 * count, len(sold.line_ids)), replace=False))
    order = sold.order[line]
    asked = sold.arrived[order] + (rng.geometric(1 / MEAN_DELAY, len(line)) - 1) * DAY + HOUR
    past = asked < np.datetime64(date.today(), "s")
    some = np.sort(rng.permutation(np.flatnonzero(past))[:count])
    line, order, asked = line[some], order[some], asked[some]
    reason = rng.choice(reasons.ids, len(line))
    cause = np.array([usual[k] or causes.ids[0] for k in reason.tolist()])
    cause = np.where(rng.random(len(line)) < 0.3, rng.choice(causes.ids, len(line)), cause)
    inspected = np.datetime64(date.today(), "s") - asked > 14 * DAY
    state = np.where(inspected, "closed", "requested").tolist()
    request_ids = loader.ids("scm_return", len(line))
    units = np.ceil(sold.units[line] * rng.random(len(line)))
    value = np.round(units * sold.price[line], 2)
    both = {"create_date": asked, "state": state, "value": value, "create_uid": [1] * len(line)}
    constants = {"company_id": world.company.id, "write_uid": 1}
    loader.copy(
        "scm_return",
        both
        | {
            "id": request_ids,
            "name": [f"RB{k:07d}" for k in request_ids.tolist()],
            "order_id": sold.order_ids[order],
            "warehouse_id": np.array(world.warehouses)[sold.side[order]],
            "date_requested": asked,
        },
        constants | {"partner_id": world.vendors.ids[0], "channel": "api"},
    )
    loader.copy(
        "scm_return_line",
        both
        | {
            "id": loader.ids("scm_return_line", len(line)),
            "return_id": request_ids,
            "order_id": sold.order_ids[order],
            "sale_line_id": sold.line_ids[line],
            "product_id": sold.product[line],
            "quantity": units,
            "quantity_received": np.where(inspected, units, 0.0),
            "price_unit": sold.price[line],
            "refund_amount": np.where(inspected, value, 0.0),
            "reason_id": reason,
            "cause_id": [int(k) if done else None for k, done in zip(cause, inspected, strict=True)],
        },
        constants | {"wish": "refund", "is_unexpected": False},
    )
