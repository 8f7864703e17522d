"""How the vendors answer and what was found in their goods: each has a character that stays."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

# name: hours to an answer, share acknowledged, hours to acknowledge, rejected parts per million, rush orders taken
CHARACTERS = {
    "Jingdezhen Hearth Ceramics": (26, 0.90, 20, 9_000, 0.7),
    "Alishan Leaf Cooperative": (5, 0.97, 6, 600, 0.95),
    "Tainan Cotton Works": (9, 0.94, 12, 1_800, 0.9),
    "Yiwu Bright Goods Trading": (61, 0.55, 70, 31_000, 0.35),
    "Changhua Paper Mill": (12, 0.92, 14, 1_200, 0.85),
    "Shunde Small Appliances": (30, 0.85, 30, 14_000, 0.6),
    "Kaohsiung Outdoor Supply": (14, 0.88, 18, 3_500, 0.8),
    "Hsinchu Circuit House": (7, 0.98, 8, 900, 0.9),
    "Ningbo Storage Systems": (40, 0.75, 44, 6_500, 0.5),
    "Pingtung Natural Care": (8, 0.95, 10, 2_400, 0.9),
    "Guangzhou Playroom Toys": (48, 0.62, 60, 22_000, 0.4),
    "Osaka Household Import": (16, 0.99, 12, 300, 0.75),
}
DEFECTS = ("damaged", "surface", "function", "packaging", "wrong_item", "dimension")
RUSH_SHARE = 0.07
INSPECTED = 700  # the latest receipt lines that were looked at
NOTES = {
    "damaged": "Carton crushed at one corner, contents broken.",
    "surface": "Scratches that one sees at arm's length.",
    "function": "Does not switch on.",
    "packaging": "Label without barcode.",
    "wrong_item": "Other colour than ordered.",
    "dimension": "Lid does not fit.",
}


def create_receipts(env, master, seed=11) -> int:
    """Answers of the vendors on every order, inspections of the latest receipts, promises in parts; the inspections."""
    if "scm.receipt.inspection" not in env:
        return 0
    rng = np.random.default_rng(seed)
    env.flush_all()
    _answers(env, rng, master)
    _split(env, master)
    count = _inspections(env, rng, master)
    env.invalidate_all()
    return count


def _answers(env, rng, master):
    """When each quotation was sent and answered, and each order acknowledged: log-normal around his own hours."""
    env.cr.execute(
        """SELECT purchase.id, purchase.date_approve, vendor.name FROM purchase_order purchase
             JOIN res_partner vendor ON vendor.id = purchase.partner_id
            WHERE purchase.company_id = %s AND purchase.state = 'purchase' ORDER BY purchase.id""",
        [master.company.id],
    )
    rows = []
    for order_id, confirmed, name in env.cr.fetchall():
        answer, share, acknowledge, _ppm, rush_taken = CHARACTERS.get(name, (24, 0.8, 24, 5_000, 0.6))
        hours, later = rng.lognormal(0, 0.5, 2) * (answer, acknowledge)
        acknowledged = rng.random() < share
        rush, taken = rng.random() < RUSH_SHARE, rng.random() < rush_taken
        answered = confirmed - timedelta(hours=float(rng.uniform(1, 4)))
        rows.append(
            (
                order_id,
                answered - timedelta(hours=float(hours)),
                answered,
                confirmed + timedelta(hours=float(later)) if acknowledged else None,
                rush,
                ("accepted" if taken else "declined") if rush else None,
            )
        )
    env.cr.execute_values(
        """UPDATE purchase_order own
              SET scm_rfq_sent_at = given.sent, scm_answered_at = given.answered, scm_answer_channel = 'mail',
                  scm_acknowledged_at = given.acknowledged::timestamp, scm_is_rush = given.rush,
                  scm_rush_answer = given.answer
             FROM (VALUES %s) given (id, sent, answered, acknowledged, rush, answer) WHERE own.id = given.id""",
        rows,
    )


def _split(env, master):
    """The largest open line of three vendors comes in two parts: one asked by us, two told by the vendor."""
    lines = env["purchase.order.line"].search(
        [("company_id", "=", master.company.id), ("state", "=", "purchase"), ("qty_received", "=", 0)],
        order="product_qty desc, id",
        limit=60,
    )
    groups = lines.grouped("partner_id")
    for asked, line in zip(("us", "vendor", "vendor"), (group[0] for group in groups.values()), strict=False):
        first = line.product_uom_id.round(line.product_qty * 0.4)
        day = line.date_planned.date()
        parts = [
            {"date": day.isoformat(), "quantity": first},
            {"date": (day + timedelta(days=12)).isoformat(), "quantity": line.product_qty - first},
        ]
        line.with_user(master.buyer_id).scm_split_promise(parts, asked, "Not enough material for all of it at once")


def _inspections(env, rng, master) -> int:
    moves = env["stock.move"].search(
        [
            ("purchase_line_id", "!=", False),
            ("state", "=", "done"),
            ("location_id.usage", "=", "supplier"),
            ("company_id", "=", master.company.id),
        ],
        order="date desc, id desc",
        limit=INSPECTED,
    )
    types = {name: env.ref(f"scm_supplier_eval.scm_defect_type_{name}").id for name in DEFECTS}
    values = []
    for move in moves:
        ppm = CHARACTERS.get(move.purchase_line_id.partner_id.name, (0, 0, 0, 5_000, 0))[3]
        rejected = int(rng.binomial(int(move.quantity), min(ppm / 1e6 * 8, 0.5))) if rng.random() < 0.25 else 0
        kind = DEFECTS[int(rng.integers(len(DEFECTS)))]
        values.append(
            {
                "move_id": move.id,
                "date": move.date.date(),
                "user_id": master.buyer_id,
                "qty_rejected": rejected,
                "defect_id": types[kind] if rejected else False,
                "note": NOTES[kind] if rejected else False,
                "state": "done",
            }
        )
    for draft in values[:6]:
        draft |= {"state": "draft", "qty_rejected": 0, "defect_id": False, "note": False}
    env["scm.receipt.inspection"].create(values)
    return len(values)
