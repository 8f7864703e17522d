"""The part of benchmarks/replenishment.py that runs inside Odoo's shell: makes the data and takes the times."""

import sys
import time
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
from lxml import etree
from odoo.fields import Command

from tools.demo_data.bulk import Loader, bare_tables
from tools.demo_data.prototypes import capture

WEEKS, LINES_PER_ORDER, PAGE = 104, 40, 80
SEED = 5
PARTNERS = ("partner_id", "partner_invoice_id", "partner_shipping_id")


def measure(env, rules, rows):
    """All times, as plain data."""
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    shop = build(env, rules)
    env.cr.commit()
    page = _pages(env, shop)
    night, usual, figures = _nights(env)
    scheduler, odoo_lines = _scheduler(env)
    ordering, our_lines, failed = _ordering(env)
    lines = [
        {"what": "open the list to order from", "of": rules, **page},
        {
            "what": "a night: find what to order, write quotations",
            "of": rules,
            "odoo": scheduler,
            "ours": _sum(usual, ordering),
        },
        {"what": "of it the nightly job: demand, forecast, levels, alerts", "of": rules, "ours": usual},
        {"what": "nightly job of the first night, which reads all history", "of": rules, "ours": night},
        *_large_list(env, rows),
    ]
    notes = [
        f"Odoo's scheduler wrote {odoo_lines:,} lines of quotations by the typed minimum and maximum; ours wrote "
        f"{our_lines:,} by its forecast, {failed:,} could not be ordered.",
        f"Forecast of the run: WAPE {figures['wape']:.3f}, mean of 13 weeks {figures['wape_moving_average']:.3f}.",
        "Ordering goes through Odoo's own procurement in both; ours hands it only what is needed.",
    ]
    return {"products": rules, "order_lines": shop.line_count, "lines": lines, "notes": notes}


def _sum(first, second):
    return {name: first[name] + second[name] for name in first}


def _say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def timed(env, action):
    """Seconds and queries of an action on cold caches, and what it returned."""
    env.flush_all()
    env.invalidate_all()
    begun, queries = time.monotonic(), env.cr.sql_log_count
    value = action()
    env.flush_all()
    return {"seconds": time.monotonic() - begun, "queries": env.cr.sql_log_count - queries}, value


# The shop


def build(env, count):
    """Products with a vendor, stock, a typed rule, and two years of weekly sales."""
    rng = np.random.default_rng(SEED)
    warehouse = env["stock.warehouse"].search([], limit=1)
    vendors = env["res.partner"].create([{"name": f"Vendor {k:02d}", "supplier_rank": 1} for k in range(60)])
    _say(f"{count:,} products")
    products = env["product.product"]
    for start in range(0, count, 500):
        products += env["product.product"].create(
            [_product(k, vendors, rng) for k in range(start, min(start + 500, count))]
        )
        env.flush_all()
    shop = SimpleNamespace(products=products, vendors=vendors, buyer_id=env.uid, warehouse=warehouse, line_count=0)
    prototypes = capture(env, shop, warehouse)
    rate = np.exp(rng.normal(0.6, 1.1, count))
    loader = Loader(env.cr)
    _say("two years of sales")
    with bare_tables(env.cr, ("sale_order", "sale_order_line", "stock_quant")):
        shop.line_count = _sales(loader, prototypes, shop, rate, rng)
        on_hand = np.round(rate * rng.uniform(0, 9, count)).astype(float)
        loader.copy(
            "stock_quant",
            {
                "id": loader.ids("stock_quant", count),
                "product_id": np.array(products.ids),
                "quantity": on_hand,
                "reserved_quantity": np.zeros(count),
            },
            prototypes["quant"],
        )
    loader.set_id_sequences()
    env.invalidate_all()
    _say(f"{count:,} reordering rules")
    for start in range(0, count, 500):
        env["stock.warehouse.orderpoint"].create(
            [
                {
                    "product_id": products[k].id,
                    "warehouse_id": warehouse.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "product_min_qty": np.ceil(4 * rate[k]),
                    "product_max_qty": np.ceil(9 * rate[k]),
                    "trigger": "auto",
                }
                for k in range(start, min(start + 500, count))
            ]
        )
        env.flush_all()
    return shop


def _product(k, vendors, rng):
    price = round(float(rng.uniform(5, 80)), 2)
    seller = {"partner_id": vendors[k % len(vendors)].id, "price": price / 2, "delay": int(rng.integers(5, 30))}
    return {
        "name": f"Article {k:05d}",
        "default_code": f"A{k:05d}",
        "type": "consu",
        "is_storable": True,
        "list_price": price,
        "standard_price": price / 2,
        "taxes_id": False,
        "supplier_taxes_id": False,
        "seller_ids": [Command.create(seller)],
    }


def _sales(loader, prototypes, shop, rate, rng):
    units = rng.poisson(rate[None, :] * (1 + 0.3 * np.sin(np.arange(WEEKS) / 52 * 2 * np.pi))[:, None])
    week, item = np.nonzero(units)
    quantity = units[week, item].astype(float)
    monday = date.today() - timedelta(days=date.today().weekday() + 7 * WEEKS)
    border = np.r_[True, week[1:] != week[:-1]] | (np.arange(len(week)) % LINES_PER_ORDER == 0)
    order = np.cumsum(border) - 1
    placed = np.datetime64(monday, "s") + (week[border] * 7 * 24 + rng.integers(0, 6 * 24, border.sum())).astype(
        "timedelta64[h]"
    )
    ids = loader.ids("sale_order", border.sum())
    loader.copy(
        "sale_order",
        {"id": ids, "name": [f"BENCH{n:06d}" for n in ids], "date_order": placed, "create_date": placed},
        prototypes["sale"] | dict.fromkeys(PARTNERS, shop.vendors[0].id),
    )
    loader.copy(
        "sale_order_line",
        {
            "id": loader.ids("sale_order_line", len(week)),
            "order_id": ids[order],
            "product_id": np.array(shop.products.ids)[item],
            "product_uom_qty": quantity,
            "qty_delivered": quantity,
            "create_date": placed[order],
        },
        prototypes["sale_line"] | {"order_partner_id": shop.vendors[0].id},
    )
    return len(week)


# The times


def list_fields(env, model, view_id=False):
    """What the web client asks for when it opens the list."""
    arch = etree.fromstring(env[model].get_views([(view_id, "list")])["views"]["list"]["arch"])
    names = {node.get("name") for node in arch.iter("field")}
    many2one = {name for name in names if env[model]._fields[name].type == "many2one"}
    return {name: {"fields": {"display_name": {}}} if name in many2one else {} for name in sorted(names)}


def _open_odoo(env):
    action = env["stock.warehouse.orderpoint"].action_open_orderpoints()
    view_id = next((view for view, kind in action.get("views", []) if kind == "list"), False)
    model = env["stock.warehouse.orderpoint"].with_context(action.get("context") or {})
    return model.web_search_read([], list_fields(env, model._name, view_id), limit=PAGE, count_limit=10001)


def _open_ours(env, domain=(), order=""):
    model = env["scm.policy.proposal"]
    return model.web_search_read(
        list(domain), list_fields(env, model._name), limit=PAGE, count_limit=10001, order=order
    )


def _pages(env, shop):
    _say("Odoo's replenishment page")
    with env.cr.savepoint() as savepoint:
        odoo, _found = timed(env, lambda: _open_odoo(env))
        savepoint.rollback()
    env.invalidate_all()
    run_night(env)
    ours, found = timed(env, lambda: _open_ours(env))
    assert found["length"] == len(shop.products), found["length"]
    return {"odoo": odoo, "ours": ours}


def run_night(env):
    run = env["scm.forecast.run"].browse(env["scm.forecast.run"].run_now())
    run._process()
    assert run.state == "done", run.message
    return run


def _nights(env):
    """A first night (everything is read again) and a usual one."""
    _say("nightly job")
    env["scm.demand.state"].search([]).unlink()
    first, _run = timed(env, lambda: run_night(env))
    usual, run = timed(env, lambda: run_night(env))
    return first, usual, {"wape": run.wape, "wape_moving_average": run.wape_moving_average}


def _draft_lines(env):
    return env["purchase.order.line"].search_count([("state", "=", "draft")])


def _scheduler(env):
    _say("Odoo's scheduler")
    with env.cr.savepoint() as savepoint:
        took, _none = timed(env, lambda: env["stock.rule"].run_scheduler())
        lines = _draft_lines(env)
        savepoint.rollback()
    env.invalidate_all()
    return took, lines


def _ordering(env):
    _say("ordering what the plan proposes")
    with env.cr.savepoint() as savepoint:
        wanted = env["scm.policy.proposal"].search([("qty_to_order", ">", 0)])
        took, result = timed(env, wanted.replenish)
        lines = _draft_lines(env)
        savepoint.rollback()
    env.invalidate_all()
    return took, lines, len(result["failed"])


def _large_list(env, rows):
    """The planning list with copies of the rows for further warehouses."""
    _say(f"planning list of {rows:,} rows")
    first = env["stock.warehouse"].search([], limit=1)
    env.cr.execute("""SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
                       WHERE table_name = 'scm_policy_proposal' AND column_name NOT IN ('id', 'warehouse_id')""")
    columns = env.cr.fetchone()[0]
    have = env["scm.policy.proposal"].search_count([])
    for number in range(1, -(-rows // have)):
        other = env["stock.warehouse"].create({"name": f"Warehouse {number}", "code": f"W{number}"})
        env.cr.execute(
            f"""INSERT INTO scm_policy_proposal (warehouse_id, {columns})
                           SELECT %s, {columns} FROM scm_policy_proposal WHERE warehouse_id = %s LIMIT %s""",
            [other.id, first.id, rows - number * have],
        )
    env.cr.execute("ANALYZE scm_policy_proposal")
    model = env["scm.policy.proposal"]
    actions = {
        "planning list: open": lambda: _open_ours(env),
        "planning list: what to order, by run-out day": lambda: _open_ours(
            env, [("qty_to_order", ">", 0)], "date_run_out"
        ),
        "planning list: search a product": lambda: _open_ours(env, [("product_id", "ilike", "article 00")]),
        "planning list: group by vendor": lambda: model.formatted_read_group(
            [], ["vendor_id"], ["__count", "order_value:sum", "cash_effect:sum"]
        ),
    }
    return [
        {"what": what, "of": model.search_count([]), "ours": timed(env, action)[0]} for what, action in actions.items()
    ]
