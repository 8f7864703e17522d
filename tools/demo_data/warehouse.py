"""Two halls with aisles, each product in a place of its own, bulk behind, and the people who walk there."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
from odoo.fields import Command

from .bulk import bare_tables
from .sales import UTC_OFFSET_HOURS

BAYS = 12
AISLE_METRES, BAY_METRES = 4.0, 2.8
#: height of the levels of a rack in metres
HEIGHTS = (0.0, 0.8, 1.5, 2.3)
#: (aisles for picking, aisles for bulk) of each warehouse
HALLS = (("ABCDEFGH", "RS"), ("ABCDE", "R"))
#: (login, name, groups, share of the picks)
PEOPLE = (
    ("warehouse", "Lin Mei-Hua", ("scm_base.scm_group_manager", "stock.group_stock_manager"), 0.0),
    ("picker", "Chen Wei", ("stock.group_stock_user",), 0.34),
    ("picker2", "Huang Jun", ("stock.group_stock_user",), 0.28),
    ("picker3", "Wu Shu-Fen", ("stock.group_stock_user",), 0.22),
    ("picker4", "Tsai Po-Han", ("stock.group_stock_user",), 0.16),
)
PICKER_DAYS = 180
BULK_FROM, BULK_SHARE = 40, 0.6  # of what a place holds from this many units on, so much lies in bulk


def create_warehouse(env, master, today, seed=53) -> int:
    """The halls, with the whole trade in their places; how many places there are."""
    if "scm_aisle" not in env["stock.location"]._fields:
        return 0
    rng, count = np.random.default_rng(seed), 0
    pickers = _people(env, master)
    for warehouse, (picking, bulk) in zip(master.warehouses, HALLS, strict=True):
        faces = _zone(env, warehouse, "Picking", picking, 0)
        stores = _zone(env, warehouse, "Bulk", bulk, len(picking) + 1)
        _move_in(env, warehouse, faces)
        _fill_bulk(env, warehouse, stores, today)
        count += len(faces) + len(stores)
    _who_picked(env, master, pickers, today, rng)
    env.invalidate_all()
    return count


def _people(env, master):
    """Users whose passwords are their logins; ``[(user id, share of the picks)]``."""
    made = env["res.users"].create(
        [
            {
                "login": login,
                "password": login,
                "name": name,
                "tz": "Asia/Taipei",
                "email": f"{login}@camphorlane.example.com",
                "company_id": master.company.id,
                "company_ids": [Command.set(master.company.ids)],
                "group_ids": [Command.link(env.ref(group).id) for group in ("base.group_user", *groups)],
            }
            for login, name, groups, _share in PEOPLE
        ]
    )
    return [(user.id, share) for user, (*_names, share) in zip(made, PEOPLE, strict=True) if share]


def _zone(env, warehouse, name, aisles, first):
    """Places of a zone, in the order of their names; ``first``: number of its first aisle in the hall."""
    zone = env["stock.location"].create(
        {"name": name, "usage": "view", "location_id": warehouse.lot_stock_id.id, "company_id": warehouse.company_id.id}
    )
    levels = HEIGHTS if name == "Picking" else HEIGHTS[:3]
    return env["stock.location"].create(
        [
            {
                "name": f"{aisle}-{bay:02}-{level}",
                "barcode": f"{warehouse.code}-{aisle}{bay:02}{level}",
                "usage": "internal",
                "location_id": zone.id,
                "company_id": warehouse.company_id.id,
                "scm_aisle": aisle,
                "scm_bay": bay,
                "scm_level": level,
                "scm_x": 2 + AISLE_METRES * (first + number),
                "scm_y": 3 + BAY_METRES * (bay - 1),
                "scm_z": height,
            }
            for number, aisle in enumerate(aisles)
            for bay in range(1, BAYS + 1)
            for level, height in enumerate(levels)
        ]
    )


def _move_in(env, warehouse, faces):
    """All that ever lay in the stock of the warehouse lies in the place of its product: as it came, by number."""
    env.flush_all()
    stock = warehouse.lot_stock_id.id
    env.cr.execute(
        "SELECT DISTINCT product_id FROM stock_move_line WHERE location_id = %(at)s OR location_dest_id = %(at)s"
        " UNION SELECT product_id FROM stock_quant WHERE location_id = %(at)s ORDER BY 1",
        {"at": stock},
    )
    products = [product for (product,) in env.cr.fetchall()]
    pairs = {"products": products, "at": stock, "places": [faces[i % len(faces)].id for i in range(len(products))]}
    homes = {"stock_move_line": ("location_id", "location_dest_id"), "stock_quant": ("location_id",)}
    with bare_tables(env.cr, homes):
        for table, columns in homes.items():
            moved = ", ".join(f"{name} = CASE {name} WHEN %(at)s THEN home.place ELSE {name} END" for name in columns)
            env.cr.execute(
                f"UPDATE {table} SET {moved} FROM unnest(%(products)s, %(places)s) AS home (product_id, place)"
                f" WHERE {table}.product_id = home.product_id AND %(at)s IN ({', '.join(columns)})",
                pairs,
            )
    env.invalidate_all()


def _fill_bulk(env, warehouse, stores, today):
    """What is too much for a place was carried to bulk on the last evening."""
    quants = env["stock.quant"].search(
        [("warehouse_id", "=", warehouse.id), ("location_id.usage", "=", "internal")], order="quantity desc, id"
    )
    full = quants.filtered(lambda quant: quant.quantity - quant.reserved_quantity >= BULK_FROM)[: len(stores)]
    evening = datetime.combine(today, time(20)) - timedelta(days=1, hours=UTC_OFFSET_HOURS)
    moves = env["stock.move"].create(
        [_to_bulk(warehouse, quant, store) for quant, store in zip(full, stores, strict=False)]
    )
    moves._action_confirm()
    moves._action_assign()
    moves.picked = True
    moves._action_done()
    moves.date = evening
    moves.move_line_ids.date = evening


def _to_bulk(warehouse, quant, store):
    return {
        "product_id": quant.product_id.id,
        "product_uom": quant.product_uom_id.id,
        "product_uom_qty": float(int((quant.quantity - quant.reserved_quantity) * BULK_SHARE)),
        "location_id": quant.location_id.id,
        "location_dest_id": store.id,
        "picking_type_id": warehouse.int_type_id.id,
        "company_id": warehouse.company_id.id,
        "origin": "Bulk",
    }


def _who_picked(env, master, pickers, today, rng):
    """Deliveries of the last months have somebody who picked them."""
    env.flush_all()
    env.cr.execute(
        "SELECT id FROM stock_picking WHERE state = 'done' AND date_done >= %s AND picking_type_id IN %s ORDER BY id",
        [today - timedelta(days=PICKER_DAYS), tuple(w.out_type_id.id for w in master.warehouses)],
    )
    done = [picking for (picking,) in env.cr.fetchall()]
    users, shares = zip(*pickers, strict=True)
    who = rng.choice(users, len(done), p=np.array(shares) / sum(shares))
    env.cr.execute(
        "UPDATE stock_picking SET user_id = who.who FROM unnest(%s, %s) AS who (id, who)"
        " WHERE stock_picking.id = who.id",
        [done, [int(user) for user in who]],
    )
