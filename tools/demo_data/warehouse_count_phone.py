"""A morning of counting: places to count, places that somebody else has to count again, differences for the manager."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from odoo import fields

#: (what two people found more or less than the books have: first, second; None: nobody has counted again as yet)
FOUND = ((-2, -2), (3, 3), (-1, -2), (-4, None), (2, None))
#: places that wait, of which the first is urgent
WAITING = 14
CLUES = (
    "An open carton stands behind, from another order.",
    "Three more lie in the place on the left.",
    "The label of the box says 12, it holds 10.",
)


def create_count_phone(env, master, today) -> int:
    """Counts of today in the first warehouse, in every state that a person has to do something with; how many."""
    if "scm.count.task" not in env:
        return 0
    counters = env["res.users"].search([("login", "in", ("picker", "picker2"))], order="login", limit=2)
    if len(counters) < 2:
        return 0
    env["res.users"].flush_model()
    tasks = env["scm.count.task"].with_context(allowed_company_ids=master.company.ids)
    places = _places(env, master.warehouses[0], WAITING + len(FOUND))
    origins = ["demand", "zero"] + ["manual"] * len(places)
    made = tasks.create(
        [
            {"location_id": place.id, "date": today, "origin": origin, "priority": "1" if origin == "demand" else "0"}
            for place, origin in zip(places, origins, strict=False)
        ]
    )
    for number, (task, found) in enumerate(zip(made[-len(FOUND) :], FOUND, strict=True)):
        for user, off in zip(counters, found, strict=True):
            if off is not None and task.state in ("todo", "counting", "recount"):
                _count(task.with_user(user), off, CLUES[number % len(CLUES)] if number < 3 else "")
    return len(made)


def _places(env, warehouse, count):
    """Places that hold few kinds of goods and are not waiting to be counted, spread over the hall."""
    busy = env["scm.count.task"].search([("state", "in", ("todo", "counting", "recount", "approval"))]).location_id
    groups = env["stock.quant"]._read_group(
        [
            ("location_id.warehouse_id", "=", warehouse.id),
            ("location_id.usage", "=", "internal"),
            ("location_id", "not in", busy.ids),
            ("location_id.scm_aisle", "!=", False),
            ("quantity", ">", 5),
        ],
        ["location_id"],
        ["__count"],
        having=[("__count", "<=", 3)],
        order="location_id",
    )
    places = [place for place, _kinds in groups]
    step = max(len(places) // max(count, 1), 1)
    return places[::step][:count]


def _count(task, off, note):
    """What one person finds: all that the books have, and of the first product more or less."""
    task.claim(task.id)
    quants = task.env["stock.quant"].sudo().search([("location_id", "=", task.location_id.id), ("quantity", "!=", 0)])
    moment = fields.Datetime.to_string(fields.Datetime.now() + timedelta(seconds=1))
    entries = [
        {
            "uuid": str(uuid4()),
            "task_id": task.id,
            "product_id": quant.product_id.id,
            "lot_id": quant.lot_id.id,
            "quantity": max(quant.quantity + (off if quant == quants[0] else 0), 0),
            "moment": moment,
        }
        for quant in quants
    ]
    task.finish({"uuid": str(uuid4()), "task_id": task.id, "moment": moment, "entries": entries, "note": note})
