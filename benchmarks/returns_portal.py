"""The customer's list of returns with many returns: seconds per page over HTTP, beside Odoo's list of his orders.

    python benchmarks/returns_portal.py [--returns N] [--pages N] [--keep]

Makes a database with N returns of two items, each of an order of its own: a fifth belongs to one large company with
fifty contacts, the rest to private customers with five returns each. A contact of the company and a private customer
log in and ask for

* `/my/returns`: the first page, one in the middle, the last, and those under way
* `/my/returns/<id>`: the page of one return, each time another
* `/my/orders`: Odoo's own list, of as many orders

Needs what the integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import os
import re
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, ROOT, fresh_database, load_adapter
from tracking_page import WARM_UP, Visitor

HOUR, SEED, CONTACTS, EACH, COMPANY_SHARE, PER_PAGE = 3600, 5, 50, 5, 0.2, 20
STATES = ("requested", "approved", "in_transit", "received", "settled", "closed", "closed", "closed", "refused")
LOGINS = {"large company": "bench_company", "private customer": "bench_private"}


def build(env, count):
    """Make the returns; ids of the company's, to be asked for."""
    from tools.demo_data.bulk import Loader, bare_tables

    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True, no_reset_password=True))
    rows, rng, loader = _play(env), np.random.default_rng(SEED), Loader(env.cr)
    company = env["res.partner"].create({"name": "Large company", "is_company": True, "email": "c@scm.example"})
    contacts = env["res.partner"].create(
        [{"name": f"Contact {k}", "parent_id": company.id, "email": f"k{k}@scm.example"} for k in range(CONTACTS)]
    )
    large = int(count * COMPANY_SHARE)
    private = env["res.partner"].create({"name": "Private customer", "email": "p@scm.example"})
    env.flush_all()
    people = loader.ids("res_partner", (count - large) // EACH)
    with bare_tables(env.cr, ("res_partner", "sale_order", "sale_order_line", "scm_return", "scm_return_line")):
        loader.copy("res_partner", {"id": people, "commercial_partner_id": people}, _row(private))
        who = np.concatenate([rng.choice(contacts.ids, large), np.resize(people, count - large)])
        _copy(loader, rows, rng.permutation(who), rng)
    loader.set_id_sequences()
    env.invalidate_all()
    _login(env, "large company", contacts[0])
    _login(env, "private customer", env["res.partner"].browse(int(people[0])))
    returns = env["scm.return"].search([("partner_id", "child_of", company.id)], order="id desc", limit=2000)
    env.cr.commit()
    return {"large company": returns.ids}


def _copy(loader, rows, who, rng):
    count = len(who)
    orders, returns = loader.ids("sale_order", count), loader.ids("scm_return", count)
    days = np.datetime64("2026-06-01", "s") + rng.integers(0, 150 * 86_400, count).astype("timedelta64[s]")
    days.sort()
    names = dict.fromkeys(("partner_id", "partner_invoice_id", "partner_shipping_id"), who)
    own = {
        "id": orders,
        "name": [f"BO{k:09d}" for k in range(count)],
        "date_order": days,
        "access_token": [None] * count,
    }
    loader.copy("sale_order", own | names, rows["order"])
    lines = loader.ids("sale_order_line", 2 * count)
    of_order = {"id": lines, "order_id": np.repeat(orders, 2), "order_partner_id": np.repeat(who, 2)}
    loader.copy("sale_order_line", of_order, rows["line"])
    states = rng.choice(STATES, count)
    own = {"id": returns, "name": [f"BR{k:09d}" for k in range(count)], "order_id": orders, "partner_id": who}
    own |= {
        "state": states,
        "date_requested": days,
        "state_since": days,
        "access_token": [f"{k:032d}" for k in range(count)],
    }
    loader.copy("scm_return", own, rows["return"])
    of = {"id": loader.ids("scm_return_line", 2 * count), "return_id": np.repeat(returns, 2), "sale_line_id": lines}
    of |= {"order_id": np.repeat(orders, 2), "state": np.repeat(states, 2)}
    loader.copy("scm_return_line", of, rows["return_line"])
    return returns


def _play(env):
    """An order of one product, delivered, and a return of it, made by the suite's own methods."""
    product = env["product.product"].create({"name": "Lamp", "type": "consu", "is_storable": True, "list_price": 25.0})
    customer = env["res.partner"].create({"name": "Prototype"})
    order = env["sale.order"].create(
        {"partner_id": customer.id, "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})]}
    )
    order.action_confirm()
    picking = order.picking_ids
    picking.move_ids.write({"quantity": 1, "picked": True})
    picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
    asked = env["scm.return"]._request(
        order, [{"sale_line_id": order.order_line.id, "quantity": 1, "reason": "not_liked"}]
    )
    return {
        "order": _row(order),
        "line": _row(order.order_line),
        "return": _row(asked),
        "return_line": _row(asked.line_ids),
    }


def _row(record):
    """A row of the record's table as the ORM leaves it."""
    record.env.flush_all()
    record.env.cr.execute(f'SELECT * FROM "{record._table}" WHERE id = %s', [record.id])
    names = [column.name for column in record.env.cr.description]
    return dict(zip(names, record.env.cr.fetchone(), strict=True))


def _login(env, who, partner):
    env["res.users"].create(
        {
            "login": LOGINS[who],
            "password": LOGINS[who],
            "partner_id": partner.id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
        }
    )


def enter(url, login):
    visitor = Visitor(url)
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.ask("/web/login")[2])[1]
    answer = visitor.ask("/web/login", {"csrf_token": token, "login": login, "password": login})
    assert answer[1] == 303, answer
    return visitor


def measure(url, asked, count, pages):
    """{(who, what): seconds of each page}; every answer is checked to be the one that was asked for."""
    times = {}
    for who, login in LOGINS.items():
        visitor, last = enter(url, login), int(count * COMPANY_SHARE) // PER_PAGE
        paths = {"his orders (Odoo)": "/my/orders", "his returns": "/my/returns"}
        if who == "large company":
            paths |= {
                "his returns, page in the middle": f"/my/returns/page/{last // 2}",
                "his returns, last page": f"/my/returns/page/{last}",
                "his returns under way": "/my/returns?filterby=open",
            }
        for what, path in paths.items():
            times[who, what] = _times(visitor, [path] * (pages + WARM_UP))
        if ids := asked.get(who):
            times[who, "one return"] = _times(visitor, [f"/my/returns/{one}" for one in ids[: pages + WARM_UP]])
    return times


def _times(visitor, paths):
    times = []
    for path in paths:
        seconds, status, text = visitor.ask(path)
        assert status == 200 and ("BR0" in text or "BO0" in text), (status, path)
        times.append(seconds)
    return times[WARM_UP:]


def table(times, count):
    """Markdown: a row per page."""
    text = ["| customer | page | his returns | of | median (ms) | 95% (ms) |", "|---|---|---:|---:|---:|---:|"]
    for (who, what), seconds in times.items():
        own = int(count * COMPANY_SHARE) if who == "large company" else EACH
        middle, slow = np.quantile(seconds, [0.5, 0.95]) * 1000
        text.append(f"| {who} | {what} | {own:,} | {count:,} | {middle:.0f} | {slow:.0f} |")
    return "\n".join(text)


def run(adapter, count, pages, keep):
    database, server = fresh_database(adapter), None
    print(f"  database {database}", file=sys.stderr, flush=True)
    begun = time.monotonic()
    try:
        code = (
            f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nsys.path.insert(0, {str(ROOT / 'benchmarks')!r})\n"
            f"import returns_portal\nresult = returns_portal.build(env, {count})\n"
        )
        asked = adapter.shell(database, code, seconds=HOUR)
        print(f"  built in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        server = adapter.Server(database).start()
        return measure(server.url, asked, count, pages)
    finally:
        if server:
            server.stop()
        if not keep:
            adapter.drop(database)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--returns", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=30, help="pages of each kind")
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    times = run(load_adapter(), options.returns, options.pages, options.keep)
    print("\n## Customers' list of returns\n")
    print(table(times, options.returns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
