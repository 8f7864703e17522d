"""What improvements were worth: some that worked, in several areas, and the target of the year."""

from __future__ import annotations

from datetime import timedelta

from odoo.addons.scm_base.tools.zones import local_today

#: share of a year's revenue that improvements should bring
TARGET_SHARE = 0.005
#: days before and after, tried in this order
PERIODS = ((46, 66), (46, 72), (60, 60), (75, 75), (60, 90), (90, 90), (45, 45), (120, 120), (90, 150))
LOST_SALES = (
    "Reorder points by forecast instead of by feeling",
    "planning",
    "lost_sales_share",
    "Best sellers were out of stock for days while slow ones filled the shelves.",
    "Minimum quantities were set once and never looked at again.",
)
#: (title, area, measure, days since it began to work, problem, cause)
IMPROVEMENTS = (
    (
        "Fewer waves, larger ones",
        "warehouse",
        "order_cycle_hours",
        60,
        "Orders waited half a day for the next wave.",
        "Waves were released by the clock, not by what was waiting.",
    ),
    (
        "Second pick-up for the north",
        "logistics",
        "parcel_cost",
        75,
        "Late parcels went by express because the only pick-up was at noon.",
        "One pick-up a day.",
    ),
)


def create_values(env, company) -> int:
    """Measured improvements of several areas, a stated value, targets; how many improvements were made."""
    if "scm.improvement.target" not in env:
        return 0
    today = local_today(company)
    revenue = sum(
        amount or 0.0
        for (amount,) in env["scm.demand.day"]._read_group(
            [("company_id", "=", company.id), ("date", ">", today - timedelta(days=365))], [], ["revenue:sum"]
        )
    )
    if not revenue:
        return 0
    target = float(f"{revenue * TARGET_SHARE:.1g}")
    env["scm.improvement.target"].create(
        [
            {
                "company_id": company.id,
                "year": today.year + back,
                "amount": target,
                "note": "Five in a thousand of revenue",
            }
            for back in (-1, 0, 1)
        ]
    )
    planner = env["res.users"].search([("login", "=", "planner"), ("company_ids", "in", company.ids)], limit=1)
    made = env["scm.improvement"].create([_values(company, planner, today, *row) for row in IMPROVEMENTS])
    made._measure()
    made += _fewer_lost_sales(env, company, planner, today)
    _state_values(env, company)
    return len(made)


def _fewer_lost_sales(env, company, planner, today):
    """One that worked: the first pair of periods between which fewer sales were lost beyond chance, else the last."""
    made = env["scm.improvement"]
    for before, after in PERIODS:
        made.unlink()
        values = _values(company, planner, today, *LOST_SALES[:3], after, *LOST_SALES[3:])
        values["baseline_from"] = values["after_from"] - timedelta(days=before)
        made = env["scm.improvement"].create(values)
        made._measure()
        if made.verdict == "worked":
            break
    return made


def _values(company, planner, today, name, area, metric, days, problem, cause):
    start = today - timedelta(days=days)
    return {
        "name": name,
        "area": area,
        "metric": metric,
        "company_id": company.id,
        "user_id": planner.id,
        "problem": problem,
        "cause": cause,
        "date_open": start - timedelta(days=30),
        "date_due": today + timedelta(days=30),
        "baseline_from": start - timedelta(days=days),
        "baseline_to": start - timedelta(days=1),
        "after_from": start,
        "after_to": today - timedelta(days=1),
        "state": "checking",
    }


def _state_values(env, company):
    """What worked and has no money of its own is stated, in words that name the source."""
    worked = env["scm.improvement"].search(
        [
            ("company_id", "=", company.id),
            ("verdict", "=", "worked"),
            ("state", "in", ("checking", "done")),
            ("scm_value_basis", "=", False),
        ]
    )
    for improvement in worked:
        improvement.write(
            {
                "scm_value_stated": improvement.value or 60000.0,
                "scm_value_note": "Express freight that was not needed any more, from the invoices of the quarter",
            }
        )
