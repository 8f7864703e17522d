"""A quarter of counts with what they found, and the plan of the coming days."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
from odoo.fields import Command

from .sales import UTC_OFFSET_HOURS

DAYS = 90
#: (places a day of the plan, places a day in the past) of each warehouse
PACE = ((24, 6), (12, 3))
#: share of records that are wrong: bulk, easy picking, and the top shelves of the last two aisles
WRONG_BULK, WRONG_PICKING, WRONG_BAD = 0.012, 0.08, 0.35
BAD_AISLES, BAD_LEVEL = "GH", 2
#: of the wrong records of a first count, so many were counted wrongly
MISCOUNT = 0.2
#: (code of the cause, weight, share of the book that differs)
CAUSES = (
    ("pick", 34, -0.08),
    ("putaway", 16, -0.25),
    ("transfer", 14, 0.12),
    ("damage", 10, -0.05),
    ("receipt", 10, 0.1),
    ("uom", 5, 0.5),
    ("theft", 5, -0.06),
    ("unknown", 6, -0.04),
)
ORIGINS, ORIGIN_SHARES = ("plan", "demand", "zero", "manual"), (0.84, 0.08, 0.05, 0.03)
OVERDUE = 5


def create_counts(env, master, today, seed=59) -> int:
    """How many places were counted in the last quarter."""
    if "scm.count.plan.run" not in env:
        return 0
    rng, count = np.random.default_rng(seed), 0
    counters = env["res.users"].search([("login", "=like", "picker%")], order="login")
    causes = {cause.code: cause.id for cause in env["scm.count.cause"].search([])}
    for warehouse, (capacity, past) in zip(master.warehouses, PACE, strict=True):
        warehouse.write(
            {
                "scm_count_planned": True,
                "scm_count_capacity": capacity,
                "scm_count_zero": True,
                "scm_count_short": True,
                "scm_count_neighbours": True,
            }
        )
        vals_list = _history(env, warehouse, today, past, counters, causes, rng)
        env["scm.count.task"].create(vals_list)
        count += len(vals_list)
    _plan(env, master, today)
    return count


def _history(env, warehouse, today, past, counters, causes, rng):
    """Counts of each working day: what lies in a place is what the book said."""
    stock = {}
    for quant in env["stock.quant"].search(
        [("warehouse_id", "=", warehouse.id), ("location_id.usage", "=", "internal"), ("quantity", ">", 0)], order="id"
    ):
        stock.setdefault(quant.location_id, []).append((quant.product_id, quant.quantity))
    places = sorted(stock, key=lambda place: place.id)
    order = [places[int(number)] for number in rng.permutation(len(places))]
    vals_list = []
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() > 4:
            continue
        for _number in range(past):
            place = order[len(vals_list) % len(order)]
            begun = datetime.combine(day, time(9)) - timedelta(hours=UTC_OFFSET_HOURS)
            moment = begun + timedelta(minutes=int(rng.integers(0, 470)))
            vals_list.append(_count(place, stock[place], day, moment, counters, causes, rng))
    return vals_list


def _count(place, records, day, moment, counters, causes, rng):
    counter, other = (counters[int(number)] for number in rng.choice(len(counters), 2, replace=False))
    origin = str(rng.choice(ORIGINS, p=ORIGIN_SHARES))
    lines = [_line(place, product, book, moment, counter, other, causes, rng) for product, book in records]
    return {
        "location_id": place.id,
        "date": day,
        "origin": origin,
        "plan_reason": {"plan": "due", "demand": "neighbour", "zero": "emptied", "manual": "asked"}[origin],
        "state": "done",
        "user_id": counter.id,
        "counted_by_id": counter.id,
        "counted_at": moment,
        "done_at": moment + timedelta(minutes=30),
        "line_ids": [Command.create(line) for line in lines],
    }


def _line(place, product, book, moment, counter, other, causes, rng):
    is_bad = place.scm_aisle in BAD_AISLES and place.scm_level >= BAD_LEVEL
    share = WRONG_BAD if is_bad else WRONG_BULK if place.scm_zone_id.name == "Bulk" else WRONG_PICKING
    values = {
        "product_id": product.id,
        "expected_quantity": book,
        "quantity": book,
        "difference": 0.0,
        "in_tolerance": True,
        "unit_cost": product.standard_price,
        "counted_at": moment,
        "counted_by_id": counter.id,
    }
    if rng.random() >= share:
        return values
    weights = np.array([weight for _code, weight, _share in CAUSES], dtype=float)
    code, _weight, size = CAUSES[int(rng.choice(len(CAUSES), p=weights / weights.sum()))]
    difference = float(np.sign(size) * max(1, round(abs(size) * book)))
    found = max(book + difference, 0.0)
    values |= {"quantity": found, "first_difference": found - book, "in_tolerance": False, "is_recounted": True}
    values |= {"recounted_by_id": other.id, "recounted_at": moment + timedelta(minutes=25), "recount_expected": book}
    if rng.random() < MISCOUNT:
        return values | {"recount_quantity": book, "cause_id": causes.get("count")}
    return values | {
        "recount_quantity": found,
        "difference": found - book,
        "cause_id": causes.get(code),
        "is_applied": True,
    }


def _plan(env, master, today):
    """The plan of the coming days, with some counts that nobody did in time."""
    chief = env["res.users"].search([("login", "=", "warehouse")])
    runs = env["scm.count.plan.run"].with_user(chief).with_context(allowed_company_ids=master.company.ids)
    runs.run_now(wait=True)
    late = env["scm.count.task"].search(
        [("company_id", "=", master.company.id), ("state", "=", "todo"), ("origin", "=", "plan")],
        order="date, id",
        limit=OVERDUE,
    )
    late.date = today - timedelta(days=3 if today.weekday() < 3 else 2)
    env["scm.count.alert"]._sync_alerts(master.company)
