"""Departures with their cut-offs, the tours of the day, and the pick faces that are filled from bulk."""

from __future__ import annotations

#: (name, cut-off, picking from, orders at most, lines at most, capacity per, carriers) of each warehouse
CUTOFFS = (
    (
        ("Own van", 11.0, 7.5, 0, 0, "wave", ("Camphor Lane Van",)),
        ("Parcels, noon", 13.0, 8.0, 18, 0, "wave", ()),
        ("Parcels, evening", 18.5, 8.0, 0, 12, "hour", ()),
    ),
    (("Parcels, afternoon", 16.0, 8.0, 40, 90, "wave", ()), ("Parcels, night", 21.0, 9.0, 0, 0, "wave", ())),
)
CASES = ((24, "Case of 24"), (12, "Case of 12"))
MOST_FACES = 60
#: faces whose reserve is larger than what lies there, and faces from which open orders take the last piece
LOW, EMPTIED = 9, 3


def create_waves(env, master, today) -> int:
    """Cut-offs, planned tours of which some are under way, and refills; how many tours there are."""
    if "scm.wave.plan" not in env or "scm_aisle" not in env["stock.location"]._fields:
        return 0
    env["scm.pick.day"]._scm_refresh(master.company)
    for warehouse in master.warehouses:
        _faces(env, warehouse)
        env["scm.pick.face"]._refresh_limits(warehouse)
    count = 0
    for warehouse, rows in zip(master.warehouses, CUTOFFS, strict=True):
        env["scm.wave.cutoff"].create([_cutoff(env, warehouse, row) for row in rows])
        count += _tours(env, warehouse)
        _make_low(env, warehouse)
        made = env["scm.pick.face"]._propose(warehouse)
        env["scm.pick.face.proposal"].browse(made["proposals"][-2:])._apply()
    return count


def _cutoff(env, warehouse, row):
    name, hour, hour_from, orders, lines, per, carriers = row
    values = {
        "name": name,
        "warehouse_id": warehouse.id,
        "hour": hour,
        "hour_from": hour_from,
        "max_orders": orders,
        "max_lines": lines,
        "capacity_per": per,
        "batch_orders": 6,
        "sat": True,
        "sun": True,
    }
    if carriers and "carrier_ids" in env["scm.wave.cutoff"]._fields:
        found = env["delivery.carrier"].search([("name", "in", carriers)])
        values["carrier_ids"] = [(6, 0, found.ids)]
    return values


def _tours(env, warehouse):
    """Plan the day; the first tours are on the floor, one of them half picked."""
    plans = env["scm.wave.plan"]
    cutoffs = plans._cutoffs(warehouse)
    made = plans._plan(warehouse, plans._next_day(warehouse, cutoffs), cutoffs)
    tours = env["stock.picking.batch"].browse(made["batches"])
    pickers = env["res.users"].search([("login", "in", ("picker", "picker2", "picker3"))])
    for tour, picker in zip(tours.sorted("id"), pickers, strict=False):
        tour.with_context(scm_wave_plan=True, tracking_disable=True).user_id = picker
        tour.action_scm_release()
    if tours and pickers:
        lines = tours.sorted("id")[0].move_line_ids
        lines[: len(lines) // 2].picked = True
    return len(tours)


def _faces(env, warehouse):
    """The products that are picked most, each at its place; cases for what lies in bulk."""
    env.cr.execute(
        """
        SELECT product_id, location_id FROM (
               SELECT DISTINCT ON (q.product_id) q.product_id, q.location_id,
                      (SELECT sum(picks) FROM scm_pick_day d
                        WHERE d.product_id = q.product_id AND d.warehouse_id = l.warehouse_id) AS picks,
                      EXISTS (SELECT FROM stock_quant b JOIN stock_location s ON s.id = b.location_id
                               WHERE b.product_id = q.product_id AND s.warehouse_id = l.warehouse_id
                                 AND s.scm_aisle > 'I' AND b.quantity > 0) AS bulk
                 FROM stock_quant q
                 JOIN stock_location l ON l.id = q.location_id
                WHERE l.warehouse_id = %s AND l.usage = 'internal' AND l.scm_aisle < 'I' AND q.quantity > 0
             ORDER BY q.product_id, q.quantity DESC) face
         WHERE picks > 0 ORDER BY bulk DESC, picks DESC LIMIT %s
        """,
        [warehouse.id, MOST_FACES],
    )
    pairs = env.cr.fetchall()
    products = env["product.product"].browse([product for product, _place in pairs])
    cases = _cases(env, products.uom_id[:1]) if products else []
    env["scm.pick.face"].create(
        [
            {
                "product_id": product.id,
                "location_id": place,
                "refill_uom_id": cases[rank % len(cases)].id
                if rank % 3 and cases and cases[0]._has_common_reference(product.uom_id)
                else False,
                "cover_days": 3.0 if rank < MOST_FACES // 3 else 5.0,
            }
            for rank, (product, (_product, place)) in enumerate(zip(products, pairs, strict=True))
        ]
    )


def _make_low(env, warehouse):
    """Some faces are low today: a few are asked for a longer reserve, from a few the rest was carried to bulk."""
    faces = env["scm.pick.face"].search([("warehouse_id", "=", warehouse.id), ("demand_per_day", ">", 0.2)])
    env["scm.pick.face"]._propose(warehouse)
    bulk = {row[0]: row[1] for row in reversed(env["scm.pick.face"]._read_bulk(warehouse)) if row[3] >= 24}
    stored = faces.filtered(lambda face: face.product_id.id in bulk and face.on_hand > face.taken)
    emptied = stored.filtered("taken")[:EMPTIED]
    moves = env["stock.move"].create(
        [
            {
                "product_id": face.product_id.id,
                "product_uom": face.uom_id.id,
                "product_uom_qty": face.on_hand - face.taken,
                "location_id": face.location_id.id,
                "location_dest_id": bulk[face.product_id.id],
                "picking_type_id": warehouse.int_type_id.id,
                "company_id": warehouse.company_id.id,
                "origin": "Bulk",
            }
            for face in emptied
        ]
    )
    moves._action_confirm()
    moves._action_assign()
    moves.picked = True
    moves._action_done()
    for face in (stored - emptied).sorted("days_left")[:LOW]:
        face.reserve_days = round(face.days_left + 3)
    env["scm.pick.face"]._refresh_limits(warehouse)


def _cases(env, unit):
    units = env["uom.uom"]
    for count, name in CASES:
        found = units.search([("name", "=", name), ("relative_uom_id", "=", unit.id)], limit=1)
        units |= found or units.create({"name": name, "relative_factor": count, "relative_uom_id": unit.id})
    return units
