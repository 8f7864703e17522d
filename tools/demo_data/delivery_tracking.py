"""Who tells the demo company where its parcels are, and a month of their messages."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np

from .bulk import Loader
from .carriers import CARRIERS

DAYS = 30
NAMES = {"aftership": "AfterShip", "kuaidi100": "Kuaidi100"}
CARRIER_CODES = {"aftership": "custom", "kuaidi100": "yunda"}
#: messages of a day that are refused, and why: a wrong secret on one morning, and a few broken ones
BROKEN = (("signature", 9, ""), ("malformed", 4, "not_json"), ("stale", 2, ""))


def create_tracking(env, master, today, seed=29):
    """Providers with their carriers, and what they sent; only where delivery is installed."""
    if "scm.tracking.provider" not in env:
        return
    providers = _providers(env, master)
    _link(env, master, providers)
    _requests(env, master, providers, today, np.random.default_rng(seed))
    env.invalidate_all()


def _providers(env, master):
    common = {"company_id": master.company.id}
    made = env["scm.tracking.provider"].create(
        [
            common | {"name": "AfterShip", "kind": "aftership", "secret": "demo secret of aftership"},
            common | {"name": "Kuaidi100", "kind": "kuaidi100", "secret": "demo secret of kuaidi100"},
            common
            | {
                "name": "Van Depot",
                "kind": "json",
                "secret": "demo secret of the depot",
                "path_parcels": "shipments",
                "path_events": "scans",
                "path_tracking": "waybill",
                "path_time": "at",
                "path_code": "state",
                "path_text": "remark",
                "path_place": "depot",
            },
        ]
    )
    return {provider.kind: provider for provider in made}


def _link(env, master, providers):
    carriers = env["delivery.carrier"].with_company(master.company).search([])
    by_name = {carrier.name: carrier for carrier in carriers}
    for carrier in CARRIERS:
        if carrier.provider in providers and carrier.name in by_name:
            by_name[carrier.name].write(
                {
                    "scm_provider_id": providers[carrier.provider].id,
                    "scm_provider_carrier_code": CARRIER_CODES[carrier.provider],
                }
            )


def _requests(env, master, providers, today, rng):
    """Messages of each provider: as many events as its parcels had that day, so that the chart tells the truth."""
    env.cr.execute(
        """SELECT source, time::date, count(*) FROM scm_parcel_event
            WHERE company_id = %s AND source = ANY(%s) AND time::date BETWEEN %s AND %s GROUP BY 1, 2 ORDER BY 1, 2""",
        [master.company.id, list(NAMES), today - timedelta(days=DAYS), today - timedelta(days=1)],
    )
    rows = [row for source, day, events in env.cr.fetchall() for row in _day(rng, providers[source], day, events)]
    aftership, day = providers["aftership"], today - timedelta(days=6)
    for outcome, count, detail in BROKEN:
        rows += [_row(aftership, _moment(rng, day), outcome, 0, detail) for _n in range(count)]
    columns = list(zip(*sorted(rows, key=lambda row: row[2]), strict=True))
    names = (
        "provider_id", "company_id", "create_date", "way", "outcome", "event_count", "stored_count", "repeated_count",
        "orphan_count", "unknown_count", "skipped_count", "milliseconds", "detail",
    )  # fmt: skip
    Loader(env.cr).copy("scm_tracking_request", dict(zip(names, columns, strict=True)))


def _day(rng, provider, day, events):
    sizes = rng.multinomial(events, np.full(8, 1 / 8))
    return [_row(provider, _moment(rng, day), "ok", int(size), "", int(rng.integers(14, 60))) for size in sizes if size]


def _moment(rng, day):
    return datetime.combine(day, time()) + timedelta(seconds=int(rng.integers(0, 86399)))


def _row(provider, moment, outcome, events, detail, milliseconds=1):
    repeated = events // 12
    new = events - repeated
    return (
        provider.id, provider.company_id.id, moment, "webhook", outcome, events, new, repeated, 0, 0, 0, milliseconds,
        detail or None,
    )  # fmt: skip
