"""Events by webhook: how many a worker takes per second, beside a bare JSON route of Odoo in the same server.

    python benchmarks/webhook.py [--events N] [--keep]

Makes a database with parcels, starts one Odoo process (threads of one Python process: what one worker does), and sends

* the bare route: Odoo's own ``/web/webclient/version_info`` (JSON, no session, no database)
* our webhook with 1 event per message, and with 25 and 100, each signed, to parcels of its own
* all messages of 25 once more, which must store nothing

and asks the database at the end whether each event is there once. Needs what the integration tests need
(tests/integration/adapter.py); `make bench` sets it.
"""

import argparse
import hashlib
import hmac
import http.client
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from replenishment import NEEDED, fresh_database, load_adapter

SECRET = "secret of the benchmark"
STEPS = ("info_received", "in_transit", "in_transit", "out_for_delivery", "delivered")
BARE = "/web/webclient/version_info"
ATTEMPTS = 8


def prepare(adapter, database, parcels, prefix="W"):
    """A JSON provider and so many parcels; the token of its webhook."""
    return adapter.shell(
        database,
        f"""
company = env.company
carrier = env["delivery.carrier"].create({{
    "name": "Load", "product_id": env["product.product"].create({{"name": "Load", "type": "service"}}).id}})
provider = env["scm.tracking.provider"].create({{
    "name": "Load", "company_id": company.id, "secret": {SECRET!r}, "calls_per_minute": 0}})
carrier.scm_provider_id = provider
env.cr.execute('''
    INSERT INTO scm_parcel (name, tracking_ref, direction, company_id, carrier_id, status, date_ordered, date_handed,
                            create_date)
    SELECT %s || n, %s || n, 'out', %s, %s, 'info_received', now() - interval '4 days', now() - interval '3 days',
           now() - interval '3 days'
      FROM generate_series(1, %s) n''', [{prefix!r}, {prefix!r}, company.id, carrier.id, {parcels}])
env.cr.execute("ANALYZE scm_parcel")
result = provider.url_token
""",
    )


def messages(parcels, size, first=1, prefix="W"):
    """Bodies with ``size`` events each: five events of each parcel, all mixed."""
    start = time.time() - 2 * 86400
    events = [
        {"tracking_ref": f"{prefix}{number}", "time": int(start + 3600 * step), "code": code, "text": f"step {step}"}
        for number in range(first, first + parcels)
        for step, code in enumerate(STEPS)
    ]
    random.Random(5).shuffle(events)
    return [json.dumps({"events": events[at : at + size]}).encode() for at in range(0, len(events), size)]


def signed(body):
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-SCM-Timestamp": stamp, "X-SCM-Signature": signature}


def send_all(url, path, bodies, threads, headers=signed):
    """(seconds, Counter of statuses, list of answers) of all messages; 5xx are sent again, as carriers do."""
    todo, lock = list(reversed(bodies)), threading.Lock()
    statuses, answers = Counter(), []

    def work():
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        while True:
            with lock:
                body = todo.pop() if todo else None
            if body is None:
                return
            for attempt in range(ATTEMPTS):
                connection.request("POST", path, body, headers(body))
                answer = connection.getresponse()
                content = answer.read()
                with lock:
                    statuses[answer.status] += 1
                if answer.status < 500:
                    break
                time.sleep(0.05 * 2**attempt)
            with lock:
                answers.append(json.loads(content))

    workers = [threading.Thread(target=work) for _thread in range(threads)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.monotonic() - began, statuses, answers


def count(adapter, database, prefix="W"):
    """(events, different events, delivered parcels) in the database."""
    [row] = adapter.query(
        database,
        """SELECT count(e.id),
                  count(DISTINCT (e.parcel_id, e.time, e.raw_code, e.text)) FILTER (WHERE e.id IS NOT NULL),
                  count(DISTINCT p.id) FILTER (WHERE p.status = 'delivered')
             FROM scm_parcel p LEFT JOIN scm_parcel_event e ON e.parcel_id = p.id WHERE p.name LIKE %s""",
        [prefix + "%"],
    )
    return row


def measure(adapter, events, keep):
    database = fresh_database(adapter)
    each = events // len(STEPS)
    try:
        token = prepare(adapter, database, 3 * each)
        server = adapter.Server(database).start()
        try:
            return _rows(server, f"/scm/tracking/{token}", each), count(adapter, database)
        finally:
            server.stop()
    finally:
        if not keep:
            adapter.drop(database)


def _rows(server, path, each):
    def bare(_body):
        return {"Content-Type": "application/json"}

    call = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {}}).encode()
    send_all(server.url, path, [b'{"events": []}'] * 20, 1)
    send_all(server.url, BARE, [call] * 20, 1, bare)
    rows = []
    seconds, _statuses, answers = send_all(server.url, BARE, [call] * 1000, 4, bare)
    rows.append(("bare JSON route", 0, len(answers), seconds))
    for part, size in enumerate((1, 25, 100)):
        bodies = messages(each, size, 1 + part * each)
        if size == 1:
            bodies = bodies[:1000]
        seconds, statuses, answers = send_all(server.url, path, bodies, 4)
        rows.append((f"webhook, {size} per message", size * len(bodies), sum(statuses.values()), seconds))
        if size == 25:
            seconds, _statuses, answers = send_all(server.url, path, bodies, 4)
            assert not sum(answer["stored"] for answer in answers)
            rows.append(("the same messages again", size * len(bodies), len(answers), seconds))
    return rows


def table(rows):
    """Markdown; the ratio is messages per second against the bare route, and events against its calls."""
    base = rows[0][2] / rows[0][3]
    text = [
        "| what | messages | messages/s | events/s | messages, of the bare route's calls | events, of its calls |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for what, events, calls, seconds in rows:
        ratio = f"{events / seconds / base:.2f}" if events else ""
        shown = f"{events / seconds:,.0f}" if events else ""
        speed = calls / seconds
        text.append(f"| {what} | {calls:,} | {speed:,.0f} | {shown} | {speed / base:.2f} | {ratio} |")
    return "\n".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000, help="events per size of message")
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    options = parser.parse_args()
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        print(f"skipped: set {', '.join(missing)}, or call make bench, which does")
        return 0
    rows, (stored, different, _delivered) = measure(load_adapter(), options.events, options.keep)
    print("\n## Events by webhook\n")
    print(table(rows))
    sent = sum(row[1] for row in rows if row[0] != "the same messages again")
    print(f"\n{sent:,} events sent, {stored:,} stored, {different:,} different.")
    return 0 if sent == stored == different else 1


if __name__ == "__main__":
    sys.exit(main())
