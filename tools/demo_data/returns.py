"""A year of returns: what customers said, what inspection found, and a desk with work on it.

The units that came back are those of the trade (see `sales`); here they get their requests, reasons and causes. Broken
parcels that nobody wanted back are settled with money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np

from .bulk import Loader
from .prototypes import rows_of
from .return_plants import PLANTS
from .return_words import WORDS
from .sales import UTC_OFFSET_HOURS

DAYS = 400
#: how often customers give each reason, and what inspection then finds: (reason, weight, ((cause, chance), ...))
USUAL = (
    ("not_liked", 20, (("customer_choice", 0.9), ("wrong_picture", 0.1))),
    ("no_longer_needed", 13, (("customer_choice", 1.0),)),
    ("ordered_by_mistake", 8, (("customer_choice", 1.0),)),
    ("better_price", 5, (("customer_choice", 1.0),)),
    ("not_as_described", 9, (("unclear_page", 0.7), ("customer_choice", 0.3))),
    ("colour_differs", 6, (("wrong_picture", 0.75), ("customer_choice", 0.25))),
    ("size_differs", 4, (("wrong_size_chart", 0.6), ("customer_choice", 0.4))),
    ("defective", 11, (("defect", 0.66), ("nothing_found", 0.22), ("customer_damage", 0.12))),
    ("broke_soon", 5, (("weak_design", 0.6), ("short_life", 0.2), ("customer_damage", 0.2))),
    ("damaged_parcel", 3, (("carrier_damage", 0.85), ("weak_packaging", 0.15))),
    ("damaged_inside", 5, (("weak_packaging", 0.7), ("carrier_damage", 0.3))),
    ("wrong_item", 4, (("pick_error", 0.8), ("mislabelled", 0.1), ("customer_choice", 0.1))),
    ("wrong_variant", 4, (("pick_error", 0.7), ("received_wrong", 0.3))),
    ("parts_missing", 3, (("short_pack", 0.5), ("supplier_short", 0.5))),
    ("too_late", 5, (("carrier_delay", 0.9), ("customer_choice", 0.1))),
)
#: chances of the grades A, B and C by the owner of the cause
GRADES = {
    "customer": (0.86, 0.11, 0.03),
    "page": (0.9, 0.09, 0.01),
    "picking": (0.95, 0.05, 0.0),
    "receiving": (0.9, 0.08, 0.02),
    "supplier": (0.02, 0.38, 0.6),
    "product": (0.02, 0.3, 0.68),
    "packaging": (0.05, 0.35, 0.6),
    "carrier": (0.3, 0.2, 0.5),
}
SAYS_MORE = 0.4  # of the customers
CHANNELS = ("portal", "tracking", "staff")
SETTLED_DAYS = 9  # what came back longer ago is closed


@dataclass
class Back:
    """Units that came back, as columns; times in UTC."""

    move: np.ndarray
    pick: np.ndarray
    sale_line: np.ndarray
    product: np.ndarray
    units: np.ndarray
    order: np.ndarray
    partner: np.ndarray
    warehouse: np.ndarray
    price: np.ndarray
    sent: np.ndarray
    back: np.ndarray
    category: np.ndarray


def create_returns(env, master, today, seed=41) -> int:
    """The returns of the last months; how many."""
    if "scm.return" not in env:
        return 0
    env.flush_all()
    rng, rows = np.random.default_rng(seed), _back(env, today)
    if not len(rows.move):
        return 0
    reasons, causes = _said_and_found(rng, rows, today)
    ids, lines = _write(env, rng, rows, reasons, causes, today)
    _link(env, rows, ids, lines)
    env.invalidate_all()
    return len(ids)


def _back(env, today) -> Back:
    since = datetime.combine(today, time()) - timedelta(days=DAYS, hours=UTC_OFFSET_HOURS)
    env.cr.execute(
        """SELECT move.id, move.picking_id, move.sale_line_id, move.product_id, move.quantity, line.order_id,
                  sale.partner_id, sale.warehouse_id, line.price_total / NULLIF(line.product_uom_qty * unit.factor, 0),
                  sent.date, move.date, category.name
             FROM stock_move move
             JOIN stock_location source ON source.id = move.location_id AND source.usage = 'customer'
             JOIN stock_move sent ON sent.id = move.origin_returned_move_id
             JOIN sale_order_line line ON line.id = move.sale_line_id
             JOIN uom_uom unit ON unit.id = line.product_uom_id
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN product_product product ON product.id = move.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
             JOIN product_category category ON category.id = template.categ_id
            WHERE move.state = 'done' AND move.date >= %s
            ORDER BY move.id""",
        [since],
    )
    columns = list(zip(*env.cr.fetchall(), strict=True)) or [()] * 12
    kinds = (int, int, int, int, float, int, int, int, float, "datetime64[s]", "datetime64[s]", object)
    return Back(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def _said_and_found(rng, rows, today):
    """Codes of reason and cause of each row: the planted ones where a plant is, else the usual ones."""
    count = len(rows.move)
    weight = np.array([entry[1] for entry in USUAL], float)
    which = rng.choice(len(USUAL), count, p=weight / weight.sum())
    reasons = np.array([USUAL[k][0] for k in which], object)
    causes = np.array([rng.choice([c for c, _ in USUAL[k][2]], p=[p for _, p in USUAL[k][2]]) for k in which], object)
    age = (np.datetime64(today) - rows.sent.astype("datetime64[D]")).astype(int)
    for plant in PLANTS:
        mine = (rows.category == plant.category) & (age <= plant.first) & (age >= plant.last)
        if mine.any():
            products, counts = np.unique(rows.product[mine], return_counts=True)
            mine &= (rows.product == products[counts.argmax()]) & (rng.random(count) < 0.85)
            reasons[mine], causes[mine] = plant.reason, plant.cause
    return reasons, causes


def _write(env, rng, rows, reasons, causes, today):
    """The rows of returns, lines and inspections, each after a prototype that Odoo wrote itself."""
    loader, count = Loader(env.cr), len(rows.move)
    prototypes = rows_of(env, lambda: _prototype(env, rows))
    ids, line_ids = loader.ids("scm_return", count), loader.ids("scm_return_line", count)
    asked = rows.back - (rng.integers(30, 110, count) * 3600).astype("timedelta64[s]")
    asked = np.maximum(asked, rows.sent + np.timedelta64(5, "h"))
    checked = rows.back + (rng.integers(2, 40, count) * 1800).astype("timedelta64[s]")
    checked = np.minimum(checked, np.datetime64(datetime.combine(today, time())))
    closed = rows.back < np.datetime64(today - timedelta(days=SETTLED_DAYS))
    state = np.where(closed, "closed", "settled")
    value = np.round(rows.units * rows.price, 2)
    dates = {
        "date_requested": asked,
        "date_approved": asked + np.timedelta64(60, "s"),
        "date_in_transit": np.minimum(asked + np.timedelta64(20, "h"), rows.back),
        "date_received": rows.back,
        "date_inspected": checked,
        "date_settled": checked,
        "date_closed": np.where(closed, checked, np.datetime64("NaT")),
    }
    loader.copy(
        "scm_return",
        {
            "id": ids,
            "name": _names(env, asked),
            "order_id": rows.order,
            "partner_id": rows.partner,
            "warehouse_id": rows.warehouse,
            "channel": np.array(CHANNELS, object)[rng.choice(3, count, p=(0.6, 0.22, 0.18))],
            "state": state,
            "state_since": np.where(closed, checked, checked),
            "value": value,
            "create_date": asked,
            "clock": [None] * count,
            "date_due": np.full(count, np.datetime64("NaT", "s")),
            **dates,
        },
        prototypes["scm_return"],
    )
    code_of = {model: _ids_by_code(env, model) for model in ("scm.return.reason", "scm.return.cause")}
    owners = {cause.code: cause.owner for cause in env["scm.return.cause"].search([("active", "=", True)])}
    says = rng.random(count) < SAYS_MORE
    loader.copy(
        "scm_return_line",
        {
            "id": line_ids,
            "return_id": ids,
            "order_id": rows.order,
            "sale_line_id": rows.sale_line,
            "product_id": rows.product,
            "state": state,
            "quantity": rows.units,
            "quantity_received": rows.units,
            "reason_id": [code_of["scm.return.reason"][code] for code in reasons],
            "cause_id": [code_of["scm.return.cause"][code] for code in causes],
            "comment": [_words(rng, reason) if more else None for reason, more in zip(reasons, says, strict=True)],
            "price_unit": rows.price,
            "value": value,
            "outcome": ["refund"] * count,
            "create_date": asked,
        },
        prototypes["scm_return_line"],
    )
    grade = [rng.choice(["A", "B", "C"], p=GRADES[owners[code]]) for code in causes]
    loader.copy(
        "scm_return_inspection",
        {
            "id": loader.ids("scm_return_inspection", count),
            "return_id": ids,
            "line_id": line_ids,
            "quantity": rows.units,
            "grade": grade,
            "cause_id": [code_of["scm.return.cause"][code] for code in causes],
            "product_id": rows.product,
            "warehouse_id": rows.warehouse,
            "reason_id": [code_of["scm.return.reason"][code] for code in reasons],
            "date": checked,
            "create_date": checked,
        },
        prototypes["scm_return_inspection"],
    )
    loader.set_id_sequences()
    return ids, line_ids


def _words(rng, reason):
    return str(rng.choice(WORDS[reason])) if reason in WORDS else None


def _names(env, asked):
    """Running numbers of the year of the request, behind which Odoo goes on."""
    sequence = env["ir.sequence"].search([("code", "=", "scm.return")], limit=1)
    years = asked.astype("datetime64[Y]").astype(int) + 1970
    width = sequence.padding
    first = sequence.number_next_actual
    order = np.argsort(asked, kind="stable")
    number = np.empty(len(asked), int)
    number[order] = np.arange(first, first + len(asked))
    sequence.number_next_actual = first + len(asked)
    return [f"RT{year}/{n:0{width}d}" for year, n in zip(years, number, strict=True)]


def _ids_by_code(env, model):
    return {record.code: record.id for record in env[model].search([("active", "=", True)])}


def _prototype(env, rows):
    """One return as Odoo stores it, inspected; of an order of which nothing has come back."""
    env.cr.execute(
        """SELECT line.id FROM sale_order_line line
             JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
             JOIN sale_order sale ON sale.id = line.order_id AND sale.warehouse_id = %s
            WHERE NOT EXISTS (SELECT FROM stock_move back WHERE back.origin_returned_move_id = move.id)
            ORDER BY line.id DESC LIMIT 1""",
        [int(rows.warehouse[0])],
    )
    sale_line = env["sale.order.line"].browse(env.cr.fetchone()[0])
    quiet = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True, mail_notrack=True))
    row = {"sale_line_id": sale_line.id, "quantity": 1.0, "reason": "not_liked"}
    request = quiet["scm.return"]._request(sale_line.order_id, [row], channel="portal")
    line = request.line_ids
    found = {"line_id": line.id, "quantity": 1.0, "grade": "A", "cause_id": line.reason_id.cause_id.id}
    inspection = quiet["scm.return.inspection"].create(found)
    return {record._table: record for record in (request, line, inspection)}


def _link(env, rows, ids, line_ids):
    """Say of the transfers and moves which return they belong to."""
    for table, column, keys, targets in (
        ("stock_picking", "scm_return_id", rows.pick, ids),
        ("stock_move", "scm_return_line_id", rows.move, line_ids),
    ):
        env.cr.execute(
            f"""UPDATE {table} SET {column} = pair.target
                  FROM unnest(%s::int[], %s::int[]) AS pair (id, target) WHERE {table}.id = pair.id""",
            [keys.tolist(), targets.tolist()],
        )
    for table in ("scm_return", "scm_return_line", "scm_return_inspection"):
        env.cr.execute(f"ANALYZE {table}")


def untouched_lines(env, company, today, count, least=1):
    """Delivered lines of different orders of the last month that nobody has asked back; small ones, newest first."""
    env.flush_all()
    env.cr.execute(
        """SELECT DISTINCT ON (sale.id) line.id
             FROM sale_order_line line
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done' AND move.date >= %s
             JOIN product_product product ON product.id = move.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
            WHERE sale.company_id = %s AND template.tracking = 'none' AND line.product_uom_qty BETWEEN %s AND 4
              AND line.qty_delivered = line.product_uom_qty
              AND NOT EXISTS (SELECT FROM stock_move back WHERE back.origin_returned_move_id = move.id)
              AND NOT EXISTS (SELECT FROM scm_return other WHERE other.order_id = sale.id)
            ORDER BY sale.id DESC LIMIT %s""",
        [datetime.combine(today, time()) - timedelta(days=30), company.id, least, count],
    )
    return env["sale.order.line"].browse(line for (line,) in env.cr.fetchall())
