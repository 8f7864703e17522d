"""The parts of benchmarks/lanes.py that run inside Odoo's shell: makes the parcels and takes the times."""

import io
import time

import pandas as pd

from benchmarks import parcels as generator
from benchmarks.nightly_inside import say, timed

KEYS = ["carrier_id", "warehouse_id", "zone_id", "band_id"]
COLUMNS = [*KEYS, "date_handed", "date_delivered", "date_promised", "is_lost", "is_damaged", "weight", "cost_expected"]
FINEST = "4"


def measure(env, count):
    """Times of the classification, of the lanes of all companies and of pandas, as plain data."""
    began = time.monotonic()
    made = generator.build(env, count)
    env.cr.execute("UPDATE scm_parcel SET zone_id = NULL, band_id = NULL")
    env.cr.commit()
    env.cr.execute("ANALYZE")
    say(f"made in {time.monotonic() - began:.0f} s")
    parcels, lane = env["scm.parcel"].browse(range(made.first, made.last + 1)), env["scm.lane"]
    days = {company: company._scm_local_today() for company in made.companies}
    parts = [
        timed(env, "zone and band of new parcels", parcels._classify),
        timed(env, "the same once more, nothing to write", parcels._classify),
        timed(env, "lanes of all companies", lambda: [lane._rebuild(company) for company in made.companies]),
        timed(env, "the same once more", lambda: [lane._rebuild(company) for company in made.companies]),
    ]
    plain = []
    parts.append(
        timed(env, "pandas: COPY and one pass", lambda: plain.extend(_pandas(env, *pair) for pair in days.items()))
    )
    for company, frame in zip(made.companies, plain, strict=True):
        _compare(lane.search([("company_id", "=", company.id), ("level", "=", FINEST)]), frame)
    return {
        "parts": parts,
        "parcels": count,
        "events": made.events,
        "lanes": lane.search_count([("level", "!=", False)]),
        "finest": sum(map(len, plain)),
        "unclassified": env["scm.parcel"].search_count(["|", ("zone_id", "=", False), ("band_id", "=", False)]),
    }



def _pandas(env, company, today):
    """What a script would do: the table by COPY, then one group of carrier, warehouse, zone and band per row."""
    text = io.StringIO()
    env.cr._obj.copy_expert(
        f"COPY (SELECT {', '.join(COLUMNS)} FROM scm_parcel WHERE company_id = {company.id} AND direction = 'out'"
        f" AND date_handed >= '{today}'::date - {int(company.scm_lane_months * 30.44)}) TO STDOUT CSV HEADER",
        text,
    )
    text.seek(0)
    frame = pd.read_csv(text, parse_dates=["date_handed", "date_delivered", "date_promised"])
    zone = company.partner_id.tz
    for name in ("date_handed", "date_delivered"):
        local = frame[name].dt.tz_localize("UTC").dt.tz_convert(zone)
        frame[name] = local.dt.tz_localize(None).dt.normalize()
    frame["days"] = (frame["date_delivered"] - frame["date_handed"]).dt.days
    day = pd.Timestamp(today)
    due = frame["date_promised"].notna() & (frame["date_delivered"].notna() | (frame["date_promised"] < day))
    frame["due"] = due
    frame["late"] = due & (frame["date_delivered"].fillna(day) > frame["date_promised"])
    for name in ("is_lost", "is_damaged"):
        frame[name] = frame[name] == "t"
    lanes = frame.groupby(KEYS).agg(
        sample=("days", "count"), handed=("days", "size"), due=("due", "sum"), late=("late", "sum"),
        lost=("is_lost", "sum"), damaged=("is_damaged", "sum"), cost=("cost_expected", "mean"),
    )  # fmt: skip
    quantiles = frame.groupby(KEYS)["days"].quantile([0.5, 0.9]).unstack()
    return lanes.join(quantiles)


def _compare(lanes, frame):
    """The lanes of the finest level hold the same parcels as pandas' groups."""
    ours = {
        tuple(lane[name].id for name in KEYS): (
            lane.sample, lane.handed, lane.due, round(lane.late_rate_raw * lane.due),
        )
        for lane in lanes
    }
    theirs = {
        tuple(map(int, key)): tuple(map(int, row))
        for key, row in zip(frame.index, frame[["sample", "handed", "due", "late"]].to_numpy(), strict=True)
    }
    assert ours == theirs, [(key, ours.get(key), theirs[key]) for key in theirs if ours.get(key) != theirs[key]][:5]
