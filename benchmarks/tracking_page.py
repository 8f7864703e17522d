"""The customer's tracking page with many parcels: seconds per page over HTTP, beside a page of Odoo that shows nothing.

    python benchmarks/tracking_page.py [--parcels N] [--pages N] [--keep]

Makes a database with N parcels, five events and one order each (benchmarks/parcels.py), starts Odoo with one process
and asks for, one after the other and each time for another parcel,

* the page of a parcel by its link
* the page of an order by its link
* the look-up by order number and e-mail, found and not found
* `/web/login`, which reads no business data: the floor of a page of Odoo

Needs what the integration tests need (tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import http.client
import os
import re
import sys
import time
import urllib.parse
from contextlib import closing
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, ROOT, fresh_database, load_adapter

HOUR, WARM_UP, SEED = 3600, 5, 3


def build(adapter, database, parcels, pages):
    """Make the parcels; addresses of a sample of them."""
    return adapter.shell(
        database,
        f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from benchmarks import parcels as generator
made = generator.build(env, {parcels}, orders=True)
env.cr.commit()
ids = np.random.default_rng({SEED}).integers(made.first, made.last + 1, {pages + WARM_UP}).tolist()
rows = []
for parcel in env["scm.parcel"].browse(ids):
    order = parcel.sale_ids
    rows.append([f"/track/{{parcel.id}}/{{parcel._public_token()}}", order._scm_track_url(), order.name,
                 order.partner_id.email])
result = rows
""",
        seconds=HOUR,
    )


class Visitor:
    """A browser without pictures: keeps its session, follows no link, and comes from a new address for each page.

    The page limits tries per address; visitors of a shop do not share one.
    """

    def __init__(self, url):
        self.host, self.cookie, self.count = url.removeprefix("http://"), "", 0

    def ask(self, path, data=None):
        """Seconds, status and text of one answer."""
        self.count += 1
        source = (f"127.0.{1 + self.count // 250}.{1 + self.count % 250}", 0)
        headers = {"Cookie": self.cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if data else {})
        body = urllib.parse.urlencode(data) if data else None
        start = time.perf_counter()
        with closing(http.client.HTTPConnection(self.host, timeout=60, source_address=source)) as line:
            line.request("POST" if data else "GET", path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        seconds = time.perf_counter() - start
        if session := re.search(r"session_id=[^;]+", answer.getheader("Set-Cookie") or ""):
            self.cookie = session[0]
        return seconds, answer.status, text


def measure(url, rows):
    """{what: seconds of each page}; every answer is checked to be the one that was asked for."""
    visitor = Visitor(url)
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.ask("/track")[2])[1]

    def find(order, email):
        return visitor.ask("/track", {"csrf_token": token, "order": order, "email": email})

    asks = {
        "a page of Odoo without data (/web/login)": (lambda row: visitor.ask("/web/login"), 200, None),
        "a parcel by its link": (lambda row: visitor.ask(row[0]), 200, "o_scm_track_head"),
        "an order by its link": (lambda row: visitor.ask(row[1]), 200, "o_scm_track_link"),
        "look-up, found": (lambda row: find(row[2], row[3]), 303, None),
        "look-up, wrong e-mail": (lambda row: find(row[2], "nobody@scm.example"), 200, "alert-warning"),
        "look-up, unknown order": (lambda row: find("X" + row[2], row[3]), 200, "alert-warning"),
    }
    return {what: _times(ask, status, mark, rows) for what, (ask, status, mark) in asks.items()}


def _times(ask, status, mark, rows):
    times = []
    for row in rows:
        seconds, got, text = ask(row)
        assert got == status and (not mark or mark in text), (got, row)
        times.append(seconds)
    return times[WARM_UP:]


def table(times, parcels):
    """Markdown: a row per page."""
    floor = np.median(times["a page of Odoo without data (/web/login)"])
    text = ["| page | parcels | median (ms) | 95% (ms) | beside /web/login |", "|---|---:|---:|---:|---:|"]
    for what, seconds in times.items():
        middle, slow = np.quantile(seconds, [0.5, 0.95]) * 1000
        text.append(f"| {what} | {parcels:,} | {middle:.0f} | {slow:.0f} | {middle / 1000 / floor:.1f} |")
    return "\n".join(text)


def run(adapter, parcels, pages, keep):
    database = fresh_database(adapter)
    print(f"  database {database}", file=sys.stderr, flush=True)
    server = None
    try:
        rows = build(adapter, database, parcels, pages)
        server = adapter.Server(database).start()
        return measure(server.url, rows)
    finally:
        if server:
            server.stop()
        if not keep:
            adapter.drop(database)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=60, help="pages of each kind")
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    times = run(load_adapter(), options.parcels, options.pages, options.keep)
    print("\n## Tracking page\n")
    print(table(times, options.parcels))
    return 0


if __name__ == "__main__":
    sys.exit(main())
