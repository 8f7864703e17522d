"""The parts of benchmarks/supplier_scorecards.py that run inside Odoo's shell: makes the purchases, takes the times."""

from datetime import timedelta
from types import SimpleNamespace

import numpy as np
from odoo import fields

from benchmarks.nightly_inside import _create_product, _row, say, timed
from tools.demo_data.bulk import Loader, bare_tables
from tools.demo_data.prototypes import capture

PRODUCTS, OFFERS, LINES_PER_ORDER, FEW, FEW_LINES, GROUPS, SEED = 20_000, 3, 5, 20, 1_000, 8, 7
TABLES = (
    "purchase_order", "purchase_order_line", "stock_move", "product_product", "product_template",
    "product_supplierinfo", "scm_receipt_inspection", "scm_buyer_survey", "scm_purchase_promise",
)  # fmt: skip


def measure(env, suppliers, lines):
    """Times of the cards of a full and of a small month, and of Odoo's figure, as plain data."""
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    shop = build(env, suppliers, lines)
    env.cr.commit()
    compute, company = env["scm.scorecard.compute"], shop.company
    parts = {
        "few": _timed(env, lambda: compute._compute_period(company, *shop.before), "cards, few", FEW, FEW_LINES),
        "cards": _timed(env, lambda: compute._compute_period(company, *shop.period), "cards", suppliers, lines),
        "odoo": _timed(env, lambda: shop.vendors.mapped("on_time_rate"), "Odoo on_time_rate", suppliers, lines),
    }
    few = env["scm.scorecard"].search_count([("date_from", "=", shop.before[0])])
    assert few == FEW, few
    cards = env["scm.scorecard"].search([("date_from", "=", shop.period[0])])
    assert len(cards) == suppliers, len(cards)
    return {
        "parts": parts,
        "cards": len(cards),
        "measures": env["scm.scorecard.line"].search_count([("card_id", "in", cards.ids), ("missing", "=", False)]),
        "price_lists": env["product.supplierinfo"].search_count([]),
    }


def _timed(env, action, what, suppliers, lines):
    return timed(env, what, action) | {"suppliers": suppliers, "lines": lines}



# The purchases


def build(env, suppliers, lines):
    """Purchases of the last full month, and a small month before it."""
    rng = np.random.default_rng(SEED)
    warehouse = env["stock.warehouse"].search([], limit=1)
    company = warehouse.company_id
    groups = env["scm.supplier.group"].create([{"name": f"Group {k}"} for k in range(GROUPS)])
    say(f"{suppliers:,} suppliers")
    vendors = env["res.partner"].create(
        [
            {"name": f"Vendor {k:05d}", "supplier_rank": 1, "scm_supplier_group_id": groups[k % GROUPS].id}
            for k in range(suppliers)
        ]
    )
    model = _create_product(env, vendors[0], warehouse)
    shop = SimpleNamespace(products=model, vendors=vendors, buyer_id=env.uid, company=company)
    kinds = capture(env, shop, warehouse)
    shop.picking_id = _create_receipt(env, warehouse).id
    rows = {record._table: _row(env, record) for record in (model.product_tmpl_id, model, model.seller_ids)}
    last = company._scm_local_today().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    shop.period = (first, last)
    shop.before = (fields.Date.subtract(first, months=1), first - timedelta(days=1))
    loader = Loader(env.cr)
    with bare_tables(env.cr, TABLES):
        products, cost = _copy_products(loader, rows, rng, vendors.ids)
        say(f"{lines:,} purchase lines")
        ids = np.array(vendors.ids)
        _copy_month(loader, kinds, shop, shop.period, ids, lines, products, cost, rng)
        _copy_month(loader, kinds, shop, shop.before, ids[:FEW], FEW_LINES, products, cost, rng)
    loader.set_id_sequences()
    env.invalidate_all()
    return shop


def _create_receipt(env, warehouse):
    """One open receipt that stands for the transfer of all inspections: no measure reads it."""
    kind = warehouse.in_type_id
    return env["stock.picking"].create(
        {
            "picking_type_id": kind.id,
            "location_id": env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": kind.default_location_dest_id.id,
        }
    )


def _copy_products(loader, rows, rng, vendor_ids):
    """Products, each with the price lists of three suppliers."""
    templates, products = loader.ids("product_template", PRODUCTS), loader.ids("product_product", PRODUCTS)
    cost = np.round(np.exp(rng.normal(1.8, 0.8, PRODUCTS)), 2)
    texts = [f"P{k:06d}" for k in range(PRODUCTS)]
    loader.copy(
        "product_template",
        {"id": templates, "name": [{"en_US": text} for text in texts], "default_code": texts},
        rows["product_template"],
    )
    loader.copy(
        "product_product", {"id": products, "product_tmpl_id": templates, "default_code": texts},
        rows["product_product"],
    )  # fmt: skip
    for number in range(OFFERS):
        loader.copy(
            "product_supplierinfo",
            {
                "id": loader.ids("product_supplierinfo", PRODUCTS),
                "product_tmpl_id": templates,
                "partner_id": np.array(vendor_ids)[(np.arange(PRODUCTS) + number * 7) % len(vendor_ids)],
                "price": np.round(cost * rng.uniform(0.9, 1.2, PRODUCTS), 2),
            },
            rows["product_supplierinfo"] | {"product_id": None},
        )
    return products, cost


def _copy_month(loader, kinds, shop, period, vendor_ids, lines, products, cost, rng):
    """Lines promised in a month by suppliers of different behaviour, with what happened to them."""
    first, days = np.datetime64(period[0], "s"), (period[1] - period[0]).days + 1
    orders = -(-lines // LINES_PER_ORDER)
    vendor = np.arange(orders) % len(vendor_ids)
    order_ids = loader.ids("purchase_order", orders)
    # asked for, confirmed and promised within the month: such orders count for every measure, and in no other month
    placed = first + rng.integers(6 * 24, 8 * 24, orders).astype("timedelta64[h]")
    _copy_orders(loader, kinds, order_ids, vendor_ids[vendor], placed, rng)
    order = np.arange(lines) // LINES_PER_ORDER
    own = (vendor[order] - 7 * rng.integers(0, OFFERS, lines)) % len(vendor_ids)
    item = (own + len(vendor_ids) * rng.integers(0, max(PRODUCTS // len(vendor_ids), 1), lines)) % PRODUCTS
    promise = first + rng.integers(9, days, lines).astype("timedelta64[D]") + np.timedelta64(10, "h")
    delay = np.round(rng.gamma(0.5, 2 + 6 * (vendor[order] % 10) / 10) - 1.5).astype(int)
    facts = SimpleNamespace(
        line=loader.ids("purchase_order_line", lines), order=order_ids[order], vendor=vendor_ids[vendor[order]],
        product=products[item], units=rng.integers(1, 200, lines).astype(float), placed=placed[order],
        promise=promise, came=promise + delay.astype("timedelta64[D]"),
        price=np.round(cost[item] * rng.uniform(0.95, 1.1, lines), 2),
    )  # fmt: skip
    _copy_lines(loader, kinds, facts)
    moves = _copy_moves(loader, kinds, facts, rng)
    _copy_inspections(loader, shop, facts, moves, kinds, rng)
    _copy_promises(loader, shop, facts, rng)
    _copy_surveys(loader, shop, vendor_ids, period, rng)


def _copy_orders(loader, kinds, ids, vendor, placed, rng):
    answer = placed - rng.integers(1, 48, len(ids)).astype("timedelta64[h]")
    loader.copy(
        "purchase_order",
        {
            "id": ids,
            "name": [f"B{n}" for n in ids],
            "partner_id": vendor,
            "date_order": placed,
            "date_approve": placed,
            "create_date": placed,
            "scm_rfq_sent_at": answer - rng.integers(1, 72, len(ids)).astype("timedelta64[h]"),
            "scm_answered_at": answer,
            "scm_acknowledged_at": np.where(
                rng.random(len(ids)) < 0.8,
                placed + rng.integers(1, 72, len(ids)).astype("timedelta64[h]"),
                np.datetime64("NaT"),
            ),
            "scm_is_rush": rng.random(len(ids)) < 0.05,
            "scm_rush_answer": np.where(rng.random(len(ids)) < 0.7, "accepted", "declined").tolist(),
        },
        kinds["buy"],
    )


def _copy_lines(loader, kinds, facts):
    subtotal = np.round(facts.units * facts.price, 2)
    day = facts.promise.astype("datetime64[D]")
    loader.copy(
        "purchase_order_line",
        {
            "id": facts.line,
            "order_id": facts.order,
            "partner_id": facts.vendor,
            "product_id": facts.product,
            "product_qty": facts.units,
            "product_uom_qty": facts.units,
            "qty_received": facts.units,
            "price_unit": facts.price,
            "price_subtotal": subtotal,
            "price_total": subtotal,
            "date_planned": facts.promise,
            "scm_promise_original": day,
            "scm_promise_date": day,
            "scm_date_confirmed": facts.placed.astype("datetime64[D]"),
            "create_date": facts.placed,
        },
        kinds["buy_line"],
    )


def _copy_moves(loader, kinds, facts, rng):
    """A receipt per line, a second one for every tenth, and every fiftieth is sent back in part."""
    count = len(facts.line)
    split, back = np.flatnonzero(rng.random(count) < 0.1), np.flatnonzero(rng.random(count) < 0.02)
    units = facts.units.copy()
    rest = np.floor(units[split] / 2)
    units[split] -= rest
    receipts = _copy_move(loader, kinds["buy_move"], facts, np.arange(count), units, facts.came)
    later = facts.came[split] + np.timedelta64(4, "D")
    _copy_move(loader, kinds["buy_move"], facts, split[rest > 0], rest[rest > 0], later[rest > 0])
    move = kinds["buy_move"]
    returned = move | {"location_id": move["location_dest_id"], "location_dest_id": move["location_id"]}
    returned["origin_returned_move_id"] = int(receipts[0])
    _copy_move(loader, returned, facts, back, np.ones(len(back)), facts.came[back] + np.timedelta64(2, "D"))
    return receipts


def _copy_move(loader, prototype, facts, at, units, when):
    ids = loader.ids("stock_move", len(at))
    loader.copy(
        "stock_move",
        {
            "id": ids,
            "product_id": facts.product[at],
            "purchase_line_id": facts.line[at],
            "quantity": units,
            "product_qty": units,
            "product_uom_qty": units,
            "date": when,
            "create_date": facts.placed[at],
        },
        prototype | {"picking_id": None},
    )
    return ids


def _copy_inspections(loader, shop, facts, moves, kinds, rng):
    at = np.flatnonzero(rng.random(len(facts.line)) < 0.2)
    bad = rng.random(len(at)) < 0.05
    loader.copy(
        "scm_receipt_inspection",
        {
            "id": loader.ids("scm_receipt_inspection", len(at)),
            "move_id": moves[at],
            "partner_id": facts.vendor[at],
            "product_id": facts.product[at],
            "date": facts.came[at].astype("datetime64[D]"),
            "qty_received": facts.units[at],
            "qty_rejected": np.where(bad, np.ceil(facts.units[at] * 0.1), 0.0),
        },
        {"picking_id": shop.picking_id, "company_id": shop.company.id, "state": "done", "user_id": shop.buyer_id},
    )


def _copy_promises(loader, shop, facts, rng):
    """Half of the late lines were announced three days before."""
    late = facts.came.astype("datetime64[D]") > facts.promise.astype("datetime64[D]")
    at = np.flatnonzero(late & (rng.random(len(late)) < 0.5))
    loader.copy(
        "scm_purchase_promise",
        {
            "id": loader.ids("scm_purchase_promise", len(at)),
            "line_id": facts.line[at],
            "order_id": facts.order[at],
            "partner_id": facts.vendor[at],
            "product_id": facts.product[at],
            "date_from": facts.promise[at].astype("datetime64[D]"),
            "date_to": facts.came[at].astype("datetime64[D]"),
            "date_changed": facts.promise[at] - np.timedelta64(3, "D"),
        },
        {
            "company_id": shop.company.id, "user_id": shop.buyer_id, "requested_by": "vendor", "notice_days": 3,
            "channel": "backend",
        },
    )  # fmt: skip


def _copy_surveys(loader, shop, vendor_ids, period, rng):
    loader.copy(
        "scm_buyer_survey",
        {
            "id": loader.ids("scm_buyer_survey", len(vendor_ids)),
            "partner_id": vendor_ids,
            "mean": np.round(rng.uniform(1, 5, len(vendor_ids)), 1),
        },
        {"company_id": shop.company.id, "user_id": shop.buyer_id, "date_from": period[0], "date_to": period[1],
         "date_answered": period[1], "state": "answered"},
    )  # fmt: skip
