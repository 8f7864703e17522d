"""Safety in the demo company: inspections of a quarter, a year of incidents with their causes, one locked place."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np

from odoo.addons.scm_base.tools.zones import local_today

from .sales import UTC_OFFSET_HOURS

#: days of inspections that were made
HISTORY_DAYS = 90
#: (checklist, equipment, zone, every, unit, share that is made, share of answers that are not OK)
PLANS = (
    ("forklift", "Forklift 1", "", 1, "day", 0.97, 0.012),
    ("forklift", "Forklift 2", "", 1, "day", 0.93, 0.02),
    ("fire", "", "", 1, "month", 1.0, 0.05),
    ("rack", "", "Picking", 1, "week", 0.96, 0.03),
    ("rack", "", "Bulk", 2, "week", 1.0, 0.06),
    ("electric", "", "", 1, "month", 1.0, 0.03),
    ("theft", "", "", 1, "week", 0.9, 0.015),
    ("cold", "Chilled room", "", 2, "day", 0.98, 0.008),
    ("housekeeping", "", "", 1, "week", 0.95, 0.07),
)
PICKERS = ("picker", "picker2", "picker3", "picker4")
#: (days ago, type, severity, kind, what, people, days lost, damage, kind of cause, cause)
INCIDENTS = (
    (
        351,
        "forklift",
        "serious",
        "incident",
        "Forklift hit the guard of rack C while it was reversing.",
        0,
        0,
        8200,
        "method",
        "Empty pallets stood in the turning place because their corner was full.",
    ),
    (
        322,
        "fall",
        "minor",
        "near_miss",
        "A carton slid from level 3 in aisle B and fell beside a picker.",
        0,
        0,
        0,
        "goods",
        "Film of the supplier was too thin for half pallets.",
    ),
    (
        287,
        "injury",
        "serious",
        "incident",
        "Cut in the hand while opening cartons at the packing table.",
        1,
        2,
        0,
        "equipment",
        "Knives without guard were still in use beside the new ones.",
    ),
    (
        251,
        "spill",
        "minor",
        "incident",
        "A bottle of oil broke at dock 2.",
        0,
        0,
        1400,
        "people",
        "Temporary help had no briefing.",
    ),
    (
        214,
        "forklift",
        "minor",
        "near_miss",
        "Truck and picker met at the blind corner of aisle E.",
        0,
        0,
        0,
        "building",
        "The mirror at aisle E was turned away after the rebuilding.",
    ),
    (
        190,
        "theft",
        "serious",
        "incident",
        "Six headphones were missing from the cage at the evening count.",
        0,
        0,
        21000,
        "method",
        "One key of the cage was shared by two shifts.",
    ),
    (
        151,
        "fall",
        "minor",
        "near_miss",
        "Ladder slipped on film that lay on the floor.",
        0,
        0,
        0,
        "method",
        "Film was thrown beside the bin, the bin stood too far away.",
    ),
    (
        118,
        "rack_damage",
        "serious",
        "incident",
        "Upright of R-04 bent after a pallet was set down askew.",
        0,
        0,
        15500,
        "people",
        "New driver, second day, no supervision.",
    ),
    (
        88,
        "fall",
        "minor",
        "near_miss",
        "Pallet with a broken board was put on level 3.",
        0,
        0,
        0,
        "goods",
        "No check of pallets at receiving.",
    ),
    (
        61,
        "electric",
        "minor",
        "near_miss",
        "Charger plug was hot and brown.",
        0,
        0,
        0,
        "equipment",
        "Contacts were worn, no date of exchange.",
    ),
    (
        47,
        "injury",
        "severe",
        "incident",
        "Foot squeezed between pallet jack and rack; ambulance called.",
        1,
        9,
        0,
        "method",
        "Way of people and way of trucks crossed at the packing tables without a line on the floor.",
    ),
    (
        33,
        "cold_chain",
        "minor",
        "near_miss",
        "Door of the chilled room stood open for 20 minutes during a break.",
        0,
        0,
        0,
        "people",
        "Nobody is in charge of the door during breaks.",
    ),
    (
        19,
        "forklift",
        "minor",
        "near_miss",
        "Reversing signal of forklift 2 was too quiet; a picker jumped aside.",
        0,
        0,
        0,
        False,
        "",
    ),
    (
        3,
        "fall",
        "serious",
        "near_miss",
        "Box of lamps fell from A-07-3 into the aisle; nobody stood there.",
        0,
        0,
        1800,
        False,
        "",
    ),
)

#: where the incident of so many days ago was
PLACES = {
    351: "C-01-0",
    322: "B-05-3",
    251: "A-01-0",
    214: "E-12-0",
    118: "R-04-0",
    88: "D-06-3",
    19: "F-01-0",
    3: "A-07-3",
}


def create_safety(env, master, today, seed=71) -> int:
    """Schedules, their inspections of the last quarter, and a year of incidents; how many inspections were made."""
    if "scm.safety.schedule" not in env:
        return 0
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True, mail_notrack=True))
    rng, today = np.random.default_rng(seed), max(today, local_today(master.company))
    people = env["res.users"].search([("login", "in", PICKERS)], order="id")
    _phone_numbers(env)
    shares = _schedules(env, master, today, people)
    made = _make(env, shares, today, people, rng)
    _incidents(env, master, today, people)
    env["scm.safety.inspection"]._check_alerts(master.company)
    env.flush_all()
    return made


def _phone_numbers(env):
    """The numbers that are called in Taiwan."""
    for words, number in (("fire brigade", "119"), ("ambulance", "119"), ("police", "110")):
        env["scm.safety.procedure.step"].search([("name", "ilike", words), ("phone", "=", False)]).phone = number


def _schedules(env, master, today, people):
    """`{schedule: (share made, share not OK)}`; planned from a quarter ago on."""
    schedules, shares = env["scm.safety.schedule"], {}
    first = today - timedelta(days=HISTORY_DAYS)
    for number, warehouse in enumerate(master.warehouses):
        zones = {zone.name: zone.id for zone in warehouse.lot_stock_id.child_ids}
        plans = PLANS if not number else PLANS[1:6]
        made = schedules.create(
            [
                {
                    "template_id": env.ref(f"scm_warehouse.scm_safety_template_{checklist}").id,
                    "warehouse_id": warehouse.id,
                    "equipment": equipment,
                    "location_id": zones.get(zone, False),
                    "every": every,
                    "unit": unit,
                    "date_start": first + timedelta(days=row),
                    "user_id": people[row % len(people)].id if people else False,
                }
                for row, (checklist, equipment, zone, every, unit, _made, _bad) in enumerate(plans)
            ]
        )
        shares.update({one.id: plan[5:] for one, plan in zip(made, plans, strict=True)})
        schedules |= made
    # planned again as if they had run all the time
    schedules.inspection_ids.unlink()
    env.flush_all()
    env.cr.execute("UPDATE scm_safety_schedule SET date_generated = date_start - 1 WHERE id = ANY(%s)", [schedules.ids])
    schedules.invalidate_recordset()
    schedules._generate()
    return shares


def _make(env, shares, today, people, rng):
    """Answer most of what was due; the rest stays missed, and a little is overdue today."""
    inspections = env["scm.safety.inspection"].search(
        [("schedule_id", "in", list(shares)), ("date_due", "<", today), ("state", "in", ("todo", "missed"))],
        order="date_due, id",
    )
    answers, done = [], {}
    for inspection in inspections:
        share, bad = shares[inspection.schedule_id.id]
        is_last = inspection.state == "todo"
        if rng.random() > share or (is_last and inspection.subject == "housekeeping"):
            continue
        rows = [
            # what is critical opens an incident: it was all right
            _answer(inspection, item, rng.random() < bad and not item.is_critical, rng)
            for item in inspection.template_id.item_ids
        ]
        answers += rows
        done[inspection] = rows
    env["scm.safety.answer"].create(answers)
    for inspection, rows in done.items():
        failed = sum(row["result"] == "failed" for row in rows)
        critical = sum(row["result"] == "failed" and row["is_critical"] for row in rows)
        at = datetime.combine(inspection.date_due, time(8)) + timedelta(minutes=int(rng.integers(0, 480)))
        inspection.write(
            {
                "state": "done",
                "result": "critical" if critical else "failed" if failed else "passed",
                "answer_count": len(rows),
                "failed_count": failed,
                "critical_count": critical,
                "date_done": at - timedelta(hours=UTC_OFFSET_HOURS),
                "done_by_id": (inspection.user_id or people[:1]).id or env.user.id,
                "minutes": round(float(inspection.template_id.minutes * rng.uniform(0.6, 1.4)), 1),
            }
        )
    return len(done)


def _answer(inspection, item, is_bad, rng):
    low, high = item._limits()
    value, number = ("nok" if is_bad else "ok"), 0.0
    if item.kind == "number":
        floor = low if low is not None else (high or 0.0) - abs(high or 10.0) * 0.4
        ceiling = high if high is not None else floor + abs(floor or 10.0) * 1.5
        number = float(np.round(rng.uniform(floor, ceiling), 1))
        number = number + abs(ceiling - floor) if is_bad and high is not None else number
        value = f"{number:g}"
        is_bad = not ((low is None or number >= low) and (high is None or number <= high))
    elif item.kind == "damage":
        value = "amber" if is_bad else str(rng.choice(["none", "none", "none", "green"]))
    elif item.kind in ("text", "photo"):
        value, is_bad = ("in the shift book" if item.kind == "text" else "1"), False
    return {
        "inspection_id": inspection.id,
        "item_id": item.id,
        "sequence": item.sequence,
        "section": item.section,
        "question": item.name,
        "kind": item.kind,
        "is_critical": item.is_critical,
        "value": value,
        "number": number,
        "unit": item.unit,
        "limits": item._limit_words(),
        "result": "failed" if is_bad else "passed",
        "note": "Told the shift leader, put right at once." if is_bad else False,
    }


def _incidents(env, master, today, people):
    """A year of reports; the older ones are closed with their cause, the latest are open."""
    types = env["scm.safety.incident.type"]._by_code()
    places = {place.name: place.id for place in env["stock.location"].search([("name", "in", list(PLACES.values()))])}
    warehouse, manager = master.warehouses[0], env["res.users"].search([("login", "=", "warehouse")], limit=1)
    incidents = env["scm.safety.incident"].create(
        [
            {
                "type_id": types[kind].id,
                "severity": severity,
                "kind": what,
                "date": datetime.combine(today - timedelta(days=ago), time(14, 20)) - timedelta(hours=UTC_OFFSET_HOURS),
                "warehouse_id": warehouse.id,
                "location_id": places.get(PLACES.get(ago), False),
                "description": words,
                "people_count": hurt,
                "lost_days": lost,
                "goods_value": damage,
                "cause_kind": cause_kind,
                "cause": cause,
                "user_id": manager.id,
                "reported_by_id": people[row % len(people)].id if people else env.user.id,
            }
            for row, (ago, kind, severity, what, words, hurt, lost, damage, cause_kind, cause) in enumerate(INCIDENTS)
        ]
    )
    over = incidents.filtered("cause_kind")
    for incident in over:
        end = incident.date + timedelta(days=2)
        incident.step_ids.write(
            {"date_done": incident.date + timedelta(minutes=40), "done_by_id": incident.reported_by_id.id}
        )
        incident.write({"state": "closed", "date_closed": end, "closed_by_id": manager.id or env.user.id})
    for incident in over[-2:]:
        incident.action_improve()
    _damaged_rack(env, warehouse, types["rack_damage"], today, people, manager)


def _damaged_rack(env, warehouse, kind, today, people, manager):
    """The latest walk along the bulk racks found a bent connector: its place is closed."""
    inspection = env["scm.safety.inspection"].search(
        [
            ("warehouse_id", "=", warehouse.id),
            ("subject", "=", "rack"),
            ("state", "=", "done"),
            ("location_id.name", "=", "Bulk"),
        ],
        limit=1,
    )
    answer = inspection.answer_ids.filtered(lambda one: one.kind == "damage")[-1:]
    place = _quiet_place(env, inspection.location_id)
    answer.write(
        {
            "value": "red",
            "result": "failed",
            "is_critical": True,
            "location_id": place.id,
            "location_name": place.display_name,
            "note": "Connector is bent open, the lock is missing.",
        }
    )
    failed = len(inspection.answer_ids.filtered(lambda one: one.result == "failed"))
    inspection.write({"result": "critical", "critical_count": 1, "failed_count": failed})
    found = env["scm.safety.incident"].create(
        {
            "type_id": kind.id,
            "severity": "severe",
            "kind": "finding",
            "date": inspection.date_done or datetime.combine(today, time(1)),
            "warehouse_id": warehouse.id,
            "location_id": place.id,
            "description": f"{inspection.template_id.name}: {answer.question}\n{answer._said() if answer else ''}",
            "inspection_id": inspection.id,
            "answer_id": answer.id,
            "finding_key": answer._finding_key() if answer else False,
            "user_id": manager.id,
            "reported_by_id": (inspection.done_by_id or people[:1]).id or env.user.id,
        }
    )
    found.step_ids[:2].write({"date_done": found.date + timedelta(minutes=25), "done_by_id": found.reported_by_id.id})
    if place:
        found._lock(place, "Connector of the beam is bent open")
    found.action_investigate()


def _quiet_place(env, zone):
    """A place of the zone in which nobody has work, an empty one if there is one."""
    places = env["stock.location"].search(
        [("location_id", "in", zone.ids), ("usage", "=", "internal")], order="name desc"
    )
    busy = env["stock.quant"]._read_group(
        [("location_id", "in", places.ids)], ["location_id"], ["reserved_quantity:sum"]
    )
    reserved = {place.id: quantity for place, quantity in busy}
    quiet = places.filtered(lambda place: not reserved.get(place.id))
    return (quiet.filtered(lambda place: place.id not in reserved) or quiet)[:1]
