"""The parts of benchmarks/nightly.py that run inside Odoo's shell: makes the company and takes the times of a night."""

import os
import sys
import time
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np

from tools.demo_data.bulk import Loader, bare_tables
from tools.demo_data.prototypes import capture

WEEKS, LINES_PER_ORDER, RECEIPTS, VENDORS, SEED = 156, 4, 5, 200, 7
PLENTY_OF_SECONDS = 3600
TABLES = (
    "sale_order", "sale_order_line", "stock_move", "stock_move_line", "stock_quant", "purchase_order",
    "purchase_order_line", "stock_warehouse_orderpoint", "product_product", "product_template", "product_supplierinfo",
)  # fmt: skip
#: what holds for all products, and what Odoo wrote while the company was made
SETTINGS = (
    "scm_inventory_policy", "scm_event", "scm_event_occurrence", "uom_uom", "res_currency_rate", "stock_rule",
    "stock_warehouse", "res_company", "stock_warehouse_orderpoint", "scm_product_lifecycle", "product_product",
    "product_template", "product_supplierinfo", "stock_move", "purchase_order", "purchase_order_line",
)  # fmt: skip
PARTNERS = ("partner_id", "partner_invoice_id", "partner_shipping_id")


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


# The company


def build(env, count):
    """`count` products in two warehouses with three years of weekly sales, receipts, stock, vendors and rules."""
    rng = np.random.default_rng(SEED)
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    first = env["stock.warehouse"].search([], limit=1)
    second = env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": first.company_id.id})
    vendors = env["res.partner"].create([{"name": f"Vendor {k:03d}", "supplier_rank": 1} for k in range(VENDORS)])
    categories = env["product.category"].create([{"name": f"Category {k:02d}"} for k in range(40)])
    model = _create_product(env, vendors[0], first)
    shop = SimpleNamespace(products=model, vendors=vendors, buyer_id=env.uid)
    kinds = {warehouse: capture(env, shop, warehouse) for warehouse in first | second}
    rows = {record._table: _row(env, record) for record in (
        model.product_tmpl_id, model, model.seller_ids, env["stock.warehouse.orderpoint"].search([], limit=1),
    )}  # fmt: skip
    loader = Loader(env.cr)
    lines = 0
    with bare_tables(env.cr, TABLES):
        products = _copy_products(loader, rows, count, rng, vendors.ids, categories.ids)
        rate = np.exp(rng.normal(-0.9, 1.35, count))
        for warehouse in first | second:
            say(f"{count:,} products, three years of sales of {warehouse.code}")
            lines += _copy_warehouse(loader, kinds[warehouse], rows, warehouse, products, rate, rng, vendors.ids)
            rate = rate * 0.6
    loader.set_id_sequences()
    env.cr.commit()
    return {"order_lines": lines}


def _create_product(env, vendor, warehouse):
    product = env["product.product"].create(
        {
            "name": "Model",
            "type": "consu",
            "is_storable": True,
            "list_price": 10.0,
            "standard_price": 5.0,
            "taxes_id": False,
            "supplier_taxes_id": False,
            "seller_ids": [(0, 0, {"partner_id": vendor.id, "price": 5.0, "delay": 10})],
        }
    )
    values = {"product_id": product.id, "warehouse_id": warehouse.id, "location_id": warehouse.lot_stock_id.id}
    env["stock.warehouse.orderpoint"].create(values | {"trigger": "manual"})
    return product


def _row(env, record):
    env.flush_all()
    env.cr.execute(f"SELECT * FROM {record._table} WHERE id = %s", [record.id])
    return dict(zip([column.name for column in env.cr.description], env.cr.fetchone(), strict=True))


def _copy_products(loader, rows, count, rng, vendor_ids, category_ids):
    templates, products = loader.ids("product_template", count), loader.ids("product_product", count)
    born = np.full(count, np.datetime64(date.today() - timedelta(weeks=WEEKS + 4), "s"))
    cost = np.round(np.exp(rng.normal(1.8, 0.8, count)), 2)
    company = rows["product_supplierinfo"]["company_id"] or 1
    loader.copy(
        "product_template",
        {
            "id": templates,
            "name": [{"en_US": f"Article {k:06d}"} for k in range(count)],
            "default_code": [f"A{k:06d}" for k in range(count)],
            "categ_id": np.array(category_ids)[rng.integers(0, len(category_ids), count)],
            "list_price": np.round(cost * 2, 2),
            "create_date": born,
        },
        rows["product_template"],
    )
    loader.copy(
        "product_product",
        {
            "id": products,
            "product_tmpl_id": templates,
            "default_code": [f"A{k:06d}" for k in range(count)],
            "standard_price": [{str(company): value} for value in cost.tolist()],
            "create_date": born,
        },
        rows["product_product"],
    )
    loader.copy(
        "product_supplierinfo",
        {
            "id": loader.ids("product_supplierinfo", count),
            "product_tmpl_id": templates,
            "partner_id": np.array(vendor_ids)[np.arange(count) % len(vendor_ids)],
            "price": cost,
            "delay": rng.integers(5, 60, count),
            "create_date": born,
        },
        rows["product_supplierinfo"] | {"product_id": None},
    )
    return products


def _copy_warehouse(loader, kinds, rows, warehouse, products, rate, rng, vendor_ids):
    units = _demand(rate, rng)
    week, item = np.nonzero(units)
    quantity = units[week, item].astype(float)
    placed = _monday() + (week * 7 * 24 + rng.integers(0, 6 * 24, len(week))).astype("timedelta64[h]")
    _copy_sales(loader, kinds, week, products[item], quantity, placed, vendor_ids[0])
    _copy_stock(loader, kinds, products, np.bincount(item, quantity, len(products)), rate, rng)
    _copy_purchases(loader, kinds, products, rate, rng, vendor_ids)
    half = np.arange(0, len(products), 2)
    names = [f"B{warehouse.id}/{k}" for k in half]
    loader.copy(
        "stock_warehouse_orderpoint",
        {
            "id": loader.ids("stock_warehouse_orderpoint", len(half)),
            "name": names,
            "product_id": products[half],
            "product_min_qty": np.ceil(4 * rate[half]),
            "product_max_qty": np.ceil(9 * rate[half]),
        },
        rows["stock_warehouse_orderpoint"]
        | {"warehouse_id": warehouse.id, "location_id": warehouse.lot_stock_id.id, "snoozed_until": None},
    )
    return len(week)


def _demand(rate, rng):
    """Units per week and product: seasonal, half of the products born within the history."""
    season = 1 + 0.3 * np.sin(np.arange(WEEKS) / 52 * 2 * np.pi)
    born = np.where(rng.random(len(rate)) < 0.5, 0, rng.integers(0, WEEKS - 10, len(rate)))
    return rng.poisson(rate[None, :] * season[:, None]) * (np.arange(WEEKS)[:, None] >= born)


def _monday():
    today = date.today()
    return np.datetime64(today - timedelta(days=today.weekday() + 7 * WEEKS), "s")


def _copy_sales(loader, kinds, week, product, quantity, placed, partner_id):
    border = np.r_[True, week[1:] != week[:-1]] | (np.arange(len(week)) % LINES_PER_ORDER == 0)
    ids, order = loader.ids("sale_order", border.sum()), np.cumsum(border) - 1
    loader.copy(
        "sale_order",
        {"id": ids, "name": [f"N{n}" for n in ids], "date_order": placed[border], "create_date": placed[border]},
        kinds["sale"] | dict.fromkeys(PARTNERS, partner_id),
    )
    loader.copy(
        "sale_order_line",
        {
            "id": loader.ids("sale_order_line", len(week)),
            "order_id": ids[order],
            "product_id": product,
            "product_uom_qty": quantity,
            "qty_delivered": quantity,
            "create_date": placed[order],
        },
        kinds["sale_line"] | {"order_partner_id": partner_id},
    )
    # the ledger of stock is its move lines; the moves of the past are not needed beside them
    loader.copy(
        "stock_move_line",
        {
            "id": loader.ids("stock_move_line", len(week)),
            "product_id": product,
            "quantity": quantity,
            "quantity_product_uom": quantity,
            "date": placed[order] + np.timedelta64(6, "h"),
            "create_date": placed[order],
        },
        kinds["sale_detail"] | {"move_id": None, "picking_id": None},
    )


def _copy_stock(loader, kinds, products, sold, rate, rng):
    """What is there today, and the opening stock that leaves it after all sales and receipts."""
    count = len(products)
    on_hand = np.where(rng.random(count) < 0.03, 0, np.ceil(rate * rng.uniform(1, 9, count))).astype(float)
    loader.copy(
        "stock_quant",
        {
            "id": loader.ids("stock_quant", count),
            "product_id": products,
            "quantity": on_hand,
            "reserved_quantity": np.zeros(count),
        },
        kinds["quant"],
    )
    opening = np.maximum(sold + on_hand - RECEIPTS * _lot(rate), 0)
    began = np.full(count, _monday() - np.timedelta64(1, "D"))
    loader.copy(
        "stock_move_line",
        {
            "id": loader.ids("stock_move_line", count),
            "product_id": products,
            "quantity": opening,
            "quantity_product_uom": opening,
            "date": began,
            "create_date": began,
        },
        kinds["inventory_detail"] | {"move_id": None},
    )


def _lot(rate):
    return np.ceil(rate * 8)


def _copy_purchases(loader, kinds, products, rate, rng, vendor_ids):
    """Five receipts of each product over two years, and an open order for every tenth."""
    count = len(products)
    for number in range(RECEIPTS):
        days = np.full(count, 30 + 130 * number) + rng.integers(0, 5, count)
        _copy_orders(loader, kinds, "buy", products, _lot(rate), days, rng, vendor_ids)
    tenth = np.arange(0, count, 10)
    days = -rng.integers(1, 30, len(tenth))
    _copy_orders(loader, kinds, "buy_open", products[tenth], _lot(rate[tenth]), days, rng, vendor_ids, step=10)


def _copy_orders(loader, kinds, kind, products, units, days_ago, rng, vendor_ids, step=1):
    """One order per vendor with all of his products; `days_ago` is when they came (negative: will come)."""
    vendor = (np.arange(len(products)) * step) % len(vendor_ids)
    order_ids = loader.ids("purchase_order", len(vendor_ids))
    came = np.datetime64(date.today(), "s") + np.timedelta64(9, "h") - days_ago.astype("timedelta64[D]")
    placed = came - rng.integers(20, 50, len(products)).astype("timedelta64[D]")
    first = np.array([placed[vendor == k].min() if (vendor == k).any() else placed[0] for k in range(len(vendor_ids))])
    loader.copy(
        "purchase_order",
        {
            "id": order_ids,
            "name": [f"B{n}" for n in order_ids],
            "partner_id": np.array(vendor_ids),
            "date_order": first,
            "date_approve": first,
            "create_date": first,
        },
        kinds[kind],
    )
    line_ids = loader.ids("purchase_order_line", len(products))
    received = units if kind == "buy" else np.zeros(len(products))
    prototype = kinds[f"{kind}_line"]
    promised = (came.astype("datetime64[D]")).astype("datetime64[s]")
    loader.copy(
        "purchase_order_line",
        {
            "id": line_ids,
            "order_id": order_ids[vendor],
            "partner_id": np.array(vendor_ids)[vendor],
            "product_id": products,
            "product_qty": units,
            "product_uom_qty": units,
            "qty_received": received,
            "date_planned": came,
            "scm_promise_original": promised.astype("datetime64[D]"),
            "scm_promise_date": promised.astype("datetime64[D]"),
            "scm_date_confirmed": first[vendor],
            "create_date": first[vendor],
        },
        prototype,
    )
    move_ids = loader.ids("stock_move", len(products))
    common = {"product_id": products, "quantity": units, "date": came, "create_date": first[vendor]}
    loader.copy(
        "stock_move",
        common
        | {"id": move_ids, "product_qty": units, "product_uom_qty": units, "purchase_line_id": line_ids},
        kinds[f"{kind}_move"] | {"picking_id": None},
    )
    if kind == "buy":
        loader.copy(
            "stock_move_line",
            common
            | {"id": loader.ids("stock_move_line", len(products)), "move_id": move_ids, "quantity_product_uom": units},
            kinds["buy_detail"] | {"picking_id": None},
        )


# The nights


def night(env, kind, whole=False):
    """One run of the job: per step seconds, seconds of computing here and in the database, and peak memory in MB."""
    runs = env["scm.forecast.run"]
    company = env["stock.warehouse"].search([], limit=1).company_id
    run = runs._start_kind(company, kind, whole=whole or kind == "forecast")
    steps, meter = {}, Meter(env)

    def commit(finished, remaining=0):
        nonlocal step
        env.cr.commit()
        one = steps.setdefault(step, {"seconds": 0.0, "cpu": 0.0, "memory": 0.0})
        meter.add_to(one, reset_peak=run.step != step)
        if run.step != step:
            say(f"{kind} {step}: {one['seconds']:.1f} s, computing {one['cpu']:.1f} s, {one['memory']:,.0f} MB")
        step = run.step
        return PLENTY_OF_SECONDS

    step = run.step
    env.cr.commit()
    run._process(commit=commit)
    assert run.state == "done", run.message
    steps.pop("end", None)
    return steps


class Meter:
    """Seconds, seconds of computing of this process and of its database connection, and peak memory of this process."""

    def __init__(self, env):
        env.cr.execute("SELECT pg_backend_pid()")
        self.backend = env.cr.fetchone()[0]
        self.last = self._now()
        _reset_peak()

    def _now(self):
        return {"seconds": time.monotonic(), "cpu": time.process_time() + self._backend_seconds()}

    def _backend_seconds(self):
        """Of the connection itself, without its parallel helpers; 0 where the database is on another machine."""
        try:
            with open(f"/proc/{self.backend}/stat") as handle:
                fields = handle.read().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def add_to(self, total, reset_peak=True):
        now = self._now()
        for name, value in now.items():
            total[name] += value - self.last[name]
        total["memory"] = max(total["memory"], _peak())
        self.last = now
        if reset_peak:
            _reset_peak()


def timed(env, what, action):
    """Do something on an empty cache and commit it: seconds, computing, memory and queries, also on the terminal."""
    env.flush_all()
    env.invalidate_all()
    total, meter = {"seconds": 0.0, "cpu": 0.0, "memory": 0.0}, Meter(env)
    queries = env.cr.sql_log_count
    action()
    env.flush_all()
    queries = env.cr.sql_log_count - queries
    env.cr.commit()
    meter.add_to(total)
    say(f"{what}: {total['seconds']:.1f} s, computing {total['cpu']:.1f} s, {queries} queries")
    return total | {"what": what, "queries": queries}


def simulate(env, most, days):
    """Replay the last ``days`` days of ``most`` products with three scenarios, as the button does."""
    company = env["stock.warehouse"].search([], limit=1).company_id
    today = env["scm.demand.day"]._scm_company_today(company)
    simulation = env["scm.simulation"].create(
        {
            "company_id": company.id,
            "date_from": today - timedelta(days=days),
            "date_to": today - timedelta(days=1),
            "product_limit": most,
            "only_with_rule": False,
        }
    )
    env.flush_all()
    total, meter = {"seconds": 0.0, "cpu": 0.0, "memory": 0.0}, Meter(env)
    simulation._check_runnable()
    simulation.write({"state": "queued"})
    simulation._process()
    env.cr.commit()
    meter.add_to(total)
    assert simulation.state == "done", simulation.message
    return total | {"items": simulation.item_count, "left_out": simulation.left_out_count}


def change(env, count):
    """A usual day: `count` orders of customers, a few new lead times of vendors; what was there is a day older."""
    for table in SETTINGS:
        env.cr.execute(f"UPDATE {table} SET write_date = write_date - interval '1 day'")
    rng = np.random.default_rng(SEED + 1)
    products = env["product.product"].search([("is_storable", "=", True), ("default_code", "=like", "A%")], order="id")
    some = products.browse(rng.choice(products.ids, min(4 * count, len(products)), replace=False).tolist())
    partner = env["res.partner"].search([("supplier_rank", ">", 0)], limit=1)
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2}) for product in some[k::count]],
            }
            for k in range(count)
        ]
    )
    orders.action_confirm()
    some[:20].seller_ids.delay = 40
    env.cr.commit()


def _reset_peak():
    with open("/proc/self/clear_refs", "w") as handle:
        handle.write("5")


def _peak():
    """Most memory since the last reset, in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
